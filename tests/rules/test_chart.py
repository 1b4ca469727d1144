"""The drawing of answers over days: where points stand, and what tells lines apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders.rules.chart import BOTTOM, LEFT, MOST_MARKS, RIGHT, TOP, Series, chart

PAIN = Series("Leg pain", ((3, 8.0), (7, 6.0), (14, 0.0)))


def drawn(*series, top=10.0):
    return chart("Pain", series, below="Days", top=top)


def places(line):
    return [tuple(float(part) for part in point.split(",")) for point in line.path.split()]


def test_the_first_day_stands_left_and_the_last_one_right():
    [line] = drawn(PAIN).lines

    xs = [x for x, _ in places(line)]

    assert (xs[0], xs[-1]) == (LEFT, RIGHT)


def test_none_stands_at_the_bottom_and_the_worst_at_the_top():
    [line] = drawn(Series("Leg pain", ((1, 10.0), (9, 0.0)))).lines

    assert [y for _, y in places(line)] == [TOP, BOTTOM]


def test_days_are_drawn_in_their_order_whenever_they_were_answered():
    [line] = drawn(Series("Leg pain", ((14, 1.0), (3, 8.0)))).lines

    assert [mark.words for mark in line.marks] == ["8", "1"]


def test_a_single_answer_is_a_mark_that_can_be_seen():
    [line] = drawn(Series("Leg pain", ((3, 8.0),))).lines

    assert len(line.marks) == 1


def test_lines_differ_by_more_than_their_colour():
    leg, back = drawn(PAIN, Series("Back pain", ((3, 4.0), (7, 4.0)))).lines

    assert leg.dash != back.dash
    assert bool(leg.marks[0].corners) != bool(back.marks[0].corners)


def test_without_a_number_there_are_axes_and_no_line():
    empty = drawn(Series("Leg pain", ()))

    assert empty.lines == ()
    assert [tick.words for tick in empty.numbers] == ["0", "5", "10"]


@pytest.mark.parametrize(
    ("highest", "top"), [(5.0, "10"), (11.0, "30"), (45.0, "60"), (500, "600")]
)
def test_the_scale_of_minutes_ends_at_the_next_round_number(highest, top):
    assert drawn(Series("Walking", ((1, highest),)), top=None).numbers[-1].words == top


@pytest.mark.parametrize(
    ("days", "marked"), [((-5, 29), "0 7 14 21 28"), ((3, 4), "4 6 8 10"), ((0, 7), "0 2 4 6")]
)
def test_the_days_beneath_are_round_and_count_from_the_operation(days, marked):
    one = drawn(Series("Leg pain", tuple((day, 1.0) for day in days)))

    assert " ".join(tick.words for tick in one.days) == marked


POINTS = st.lists(
    st.tuples(st.integers(-30, 400), st.integers(0, 10).map(float)), min_size=1, max_size=30
)


@given(POINTS)
def test_every_point_stands_inside_and_the_days_beneath_are_few(points):
    one = drawn(Series("Leg pain", tuple(points)))

    for x, y in places(one.lines[0]):
        assert LEFT <= x <= RIGHT
        assert TOP <= y <= BOTTOM
    assert 1 <= len(one.days) <= MOST_MARKS
    assert all(LEFT <= float(tick.at) <= RIGHT for tick in one.days)
