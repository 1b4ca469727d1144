"""The fields of a step, in sections that open one by one under a line that says what they are."""

from dataclasses import dataclass

from django.forms import BoundField
from django.utils.translation import gettext as _

from reminders.staff.content.settings_form import SettingsForm

WHEN = (
    "anchor", "day_from", "day_to", "at_kind", "at", "shift",
    "repeat_days", "every_working_days", "late_hours",
)  # fmt: skip
HOW = ("category", "channels", "privacy", "is_high_priority")
KEEPS = ("must_have", "restrictions", "permits")
PARTS = ("code", "meaning", "action")


@dataclass(frozen=True, slots=True)
class Section:
    """Some fields, under their title and what they say together."""

    name: str
    title: str
    said: str
    fields: tuple[BoundField, ...]

    @property
    def is_open(self) -> bool:
        return any(field.errors for field in self.fields)


@dataclass(frozen=True, slots=True)
class Answer:
    """The fields of one answer that a patient can give."""

    number: int
    fields: tuple[BoundField, ...]


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong, and where it was typed; `at` is empty for the step as a whole."""

    at: str
    label: str
    problem: str


def sections_of(form: SettingsForm, *, said: dict[str, str]) -> list[Section]:
    """Return the sections; a step for staff asks for no answer and has no words to keep."""
    parts = [
        ("when", _("When"), WHEN),
        ("whom", _("For whom"), ("regions", "procedures", *form.group_names, "excludes")),
        ("how", _("How it goes"), HOW[:1] if form.is_for_staff else HOW),
    ]
    if not form.is_for_staff:
        answers = tuple(f"answer_{n}_{part}" for n in form.answer_numbers for part in PARTS)
        parts += [
            ("answers", _("Answers"), (*answers, "questions", "staff_action")),
            ("keeps", _("What its texts keep to"), KEEPS),
        ]
    return [
        Section(name, title, said[name], tuple(form[field] for field in fields))
        for name, title, fields in parts
    ]


def answers_of(form: SettingsForm) -> list[Answer]:
    return [
        Answer(n + 1, tuple(form[f"answer_{n}_{part}"] for part in PARTS))
        for n in form.answer_numbers
    ]


def mistakes_of(form: SettingsForm) -> list[Mistake]:
    """Return every mistake, for the list at the top of the page."""
    return [
        Mistake(f"id_{name}", str(form.fields[name].label), str(errors[0]))
        if name in form.fields
        else Mistake("", _("The step"), str(errors[0]))
        for name, errors in form.errors.items()
    ]
