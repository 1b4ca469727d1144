"""Nobody answered the telephone → when to try again."""

from datetime import datetime, time, timedelta
from enum import StrEnum

from reminders.rules.staffed import StaffedHours
from reminders.rules.timing import LONGEST_SHIFT_DAYS, ONE_DAY, wall_clock_moment

TWO_HOURS = timedelta(hours=2)
IN_THE_MORNING = time(10, 0)
# After so many tries without a contact somebody has to decide how to go on.
TRIES_THEN_LOUD = 3


class TryAgain(StrEnum):
    """What a caller may choose when nobody answers."""

    SOON = "soon"
    NEXT_DAY = "next_day"


def next_try(choice: TryAgain, *, now: datetime, staffed: StaffedHours) -> datetime:
    """Return the moment of the next try, always later than `now` and while staff are there.

    `SOON` is two hours on; `NEXT_DAY` is ten o'clock, on the clinic's wall, of the next working
    day. What lies outside of the opening hours moves to the next opening; a clinic that does not
    open within a month moves nothing.
    """
    moment = now + TWO_HOURS if choice is TryAgain.SOON else _next_morning(now, staffed)
    return staffed.next_staffed(moment) or moment


def _next_morning(now: datetime, staffed: StaffedHours) -> datetime:
    first = now.astimezone(staffed.tz).date() + ONE_DAY
    days = (first + timedelta(days=place) for place in range(LONGEST_SHIFT_DAYS))
    day = next((day for day in days if staffed.is_workday(day)), first)
    return wall_clock_moment(day, IN_THE_MORNING, tz=staffed.tz)
