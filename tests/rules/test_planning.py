from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reminders.rules.content import Anchor, Audience, Category, Channel, Shift
from reminders.rules.planning import plan
from reminders.rules.timing import QuietHours
from tests.rules.record_builder import (
    OPERATED_ON,
    a_record,
    a_text,
    an_urgent_text,
    in_london,
)


def the_only(record, *steps):
    (occurrence,) = plan(record, steps)
    return occurrence


def dues(record, *steps):
    return [occurrence.due_at for occurrence in plan(record, steps)]


class TestDue:
    def test_counts_days_from_the_operation_on_the_patients_wall(self):
        assert the_only(a_record(), a_text("walk")).due_at == in_london(2026, 3, 3, 9)

    def test_stays_at_nine_across_the_clock_change(self):
        step = a_text("walk", day_from=26, day_to=28, repeat_days=(26, 27, 28))

        assert dues(a_record(), step) == [
            datetime(2026, 3, 28, 9, tzinfo=UTC),
            datetime(2026, 3, 29, 8, tzinfo=UTC),
            datetime(2026, 3, 30, 8, tzinfo=UTC),
        ]

    @pytest.mark.parametrize(
        ("operated_on", "day", "due"),
        [(date(2024, 2, 28), 1, date(2024, 2, 29)), (date(2024, 2, 29), 365, date(2025, 2, 28))],
    )
    def test_leap_days_are_days(self, operated_on, day, due):
        enrolled = datetime.combine(operated_on, time(), tzinfo=UTC)
        record = a_record(surgery_date=operated_on, enrolled_at=enrolled)

        step = a_text("walk", day_from=day, day_to=day)
        assert the_only(record, step).due_at.date() == due

    @pytest.mark.parametrize(
        "anchor", [Anchor.DISCHARGE, Anchor.APPOINTMENT, Anchor.HISTOLOGY_RESULT]
    )
    def test_a_missing_anchor_plans_nothing(self, anchor):
        assert plan(a_record(), [a_text("walk", anchor=anchor)]) == []

    @pytest.mark.parametrize(
        ("anchor", "known"),
        [
            (Anchor.DISCHARGE, {"discharge_date": date(2026, 3, 9)}),
            (Anchor.HISTOLOGY_RESULT, {"histology_result_date": date(2026, 3, 9)}),
            (Anchor.APPOINTMENT, {"appointment_at": datetime(2026, 3, 9, 15, tzinfo=UTC)}),
        ],
    )
    def test_counts_from_each_anchor(self, anchor, known):
        step = a_text("walk", anchor=anchor)

        assert the_only(a_record(**known), step).due_at == in_london(2026, 3, 10, 9)

    def test_an_appointment_late_in_the_evening_belongs_to_the_patients_own_day(self):
        record = a_record(
            appointment_at=datetime(2026, 3, 10, 3, tzinfo=UTC), tz=ZoneInfo("America/New_York")
        )
        step = a_text("day_before", anchor=Anchor.APPOINTMENT, day_from=-1, day_to=-1)

        assert the_only(record, step).due_at.date() == date(2026, 3, 8)

    def test_the_day_of_enrolment_is_the_patients_own_as_well(self):
        record = a_record(
            enrolled_at=datetime(2026, 2, 16, 3, tzinfo=UTC), tz=ZoneInfo("America/New_York")
        )
        step = a_text("hello", anchor=Anchor.ENROLMENT)

        assert the_only(record, step).due_at.date() == date(2026, 2, 16)

    def test_going_home_without_an_hour_on_record_means_early_afternoon(self):
        step = a_text("home", anchor=Anchor.DISCHARGE, at="at_discharge", day_from=0, day_to=0)
        record = a_record(discharge_date=date(2026, 3, 3))

        assert the_only(record, step).due_at == in_london(2026, 3, 3, 14)

    def test_a_text_in_the_quiet_hours_waits_until_they_end(self):
        late = the_only(a_record(), a_text("walk", at="21:00"))
        early = the_only(a_record(), a_text("walk", at="06:30"))

        assert late.due_at == in_london(2026, 3, 4, 8)
        assert early.due_at == in_london(2026, 3, 3, 8)

    def test_a_task_for_staff_keeps_its_hour(self):
        step = a_text("ring", audience=Audience.STAFF, at="07:00", channels=(Channel.TASK,))

        assert the_only(a_record(), step).due_at == in_london(2026, 3, 3, 7)


