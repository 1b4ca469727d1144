"""Days of recovery → places on a bar that shows a year and still tells day 2 from day 5.

The scale is that of a square root: the first weeks, in which most limits end, have the most room.
"""

import math
from dataclasses import dataclass

LAST_DAY = 365
TICKS = (7, 14, 28, 42, 84, 180)


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of days, in percent of the whole width."""

    left: float
    width: float


@dataclass(frozen=True, slots=True)
class Tick:
    day: int
    left: float


def place(day: int) -> float:
    """Return where a day stands, 0 to 100; what lies outside stands at the end."""
    inside = min(max(day, 0), LAST_DAY)
    return round(100 * math.sqrt(inside / LAST_DAY), 2)


def bar(first: int, last: int | None) -> Bar:
    """Return the stretch from the start of one day to the start of another; None: to the end."""
    left, right = place(first), place(LAST_DAY if last is None else last)
    return Bar(left, round(max(0.0, right - left), 2))


def ticks() -> tuple[Tick, ...]:
    return tuple(Tick(day, place(day)) for day in TICKS)
