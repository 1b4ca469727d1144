"""A question without an answer is asked again, once; a second silence is a call to make."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from clinic.models import Channel, PatientStatus
from reminders.flow.claim import claim_batch
from reminders.flow.replies import read_replies
from reminders.flow.silence import next_silence, see_to_silence
from reminders.models import (
    Alert,
    AlertKind,
    CheckIn,
    Delivery,
    DeliveryReason,
    DeliveryStatus,
    Purpose,
    Reply,
    Tier,
)
from tests.factories import NOON, DeliveryFactory, ReplyFactory

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CODES = [
    {"code": "1", "meaning": "no_new_problem", "action": "none"},
    {"code": "2", "meaning": "worry", "action": "staff_same_day"},
]

pytestmark = pytest.mark.django_db


def asked(*, at=NOON, day=3, status=DeliveryStatus.DELIVERED, channel=Channel.SMS, **also):
    """A check-in question of this day after the operation, as it went out."""
    return DeliveryFactory(
        reminder__surgery__surgery_date=at.date() - day * DAY,
        reminder__step__category="check_in",
        reminder__step__replies=CODES,
        reminder__step__intent="First symptom check",
        reminder__due_at=at,
        reminder__not_after=at + DAY,
        queued_at=at,
        status=status,
        channel=channel,
        **also,
    )


def again():
    return Delivery.objects.filter(purpose=Purpose.AGAIN)


def calls():
    return Alert.objects.filter(kind=AlertKind.SILENT)


def says(patient, text, *, at):
    ReplyFactory(by=patient, text=text, received_at=at)
    read_replies(now=at, limit=10)


class TestTheFirstSilence:
    @pytest.mark.parametrize(("hours", "times"), [(5.99, 0), (6, 1), (23.9, 1), (24, 0)])
    def test_has_the_question_asked_again_after_six_hours(self, hours, times):
        question = asked()

        see_to_silence(now=NOON + hours * HOUR)

        assert [d.reminder for d in again()] == [question.reminder] * times

    def test_has_it_asked_once_however_often_we_look(self):
        question = asked()

        for hours in (6, 7, 8):
            see_to_silence(now=NOON + hours * HOUR)

        assert again().count() == 1
        with pytest.raises(IntegrityError), transaction.atomic():
            DeliveryFactory(reminder=question.reminder, purpose=Purpose.AGAIN)

    def test_has_it_asked_by_the_way_that_it_went(self):
        asked(channel=Channel.EMAIL)

        see_to_silence(now=NOON + 6 * HOUR)

        assert again().get().channel == Channel.EMAIL

    def test_is_told_from_the_first_time_in_the_text(self):
        asked()
        see_to_silence(now=NOON + 6 * HOUR)

        batch = claim_batch(
            "sms", provider="memory", post_timeout_seconds=1, now=NOON + 6 * HOUR, limit=8
        )

        assert batch.sends[0].message.body.startswith("We asked before and have no answer yet. ")

    @pytest.mark.parametrize(
        "status", sorted(set(DeliveryStatus) - {"accepted", "delivered", "unknown"})
    )
    def test_is_none_of_a_question_that_never_went_out(self, status):
        asked(status=status)

        assert see_to_silence(now=NOON + 30 * HOUR) == 0

    @pytest.mark.parametrize("status", sorted(set(PatientStatus) - {PatientStatus.ACTIVE}))
    def test_is_left_alone_where_the_patient_is_told_nothing(self, status):
        question = asked()
        question.patient.status = status
        question.patient.save()

        assert see_to_silence(now=NOON + 30 * HOUR) == 0

    def test_is_not_about_messages_that_ask_nothing(self):
        DeliveryFactory(status=DeliveryStatus.DELIVERED)

        assert see_to_silence(now=NOON + 30 * HOUR) == 0


class TestAnAnswer:
    def test_by_text_ends_it(self):
        question = asked()
        says(question.patient, "1", at=NOON + HOUR)

        assert see_to_silence(now=NOON + 6 * HOUR) == 0
        assert see_to_silence(now=NOON + 25 * HOUR) == 0

    def test_on_a_form_ends_it(self):
        question = asked()
        answered_on_the_page(question)

        assert see_to_silence(now=NOON + 25 * HOUR) == 0

    def test_that_comes_while_it_waits_to_be_asked_again_stops_that(self):
        question = asked()
        see_to_silence(now=NOON + 6 * HOUR)
        answered_on_the_page(question)

        claim_batch("sms", provider="memory", post_timeout_seconds=1, now=NOON + 6 * HOUR, limit=8)

        ended = again().get()
        assert (ended.status, ended.failure_reason) == ("skipped", DeliveryReason.ANSWERED)

    def test_to_what_was_asked_again_is_an_answer_to_the_one_question(self):
        question = asked()
        see_to_silence(now=NOON + 6 * HOUR)
        again().update(status=DeliveryStatus.DELIVERED)

        says(question.patient, "1", at=NOON + 7 * HOUR)

        reply = Reply.objects.get()
        assert (reply.answer_code, reply.answer_to.reminder) == ("1", question.reminder)
        assert see_to_silence(now=NOON + 25 * HOUR) == 0

    def test_once_given_is_not_given_to_the_second_text_as_well(self):
        question = asked()
        see_to_silence(now=NOON + 6 * HOUR)
        again().update(status=DeliveryStatus.DELIVERED)

        says(question.patient, "1", at=NOON + 7 * HOUR)
        says(question.patient, "1", at=NOON + 8 * HOUR)

        assert Reply.objects.filter(meaning="answer").count() == 1

    def test_in_the_patients_own_words_is_read_by_a_person_and_ends_it_too(self):
        question = asked()
        says(question.patient, "not too bad, slept well", at=NOON + HOUR)

        assert see_to_silence(now=NOON + 25 * HOUR) == 0

    @pytest.mark.parametrize("text", ["thanks", "I'm driving, sent automatically"])
    def test_is_no_thank_you_and_nothing_a_machine_writes(self, text):
        question = asked()
        says(question.patient, text, at=NOON + HOUR)

        assert see_to_silence(now=NOON + 6 * HOUR) == 1


def answered_on_the_page(question):
    reminder = question.reminder
    CheckIn.objects.create(
        key=uuid4(), patient=question.patient, surgery=reminder.surgery, reminder=reminder, day=3,
        by="page", started_at=NOON, active_at=NOON, submitted_at=NOON, version="1", mode="off",
    )  # fmt: skip


class TestTheSecondSilence:
    @pytest.mark.parametrize(
        ("day", "hours", "times"),
        [(3, 23.9, 0), (3, 24, 1), (7, 24, 1), (8, 24, 0), (29, 47.9, 0), (29, 48, 1)],
    )
    def test_is_a_call_after_a_day_in_the_first_week_and_after_two_later(self, day, hours, times):
        asked(day=day)

        see_to_silence(now=NOON + 6 * HOUR)
        see_to_silence(now=NOON + hours * HOUR)

        assert calls().count() == times

    def test_is_one_call_however_often_we_look(self):
        asked()

        for hours in (6, 24, 25, 26):
            see_to_silence(now=NOON + hours * HOUR)

        assert calls().get().summary == "No answer, asked twice: First symptom check"

    @pytest.mark.parametrize(
        ("status", "tier"),
        [("accepted", Tier.SAME_DAY), ("unknown", Tier.SAME_DAY), ("delivered", Tier.ROUTINE)],
    )
    def test_without_a_receipt_is_a_call_of_the_same_day(self, status, tier):
        asked(status=status)

        see_to_silence(now=NOON + 24 * HOUR)

        assert calls().get().tier == tier

    def test_of_one_patient_calls_no_other(self):
        silent, heard = asked(), asked()
        says(heard.patient, "1", at=NOON + HOUR)

        see_to_silence(now=NOON + 24 * HOUR)

        assert [alert.patient for alert in calls()] == [silent.patient]


def test_the_demo_knows_when_the_next_question_is_asked_again_or_called_about():
    asked()

    assert next_silence(now=NOON) == NOON + 6 * HOUR
    see_to_silence(now=NOON + 6 * HOUR)
    assert next_silence(now=NOON + 6 * HOUR) == NOON + 24 * HOUR
    see_to_silence(now=NOON + 24 * HOUR)
    assert next_silence(now=NOON + 24 * HOUR) is None


def test_a_look_costs_the_same_for_many_as_for_one(django_assert_max_num_queries):
    for _ in range(5):
        asked()

    with django_assert_max_num_queries(6):
        see_to_silence(now=NOON + 6 * HOUR)
