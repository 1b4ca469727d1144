"""What a carer writes is theirs: a stop stops their own, an alarm names them, none is guessed."""

import pytest

from clinic.models import CarerConsent, Channel, Consent, PatientStatus
from reminders.flow.reach import consents_for
from reminders.flow.replies import read_replies
from reminders.models import Alert, AlertKind, Delivery, Meaning, ReplyStatus, Tier
from tests.factories import NOON, CarerFactory, DeliveryFactory, PatientFactory, ReplyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ben():
    return CarerFactory(name="Ben", relation="partner", language="es")


def say(carer, text, **also):
    reply = ReplyFactory(by=carer.patient, sender=carer.mobile, text=text, received_at=NOON, **also)
    read_replies(now=NOON, limit=100)
    reply.refresh_from_db()
    return reply


def refusal(person):
    return consents_for([person]).refusal(person, Channel.SMS)


class TestWhoWrote:
    def test_a_carer_is_written_down_and_not_the_patient(self, ben):
        reply = say(ben, "When may she drive?")

        assert (reply.carer, reply.patient) == (ben, None)
        assert reply.status == ReplyStatus.FOR_A_PERSON

    def test_the_answer_goes_back_to_them_in_their_language(self, ben):
        say(ben, "HELP")

        answer = Delivery.objects.get()
        assert (answer.carer, answer.patient, answer.address) == (ben, ben.patient, ben.mobile)
        assert answer.language == "es"

    def test_a_number_that_is_the_patients_too_is_nobodys(self, ben):
        type(ben).objects.update(mobile=ben.patient.mobile)
        ben.refresh_from_db()

        reply = say(ben, "When may I drive?")

        assert (reply.carer, reply.patient) == (None, ben.patient)

    def test_two_carers_with_one_number_are_not_guessed_at(self, ben):
        CarerFactory(patient__clinic=ben.patient.clinic, mobile=ben.mobile)

        reply = say(ben, "When may she drive?")

        assert (reply.carer, reply.patient) == (None, None)

    def test_the_carer_of_another_clinic_is_a_stranger_here(self, ben):
        other = PatientFactory()

        reply = ReplyFactory(by=other, sender=ben.mobile, text="Hello", received_at=NOON)
        read_replies(now=NOON, limit=100)

        reply.refresh_from_db()
        assert (reply.carer, reply.clinic) == (None, other.clinic)

    def test_a_carer_answers_no_question_of_the_patients(self, ben):
        DeliveryFactory(
            reminder__surgery__patient=ben.patient,
            reminder__step__replies=[{"code": "1", "meaning": "all well", "action": "none"}],
            status="delivered",
        )

        reply = say(ben, "1")

        assert reply.meaning != Meaning.ANSWER
        assert reply.status == ReplyStatus.FOR_A_PERSON


class TestStop:
    def test_stops_the_carers_texts_and_not_the_patients(self, ben):
        say(ben, "STOP")

        assert refusal(ben) == "opted_out"
        assert refusal(ben.patient) == ""
        assert not Consent.objects.filter(given=False).exists()
        assert Alert.objects.get().summary == f"The carer, {ben}, stopped our texts"

    def test_of_a_telephone_that_both_use_stops_both(self, ben):
        type(ben).objects.update(mobile=ben.patient.mobile)
        ben.refresh_from_db()

        say(ben, "STOP")

        assert (refusal(ben), refusal(ben.patient)) == ("opted_out", "opted_out")

    def test_is_taken_back_by_start(self, ben):
        say(ben, "STOP")

        say(ben, "START")

        assert refusal(ben) == ""
        assert "started them again" in Alert.objects.get().summary

    def test_start_begins_nothing_that_they_never_said_yes_to(self, ben):
        CarerConsent.objects.all().delete()

        say(ben, "START")

        assert refusal(ben) == "no_consent"


class TestAlarm:
    def test_names_the_carer_and_is_about_the_patient(self, ben):
        say(ben, "she can't breathe")

        alert = Alert.objects.get()
        assert (alert.kind, alert.tier) == (AlertKind.REPLY, Tier.EMERGENCY)
        assert alert.patient == ben.patient
        assert str(ben) in alert.summary
        assert "call the carer" in alert.to_do

    def test_one_who_says_that_the_patient_has_died_silences_both(self, ben):
        say(ben, "my wife has died")

        ben.patient.refresh_from_db()
        assert ben.patient.status == PatientStatus.ON_HOLD
        assert refusal(ben) == "opted_out"

    def test_a_stranger_silences_themselves_alone(self, ben):
        say(ben, "not my number")

        ben.patient.refresh_from_db()
        assert ben.patient.status == PatientStatus.ACTIVE
        assert refusal(ben) == "opted_out"
        assert "wrong person" in Alert.objects.get().summary
