"""Days of recovery → places on the one axis of the recovery picture, in percent of its width.

The scale after the operation is that of a square root: the first weeks, in which most happens,
have the most room. The days before it share a strip at the left.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

SHORTEST, LONGEST = 42, 365
BEFORE_PERCENT = 9.0
MARKED = (0, 7, 14, 28, 42, 84, 182, 273, 365)
# Two marks that stand closer than this could not be read on a telephone.
FEWEST_PERCENT = 8.0


@dataclass(frozen=True, slots=True)
class Axis:
    """From `first` (0, or a day before the operation) to `last`."""

    first: int
    last: int

    def place(self, day: float) -> float:
        """Return where a day stands, 0 to 100; what lies outside stands at the end."""
        zero = BEFORE_PERCENT if self.first < 0 else 0.0
        if day < 0:
            return round(zero * (1 - max(day, self.first) / self.first), 2) if zero else 0.0
        return round(zero + (100 - zero) * math.sqrt(min(day, self.last) / self.last), 2)

    @property
    def marks(self) -> tuple[tuple[int, float], ...]:
        """Return the days that are written below, with their places, not too close together."""
        days = [day for day in MARKED if day <= self.last]
        kept = [days[0]] if days else []
        for day in days[1:]:
            if self.place(day) - self.place(kept[-1]) >= FEWEST_PERCENT:
                kept.append(day)
        return tuple((day, self.place(day)) for day in kept)


def axis_for(days: Iterable[int]) -> Axis:
    """Return the axis on which all these days have a place, within a year."""
    known = list(days)
    first = max(min([*known, 0]), -LONGEST)
    return Axis(first, min(max([*known, SHORTEST]), LONGEST))


def steps(points: Iterable[tuple[float, float]]) -> tuple[tuple[float, float, float, float], ...]:
    """Return the stretches from each point to the next, as x1, y1, x2, y2."""
    return tuple((*one, *other) for one, other in pairwise(points))
