"""The template library of the panel: what is kept in one form, shown to whoever reads it."""

from collections.abc import Iterable

from django import template
from django.utils.translation import gettext as _

from clinic.models import Channel
from reminders.rules.language import direction
from reminders.staff import call_words
from reminders.staff.content.step_words import ACTIONS, EVIDENCE
from reminders.staff.findings_said import part_said, told_said
from reminders.staff.kept_words import because_said, kept_said, role_said
from reminders.staff.meanings import meaning_said, read_as
from reminders.staff.outcomes import outcome_said
from reminders.staff.shipped_words import shipped_said, version_said
from reminders.staff.words import language_name

register = template.Library()
register.filter("kept_said", kept_said)
register.filter("told_said", told_said)
register.filter("part_said", part_said)
register.filter("shipped_said", shipped_said)
register.filter("version_said", version_said)
register.filter("outcome_said", outcome_said)
register.filter("because_said", because_said)
register.filter("direction", direction)
register.filter("meaning_said", meaning_said)
register.filter("read_as", read_as)
register.filter("role_said", role_said)
register.filter("language_name", language_name)
for words in ("call_said", "came_of_it", "about_said", "state_of", "stands", "call_icon"):
    register.filter(words, getattr(call_words, words))


@register.filter
def action_said(action: str) -> str:
    """Say what an answer starts, as in "staff call the same day"."""
    return str(ACTIONS.get(action, action))


@register.filter
def evidence_said(evidence: str) -> str:
    """Say what a step rests on, as in "all of it is in the sources"."""
    return str(EVIDENCE.get(evidence, evidence))


@register.filter
def channels_said(channels: Iterable[str]) -> str:
    """Say by which channels something goes, as in "text and email"; a task goes by none."""
    names = {str(value): str(label) for value, label in Channel.choices}
    return _(" and ").join(names.get(one, _("Staff task")).lower() for one in channels)
