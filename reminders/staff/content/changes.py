"""What the history keeps of a change → the names and words that the panel has for them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reminders.staff.content.languages import LABELS
from reminders.staff.content.step_words import answers_said, fact_said
from reminders.staff.words import language_name

SETTING_NAMES = {
    "intent": "what it is for",
    "category": "kind of message",
    "audience": "for",
    "anchor": "days counted from",
    "day_from": "first day",
    "day_to": "last day",
    "repeat_days": "days of a repeat",
    "every_working_days": "then every … working days",
    "at": "time",
    "shift": "on days off",
    "late_hours": "hours until too late",
    "regions": "regions",
    "procedures": "procedures",
    "requires": "only if",
    "excludes": "not if",
    "channels": "goes by",
    "privacy": "privacy",
    "priority": "priority",
    "is_high_priority": "goes before others",
    "replies": "answers",
    "questions": "what its page asks",
    "must_have": "placeholders it must keep",
    "restrictions": "activity rules it speaks of",
    "permits": "activities it says may start",
    "staff_action": "what staff do",
    "evidence": "evidence",
    "range_note": "where the sources differ",
    "reviewed_days": "reviewed range",
    "sources": "sources",
    "step": "step",
    "reason": "reason",
    "signatures": "signatures",
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
        label = LABELS[field].lower()
        return f"{label}, {language_name(language)}" if language else label
    return SETTING_NAMES.get(name, name.replace("_", " "))


def _words(name: str, value: object) -> str:
    if name == "replies" and isinstance(value, list):
        return answers_said(value) if value else ""
    if name == "requires" and isinstance(value, list):
        return "; and ".join(" or ".join(map(fact_said, group)) for group in value)
    if isinstance(value, list):
        return ", ".join(fact_said(str(one)) if name == "excludes" else str(one) for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
