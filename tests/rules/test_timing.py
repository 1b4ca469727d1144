"""Wall clocks against an oracle that knows nothing of offsets: it walks through the minutes."""

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reminders.rules.timing import (
    LONGEST_SHIFT_DAYS,
    QuietHours,
    Shift,
    is_quiet,
    last_moment,
    next_allowed,
    nth_workday_after,
    same_day_a_year_later,
    shifted,
    wall_clock_moment,
)

ZONES = sorted(available_timezones())
MINUTE = timedelta(minutes=1)
NEW_YEAR_2020 = datetime(2020, 1, 1, tzinfo=UTC)
NIGHT = QuietHours(time(20), time(8))
LONDON = ZoneInfo("Europe/London")


@cache
def clock_changes(key, first_year=2020, last_year=2035):
    """The UTC moments, to the minute, at which the clocks of a zone change."""
    tz, week = ZoneInfo(key), timedelta(days=7)
    moment, end = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year, 12, 31, tzinfo=UTC)
    changes = []
    while moment < end:
        before = moment.astimezone(tz).utcoffset()
        if (moment + week).astimezone(tz).utcoffset() != before:
            minutes = range(7 * 24 * 60)
            after = bisect_left(
                minutes,
                True,
                key=lambda m, start=moment, old=before: (
                    (start + m * MINUTE).astimezone(tz).utcoffset() != old
                ),
            )
            changes.append(moment + after * MINUTE)
        moment += week
    return changes


def walls_around(day, at, tz):
    """Each minute near the wall time, and what the wall shows then."""
    start = datetime.combine(day, at, tzinfo=UTC) - timedelta(hours=15)
    for minute in range(30 * 60):
        moment = start + minute * MINUTE
        yield moment, moment.astimezone(tz).replace(tzinfo=None)


def moment_found_by_walking(day, at, tz):
    """The first minute that shows the wall time; without one, the first that is past it."""
    wanted = datetime.combine(day, at)
    minutes = list(walls_around(day, at, tz))
    showing = [moment for moment, wall in minutes if wall == wanted]
    return showing[0] if showing else next(m for m, wall in minutes if wall > wanted)


