"""Calendar days: written so that everybody reads the same day, and within sane bounds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from clinic.verdicts import characters
from clinic.verdicts.verdict import Rejected, Verdict, shown

EARLIEST_DAY = date(1900, 1, 1)
# A surgery is booked up to a year ahead; a later one is asked about, and two years is a slip.
_USUAL_DAYS_AHEAD = 366
_MOST_DAYS_AHEAD = 731
_OLDEST_YEARS = 129

_HINT = "Write it as YYYY-MM-DD, such as 2026-01-05."
_LONGEST_INPUT = 40
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_RUN_TOGETHER = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_SERIAL = re.compile(r"\d{4,6}(?:[.,]\d+)?")
# What forms and systems write when nobody asked.
_FILLED_IN_BIRTHDAYS = frozenset({date(1900, 1, 1), date(1970, 1, 1), date(2000, 1, 1)})


class DayOrder(StrEnum):
    """Whether 05/01/2026 means the fifth of January or the first of May; told by a person."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


def day(text: str, *, order: DayOrder | None = None) -> Verdict[date]:
    """Return the day that `text` names beyond doubt: year first, or one part above 12.

    With `order` a person has said how the file writes its days. Raises Rejected, with the way to
    write it, for ambiguous days, week dates, month names, times, spreadsheet serials, days that
    do not exist and days before 1900.
    """
    cleaned = _cleaned(text)
    found = _year_first(cleaned) or _year_last(cleaned, order=order)
    if found is None:
        raise Rejected("not_a_date", *_why_not(cleaned))
    if found < EARLIEST_DAY:
        raise Rejected("too_early", f"{found.isoformat()} is before 1900.", _HINT)
    return Verdict(found, fixes=() if found.isoformat() == text else (f"Read as {found}.",))


def _cleaned(text: str) -> str:
    if len(text) > _LONGEST_INPUT:
        raise Rejected("not_a_date", f'"{shown(text)}" is not a date.', _HINT)
    characters.refuse_unsafe(text)
    cleaned = characters.plain_digits(characters.without_invisible(text)).strip()
    if not cleaned:
        raise Rejected("empty", "The date is empty.", _HINT)
    return cleaned


def _why_not(text: str) -> tuple[str, str]:
    if _SERIAL.fullmatch(text):
        return (
            f'"{shown(text)}" is a spreadsheet\'s inner number.',
            f"Format it as a date. {_HINT}",
        )
    return f'"{shown(text)}" is not a date everybody reads the same way.', _HINT


def _year_first(text: str) -> date | None:
    match = _YEAR_FIRST.fullmatch(text)
    if match:
        return _existing(int(match[1]), month=int(match[3]), day_of_month=int(match[4]), text=text)
    match = _RUN_TOGETHER.fullmatch(text)
    if match:
        return _existing(int(match[1]), month=int(match[2]), day_of_month=int(match[3]), text=text)
    return None


def _year_last(text: str, *, order: DayOrder | None) -> date | None:
    match = _YEAR_LAST.fullmatch(text)
    if not match:
        return None
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    order = order or _order_shown(first, second=second)
    if order is None:
        raise Rejected("ambiguous_date", f'"{text}" can mean two days.', _HINT)
    if order is DayOrder.DAY_FIRST:
        return _existing(year, month=second, day_of_month=first, text=text)
    return _existing(year, month=first, day_of_month=second, text=text)


def _order_shown(first: int, *, second: int) -> DayOrder | None:
    if first == second:
        return DayOrder.DAY_FIRST
    if first > 12:
        return DayOrder.DAY_FIRST
    return DayOrder.MONTH_FIRST if second > 12 else None


def _existing(year: int, *, month: int, day_of_month: int, text: str) -> date:
    try:
        return date(year, month, day_of_month)
    except ValueError as problem:
        raise Rejected(
            "no_such_day", f'The day "{shown(text)}" does not exist.', _HINT
        ) from problem


def order_shown_by(text: str) -> DayOrder | None:
    """Return the order that `text` proves (13/01/2026 has its day first), if any."""
    match = _YEAR_LAST.fullmatch(characters.plain_digits(text).strip())
    if not match or int(match[1]) == int(match[3]):
        return None
    return _order_shown(int(match[1]), second=int(match[3]))


def orders_shown_by(texts: Iterable[str]) -> frozenset[DayOrder]:
    """Return every order that a column proves; with two of them no day in it can be trusted."""
    return frozenset(order for order in map(order_shown_by, texts) if order is not None)


def birth_date(born: date, *, today: date) -> Verdict[date]:
    """Return a birth date of a living person; warn of dates that forms fill in by themselves."""
    if born > today:
        raise Rejected("in_future", "The date of birth is in the future.", "Compare it.")
    if born < EARLIEST_DAY or today.year - born.year > _OLDEST_YEARS:
        raise Rejected("too_early", "Nobody alive was born that long ago.", "Compare it.")
    if born in _FILLED_IN_BIRTHDAYS:
        warning = f"{born.isoformat()} is often filled in when nobody asked. Is it the real one?"
        return Verdict(born, warnings=(warning,))
    return Verdict(born)


def surgery_date(operated: date, *, today: date) -> Verdict[date]:
    """Return a surgery's date: from 1900 to a year ahead; up to two years ahead with a question."""
    if operated < EARLIEST_DAY:
        raise Rejected("too_early", "The surgery date is before 1900.", _HINT)
    if operated > today + timedelta(days=_MOST_DAYS_AHEAD):
        raise Rejected("too_late", "The surgery date is over two years ahead.", "Compare the year.")
    if operated > today + timedelta(days=_USUAL_DAYS_AHEAD):
        warning = "The surgery date is over a year ahead. Is the year right?"
        return Verdict(operated, warnings=(warning,))
    return Verdict(operated)


def discharge_date(left: date, *, operated: date | None) -> Verdict[date]:
    """Return a discharge date that is not before the surgery; warn of a very long stay."""
    if operated is not None and left < operated:
        raise Rejected("before_surgery", "Discharge is before the surgery.", "Compare both dates.")
    if left < EARLIEST_DAY or (operated is None and left.year > 9000):
        raise Rejected("too_early", "The discharge date is not possible.", _HINT)
    if operated is not None and (left - operated).days > _MOST_DAYS_AHEAD:
        raise Rejected("too_late", "Discharge is over two years after surgery.", "Compare both.")
    if operated is not None and (left - operated).days > 180:
        return Verdict(left, warnings=("The stay is longer than half a year. Is that right?",))
    return Verdict(left)
