"""Figures: counted by the clinic's days, the same however often, and never a guess."""

from datetime import UTC, date, datetime, timedelta

import pytest

from clinic.models import Channel
from reminders.flow.figures import FIGURES, Behind, count_clinic, messages_behind
from reminders.models import Category, CheckIn, DayFigures, DeliveryStatus, Meaning, Purpose
from tests.factories import (
    NOON,
    AlertFactory,
    CheckInFactory,
    ClinicFactory,
    DeliveryFactory,
    PhoneCallFactory,
    ReplyFactory,
    StaffFactory,
)

pytestmark = pytest.mark.django_db
TUESDAY = date(2026, 3, 3)
LATER = NOON + timedelta(days=4)


@pytest.fixture
def clinic():
    return ClinicFactory()


def sent(clinic, **fields):
    fields = {"status": DeliveryStatus.DELIVERED, "segments": 2, **fields}
    return DeliveryFactory(reminder__surgery__patient__clinic=clinic, **fields)


def asked(clinic, **fields):
    return sent(clinic, reminder__step__category=Category.CHECK_IN, **fields)


def total(figure):
    return sum(DayFigures.objects.values_list(figure, flat=True))


def rows():
    names = ("day", "pathway", "step_key", "category", "channel", "parts", *FIGURES)
    return sorted(DayFigures.objects.values_list(*names))


class TestDays:
    @pytest.mark.parametrize(
        ("zone", "moment", "day"),
        [
            ("Europe/London", datetime(2026, 3, 1, 23, 59, tzinfo=UTC), date(2026, 3, 1)),
            ("Europe/London", datetime(2026, 3, 2, 0, 0, tzinfo=UTC), date(2026, 3, 2)),
            ("America/New_York", datetime(2026, 3, 2, 3, 0, tzinfo=UTC), date(2026, 3, 1)),
            ("Pacific/Auckland", datetime(2026, 3, 1, 12, 0, tzinfo=UTC), date(2026, 3, 2)),
            ("Europe/London", datetime(2026, 3, 29, 23, 30, tzinfo=UTC), date(2026, 3, 30)),
        ],
    )
    def test_are_the_clinics(self, zone, moment, day):
        clinic = ClinicFactory(zone=zone)
        sent(clinic, queued_at=moment)

        count_clinic(clinic, now=datetime(2026, 4, 20, tzinfo=UTC))

        assert DayFigures.objects.get().day == day
        found = messages_behind(clinic, Behind("sent", day, day), now=LATER)
        assert found.count() == 1


class TestCounting:
    def test_twice_or_from_the_beginning_is_the_same(self, clinic):
        asked(clinic, queued_at=NOON - timedelta(days=40))
        asked(clinic, channel=Channel.EMAIL)
        sent(clinic, status=DeliveryStatus.REFUSED, failure_reason="refused")
        count_clinic(clinic, now=LATER)
        before = rows()

        count_clinic(clinic, now=LATER)
        assert rows() == before
        DayFigures.objects.all().delete()
        count_clinic(clinic, now=LATER, everything=True)

        assert rows() == before
        assert len(before) == 3

    def test_takes_in_what_was_learned_since(self, clinic):
        delivery = sent(clinic, status=DeliveryStatus.ACCEPTED)
        count_clinic(clinic, now=NOON)
        assert total("delivered") == 0

        type(delivery).objects.update(status=DeliveryStatus.DELIVERED)
        count_clinic(clinic, now=LATER)

        assert total("delivered") == 1

    def test_leaves_other_clinics_alone(self, clinic):
        other = ClinicFactory()
        sent(other)
        count_clinic(other, now=LATER)

        count_clinic(clinic, now=LATER, everything=True)

        assert DayFigures.objects.get().clinic == other


