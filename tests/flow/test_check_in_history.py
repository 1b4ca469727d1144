"""A patient's answers as charts and as a table."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from reminders.flow.check_in_history import history_of
from reminders.models import CheckIn, CheckInAnswer
from tests.factories import NOON, SurgeryFactory

pytestmark = pytest.mark.django_db


def check_in_on(day, surgery, *, by="page", **answers):
    at = NOON + timedelta(days=day)
    check_in = CheckIn.objects.create(
        key=uuid4(), patient=surgery.patient, surgery=surgery, day=day, by=by, started_at=at,
        active_at=at, submitted_at=None if by == "sms" else at, version="1", mode="triage",
    )  # fmt: skip
    for question, raw in answers.items():
        is_number = raw.isdecimal()
        CheckInAnswer.objects.create(
            check_in=check_in, question=question, version="1", raw=raw, at=at,
            number=Decimal(raw) if is_number else None, choice="" if is_number else raw,
        )  # fmt: skip
    return check_in


def of(surgery, language="en"):
    return history_of(surgery.patient, surgery=surgery, language=language)


def test_pain_of_leg_and_back_are_two_lines_of_one_chart():
    surgery = SurgeryFactory(region="lumbar")
    check_in_on(3, surgery, pain_limb="8", pain_spine="5")
    check_in_on(7, surgery, pain_limb="6", pain_spine="4")

    [chart] = of(surgery).charts

    assert [line.name for line in chart.lines] == ["Leg pain", "Back pain"]
    assert [mark.words for mark in chart.lines[0].marks] == ["8", "6"]


def test_minutes_have_a_chart_of_their_own():
    surgery = SurgeryFactory()
    check_in_on(3, surgery, pain_limb="8", walk_minutes="10")

    assert [chart.title for chart in of(surgery).charts] == ["Pain, 0 to 10", "Minutes"]


def test_the_table_says_the_same_in_words_the_newest_first():
    surgery = SurgeryFactory(region="lumbar")
    check_in_on(3, surgery, pain_limb="8")
    check_in_on(7, surgery, pain_limb="6", wound="dry_closed")

    history = of(surgery)

    assert history.columns == ("Leg pain", "Wound")
    assert [row.answers for row in history.rows] == [("6", "Dry and closed"), ("8", "")]
    assert [row.day for row in history.rows] == ["Day 7", "Day 3"]


def test_what_could_not_be_read_is_shown_as_it_was_typed():
    surgery = SurgeryFactory()
    check_in_on(3, surgery, pain_limb="a lot")

    assert of(surgery).rows[0].answers == ("a lot",)
    assert of(surgery).charts == ()


def test_a_check_in_by_text_that_nobody_ended_is_shown_as_far_as_it_went():
    surgery = SurgeryFactory()
    check_in_on(3, surgery, by="sms", by_code="no_new_problem", pain_worst="4")

    assert of(surgery).rows[0].answers == ("4",)


def test_only_the_signs_that_were_said_yes_to_are_told_apart():
    surgery = SurgeryFactory()
    check_in_on(3, surgery, Q01="no", Q03="unsure", Q09="yes")

    assert [sign.answer for sign in of(surgery).rows[0].signs] == ["Not sure", "Yes"]


def test_another_operation_and_another_patient_stay_out_of_it():
    surgery = SurgeryFactory()
    check_in_on(3, SurgeryFactory(patient=surgery.patient), pain_limb="8")
    check_in_on(3, SurgeryFactory(), pain_limb="8")

    assert of(surgery).rows == ()


def test_it_speaks_the_readers_language():
    surgery = SurgeryFactory(region="cervical")
    check_in_on(3, surgery, pain_limb="8")

    history = of(surgery, "es")

    assert history.columns == ("Dolor de brazo",)
    assert history.rows[0].day == "Día 3"
    assert history.rows[0].on == "6 Mar 2026"


def test_many_check_ins_cost_what_one_costs(django_assert_num_queries):
    surgery = SurgeryFactory()
    for day in range(1, 9):
        check_in_on(day, surgery, pain_limb="8", Q01="no")

    with django_assert_num_queries(2):
        of(surgery)


def test_a_day_before_the_operation_is_told_as_one():
    surgery = SurgeryFactory()
    check_in_on(-5, surgery, pain_limb="8")

    assert of(surgery).rows[0].day == "5 days before"


def test_what_the_table_says_in_full_needs_no_card_of_its_own():
    surgery = SurgeryFactory()
    check_in_on(3, surgery, pain_limb="8")
    check_in_on(5, surgery, by="sms", pain_worst="8")
    check_in_on(7, surgery, Q09="yes")

    assert [row.is_plain for row in of(surgery).rows] == [False, False, True]
