"""The hours in which nobody is on duty."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from reminders.rules.rota import gaps, overlap

MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)


def at(hour):
    return MIDNIGHT + timedelta(hours=hour)


def day_gaps(*shifts):
    found = gaps([(at(a), at(b)) for a, b in shifts], start=at(0), end=at(24))
    return [((a - MIDNIGHT) // timedelta(hours=1), (b - MIDNIGHT) // timedelta(hours=1))
            for a, b in found]  # fmt: skip


def test_a_day_without_a_shift_is_one_gap():
    assert day_gaps() == [(0, 24)]


def test_shifts_that_meet_leave_none_between_them():
    assert day_gaps((-4, 8), (8, 20), (20, 30)) == []


def test_before_between_and_after_are_each_one():
    assert day_gaps((8, 12), (13, 20)) == [(0, 8), (12, 13), (20, 24)]


def test_a_short_shift_within_a_long_one_ends_nothing():
    assert day_gaps((0, 20), (8, 9)) == [(20, 24)]


def test_a_shift_of_another_day_covers_nothing():
    assert day_gaps((24, 40), (-10, 0)) == [(0, 24)]


spans = st.tuples(st.integers(-10, 30), st.integers(1, 20)).map(lambda s: (s[0], s[0] + s[1]))


@given(st.lists(spans, max_size=6))
def test_each_hour_is_in_a_shift_or_in_a_gap_and_never_in_both(shifts):
    found = day_gaps(*shifts)

    for hour in range(24):
        is_covered = any(a <= hour < b for a, b in shifts)
        assert any(a <= hour < b for a, b in found) is not is_covered


def test_two_shifts_that_meet_do_not_overlap():
    assert not overlap((at(0), at(8)), (at(8), at(20)))
    assert overlap((at(0), at(9)), (at(8), at(20)))
