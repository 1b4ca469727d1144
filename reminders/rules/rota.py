"""Shifts → the hours in which nobody is on duty."""

from collections.abc import Iterable
from datetime import datetime

Span = tuple[datetime, datetime]


def gaps(shifts: Iterable[Span], *, start: datetime, end: datetime) -> list[Span]:
    """Return the spans from `start` up to `end` that no shift covers, in their order.

    A shift counts from its first moment up to its last, which is not its own any more.
    """
    found: list[Span] = []
    covered = start
    for begins, ends in sorted(shifts):
        if begins >= end:
            break
        if begins > covered:
            found.append((covered, begins))
        covered = max(covered, ends)
    if covered < end:
        found.append((covered, end))
    return found


def overlap(one: Span, other: Span) -> bool:
    """True when two spans share a moment; one that ends as the other begins does not."""
    return one[0] < other[1] and other[0] < one[1]
