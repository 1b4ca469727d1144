"""A clinic's telephone numbers and hours → what a patient reads and taps."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

import phonenumbers
from django.utils import translation
from django.utils.dates import WEEKDAYS

from clinic.models.clinic import WEEKDAYS as SHORT_NAMES
from clinic.models.clinic import Clinic
from reminders.patient_page.words import WORDS
from reminders.rules.hours import told_hour

NO_BREAK_SPACE = "\u00a0"
LEFT_TO_RIGHT = "\u2066"  # Unicode's isolates; a screen reader says nothing at them
END_OF_DIRECTION = "\u2069"


@dataclass(frozen=True, slots=True)
class Number:
    """A number as the clinic writes it, and the link that dials it."""

    shown: str
    link: str


def number(text: str, *, country: str) -> Number | None:
    """Return the number, or None when the clinic has none.

    Short numbers (999, 111, 911) are dialled as they stand; others with their country's code, so
    that they also work from abroad.
    """
    shown = " ".join(text.split())
    if not shown:
        return None
    dialled = "".join(sign for sign in shown if sign.isdecimal() or sign in "+*#")
    try:
        parsed = phonenumbers.parse(shown, country)
    except phonenumbers.NumberParseException:
        return Number(shown, f"tel:{dialled}")
    if phonenumbers.is_possible_number(parsed):
        dialled = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return Number(shown, f"tel:{dialled}")


def unbroken(text: str, *, numbers: Iterable[Number]) -> str:
    """Return the text with each number kept on one line and, beside Arabic, in its own order."""
    for each in numbers:
        whole = each.shown.replace(" ", NO_BREAK_SPACE)
        text = text.replace(each.shown, f"{LEFT_TO_RIGHT}{whole}{END_OF_DIRECTION}")
    return text


def opening_hours(clinic: Clinic, *, language: str) -> str:
    """Return the clinic's hours in words, as in "Monday to Friday, 8:30 AM to 5:30 PM"."""
    words = WORDS[language]
    with translation.override(language):
        sentence = words["at"].format(
            days=_days(clinic.workday_names, every=words["every_day"], to=words["to"]),
            opens=told_hour(clinic.opens_at, language=language),
            closes=told_hour(clinic.closes_at, language=language),
        )
    return sentence[:1].upper() + sentence[1:]


def _days(names: list[str], *, every: str, to: str) -> str:
    open_on = [day for day, name in enumerate(SHORT_NAMES) if name in names]
    if len(open_on) == len(SHORT_NAMES):
        return every
    runs = [
        [day for _, day in run]
        for _, run in groupby(enumerate(open_on), key=lambda pair: pair[1] - pair[0])
    ]
    return ", ".join(_run(run, to) for run in runs)


def _run(days: list[int], to: str) -> str:
    first, last = str(WEEKDAYS[days[0]]), str(WEEKDAYS[days[-1]])
    if len(days) == 1:
        return first
    return f"{first}, {last}" if len(days) == 2 else f"{first} {to} {last}"
