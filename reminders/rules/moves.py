"""A plan → why a message does not stand where its pathway puts it.

Found by planning again without one rule at a time, so that it says what the planner does and
nothing else.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum

from reminders.rules.content import Anchor, StepContent
from reminders.rules.facts import Record
from reminders.rules.planning import Occurrence, plan
from reminders.rules.timing import QuietHours

NO_CAP = 10_000
NEVER_QUIET = QuietHours(time.max, time.min)
LONG_AGO = timedelta(days=400)
Identity = tuple[str, int, int]


class Move(StrEnum):
    """The rule that moved a message."""

    SLID = "slid"  # the day had as many texts as a patient may get
    DAY_OFF = "day_off"  # the clinic is closed on its day
    QUIET = "quiet"  # its hour lies in the quiet hours
    ENROLLED = "enrolled"  # its first day lay before the enrolment
    CLOCKS = "clocks"  # its hour does not exist on that day: the clocks go forward


@dataclass(frozen=True, slots=True)
class Moved:
    """One move: by which rule, and when the message would be due without it (UTC)."""

    by: Move
    from_due: datetime


@dataclass(frozen=True, slots=True)
class Explained:
    """An occurrence of the plan with everything that moved it, the last rule first."""

    occurrence: Occurrence
    moves: tuple[Moved, ...]


def explained(record: Record, steps: Iterable[StepContent]) -> list[Explained]:
    """Return the plan as `plan` does, each message with what moved it."""
    all_steps = tuple(steps)
    without = _without(record, all_steps)
    return [Explained(one, tuple(_moves(one, record, without))) for one in plan(record, all_steps)]


def _without(
    record: Record, steps: tuple[StepContent, ...]
) -> list[tuple[Move, Mapping[Identity, datetime]]]:
    """When each message is due with the rules taken away one after the other."""
    uncapped = replace(record, texts_a_day=NO_CAP)
    always_open = replace(uncapped, is_workday=lambda day: True)
    never_quiet = replace(always_open, quiet=NEVER_QUIET)
    records = (
        (Move.SLID, uncapped),
        (Move.DAY_OFF, always_open),
        (Move.QUIET, never_quiet),
        (Move.ENROLLED, replace(never_quiet, enrolled_at=record.enrolled_at - LONG_AGO)),
    )
    return [
        (move, {one.identity: one.due_at for one in plan(other, steps)}) for move, other in records
    ]


def _moves(
    one: Occurrence, record: Record, without: list[tuple[Move, Mapping[Identity, datetime]]]
) -> Iterator[Moved]:
    due = one.due_at
    for move, dues in without:
        if move is Move.ENROLLED and (one.skip or one.step.anchor is Anchor.ENROLMENT):
            continue
        before = dues.get(one.identity, due)
        if before != due:
            yield Moved(move, before)
        due = before
    wall = one.step.local_time
    if wall is not None and due.astimezone(record.tz).time().replace(second=0) != wall:
        yield Moved(Move.CLOCKS, due)
