"""Staff hear once of a stop, from whichever side it comes, and when it is taken back."""

from datetime import timedelta

import pytest

from clinic.models import Channel, Role
from reminders.channels.base import Outcome, SendResult
from reminders.flow.alerts import acknowledge
from reminders.flow.consent import close_stop, say_started_again
from reminders.flow.failure import mirror_refusals
from reminders.flow.replies import read_replies
from reminders.models import Alert, AlertKind, AlertStatus, AlertStep, AlertStepStatus, Tier
from tests.factories import (
    NOON,
    AlertFactory,
    ConsentFactory,
    DeliveryFactory,
    PatientFactory,
    ReplyFactory,
    StaffFactory,
)
from tests.ladders import RungFactory

MINUTE = timedelta(minutes=1)
BLOCKED = SendResult(Outcome.REFUSED, code="21610", blocked=True)
AGAIN = "The patient stopped our texts, and started them again"

pytestmark = pytest.mark.django_db


def say(patient, text, *, at=NOON):
    ReplyFactory(by=patient, text=text, received_at=at)
    read_replies(now=at, limit=10)


def refused(*patients, now=NOON, channel=Channel.SMS):
    """The provider refuses a routine message of each, all in one batch."""
    deliveries = [DeliveryFactory(reminder__surgery__patient=p, channel=channel) for p in patients]
    mirror_refusals([(delivery, BLOCKED) for delivery in deliveries], now=now)


class TestAStopAtTheProvider:
    def test_tells_staff_as_a_stop_does(self):
        patient = PatientFactory()

        refused(patient)

        alert = Alert.objects.get()
        assert (alert.kind, alert.tier, alert.patient) == (
            AlertKind.OPTED_OUT,
            Tier.ROUTINE,
            patient,
        )
        assert alert.summary == "The patient stopped our texts"

    def test_is_told_once_however_many_messages_meet_it(self):
        patient = PatientFactory()

        refused(patient, patient)
        refused(patient, now=NOON + MINUTE)

        assert Alert.objects.count() == 1

    def test_is_no_news_after_the_patients_own_stop(self):
        patient = PatientFactory()
        say(patient, "STOP")

        refused(patient, now=NOON + MINUTE)

        assert Alert.objects.count() == 1

    def test_is_news_again_once_the_patient_had_started_again(self):
        patient = PatientFactory()
        refused(patient)
        say(patient, "START", at=NOON + MINUTE)

        refused(patient, now=NOON + 2 * MINUTE)

        assert Alert.objects.count() == 2

    def test_is_no_news_where_a_start_came_after_it(self):
        patient = PatientFactory()
        ConsentFactory(patient=patient, at=NOON + MINUTE, source="reply")

        refused(patient, now=NOON)

        assert not Alert.objects.exists()


class TestAStartAfterAStop:
    @pytest.mark.parametrize("in_hand", [False, True])
    def test_stands_on_the_alert_which_stays_with_whoever_has_it(self, in_hand):
        patient = PatientFactory()
        say(patient, "STOP")
        if in_hand:
            acknowledge(Alert.objects.get().pk, by=StaffFactory(), now=NOON)

        say(patient, "START", at=NOON + MINUTE)

        alert = Alert.objects.get()
        assert alert.summary == AGAIN
        assert "2026-03-03, 12:01" in alert.to_do
        assert alert.status == (AlertStatus.ACKNOWLEDGED if in_hand else AlertStatus.OPEN)

    def test_said_twice_changes_nothing_more(self):
        patient = PatientFactory()
        say(patient, "STOP")
        say(patient, "START", at=NOON + MINUTE)

        say(patient, "START", at=NOON + 2 * MINUTE)

        assert Alert.objects.get().summary == AGAIN

    def test_that_was_written_before_the_stop_and_read_after_it_changes_no_word(self):
        patient = PatientFactory()
        say(patient, "STOP", at=NOON + MINUTE)

        say(patient, "START", at=NOON)

        assert Alert.objects.get().summary == "The patient stopped our texts"

    def test_and_another_stop_is_another_alert(self):
        patient = PatientFactory()
        say(patient, "STOP")
        say(patient, "START", at=NOON + MINUTE)

        say(patient, "STOP", at=NOON + 2 * MINUTE)

        assert {alert.summary for alert in Alert.objects.all()} == {
            AGAIN,
            "The patient stopped our texts",
        }

    def test_touches_no_other_alert(self):
        patient = PatientFactory()
        say(patient, "STOP")
        other_matter = AlertFactory(patient=patient)
        refused(patient, channel=Channel.EMAIL)
        say(PatientFactory(clinic=patient.clinic), "STOP")

        say_started_again(patient, channel=Channel.SMS, at=NOON)

        other_matter.refresh_from_db()
        assert other_matter.summary == "A reply that may be urgent"
        assert Alert.objects.filter(summary=AGAIN).count() == 1

    def test_leaves_what_a_person_has_closed(self):
        patient = PatientFactory()
        say(patient, "STOP")
        close_stop(patient, channel=Channel.SMS, by=StaffFactory(), now=NOON)

        say(patient, "START", at=NOON + MINUTE)

        assert Alert.objects.get().summary == "The patient stopped our texts"


class TestANewYesThatStaffWriteDown:
    def test_closes_the_alert_in_their_name(self):
        patient, nurse = PatientFactory(), StaffFactory(role=Role.NURSE)
        say(patient, "STOP")

        assert close_stop(patient, channel=Channel.SMS, by=nurse, now=NOON + MINUTE) == 1
        assert close_stop(patient, channel=Channel.SMS, by=nurse, now=NOON + MINUTE) == 0

        alert = Alert.objects.get()
        assert (alert.status, alert.closed_by) == (AlertStatus.CLOSED, nurse)
        assert alert.outcome

    def test_lets_it_climb_no_further(self):
        patient = PatientFactory()
        RungFactory(ladder__clinic=patient.clinic, tiers=[Tier.ROUTINE], after_minutes=30)
        say(patient, "STOP")
        assert AlertStep.objects.get().status == AlertStepStatus.WAITING

        close_stop(patient, channel=Channel.SMS, by=StaffFactory(), now=NOON + MINUTE)

        assert AlertStep.objects.get().status == AlertStepStatus.STOPPED
