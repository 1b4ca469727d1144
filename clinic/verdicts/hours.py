"""Wall-clock hours: opening, quiet and sending times."""

from __future__ import annotations

import re
from datetime import time, timedelta

from clinic.verdicts import characters
from clinic.verdicts.verdict import Rejected, Verdict, shown

_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
_HINT = "Write it as HH:MM, from 00:00 to 23:59."


def wall_time(text: str) -> Verdict[time]:
    """Return a time of day; raise Rejected for 24:00, 25:00, leap seconds and other clocks."""
    cleaned = characters.plain_digits(text[:20]).strip()
    match = _TIME.fullmatch(cleaned)
    if not match:
        raise Rejected("not_a_time", f'"{shown(text)}" is not a time of day.', _HINT)
    try:
        found = time(int(match[1]), int(match[2]), int(match[3] or 0))
    except ValueError as problem:
        raise Rejected("not_a_time", f'"{shown(text)}" does not exist.', _HINT) from problem
    return Verdict(found)


def window(start: time, end: time) -> Verdict[tuple[time, time]]:
    """Return a stretch of the day, which may run over midnight; raise Rejected if it is empty."""
    if start == end:
        raise Rejected("empty_window", "Start and end are the same time.", "Change one of them.")
    return Verdict((start, end))


def sending_window(start: time, end: time, *, shortest: timedelta) -> Verdict[tuple[time, time]]:
    """Return hours in which messages may go out; raise Rejected below `shortest`.

    A window shorter than the time between two looks at the plan would never be met.
    """
    window(start, end)
    if (_since_midnight(end) - _since_midnight(start)) % timedelta(days=1) < shortest:
        minutes = int(shortest.total_seconds() // 60)
        raise Rejected("short_window", f"The window is under {minutes} minutes.", "Widen it.")
    return Verdict((start, end))


def _since_midnight(moment: time) -> timedelta:
    return timedelta(hours=moment.hour, minutes=moment.minute, seconds=moment.second)