class TestShifts:
    SATURDAY = {"day_from": 5, "day_to": 8}

    def test_next_working_day(self):
        step = a_text("call", shift=Shift.NEXT_WORKDAY, **self.SATURDAY)

        assert the_only(a_record(), step).due_at == in_london(2026, 3, 9, 9)

    def test_never_past_the_steps_last_day(self):
        step = a_text("call", shift=Shift.NEXT_WORKDAY, day_from=5, day_to=6)

        assert the_only(a_record(), step).due_at == in_london(2026, 3, 6, 9)

    def test_warning_signs_never_move_to_a_later_day(self):
        step = a_text(
            "signs", shift=Shift.NEXT_WORKDAY, category=Category.WARNING_SIGNS, **self.SATURDAY
        )

        assert the_only(a_record(), step).due_at == in_london(2026, 3, 6, 9)


class TestEnrolledLate:
    """The patient joins on day 4, a Friday, at noon."""

    RECORD = a_record(enrolled_at=in_london(2026, 3, 6, 12))

    def test_what_lies_behind_is_skipped_with_its_reason(self):
        occurrence = the_only(self.RECORD, a_text("walk"))

        assert (occurrence.skip, occurrence.due_at) == ("enrolled_late", in_london(2026, 3, 3, 9))

    def test_a_window_that_is_still_open_begins_at_the_next_hour_of_the_step(self):
        occurrence = the_only(self.RECORD, a_text("walk", day_from=2, day_to=6))

        assert (occurrence.skip, occurrence.due_at) == ("", in_london(2026, 3, 7, 9))

    def test_a_window_that_ends_on_the_day_of_enrolment_counts_the_hour(self):
        too_early = the_only(self.RECORD, a_text("walk", at="11:59", day_from=2, day_to=4))
        in_time = the_only(self.RECORD, a_text("walk", at="12:00", day_from=2, day_to=4))

        assert too_early.skip == "enrolled_late"
        assert (in_time.skip, in_time.due_at) == ("", in_london(2026, 3, 6, 12))

    def test_a_step_for_working_days_waits_for_one(self):
        step = a_text("call", day_from=2, day_to=8, shift=Shift.NEXT_WORKDAY)

        assert the_only(self.RECORD, step).due_at == in_london(2026, 3, 9, 9)

    def test_the_welcome_comes_at_once_or_when_the_night_is_over(self):
        welcome = a_text("hi", anchor=Anchor.ENROLMENT, at="at_once", day_from=0, day_to=0)
        at_night = a_record(enrolled_at=in_london(2026, 3, 6, 22))

        assert the_only(self.RECORD, welcome).due_at == in_london(2026, 3, 6, 12)
        assert the_only(at_night, welcome).due_at == in_london(2026, 3, 7, 8)
        assert the_only(at_night, welcome).not_after == in_london(2026, 3, 7, 20)

    def test_a_step_of_the_enrolment_itself_is_sent_though_its_hour_has_passed(self):
        step = a_text("hello", anchor=Anchor.ENROLMENT, day_from=0, day_to=0)

        assert the_only(self.RECORD, step).skip == ""


class TestNotAfter:
    def test_is_the_beginning_of_the_quiet_hours_on_the_last_day(self):
        occurrence = the_only(a_record(), a_text("walk", day_from=1, day_to=3))

        assert occurrence.not_after == in_london(2026, 3, 5, 20)

    def test_comes_sooner_for_a_step_that_is_soon_too_late(self):
        occurrence = the_only(a_record(), a_text("walk", day_from=1, day_to=3, late_hours=4))

        assert occurrence.not_after == in_london(2026, 3, 3, 13)

    def test_a_text_of_the_late_evening_still_has_an_hour(self):
        occurrence = the_only(a_record(), a_text("walk", at="19:30"))

        assert occurrence.not_after == in_london(2026, 3, 3, 20, 30)

    def test_a_repeat_may_be_late_by_no_more_than_the_last_of_them(self):
        step = a_text("walk", day_from=1, day_to=12, repeat_days=(1, 5, 10))

        assert [o.not_after for o in plan(a_record(), [step])] == [
            in_london(2026, 3, day, 20) for day in (5, 9, 14)
        ]


