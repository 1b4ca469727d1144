"""What the history keeps of a change → the names and words that the panel has for them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reminders.staff.content.languages import LABELS
from reminders.staff.content.step_words import answers_said, fact_said
from reminders.staff.kept_words import either_said
from reminders.staff.words import Words, language_name

SETTING_NAMES: dict[str, Words] = {
    "intent": _("what it is for"),
    "category": _("kind of message"),
    "audience": _("for"),
    "anchor": _("days counted from"),
    "day_from": _("first day"),
    "day_to": _("last day"),
    "repeat_days": _("days of a repeat"),
    "every_working_days": _("then every … working days"),
    "at": _("time"),
    "shift": _("on days off"),
    "late_hours": _("hours until too late"),
    "regions": _("regions"),
    "procedures": _("procedures"),
    "requires": _("only if"),
    "excludes": _("not if"),
    "channels": _("goes by"),
    "privacy": _("privacy"),
    "priority": _("priority"),
    "is_high_priority": _("goes before others"),
    "replies": _("answers"),
    "questions": _("what its page asks"),
    "must_have": _("placeholders it must keep"),
    "restrictions": _("activity rules it speaks of"),
    "permits": _("activities it says may start"),
    "staff_action": _("what staff do"),
    "evidence": _("evidence"),
    "range_note": _("where the sources differ"),
    "reviewed_days": _("reviewed range"),
    "sources": _("sources"),
    "step": _("step"),
    "reason": _("reason"),
    "signatures": _("signatures"),
}


@dataclass(frozen=True, slots=True)
class Changed:
    """One field, as it was and as it is since; an empty text is nothing."""

    name: str
    before: str
    since: str


def changes_said(changes: Mapping[str, list[object]]) -> Iterator[Changed]:
    """Yield the changes of one event of the history, in words."""
    for name, (before, since) in changes.items():
        yield Changed(_name(name), _words(name, before), _words(name, since))


def _name(name: str) -> str:
    """A field of the step, or a text, with its language where the event names several."""
    language, _, field = name.rpartition(" ")
    if field in LABELS:
        label = str(LABELS[field]).lower()
        return f"{label}, {language_name(language)}" if language else label
    return str(SETTING_NAMES.get(name, name.replace("_", " ")))


def _words(name: str, value: object) -> str:
    if name == "replies" and isinstance(value, list):
        return answers_said(value) if value else ""
    if name == "requires" and isinstance(value, list):
        return gettext("; and ").join(either_said(group) for group in value)
    if isinstance(value, list):
        return ", ".join(fact_said(str(one)) if name == "excludes" else str(one) for one in value)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return "" if value is None else str(value)