class TestWhatCounts:
    def test_a_mail_is_sent_and_not_among_those_that_receipts_tell_of(self, clinic):
        sent(clinic, channel=Channel.EMAIL, status=DeliveryStatus.ACCEPTED)
        sent(clinic, status=DeliveryStatus.UNDELIVERED, failure_reason="undelivered")

        count_clinic(clinic, now=LATER)

        assert (total("sent"), total("delivered"), total("undelivered")) == (2, 0, 1)

    def test_an_answer_to_a_reply_costs_and_is_no_message_of_a_plan(self, clinic):
        patient = sent(clinic, segments=0, status="refused", failure_reason="refused").patient
        DeliveryFactory(
            reminder=None, patient=patient, purpose=Purpose.ANSWER, is_high_priority=False,
            reply=ReplyFactory(by=patient, patient=patient), status=DeliveryStatus.DELIVERED,
            segments=2, not_after=NOON + timedelta(hours=1),
        )  # fmt: skip

        count_clinic(clinic, now=LATER)

        assert (total("sent"), total("texts"), total("parts")) == (0, 1, 2)

    def test_a_question_by_two_ways_is_one(self, clinic):
        question = asked(clinic)
        sent(clinic, reminder=question.reminder, channel=Channel.EMAIL, patient=question.patient)

        count_clinic(clinic, now=LATER)

        assert (total("sent"), total("asked"), total("silent")) == (2, 1, 1)

    def test_a_question_is_open_for_three_days_and_then_silent(self, clinic):
        asked(clinic)

        count_clinic(clinic, now=NOON + timedelta(days=3) - timedelta(seconds=1))
        assert (total("still_open"), total("asked")) == (1, 0)
        count_clinic(clinic, now=NOON + timedelta(days=3))

        assert (total("still_open"), total("asked"), total("silent")) == (0, 1, 1)

    def test_answers_by_text_and_on_the_page_are_answers(self, clinic):
        by_text, on_page, _silent = asked(clinic), asked(clinic), asked(clinic)
        ReplyFactory(
            by=by_text.patient, patient=by_text.patient, answer_to=by_text, meaning=Meaning.ANSWER
        )
        check_in = CheckInFactory(patient=on_page.patient, reminder=on_page.reminder)
        CheckIn.objects.filter(pk=check_in.pk).update(submitted_at=NOON)

        count_clinic(clinic, now=LATER)

        assert (total("asked"), total("answered"), total("silent")) == (3, 2, 1)


class TestFollowed:
    AFTER = NOON + timedelta(hours=47)

    @pytest.fixture
    def message(self, clinic):
        return sent(clinic)

    def count(self, clinic):
        count_clinic(clinic, now=LATER)
        return total("followed")

    def test_by_nothing(self, clinic, message):
        assert self.count(clinic) == 0
        assert total("settled") == 1

    def test_by_a_reply_that_a_person_reads(self, clinic, message):
        patient = message.patient
        ReplyFactory(by=patient, patient=patient, received_at=self.AFTER, meaning="unclear")

        assert self.count(clinic) == 1

    @pytest.mark.parametrize("meaning", ["answer", "thanks", "tap_back", "opt_out"])
    def test_not_by_one_that_nobody_has_to_read(self, clinic, message, meaning):
        patient = message.patient
        ReplyFactory(by=patient, patient=patient, received_at=self.AFTER, meaning=meaning)

        assert self.count(clinic) == 0

    def test_by_a_call_of_the_patient_and_not_by_ours(self, clinic, message):
        staff = StaffFactory(clinic=clinic)
        call = {"patient": message.patient, "by": staff, "occurred_at": self.AFTER}
        PhoneCallFactory(**call, direction="out")
        assert self.count(clinic) == 0

        PhoneCallFactory(**call, direction="in")

        assert self.count(clinic) == 1

    def test_by_a_sign_that_was_reported(self, clinic, message):
        AlertFactory(patient=message.patient, kind="warning_sign", opened_at=self.AFTER)

        assert self.count(clinic) == 1

    def test_not_by_what_came_later_or_before(self, clinic, message):
        for moment in (NOON - timedelta(minutes=1), NOON + timedelta(hours=48, minutes=1)):
            patient = message.patient
            ReplyFactory(by=patient, patient=patient, received_at=moment, meaning="unclear")

        assert self.count(clinic) == 0

    def test_is_not_said_before_two_days_have_passed(self, clinic, message):
        count_clinic(clinic, now=NOON + timedelta(hours=47))

        assert total("settled") == 0