class TestRepeats:
    def test_are_told_apart_by_their_day(self):
        step = a_text("walk", day_from=1, day_to=5, repeat_days=(1, 3, 5))

        occurrences = plan(a_record(), [step])
        assert [o.occurrence for o in occurrences] == [1, 3, 5]

    def test_keep_their_names_when_the_operation_moves(self):
        step = a_text("walk", day_from=1, day_to=5, repeat_days=(1, 3, 5))
        moved = a_record(surgery_date=OPERATED_ON + timedelta(days=9))

        before, after = plan(a_record(), [step]), plan(moved, [step])
        assert [o.identity for o in before] == [o.identity for o in after]

    def test_go_on_every_third_working_day_until_the_window_ends(self):
        step = a_text(
            "chase", audience=Audience.STAFF, channels=(Channel.TASK,),
            day_from=10, day_to=23, repeat_days=(10,), every_working_days=3,
        )  # fmt: skip

        days = [o.due_at.date() for o in plan(a_record(), [step])]
        assert days == [date(2026, 3, d) for d in (12, 17, 20, 25)]

    def test_working_days_leave_out_the_clinics_days_off(self):
        step = a_text("chase", day_from=0, day_to=6, every_working_days=3)
        closed = a_record(is_workday=lambda day: day.weekday() < 5 and day != date(2026, 3, 4))

        days = [o.due_at.date() for o in plan(closed, [step])]
        assert days == [date(2026, 3, 2), date(2026, 3, 6)]


class TestAppointments:
    STEP = a_text("reminder", anchor=Anchor.APPOINTMENT, day_from=-1, day_to=-1)

    @pytest.mark.parametrize("moved", [timedelta(days=7), timedelta(hours=3)])
    def test_a_moved_appointment_is_another_occurrence_and_so_told_again(self, moved):
        at = in_london(2026, 4, 10, 10)

        before = the_only(a_record(appointment_at=at), self.STEP)
        after = the_only(a_record(appointment_at=at + moved), self.STEP)
        assert before.identity != after.identity

    def test_an_appointment_that_stands_is_the_same_occurrence_wherever_the_patient_is(self):
        at = in_london(2026, 4, 10, 10)
        abroad = a_record(appointment_at=at, tz=ZoneInfo("Asia/Tokyo"))

        before = the_only(a_record(appointment_at=at), self.STEP)
        assert before.identity == the_only(abroad, self.STEP).identity


class TestHolds:
    @pytest.mark.parametrize(
        ("anchor", "day", "hold"),
        [
            (Anchor.SURGERY, -1, ""),
            (Anchor.SURGERY, 0, "not_confirmed"),
            (Anchor.SURGERY, 1, "not_confirmed"),
            (Anchor.DISCHARGE, 1, "not_confirmed"),
            (Anchor.APPOINTMENT, 1, "not_confirmed"),
            (Anchor.ENROLMENT, 20, ""),
        ],
    )
    def test_nothing_after_the_operation_goes_out_before_it_is_confirmed(self, anchor, day, hold):
        record = a_record(
            operation_confirmed=False,
            discharge_date=date(2026, 3, 3),
            appointment_at=in_london(2026, 4, 10, 10),
        )
        step = a_text("walk", anchor=anchor, day_from=day, day_to=day)

        assert the_only(record, step).hold == hold

    def test_staff_tasks_do_not_wait_for_the_confirmation(self):
        step = a_text("ask", audience=Audience.STAFF, channels=(Channel.TASK,))

        assert the_only(a_record(operation_confirmed=False), step).hold == ""

    def test_a_hold_of_the_record_holds_everything_that_lies_ahead(self):
        record = a_record(hold="patient_on_hold", enrolled_at=in_london(2026, 3, 5, 12))
        behind, ahead = plan(record, [a_text("a"), a_text("b", day_from=9, day_to=9)])

        assert (behind.skip, behind.hold) == ("enrolled_late", "")
        assert (ahead.skip, ahead.hold) == ("", "patient_on_hold")

    def test_a_stop_asks_for_nothing(self):
        assert plan(a_record(stop="deceased"), [a_text("walk")]) == []


