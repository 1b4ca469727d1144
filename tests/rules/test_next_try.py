"""When a call that reached nobody is tried again: in two hours, or on the next working morning."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from reminders.rules.next_try import TryAgain, next_try
from reminders.rules.staffed import StaffedHours

LONDON = ZoneInfo("Europe/London")


def hours(opens=8, closes=18, *, closed=()):
    return StaffedHours(
        opens_at=time(opens),
        closes_at=time(closes),
        tz=LONDON,
        is_workday=lambda day: day.weekday() < 5 and day not in closed,
    )


def at(day, hour, minute=0):
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "moment"),
    [
        (at(3, 12), at(3, 14)),  # a Tuesday
        (at(3, 15, 59), at(3, 17, 59)),
        (at(3, 16), at(4, 8)),  # 18:00 is closed already
        (at(6, 17), at(9, 8)),  # Friday evening: Monday at the opening
    ],
)
def test_soon_is_two_hours_on_while_staff_are_there(now, moment):
    assert next_try(TryAgain.SOON, now=now, staffed=hours()) == moment


@pytest.mark.parametrize(
    ("now", "moment"),
    [
        (at(3, 12), at(4, 10)),
        (at(6, 9), at(9, 10)),  # Friday: Monday
        (at(27, 9), at(30, 9)),  # the clocks go forward on the Sunday: ten on the wall is nine UTC
    ],
)
def test_the_next_day_is_ten_in_the_morning_of_the_next_working_day(now, moment):
    assert next_try(TryAgain.NEXT_DAY, now=now, staffed=hours()) == moment


def test_a_clinic_that_opens_after_ten_is_tried_when_it_opens():
    assert next_try(TryAgain.NEXT_DAY, now=at(3, 12), staffed=hours(opens=13)) == at(4, 13)


def test_a_clinic_that_never_opens_is_tried_the_next_day_all_the_same():
    closed = StaffedHours(time(8), time(18), LONDON, is_workday=lambda _day: False)

    assert next_try(TryAgain.SOON, now=at(3, 12), staffed=closed) == at(3, 14)
    assert next_try(TryAgain.NEXT_DAY, now=at(3, 12), staffed=closed) == at(4, 10)
