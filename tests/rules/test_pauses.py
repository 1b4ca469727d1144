"""What a hold stops, what goes on meanwhile, what moves afterwards and what is left behind."""

from datetime import date, timedelta

import pytest

from reminders.rules.content import Anchor, Audience, Category, Priority
from reminders.rules.pauses import ALL_WAITS, Pause, waits
from reminders.rules.planning import plan
from tests.rules.content_builder import a_step
from tests.rules.record_builder import a_record, in_london

OPERATED = date(2026, 3, 2)
# From the 5th day to the 15th.
PAUSE = Pause(in_london(2026, 3, 7, 8), in_london(2026, 3, 17, 8), days=10)


def on_day(step, *, pauses=(PAUSE,), **record):
    """The day after the operation on which the only occurrence is due, and its reason to skip."""
    (occurrence,) = plan(a_record(pauses=tuple(pauses), **record), [step])
    return (occurrence.due_at.date() - OPERATED).days, occurrence.skip


def a_walk(day=8, **values):
    return a_step(category=Category.PHYSIO, day_from=day, day_to=day + 2, **values)


class TestAfterAShift:
    def test_exercises_move_by_the_days_of_the_hold(self):
        assert on_day(a_walk(8)) == (18, "")
        assert on_day(a_walk(40)) == (50, "")

    def test_what_was_due_before_the_hold_stays(self):
        assert on_day(a_walk(4)) == (4, "")

    def test_an_occurrence_says_by_how_much_it_moved(self):
        (moved,) = plan(a_record(pauses=(PAUSE,)), [a_walk(8)])

        assert moved.shifted_days == 10

    def test_its_window_moves_with_it(self):
        (before,) = plan(a_record(), [a_walk(8)])
        (after,) = plan(a_record(pauses=(PAUSE,)), [a_walk(8)])

        assert after.not_after - after.due_at == before.not_after - before.due_at

    def test_two_holds_add_up(self):
        later = Pause(in_london(2026, 3, 30, 8), in_london(2026, 4, 2, 8), days=3)

        assert on_day(a_walk(20), pauses=(later, PAUSE)) == (33, "")
        assert on_day(a_walk(8), pauses=(later, PAUSE)) == (18, "")

    @pytest.mark.parametrize(
        "category", sorted(set(Category) - {Category.PHYSIO, Category.LIFESTYLE})
    )
    def test_what_counts_from_the_operation_keeps_its_day(self, category):
        assert on_day(a_step(category=category, day_from=40, day_to=50)) == (40, "")

    def test_what_matters_keeps_its_day(self):
        assert on_day(a_walk(40, priority=Priority.HIGH)) == (40, "")

    def test_what_is_tied_to_an_appointment_keeps_its_day(self):
        step = a_walk(-3, anchor=Anchor.APPOINTMENT)
        appointment = in_london(2026, 4, 20, 10)

        assert on_day(step, appointment_at=appointment)[0] == (date(2026, 4, 17) - OPERATED).days

    def test_nothing_comes_after_the_messages_have_ended(self):
        assert on_day(a_walk(355)) == (365, "")
        assert on_day(a_walk(356))[1] == "while_held"

    def test_the_same_record_gives_the_same_plan(self):
        steps = [a_walk(day) for day in (4, 8, 40)]
        record = a_record(pauses=(PAUSE,))

        assert plan(record, steps) == plan(record, steps)


class TestAfterGoingOn:
    GO_ON = Pause(PAUSE.began_at, PAUSE.ended_at)

    def test_what_fell_into_the_hold_is_left_behind(self):
        assert on_day(a_walk(8), pauses=(self.GO_ON,)) == (8, "while_held")

    def test_what_lies_ahead_keeps_its_day(self):
        assert on_day(a_walk(16), pauses=(self.GO_ON,)) == (16, "")

    def test_a_warning_sign_is_still_told_while_its_window_is_open(self):
        signs = a_step(category=Category.WARNING_SIGNS, day_from=8, day_to=42)

        assert on_day(signs, pauses=(self.GO_ON,)) == (8, "")

    def test_a_limit_is_still_told_while_its_window_is_open(self):
        limit = a_step(category=Category.ACTIVITY, day_from=6, day_to=42)

        assert on_day(limit, pauses=(self.GO_ON,)) == (6, "")

    def test_and_is_left_behind_once_its_window_has_closed(self):
        limit = a_step(category=Category.ACTIVITY, day_from=6, day_to=12)

        assert on_day(limit, pauses=(self.GO_ON,)) == (6, "while_held")

    def test_a_check_in_of_a_day_behind_is_not_asked_unless_it_matters(self):
        window = {"category": Category.CHECK_IN, "day_from": 14, "day_to": 20}

        assert on_day(a_step(**window), pauses=(self.GO_ON,)) == (14, "while_held")
        assert on_day(a_step(**window, priority=Priority.HIGH), pauses=(self.GO_ON,)) == (14, "")

    def test_a_task_of_staff_is_never_left_behind(self):
        task = a_walk(8, audience=Audience.STAFF)

        assert on_day(task, pauses=(self.GO_ON,)) == (8, "")


class TestWhileItLasts:
    SIGNS = {"category": "warning_signs", "is_high_priority": False, "is_for_staff": False}

    @pytest.mark.parametrize("kind", ["away", "unwell", "asked", "other"])
    def test_warning_signs_go_on(self, kind):
        assert not waits(kind, **self.SIGNS)

    @pytest.mark.parametrize("kind", sorted(ALL_WAITS))
    def test_but_not_in_hospital_nor_while_it_is_unclear_who_reads(self, kind):
        assert waits(kind, **self.SIGNS)

    @pytest.mark.parametrize("kind", ["away", "hospital", ""])
    def test_tips_wait_and_tasks_of_staff_do_not(self, kind):
        assert waits(kind, category="physio", is_high_priority=False, is_for_staff=False)
        assert not waits(kind, category="histology", is_high_priority=True, is_for_staff=True)

    def test_the_plan_of_somebody_away_holds_the_tips_alone(self):
        signs = a_step(category=Category.WARNING_SIGNS, day_from=8, day_to=42)
        record = a_record(hold="surgery_on_hold", hold_kind="away")

        holds = {one.step.category: one.hold for one in plan(record, [signs, a_walk(8)])}

        assert holds == {Category.WARNING_SIGNS: "", Category.PHYSIO: "surgery_on_hold"}

    def test_a_patient_on_hold_is_told_nothing_whatever_the_operation_says(self):
        signs = a_step(category=Category.WARNING_SIGNS, day_from=8, day_to=42)

        (one,) = plan(a_record(hold="patient_on_hold", hold_kind="away"), [signs])

        assert one.hold == "patient_on_hold"


def test_a_pause_of_an_hour_moves_nothing_by_a_day():
    short = Pause(PAUSE.began_at, PAUSE.began_at + timedelta(hours=1), days=0)

    assert on_day(a_walk(8), pauses=(short,)) == (8, "")