class TestTextsADay:
    def test_a_third_text_slides_to_the_next_day_at_its_own_hour(self):
        texts = [a_text(key, at=f"{hour:02}:00", day_to=4) for hour, key in enumerate("abc", 9)]

        assert dues(a_record(), *texts) == [
            in_london(2026, 3, 3, 9),
            in_london(2026, 3, 3, 10),
            in_london(2026, 3, 4, 11),
        ]

    def test_slides_on_over_days_that_are_full_as_well(self):
        texts = [a_text(key, at=f"{hour:02}:00", day_to=9) for hour, key in enumerate("abcde", 9)]

        days = sorted(due.day for due in dues(a_record(), *texts))
        assert days == [3, 3, 4, 4, 5]

    def test_a_text_that_has_no_other_day_stays(self):
        texts = [a_text(key) for key in "abc"]

        assert {due.day for due in dues(a_record(), *texts)} == {3}

    def test_a_text_that_finds_room_nowhere_stays_on_its_own_day(self):
        texts = [a_text(key, day_to=2) for key in "abcde"]

        days = sorted(due.day for due in dues(a_record(), *texts))
        assert days == [3, 3, 3, 4, 4]

    def test_a_text_never_slides_to_a_moment_at_which_it_would_be_too_late(self):
        texts = [a_text(key, day_to=2, late_hours=24) for key in "abc"]

        assert {due.day for due in dues(a_record(), *texts)} == {3}

    @pytest.mark.parametrize(
        "urgent",
        [
            an_urgent_text("z", at="18:00", day_to=9),
            a_text("z", category=Category.WARNING_SIGNS, at="18:00", day_to=9),
            a_text("z", category=Category.CHECK_IN, at="18:00", day_to=9),
        ],
    )
    def test_what_is_urgent_keeps_its_day_and_the_others_make_room(self, urgent):
        others = [a_text(key, day_to=9) for key in "ab"]

        planned = {o.step.key: o.due_at.day for o in plan(a_record(), [*others, urgent])}
        assert planned == {"a": 3, "b": 4, "z": 3}

    def test_mails_staff_tasks_and_skipped_texts_take_no_room(self):
        record = a_record(enrolled_at=in_london(2026, 3, 3, 8, 30))
        steps = [
            a_text("0mail", channels=(Channel.EMAIL,)),
            a_text("0task", audience=Audience.STAFF, channels=(Channel.TASK,)),
            a_text("0behind", at="08:00"),
            a_text("a", day_to=4),
            a_text("b", day_to=4),
        ]

        assert {o.due_at.day for o in plan(record, steps)} == {3}

    def test_the_clinic_says_how_many(self):
        texts = [a_text(key, day_to=4) for key in "ab"]

        assert {due.day for due in dues(a_record(texts_a_day=1), *texts)} == {3, 4}


DAYS = st.integers(-10, 60)


@st.composite
def steps(draw):
    first = draw(DAYS)
    last = first + draw(st.integers(0, 10))
    return a_text(
        draw(st.sampled_from("abcdefgh")),
        anchor=draw(st.sampled_from(Anchor)),
        category=draw(st.sampled_from(Category)),
        day_from=first,
        day_to=last,
        repeat_days=draw(
            st.just(()) | st.sets(st.integers(first, last), min_size=1).map(sorted).map(tuple)
        ),
        every_working_days=draw(st.none() | st.integers(1, 5)),
        at=draw(st.sampled_from(["00:30", "09:00", "19:59", "23:30", "at_once", "at_discharge"])),
        shift=draw(st.sampled_from(Shift)),
        late_hours=draw(st.none() | st.integers(1, 48)),
    )


records = st.builds(
    a_record,
    surgery_date=st.dates(date(2026, 2, 20), date(2026, 4, 10)),
    enrolled_at=st.integers(0, 60 * 24).map(
        lambda hours: datetime(2026, 2, 16, 10, tzinfo=UTC) + timedelta(hours=hours)
    ),
    discharge_date=st.none() | st.dates(date(2026, 2, 20), date(2026, 4, 10)),
    tz=st.sampled_from(["Europe/London", "Pacific/Chatham", "America/Havana"]).map(ZoneInfo),
    operation_confirmed=st.booleans(),
    quiet=st.just(QuietHours(time(20), time(8))),
)


class TestAnyPlan:
    @given(record=records, steps=st.lists(steps(), max_size=8, unique_by=lambda step: step.key))
    @settings(max_examples=60, deadline=None)
    def test_is_the_same_whenever_it_is_asked_for_and_makes_sense(self, record, steps):
        occurrences = plan(record, steps)

        assert occurrences == plan(record, steps)
        assert len({o.identity for o in occurrences}) == len(occurrences)
        assert occurrences == sorted(occurrences, key=lambda o: o.due_at)
        for occurrence in occurrences:
            assert occurrence.not_after >= occurrence.due_at + timedelta(hours=1)
            assert not (occurrence.hold and occurrence.skip)
            wall = occurrence.due_at.astimezone(record.tz).time()
            assert time(8) <= wall < time(20)

    @given(record=records, steps=st.lists(steps(), max_size=8, unique_by=lambda step: step.key))
    @settings(max_examples=60, deadline=None)
    def test_nothing_is_due_before_the_enrolment_but_what_is_skipped(self, record, steps):
        for occurrence in plan(record, steps):
            if occurrence.step.anchor is not Anchor.ENROLMENT and not occurrence.skip:
                assert occurrence.due_at >= record.enrolled_at


def test_a_step_of_another_operation_is_left_out():
    assert plan(a_record(), [a_text("walk", procedures=("laminectomy",))]) == []


def test_says_why_this_patient_gets_it():
    step = replace(a_text("lie_flat"), requires=(("durotomy",),))

    assert the_only(a_record(facts=frozenset({"durotomy"})), step).because == "dural tear"
