"""A ladder, a moment and the clinic's hours → who is told when. Promise P6.

A ladder is a list of rungs. Each rung says after how many minutes it is due, counted from the
opening of the alert, and in which hours it may be used: a rung that falls outside them waits for
them and is never left out. What a rung cannot do (nobody on duty, no number) the next one does at
once. Source: reliability.md H26 and H27; clinical.md 4c for the times of the staff.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from reminders.rules.staffed import StaffedHours

EMERGENCY = "emergency"
PHONE = "phone"
# Emergencies: by the clinic's own minutes for a day, after that at least so far apart.
FIRST_DAY = timedelta(days=1)
LATER_AT_LEAST = timedelta(hours=1)
# Everything else is repeated with doubling waits: it does not ring all night.
LONGEST_WAIT = timedelta(days=7)
MOST_DOUBLINGS = 10


class Hours(StrEnum):
    """When a rung may be used."""

    ALWAYS = "always"
    STAFFED = "staffed"
    UNSTAFFED = "unstaffed"


@dataclass(frozen=True, slots=True)
class Rung:
    """What these rules ask of a rung; `position` is its name within the ladder."""

    position: int
    after_minutes: int
    hours: str
    how: str


@dataclass(frozen=True, slots=True)
class Planned:
    """A rung with its moments: `planned_at` by its minutes, `due_at` once its hours have come."""

    rung: Rung
    planned_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Reached:
    """Whom a rung reaches at some moment, or what is in the way."""

    names: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One step of a climb that has not happened: when, by which rung, whom, or why nobody."""

    at: datetime
    rung: Rung
    reached: Reached


def fits(hours: str, moment: datetime, *, staffed: StaffedHours) -> bool:
    """True when a rung with these hours may be used at this moment."""
    return hours == Hours.ALWAYS or staffed.covers(moment) is (hours == Hours.STAFFED)


def first_fit(hours: str, moment: datetime, *, staffed: StaffedHours) -> datetime:
    """Return `moment`, or the next one that a rung with these hours may be used at.

    Hours that do not come within a month hold nothing up: then it is `moment`.
    """
    if fits(hours, moment, staffed=staffed):
        return moment
    later = staffed.next_staffed if hours == Hours.STAFFED else staffed.next_unstaffed
    return later(moment) or moment


def plan_climb(rungs: Iterable[Rung], *, start: datetime, staffed: StaffedHours) -> list[Planned]:
    """Return the rungs with their moments, in the order in which they are due."""
    planned = [_planned(rung, start=start, staffed=staffed) for rung in rungs]
    return sorted(planned, key=lambda step: (step.due_at, step.rung.position))


def _planned(rung: Rung, *, start: datetime, staffed: StaffedHours) -> Planned:
    planned_at = start + timedelta(minutes=rung.after_minutes)
    return Planned(rung, planned_at, first_fit(rung.hours, planned_at, staffed=staffed))


def next_at_once(waiting: Iterable[Rung], *, now: datetime, staffed: StaffedHours) -> Rung | None:
    """Return the rung that stands in for one that failed: the next whose hours fit now."""
    usable = [rung for rung in waiting if fits(rung.hours, now, staffed=staffed)]
    return min(usable, key=lambda rung: (rung.after_minutes, rung.position), default=None)


def rung_to_repeat(rungs: Sequence[Rung], *, at: datetime, staffed: StaffedHours) -> Rung:
    """Return the rung that is repeated at this moment, when the ladder has been climbed.

    The last one that sends something and may be used then. A banner stands already, so a rung
    that asks a person to dial is repeated only where no other fits.
    """
    last_first = sorted(rungs, key=lambda rung: (rung.after_minutes, rung.position), reverse=True)
    sends = [rung for rung in last_first if rung.how != PHONE]
    usable = [rung for rung in sends if fits(rung.hours, at, staffed=staffed)]
    return next(iter([*usable, *last_first]))


def repeat_wait(tier: str, *, minutes: int, times: int, climbing_for: timedelta) -> timedelta:
    """Return how long to wait before the next repeat of the last rung.

    Emergencies: `minutes`, and an hour at least once a day has gone by. Other tiers: `minutes`,
    doubled each time, a week at most.
    """
    wait = timedelta(minutes=minutes)
    if tier == EMERGENCY:
        return wait if climbing_for < FIRST_DAY else max(wait, LATER_AT_LEAST)
    doubled: timedelta = wait * 2.0 ** min(times, MOST_DOUBLINGS)
    return min(doubled, max(wait, LONGEST_WAIT))


def raise_again_moment(
    tier: str, *, now: datetime, minutes: int, staffed: StaffedHours
) -> datetime:
    """Return when an alert that somebody took and did not close is raised again.

    An emergency at any hour; anything else when somebody is at the clinic.
    """
    moment = now + timedelta(minutes=minutes)
    if tier == EMERGENCY:
        return moment
    return staffed.next_staffed(moment) or moment


def foresee(
    rungs: Iterable[Rung],
    *,
    start: datetime,
    staffed: StaffedHours,
    reach: Callable[[Rung, datetime], Reached],
) -> list[Foreseen]:
    """Say what would happen if an alert opened at `start` and nobody took it.

    `reach` says whom a rung reaches at a moment. The repeats that follow are left out.
    """
    waiting = plan_climb(rungs, start=start, staffed=staffed)
    seen: list[Foreseen] = []
    while waiting:
        step = waiting.pop(0)
        seen.append(Foreseen(step.due_at, step.rung, reach(step.rung, step.due_at)))
        if seen[-1].reached.names:
            continue
        now = step.due_at
        instead = next_at_once([w.rung for w in waiting], now=now, staffed=staffed)
        waiting = sorted(
            (Planned(w.rung, w.planned_at, now) if w.rung is instead else w for w in waiting),
            key=lambda w: (w.due_at, w.rung.after_minutes, w.rung.position),
        )
    return seen