@st.composite
def nights_of_change(draw):
    """A zone, a day at one of its clock changes (any day where it has none), and a wall time."""
    key = draw(st.sampled_from(ZONES))
    tz = ZoneInfo(key)
    if changes := clock_changes(key):
        day = draw(st.sampled_from(changes)).astimezone(tz).date()
        day += timedelta(days=draw(st.integers(-1, 1)))
    else:
        day = draw(st.dates(date(2020, 1, 1), date(2035, 12, 31)))
    minute = draw(st.integers(0, 24 * 60 - 1) | st.integers(0, 4 * 60))
    return tz, day, time(minute // 60, minute % 60)


class TestWallClockMoment:
    @given(nights_of_change())
    @settings(max_examples=150, deadline=None)
    def test_agrees_with_a_walk_through_the_minutes_in_any_zone_and_night(self, night):
        tz, day, at = night

        assert wall_clock_moment(day, at, tz=tz) == moment_found_by_walking(day, at, tz)

    def test_nine_stays_nine_around_each_clock_change_of_every_zone(self):
        for key in ZONES:
            tz = ZoneInfo(key)
            for change in clock_changes(key, 2026, 2027):
                for days in (-1, 0, 1):
                    day = change.astimezone(tz).date() + timedelta(days=days)
                    wall = wall_clock_moment(day, time(9), tz=tz).astimezone(tz)
                    assert (key, wall.date(), wall.time()) == (key, day, time(9))

    @pytest.mark.parametrize(
        ("row", "key", "day", "at", "wall", "utc"),
        [
            ("D26", "Europe/London", (2026, 3, 29), (1, 30), "02:00", (2026, 3, 29, 1, 0)),
            ("D28", "America/New_York", (2026, 3, 8), (2, 30), "03:00", (2026, 3, 8, 7, 0)),
            ("D28", "America/New_York", (2026, 11, 1), (1, 30), "01:30", (2026, 11, 1, 5, 30)),
            ("D29", "Australia/Lord_Howe", (2026, 4, 5), (1, 45), "01:45", (2026, 4, 4, 14, 45)),
            ("D31", "America/Havana", (2026, 3, 8), (0, 30), "01:00", (2026, 3, 8, 5, 0)),
            ("D32", "Asia/Kathmandu", (2026, 3, 3), (9, 0), "09:00", (2026, 3, 3, 3, 15)),
            ("D32", "Pacific/Chatham", (2026, 7, 1), (9, 0), "09:00", (2026, 6, 30, 20, 15)),
        ],
    )
    def test_the_listed_nights(self, row, key, day, at, wall, utc):
        moment = wall_clock_moment(date(*day), time(*at), tz=ZoneInfo(key))

        assert moment == datetime(*utc, tzinfo=UTC)
        assert f"{moment.astimezone(ZoneInfo(key)):%H:%M}" == wall

    def test_is_in_utc(self):
        assert wall_clock_moment(date(2026, 7, 1), time(9), tz=LONDON).tzinfo is UTC


def open_except(*closed):
    return lambda day: day not in closed


def weekdays_only(day):
    return day.weekday() < 5


FRIDAY, SATURDAY, SUNDAY, MONDAY = (date(2026, 3, day) for day in (6, 7, 8, 9))
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


class TestShifted:
    def test_a_step_without_a_shift_stays_on_a_day_off(self):
        assert shifted(SATURDAY, Shift.NONE, is_workday=weekdays_only, not_past=MONDAY) == SATURDAY

    def test_a_working_day_stays(self):
        for shift in Shift:
            assert shifted(FRIDAY, shift, is_workday=weekdays_only, not_past=MONDAY) == FRIDAY

    def test_goes_to_the_next_working_day_when_the_window_reaches_so_far(self):
        moved = shifted(SATURDAY, Shift.NEXT_WORKDAY, is_workday=weekdays_only, not_past=MONDAY)

        assert moved == MONDAY

    def test_goes_back_when_the_next_working_day_lies_a_day_past_the_limit(self):
        moved = shifted(SATURDAY, Shift.NEXT_WORKDAY, is_workday=weekdays_only, not_past=SUNDAY)

        assert moved == FRIDAY

    def test_goes_to_the_working_day_before(self):
        moved = shifted(SUNDAY, Shift.PREV_WORKDAY, is_workday=weekdays_only, not_past=MONDAY)

        assert moved == FRIDAY

    @pytest.mark.parametrize("shift", [Shift.NEXT_WORKDAY, Shift.PREV_WORKDAY])
    def test_stays_when_the_clinic_is_closed_for_ever(self, shift):
        assert shifted(FRIDAY, shift, is_workday=lambda day: False, not_past=MONDAY) == FRIDAY

    @given(
        day=DAYS,
        shift=st.sampled_from(Shift),
        closed=st.sets(st.integers(-40, 40)),
        room=st.integers(0, 20),
    )
    def test_never_passes_the_limit_and_never_lands_on_a_day_off_in_vain(
        self, day, shift, closed, room
    ):
        is_workday = open_except(*(day + timedelta(days=n) for n in closed))
        moved = shifted(day, shift, is_workday=is_workday, not_past=day + timedelta(days=room))

        assert moved <= day + timedelta(days=room)
        if moved != day:
            assert is_workday(moved)
            assert abs((moved - day).days) <= LONGEST_SHIFT_DAYS
        if shift is Shift.PREV_WORKDAY:
            assert moved <= day


class TestNthWorkday:
    def test_counts_working_days_only(self):
        assert nth_workday_after(FRIDAY, 3, is_workday=weekdays_only) == date(2026, 3, 11)

    def test_a_clinic_closed_for_ever_counts_calendar_days(self):
        assert nth_workday_after(FRIDAY, 3, is_workday=lambda day: False) == MONDAY


class TestQuietHours:
    @pytest.mark.parametrize(
        ("at", "quiet"),
        [
            (time(19, 59, 59), False),
            (time(20), True),
            (time(0), True),
            (time(7, 59, 59), True),
            (time(8), False),
        ],
    )
    def test_run_from_the_evening_until_the_morning_to_the_second(self, at, quiet):
        moment = datetime.combine(date(2026, 7, 1), at, tzinfo=LONDON)

        assert is_quiet(moment, quiet=NIGHT, tz=LONDON) is quiet

    @given(
        key=st.sampled_from(ZONES),
        moment=st.integers(0, 15 * 365 * 24 * 60).map(lambda n: NEW_YEAR_2020 + n * MINUTE),
        start=st.times(time(17), time(23, 59)),
        end=st.times(time(5), time(10)),
    )
    @settings(max_examples=200, deadline=None)
    def test_next_allowed_is_never_quiet_never_before_and_within_a_day(
        self, key, moment, start, end
    ):
        quiet, tz = QuietHours(start, end), ZoneInfo(key)
        allowed = next_allowed(moment, quiet=quiet, tz=tz)

        assert moment <= allowed < moment + timedelta(hours=25)
        assert not is_quiet(allowed, quiet=quiet, tz=tz)
        if not is_quiet(moment, quiet=quiet, tz=tz):
            assert allowed == moment

    @pytest.mark.parametrize(
        ("local", "morning"), [((2026, 3, 28, 22), 29), ((2026, 3, 29, 3), 29)]
    )
    def test_end_in_the_morning_of_a_clock_change(self, local, morning):
        moment = datetime(*local, tzinfo=LONDON)

        allowed = next_allowed(moment, quiet=NIGHT, tz=LONDON).astimezone(LONDON)
        assert (allowed.day, allowed.hour, allowed.minute) == (morning, 8, 0)

    def test_the_last_moment_of_a_day_is_when_they_begin(self):
        moment = last_moment(date(2026, 7, 1), quiet=NIGHT, tz=LONDON)

        assert moment == datetime(2026, 7, 1, 19, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "later"),
    [
        (date(2024, 2, 29), date(2025, 2, 28)),  # D07
        (date(2024, 2, 28), date(2025, 2, 28)),
        (date(2023, 3, 1), date(2024, 3, 1)),
    ],
)
def test_a_year_later_is_the_same_day_or_the_last_of_february(day, later):
    assert same_day_a_year_later(day) == later
