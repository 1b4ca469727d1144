"""What the linter found → the same in the language of whoever writes or reviews."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from reminders.flow.signing import FINDINGS_NAMED
from reminders.rules.findings import Fact, Finding, Told
from reminders.staff.shipped_words import shipped_said
from reminders.staff.words import Words

# Facts that are words of the content that ships. All others are a clinic's, a number or a key.
_SHIPPED = frozenset({"activity", "until", "why", "topic"})
_PARTS: dict[str, Words] = {
    "sms": pgettext_lazy("part of a message", "sms"),
    "sms_detailed": pgettext_lazy("part of a message", "sms_detailed"),
    "subject": pgettext_lazy("part of a message", "subject"),
    "heading": pgettext_lazy("part of a message", "heading"),
    "email": pgettext_lazy("part of a message", "email"),
}


def told_said(told: Told) -> str:
    """Return a sentence of the linter; in English exactly as the command line says it."""
    return _(told.words).format(**{name: _fact(name, fact) for name, fact in told.facts.items()})


def _fact(name: str, fact: Fact) -> str:
    if isinstance(fact, tuple):
        return "; ".join(map(told_said, fact))
    if name in _SHIPPED:
        return shipped_said(str(fact))
    if name == "field":
        return part_said(str(fact))
    if name == "either":
        return str(fact).replace(" or ", pgettext("between two choices", " or "))
    return str(fact)


def part_said(field: str) -> str:
    """Return what a part of a message is called beside a finding, as in "subject"."""
    return str(_PARTS.get(field, field))


def refused_said(findings: Sequence[Finding]) -> str:
    """Say why a version cannot be handed in, with the first of its findings."""
    told = "; ".join(f"{_place(one)}: {told_said(one.told)}" for one in findings[:FINDINGS_NAMED])
    if more := max(0, len(findings) - FINDINGS_NAMED):
        told += " " + _("And {number} more.").format(number=more)
    words = _("{number} findings must be put right first. {findings}")
    return words.format(number=len(findings), findings=told)


def _place(one: Finding) -> str:
    return " ".join(part for part in (one.step, one.language, part_said(one.field)) if part)
