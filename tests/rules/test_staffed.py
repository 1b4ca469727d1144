"""When staff are at the clinic: hours, holidays, closures, nights and clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders.rules.staffed import StaffedHours

LONDON = ZoneInfo("Europe/London")
HOLIDAY = date(2026, 3, 4)
MINUTE = timedelta(minutes=1)


def clinic(opens="08:30", closes="17:30", *, tz=LONDON, is_workday=None):
    workday = is_workday or (lambda day: day.weekday() < 5 and day != HOLIDAY)
    return StaffedHours(time.fromisoformat(opens), time.fromisoformat(closes), tz, workday)


def at(words, *, tz=LONDON):
    return datetime.fromisoformat(words).replace(tzinfo=tz).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "is_there"),
    [
        ("2026-03-03 08:29", False), ("2026-03-03 08:30", True), ("2026-03-03 17:29", True),
        ("2026-03-03 17:30", False), ("2026-03-07 12:00", False), ("2026-03-04 12:00", False),
    ],
)  # fmt: skip
def test_somebody_is_there_from_the_opening_up_to_the_closing_of_a_working_day(moment, is_there):
    assert clinic().covers(at(moment)) is is_there


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-03-02 12:00", "2026-03-02 12:00"),  # open: now
        ("2026-03-02 07:00", "2026-03-02 08:30"),
        ("2026-03-03 17:30", "2026-03-05 08:30"),  # past the holiday
        ("2026-03-06 22:40", "2026-03-09 08:30"),  # past the weekend
    ],
)
def test_staff_are_there_next_at_the_next_opening(moment, opens):
    assert clinic().next_staffed(at(moment)) == at(opens)


def test_nobody_is_there_next_at_the_closing():
    assert clinic().next_unstaffed(at("2026-03-02 12:00")) == at("2026-03-02 17:30")
    assert clinic().next_unstaffed(at("2026-03-02 22:00")) == at("2026-03-02 22:00")


def test_a_clinic_that_closes_before_it_opens_is_open_over_midnight():
    night = clinic("20:00", "06:00")

    assert night.covers(at("2026-03-03 05:59"))
    assert not night.covers(at("2026-03-03 06:00"))
    assert night.next_staffed(at("2026-03-04 06:00")) == at("2026-03-05 20:00")
    assert night.next_unstaffed(at("2026-03-02 23:00")) == at("2026-03-03 06:00")


def test_a_clinic_that_never_opens_has_no_next_opening():
    closed = clinic(is_workday=lambda day: False)

    assert closed.next_staffed(at("2026-03-02 12:00")) is None
    assert closed.next_unstaffed(at("2026-03-02 12:00")) == at("2026-03-02 12:00")


def test_one_that_never_closes_has_no_next_closing():
    always = clinic("00:00", "00:00", is_workday=lambda day: True)

    assert always.next_unstaffed(at("2026-03-02 12:00")) is None


def test_the_opening_is_on_the_wall_when_the_clocks_change():
    assert clinic().next_staffed(at("2026-03-27 18:00")) == datetime(2026, 3, 30, 7, 30, tzinfo=UTC)


@given(
    st.integers(0, 365 * 24 * 60),
    st.sampled_from([("08:30", "17:30"), ("22:00", "06:00"), ("00:00", "12:00")]),
)
def test_the_next_opening_is_one_and_nothing_lies_between(minutes, hours):
    moment, here = at("2026-01-01 00:00") + minutes * MINUTE, clinic(*hours)

    opens, closes = here.next_staffed(moment), here.next_unstaffed(moment)

    assert here.covers(opens)
    assert not here.covers(closes)
    assert opens == moment or not here.covers(opens - MINUTE)
    assert closes == moment or here.covers(closes - MINUTE)
