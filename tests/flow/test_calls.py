"""Calls with patients: a log that stays, and what a try does to the list of silent patients."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from clinic.models import Role
from reminders.flow.calls import AlreadyCorrected, CallNote, NotACall, correct_call, record_call
from reminders.models import (
    Alert,
    AlertKind,
    AlertStatus,
    CallAbout,
    DeliveryStatus,
    Direction,
    PhoneCall,
    Reached,
)
from tests.factories import (
    NOON,
    AlertFactory,
    DeliveryFactory,
    PatientFactory,
    PhoneCallFactory,
    ReplyFactory,
    StaffFactory,
    SurgeryFactory,
)

LATER = NOON + timedelta(hours=2)


@pytest.fixture
def patient(db):
    return SurgeryFactory().patient


@pytest.fixture
def nurse(patient):
    return StaffFactory(clinic=patient.clinic)


@pytest.fixture
def call(patient, nurse):
    def call(reached=Reached.NOBODY, **words):
        words = {"occurred_at": NOON, "outcome": "Nothing to do", **words}
        return record_call(patient, CallNote(reached, **words), by=nurse, now=NOON)

    return call


class TestSilence:
    @pytest.mark.parametrize("reached", sorted(set(Reached) - {Reached.PATIENT, Reached.CARER}))
    def test_waits_for_the_next_try_in_the_hands_of_who_called(self, call, patient, nurse, reached):
        silent = AlertFactory(patient=patient, kind=AlertKind.SILENT)

        call(reached, alert=silent, next_try_at=LATER)

        silent.refresh_from_db()
        assert silent.try_again_at == LATER
        assert silent.acknowledged_by == nurse

    def test_is_on_the_list_again_once_a_call_names_no_next_try(self, call, patient):
        silent = AlertFactory(patient=patient, kind=AlertKind.SILENT, try_again_at=LATER)

        call(Reached.PATIENT)

        silent.refresh_from_db()
        assert silent.try_again_at is None

    def test_climbs_no_sooner_than_the_next_try(self, call, patient, nurse):
        silent = AlertFactory(
            patient=patient, kind=AlertKind.SILENT, status=AlertStatus.ACKNOWLEDGED,
            acknowledged_by=nurse, acknowledged_at=NOON,
            raise_again_at=NOON + timedelta(minutes=30),
        )  # fmt: skip

        call(next_try_at=LATER)

        silent.refresh_from_db()
        assert silent.raise_again_at == LATER

    def test_of_another_patient_is_left_alone(self, call, patient):
        other = AlertFactory(patient=PatientFactory(clinic=patient.clinic), kind=AlertKind.SILENT)

        call(next_try_at=LATER)

        other.refresh_from_db()
        assert other.try_again_at is None

    @pytest.mark.parametrize("kind", sorted(set(AlertKind) - {AlertKind.SILENT}))
    def test_is_the_only_thing_that_a_try_puts_off(self, call, patient, kind):
        alert = AlertFactory(patient=patient, kind=kind)

        call(alert=alert, next_try_at=LATER)

        alert.refresh_from_db()
        assert (alert.status, alert.try_again_at) == (AlertStatus.OPEN, None)

    def test_is_not_taken_by_who_may_not_take_alerts(self, patient):
        reception = StaffFactory(clinic=patient.clinic, role=Role.RECEPTION)
        silent = AlertFactory(patient=patient, kind=AlertKind.SILENT)

        record_call(
            patient,
            CallNote(Reached.NOBODY, NOON, next_try_at=LATER),
            by=reception,
            now=NOON,
        )

        silent.refresh_from_db()
        assert (silent.status, silent.try_again_at) == (AlertStatus.OPEN, LATER)


class TestWhatACallIsAbout:
    @pytest.mark.parametrize(
        ("kind", "about"),
        [
            (AlertKind.SILENT, CallAbout.SILENCE),
            (AlertKind.NOT_REACHED, CallAbout.UNDELIVERED),
            (AlertKind.CONTACT, CallAbout.UNDELIVERED),
            (AlertKind.WARNING_SIGN, CallAbout.ALERT),
        ],
    )
    def test_is_read_from_its_alert(self, call, patient, kind, about):
        assert call(alert=AlertFactory(patient=patient, kind=kind)).about == about

    def test_is_a_reply_or_own_initiative(self, call, patient):
        assert call(reply=ReplyFactory(by=patient, patient=patient)).about == CallAbout.REPLY
        assert call().about == CallAbout.OWN

    def test_cannot_be_another_patients_alert(self, call, patient):
        strange = AlertFactory(patient=PatientFactory(clinic=patient.clinic))

        with pytest.raises(NotACall):
            call(alert=strange)


class TestTheMessageThatACallFollows:
    def sent(self, patient, hours_ago=1, **more):
        surgery = patient.surgeries.get()
        return DeliveryFactory(
            reminder__surgery=surgery, patient=patient, status=DeliveryStatus.DELIVERED,
            queued_at=NOON - timedelta(hours=hours_ago), **more,
        )  # fmt: skip

    def test_is_the_one_that_the_alert_is_about(self, call, patient):
        message = self.sent(patient)
        self.sent(patient)
        silent = AlertFactory(patient=patient, kind=AlertKind.SILENT, reminder=message.reminder)

        assert call(alert=silent).delivery == message

    def test_is_the_one_that_the_reply_answers(self, call, patient):
        message = self.sent(patient)

        reply = ReplyFactory(by=patient, patient=patient, answer_to=message)

        assert call(reply=reply).delivery == message

    def test_is_the_last_one_of_two_days_when_the_patient_rang(self, call, patient):
        self.sent(patient, hours_ago=30)
        self.sent(patient, hours_ago=47)
        last = self.sent(patient, hours_ago=2)

        assert call(Reached.PATIENT, direction=Direction.IN).delivery == last

    def test_is_none_that_is_older_or_that_never_went(self, call, patient):
        self.sent(patient, hours_ago=49)
        surgery = patient.surgeries.get()
        DeliveryFactory(
            reminder__surgery=surgery, patient=patient, status="skipped", queued_at=NOON
        )

        assert call(Reached.PATIENT, direction=Direction.IN).delivery is None


class TestAWrongNumber:
    def test_is_used_no_more_and_asks_to_be_corrected(self, call, patient):
        call(Reached.WRONG_NUMBER)

        patient.refresh_from_db()
        assert patient.mobile_failed_at == NOON
        assert Alert.objects.get(kind=AlertKind.CONTACT).patient == patient

    def test_is_used_again_when_the_entry_was_a_mistake(self, call, patient, nurse):
        wrong = call(Reached.WRONG_NUMBER)

        correct_call(wrong.pk, CallNote(Reached.NOBODY, NOON), by=nurse, now=NOON)

        patient.refresh_from_db()
        assert patient.mobile_failed_at is None


class TestTheLog:
    def test_refuses_a_call_that_is_to_come(self, call):
        with pytest.raises(NotACall):
            call(occurred_at=NOON + timedelta(seconds=1))

    def test_refuses_a_talk_of_which_nothing_came(self, call):
        with pytest.raises(NotACall):
            call(Reached.PATIENT, outcome="", note=" ")

    def test_refuses_a_voicemail_that_rang_us(self, call):
        with pytest.raises(NotACall):
            call(Reached.VOICEMAIL, direction=Direction.IN)

    def test_keeps_the_first_entry_beside_its_correction(self, call, patient, nurse):
        first = call(Reached.NOBODY, alert=AlertFactory(patient=patient))

        second = correct_call(first.pk, CallNote(Reached.VOICEMAIL, NOON), by=nurse, now=NOON)

        assert list(PhoneCall.objects.standing()) == [second]
        assert (second.alert, second.about) == (first.alert, first.about)
        assert PhoneCall.objects.count() == 2

    def test_has_no_standing_entry_for_a_call_that_never_was(self, call, nurse):
        first = call()

        correct_call(first.pk, CallNote(Reached.NOBODY, NOON), by=nurse, now=NOON, took_place=False)

        assert not PhoneCall.objects.standing().exists()

    def test_is_corrected_once_and_then_the_correction_is(self, call, nurse):
        first = call()
        words = CallNote(Reached.VOICEMAIL, NOON)
        second = correct_call(first.pk, words, by=nurse, now=NOON)

        with pytest.raises(AlreadyCorrected):
            correct_call(first.pk, words, by=nurse, now=NOON)

        third = correct_call(second.pk, words, by=nurse, now=NOON)
        assert list(PhoneCall.objects.standing()) == [third]

    @pytest.mark.parametrize(
        "door",
        [
            lambda call: PhoneCall.objects.filter(pk=call.pk).update(note="never said"),
            lambda call: call.delete(),
        ],
    )
    def test_is_never_rewritten_through_any_door(self, patient, door):
        call = PhoneCallFactory(patient=patient)

        with pytest.raises(IntegrityError), transaction.atomic():
            door(call)
