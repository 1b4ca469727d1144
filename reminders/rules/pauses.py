"""Holds of a plan → what goes on meanwhile, what moves afterwards, what is left behind.

Source: docs/adr/0016-holds-and-shifts.md; clinical.md SR-13; reliability.md 2.6 (late rules).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from reminders.rules.content import Anchor, Audience, Category, Priority, StepContent

# What a person builds up by doing it: after a hold it goes on where it stopped. All else counts
# from the operation, because wounds heal and limits end while messages wait.
BUILT_UP = frozenset({Category.PHYSIO, Category.LIFESTYLE})
# Of no use once its day has passed, unless it matters: the next one follows.
OF_ITS_DAY = frozenset({Category.PHYSIO, Category.LIFESTYLE, Category.CHECK_IN})
COUNTED_FROM_OPERATION = frozenset({Anchor.SURGERY, Anchor.DISCHARGE})
# Messages end a year after the operation; a hold makes nobody wait for them longer.
LAST_DAY = 365
LEFT_BEHIND = "while_held"  # a ReminderReason
# In hospital others look after the patient; where it is not clear who reads, nobody is told.
ALL_WAITS = frozenset({"", "hospital", "unclear"})


@dataclass(frozen=True, slots=True)
class Pause:
    """A hold that has ended. `days`: by how many what is built up moved; 0: it went on."""

    began_at: datetime
    ended_at: datetime
    days: int = 0


def waits(kind: str, *, category: str, is_high_priority: bool, is_for_staff: bool) -> bool:
    """True when a step waits for the end of a hold of this kind.

    Tasks of staff never wait (SR-13). Warning signs, and what matters as much, wait only where
    `kind` says so; of an unknown kind everything waits.
    """
    if is_for_staff:
        return False
    is_safety = category == Category.WARNING_SIGNS or is_high_priority
    return kind in ALL_WAITS or not is_safety


def moves(step: StepContent) -> bool:
    """True when a step goes on after a shift where the hold stopped it."""
    return (
        step.category in BUILT_UP
        and step.anchor in COUNTED_FROM_OPERATION
        and step.priority is not Priority.HIGH
        and step.audience is not Audience.STAFF
    )


def shift_of(step: StepContent, *, due: Callable[[int], datetime], pauses: Iterable[Pause]) -> int:
    """Return by how many days all pauses together move a repeat of this step.

    `due` tells when it is due, moved by so many days. A pause moves what was not due when it
    began; what was due before stays, sent or not.
    """
    days = 0
    for pause in sorted(pauses, key=lambda one: one.began_at) if moves(step) else ():
        if pause.days and due(days) >= pause.began_at:
            days += pause.days
    return days


def left_behind(
    step: StepContent,
    *,
    due: datetime,
    not_after: datetime,
    operated: date,
    on: date,
    shifted_days: int,
    pauses: Iterable[Pause],
) -> str:
    """Return the reason for which a step is not sent after a pause, or an empty text.

    It fell into the pause and is of no use after its day, or its own window closed before the
    pause ended, or it would come after the messages have ended.
    """
    if step.audience is Audience.STAFF:
        return ""
    if shifted_days and on > operated + timedelta(days=LAST_DAY):
        return LEFT_BEHIND
    passes = step.priority is not Priority.HIGH and step.category in OF_ITS_DAY
    for pause in pauses:
        fell_into = pause.began_at <= due < pause.ended_at
        if fell_into and (passes or not_after < pause.ended_at):
            return LEFT_BEHIND
    return ""
