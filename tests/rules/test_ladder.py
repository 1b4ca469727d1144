"""Who is told when: rungs wait for their hours, and one that fails hands on at once."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders.rules.ladder import (
    Hours,
    Reached,
    Rung,
    first_fit,
    foresee,
    next_at_once,
    plan_climb,
    raise_again_moment,
    repeat_wait,
    rung_to_repeat,
)
from reminders.rules.staffed import StaffedHours

STAFFED = StaffedHours(
    time(8, 30), time(17, 30), ZoneInfo("Europe/London"), lambda day: day.weekday() < 5
)
SATURDAY_NIGHT = datetime(2026, 3, 7, 22, 40, tzinfo=UTC)
MONDAY_MORNING = datetime(2026, 3, 9, 8, 30, tzinfo=UTC)
TUESDAY_NOON = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def rung(position, after=0, hours=Hours.ALWAYS, how="sms"):
    return Rung(position, after, hours, how)


WARD = rung(0, 0, Hours.STAFFED)
ON_DUTY = rung(1, 0, Hours.UNSTAFFED)
SURGEON = rung(2, 10)
CALL = rung(3, 20, how="phone")
LADDER = (WARD, ON_DUTY, SURGEON, CALL)


def minutes_of(steps, *, start=SATURDAY_NIGHT):
    return [(step.rung.position, (step.due_at - start) // MINUTE) for step in steps]


class TestTheMoments:
    def test_at_night_the_rungs_of_the_day_wait_for_it_and_hold_up_nobody(self):
        planned = plan_climb(LADDER, start=SATURDAY_NIGHT, staffed=STAFFED)

        assert minutes_of(planned[:3]) == [(1, 0), (2, 10), (3, 20)]
        assert (planned[3].rung, planned[3].due_at) == (WARD, MONDAY_MORNING)
        assert planned[3].planned_at == SATURDAY_NIGHT

    def test_by_day_those_of_the_night_wait_for_the_closing(self):
        planned = plan_climb(LADDER, start=TUESDAY_NOON, staffed=STAFFED)

        assert [step.rung for step in planned] == [WARD, SURGEON, CALL, ON_DUTY]
        assert planned[3].due_at == TUESDAY_NOON.replace(hour=17, minute=30)

    def test_a_rung_that_falls_past_the_closing_uses_the_hours_it_falls_into(self):
        late = TUESDAY_NOON.replace(hour=17, minute=25)

        planned = plan_climb([rung(0, 10, Hours.UNSTAFFED)], start=late, staffed=STAFFED)

        assert minutes_of(planned, start=late) == [(0, 10)]

    def test_hours_that_never_come_hold_nothing_up(self):
        never = StaffedHours(time(8), time(17), ZoneInfo("UTC"), lambda day: False)

        assert first_fit(Hours.STAFFED, TUESDAY_NOON, staffed=never) == TUESDAY_NOON

    @given(
        st.lists(st.tuples(st.integers(0, 600), st.sampled_from(Hours)), max_size=8),
        st.integers(0, 365 * 24 * 60),
    )
    def test_every_rung_is_due_once_never_early_and_in_its_hours(self, rungs, minutes):
        ladder = [rung(place, after, hours) for place, (after, hours) in enumerate(rungs)]
        start = TUESDAY_NOON + minutes * MINUTE

        planned = plan_climb(ladder, start=start, staffed=STAFFED)

        assert sorted(step.rung.position for step in planned) == list(range(len(ladder)))
        for step in planned:
            assert step.due_at >= step.planned_at >= start
            is_open = STAFFED.covers(step.due_at)
            assert step.rung.hours in (Hours.ALWAYS, Hours.STAFFED if is_open else Hours.UNSTAFFED)


class TestInPlaceOfOneThatFailed:
    def test_comes_the_next_whose_hours_fit(self):
        after_duty = next_at_once([WARD, SURGEON, CALL], now=SATURDAY_NIGHT, staffed=STAFFED)

        assert after_duty == SURGEON

    def test_comes_nobody_where_no_other_fits(self):
        assert next_at_once([WARD], now=SATURDAY_NIGHT, staffed=STAFFED) is None


class TestTheRepeat:
    def test_is_of_the_last_rung_that_sends_something(self):
        assert rung_to_repeat(LADDER, at=SATURDAY_NIGHT, staffed=STAFFED) == SURGEON

    def test_is_of_one_that_may_be_used_then(self):
        ladder = [rung(0), rung(1, 5, Hours.STAFFED)]

        assert rung_to_repeat(ladder, at=SATURDAY_NIGHT, staffed=STAFFED).position == 0
        assert rung_to_repeat(ladder, at=TUESDAY_NOON, staffed=STAFFED).position == 1

    def test_of_a_ladder_without_texts_or_mails_is_the_last_rung(self):
        assert rung_to_repeat([CALL], at=SATURDAY_NIGHT, staffed=STAFFED) == CALL

    @pytest.mark.parametrize(
        ("tier", "minutes", "times", "climbing_for", "wait"),
        [
            ("emergency", 10, 0, HOUR, 10 * MINUTE),
            ("emergency", 10, 90, 23 * HOUR, 10 * MINUTE),
            ("emergency", 10, 150, 25 * HOUR, HOUR),
            ("emergency", 240, 7, 25 * HOUR, 4 * HOUR),
            ("same_day", 120, 0, HOUR, 2 * HOUR),
            ("same_day", 120, 2, 6 * HOUR, 8 * HOUR),
            ("same_day", 120, 60, HOUR, timedelta(days=7)),
        ],
    )
    def test_waits(self, tier, minutes, times, climbing_for, wait):
        assert repeat_wait(tier, minutes=minutes, times=times, climbing_for=climbing_for) == wait


class TestRaisedAgain:
    def test_an_emergency_is_at_any_hour(self):
        moment = raise_again_moment("emergency", now=SATURDAY_NIGHT, minutes=60, staffed=STAFFED)

        assert moment == SATURDAY_NIGHT + HOUR

    def test_anything_else_is_when_somebody_is_there(self):
        moment = raise_again_moment("same_day", now=SATURDAY_NIGHT, minutes=60, staffed=STAFFED)

        assert moment == MONDAY_MORNING


class TestForesight:
    def foresee(self, reach, *, start=SATURDAY_NIGHT, rungs=LADDER):
        return [
            (seen.rung.position, (seen.at - start) // MINUTE, seen.reached.problem)
            for seen in foresee(rungs, start=start, staffed=STAFFED, reach=reach)
        ]

    def test_says_the_moments_when_everybody_can_be_reached(self):
        seen = self.foresee(lambda rung, at: Reached(("Reed",)))

        assert [step[:2] for step in seen[:3]] == [(1, 0), (2, 10), (3, 20)]

    def test_an_empty_rota_hands_on_at_once(self):
        nobody = {1: Reached(problem="Nobody is on duty")}

        seen = self.foresee(lambda rung, at: nobody.get(rung.position, Reached(("Reed",))))

        assert seen[:3] == [(1, 0, "Nobody is on duty"), (2, 0, ""), (3, 20, "")]

    def test_when_nobody_can_be_reached_it_is_at_the_last_rung_at_once(self):
        seen = self.foresee(lambda rung, at: Reached(problem="dead"))

        assert [step[:2] for step in seen[:3]] == [(1, 0), (2, 0), (3, 0)]
