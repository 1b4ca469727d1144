"""A clinic's telephone numbers and hours → what a patient reads and taps."""

from itertools import groupby

from django.utils import translation
from django.utils.dates import WEEKDAYS

from clinic.models.clinic import WEEKDAYS as SHORT_NAMES
from clinic.models.clinic import Clinic
from reminders.patient_page.words import WORDS
from reminders.rules.hours import told_hour
from reminders.rules.telephones import Number, number, unbroken

__all__ = ["Number", "number", "opening_hours", "unbroken"]


def opening_hours(clinic: Clinic, *, language: str) -> str:
    """Return the clinic's hours in words, as in "Monday to Friday, 8:30am to 5:30pm"."""
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
