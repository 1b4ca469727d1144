"""Bars of weeks stand where their numbers say, and a share is given only of enough."""

from datetime import date, timedelta

import pytest

from reminders.rules.shares import Share
from reminders.rules.week_bars import BOTTOM, TOP, round_above, week_bars

WEEKS = [date(2026, 3, 2) + timedelta(weeks=n) for n in range(20)]


class TestBars:
    def test_parts_stand_upon_each_other_up_to_the_top_of_the_scale(self):
        [bar] = week_bars(WEEKS[:1], [[6, 4]]).bars

        lower, upper = bar.parts
        assert float(upper.y) == TOP
        assert float(upper.y) + float(upper.height) == pytest.approx(float(lower.y), abs=0.1)
        assert float(lower.y) + float(lower.height) == pytest.approx(BOTTOM, abs=0.1)

    def test_a_part_of_nothing_is_not_drawn_and_keeps_the_others_places(self):
        [bar] = week_bars(WEEKS[:1], [[0, 3, 0]]).bars

        assert [part.place for part in bar.parts] == [1]

    def test_weeks_without_anything_are_empty_and_have_a_scale(self):
        drawn = week_bars(WEEKS[:2], [[0], [0]])

        assert drawn.is_empty
        assert drawn.ticks[0].words == "0"

    def test_not_every_one_of_many_weeks_is_named(self):
        labels = [bar.label for bar in week_bars(WEEKS, [[1]] * 20).bars]

        assert labels[:4] == [WEEKS[0], None, None, WEEKS[3]]

    @pytest.mark.parametrize(
        ("number", "top"), [(0, 1), (1, 1), (3, 4), (11, 20), (43, 50), (118, 200), (8_000, 10_000)]
    )
    def test_the_scale_ends_at_a_round_number(self, number, top):
        assert round_above(number) == top


class TestShare:
    @pytest.mark.parametrize(
        ("part", "whole", "percent"),
        [(9, 9, None), (10, 10, 100), (5, 10, 50), (1, 3_000, 1), (2_999, 3_000, 99), (0, 50, 0)],
    )
    def test_is_said_only_of_ten_or_more_and_never_all_where_one_is_missing(
        self, part, whole, percent
    ):
        assert Share(part, whole).percent == percent
