"""Day counts and wall clocks → UTC moments. Promise P4: 09:00 is 09:00 on the patient's wall.

Calendar days are counted on the patient's local date, then the wall-clock time is set, then the
moment is taken to UTC. Hours and minutes are elapsed time.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

IsWorkday = Callable[[date], bool]

ONE_DAY = timedelta(days=1)
# No closure lasts this long; a longer search means that the calendar says "closed" for ever.
LONGEST_SHIFT_DAYS = 30


class Shift(StrEnum):
    """What to do when a step falls on a day on which the clinic is closed."""

    NONE = "none"
    NEXT_WORKDAY = "next_workday"
    PREV_WORKDAY = "prev_workday"


class QuietHours(NamedTuple):
    """No messages from `start` (evening) until `end` (morning), on the patient's wall clock."""

    start: time
    end: time


def wall_clock_moment(day: date, at: time, *, tz: ZoneInfo) -> datetime:
    """Return the UTC moment at which the wall clock in `tz` shows `at` on `day`.

    A wall time that a clock change skips becomes the first valid minute after the gap; one that
    it repeats means the first of the two. Source: docs/adr/0003-wall-clock-time.md
    """
    local = datetime.combine(day, at, tzinfo=tz)
    moment = local.astimezone(UTC)
    if moment.astimezone(tz).replace(tzinfo=None) == local.replace(tzinfo=None):
        return moment
    return _end_of_gap(moment, tz=tz)


def _end_of_gap(moment: datetime, *, tz: ZoneInfo) -> datetime:
    # fold=0 reads a skipped wall time with the offset from before the gap, so `moment` lies at or
    # after the change by less than the gap is long. Walk back to the minute of the change.
    offset = moment.astimezone(tz).utcoffset()
    change = moment.replace(second=0, microsecond=0)
    while (change - timedelta(minutes=1)).astimezone(tz).utcoffset() == offset:
        change -= timedelta(minutes=1)
    return change


def shifted(day: date, shift: Shift, *, is_workday: IsWorkday, not_past: date) -> date:
    """Return the working day that a step of `day` moves to, never past `not_past`.

    A next-workday shift that would pass the step's last day goes to the working day before it
    instead; where there is none in reach either, the day stands.
    """
    if shift is Shift.NONE or is_workday(day):
        return day
    forward = _seek(day, ONE_DAY, is_workday)
    backward = _seek(day, -ONE_DAY, is_workday)
    if shift is Shift.NEXT_WORKDAY and forward is not None and forward <= not_past:
        return forward
    return backward if backward is not None else day


def _seek(day: date, step: timedelta, is_workday: IsWorkday) -> date | None:
    for _ in range(LONGEST_SHIFT_DAYS):
        day += step
        if is_workday(day):
            return day
    return None


def nth_workday_after(day: date, count: int, *, is_workday: IsWorkday) -> date:
    """Return the `count`-th working day after `day`."""
    for _ in range(count):
        day = _seek(day, ONE_DAY, is_workday) or day + ONE_DAY
    return day


def is_quiet(moment: datetime, *, quiet: QuietHours, tz: ZoneInfo) -> bool:
    """True when the patient's wall clock stands in the quiet hours."""
    wall = moment.astimezone(tz).time()
    return wall >= quiet.start or wall < quiet.end


def next_allowed(moment: datetime, *, quiet: QuietHours, tz: ZoneInfo) -> datetime:
    """Return `moment`, or the end of the quiet hours that it falls into."""
    if not is_quiet(moment, quiet=quiet, tz=tz):
        return moment
    local = moment.astimezone(tz)
    morning = local.date() if local.time() < quiet.end else local.date() + ONE_DAY
    return wall_clock_moment(morning, quiet.end, tz=tz)


def last_moment(day_to: date, *, quiet: QuietHours, tz: ZoneInfo) -> datetime:
    """Return the last UTC moment on `day_to` at which a message may still go out."""
    return wall_clock_moment(day_to, quiet.start, tz=tz)


def same_day_a_year_later(day: date) -> date:
    """Return the anniversary; 29 February has its first on 28 February."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)
