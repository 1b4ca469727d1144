"""Entries by day → whole months of a calendar, with what is special about each day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from clinic.models import Clinic, Closure
from reminders.flow.record import why_closed
from reminders.rules.facts import Record
from reminders.staff.kept_words import kept_said


@dataclass(frozen=True, slots=True)
class Entry:
    """One message or task on its day."""

    key: str
    intent: str
    icon: str
    at: str
    spoken: str  # the language it goes out in, where that is not the patient's
    is_staff: bool
    state: str
    because: str
    moves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the calendar; `notes` are a holiday, the operation, a change of the clocks."""

    day: date
    in_month: bool
    recovery: int
    notes: tuple[str, ...]
    is_closed: bool
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    weeks: tuple[tuple[Day, ...], ...]


def months_of(
    entries: Mapping[date, Iterable[Entry]],
    record: Record,
    clinic: Clinic,
    closures: list[Closure],
) -> list[Month]:
    """Return the months that have an entry, or the operation, as whole weeks from Monday."""
    firsts = sorted({day.replace(day=1) for day in (*entries, record.surgery_date)})
    months = []
    for first in firsts:
        after = (first + timedelta(days=32)).replace(day=1)
        monday = first - timedelta(days=first.weekday())
        weeks = []
        while monday < after:
            weeks.append(tuple(
                _day(monday + timedelta(days=n), first, entries, record, clinic, closures)
                for n in range(7)
            ))  # fmt: skip
            monday += timedelta(days=7)
        months.append(Month(first, tuple(weeks)))
    return months


def _day(
    day: date,
    first: date,
    entries: Mapping[date, Iterable[Entry]],
    record: Record,
    clinic: Clinic,
    closures: list[Closure],
) -> Day:
    in_month = day.month == first.month
    return Day(
        day=day,
        in_month=in_month,
        recovery=(day - record.surgery_date).days,
        notes=tuple(_notes(day, record, clinic, closures)) if in_month else (),
        is_closed=not record.is_workday(day),
        entries=tuple(entries.get(day, ())) if in_month else (),
    )


def _notes(day: date, record: Record, clinic: Clinic, closures: list[Closure]) -> Iterable[str]:
    if day == record.surgery_date:
        yield _("Operation")
    if day == record.discharge_date:
        yield _("Going home")
    closed = why_closed(clinic, closures, day=day)
    if closed and closed != f"{day:%A}":
        said = kept_said(closed)
        yield said[0].upper() + said[1:]
    change = _offset(day + timedelta(days=1), record.tz) - _offset(day, record.tz)
    if change:
        yield _("Clocks go forward") if change > timedelta() else _("Clocks go back")


def _offset(day: date, tz: ZoneInfo) -> timedelta:
    return datetime.combine(day, time(0), tzinfo=tz).utcoffset() or timedelta()
