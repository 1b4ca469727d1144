"""The hazards H26 to H32 of reports and alerts, each through the flow's own doors."""

from datetime import timedelta

import pytest
from django.db import transaction

from clinic.models import Channel, Consent
from reminders.channels.base import InboundMessage
from reminders.flow.alerts import acknowledge, close
from reminders.flow.claim import claim_batch
from reminders.flow.dispatch import dispatch_due
from reminders.flow.failure import after_failure
from reminders.flow.ladder import climb, silent
from reminders.flow.replies import read_replies, store_reply
from reminders.models import (
    Alert,
    AlertStatus,
    AlertStep,
    AlertStepStatus,
    Delivery,
    DeliveryStatus,
    How,
    Purpose,
    ReminderStatus,
    Reply,
    ReplyStatus,
    Tier,
    Whom,
)
from tests.factories import (
    NOON,
    ClinicFactory,
    PatientFactory,
    ReminderFactory,
    ReplyFactory,
    StaffFactory,
)
from tests.ladders import LadderFactory, RungFactory, ShiftFactory

MINUTE = timedelta(minutes=1)
NIGHT = NOON.replace(hour=22, minute=40)
DANGER = "I cannot pass water and I am numb between the legs"

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic(released):
    """Whoever is on duty at once, the surgeon after ten minutes, the switchboard after twenty."""
    clinic = ClinicFactory(urgent_phone="020 7946 0101", staff_email="desk@example.org")
    ladder = LadderFactory(clinic=clinic)
    surgeon = StaffFactory(clinic=clinic, phone="07700 900802")
    own = {"ladder": ladder, "label": "", "address": "", "how": How.SMS}
    RungFactory(position=0, whom=Whom.ON_DUTY, **own)
    RungFactory(position=1, after_minutes=10, whom=Whom.PERSON, staff=surgeon, **own)
    RungFactory(
        ladder=ladder, position=2, after_minutes=20, how=How.PHONE, label="Switchboard",
        address="020 7946 0109",
    )  # fmt: skip
    return clinic


@pytest.fixture
def on_duty(clinic):
    return ShiftFactory(clinic=clinic).staff


def reports(patient, text=DANGER, *, at=NOON):
    """The patient writes, and the reply is read at once."""
    reply = ReplyFactory(by=patient, text=text, received_at=at)
    read_replies(now=at, limit=100)
    reply.refresh_from_db()
    return reply


def notices():
    return Delivery.objects.filter(purpose=Purpose.NOTICE)


class TestH26ReportSavedAndAlertLost:
    def test_report_alert_and_first_step_stand_or_fall_together(self, clinic, on_duty):
        reply = ReplyFactory(by=PatientFactory(clinic=clinic), text=DANGER, received_at=NOON)

        with transaction.atomic():
            read_replies(now=NOON, limit=10)
            transaction.set_rollback(True)
        reply.refresh_from_db()
        assert reply.status == ReplyStatus.RECEIVED
        assert not Alert.objects.exists()

        read_replies(now=NOON, limit=10)
        assert AlertStep.objects.filter(alert__reply=reply, due_at=NOON).exists()

    def test_the_sweep_tells_of_a_report_whose_bell_nobody_heard(self, clinic, on_duty):
        reports(PatientFactory(clinic=clinic))

        climb(now=NOON + 10 * timedelta(seconds=1))

        assert notices().count() == 1


class TestH27AlertSentAndNobodyActs:
    def test_it_climbs_every_rung_and_repeats_until_a_named_person_takes_and_closes_it(
        self, clinic, on_duty
    ):
        alert = Alert.objects.get(reply=reports(PatientFactory(clinic=clinic), at=NIGHT))
        for minutes in range(61):
            climb(now=NIGHT + minutes * MINUTE)
        skipped = alert.steps.filter(repeat=0).exclude(status=AlertStepStatus.TOLD)
        alert.refresh_from_db()

        assert (skipped.count(), notices().count()) == (0, 6)
        assert (alert.status, alert.banner) == (AlertStatus.OPEN, "Switchboard: 020 7946 0109")

        acknowledge(alert.pk, by=on_duty, now=NIGHT + 61 * MINUTE)
        close(alert.pk, by=on_duty, outcome="Sent to hospital", now=NIGHT + 62 * MINUTE)
        climb(now=NIGHT + 300 * MINUTE)
        assert notices().count() == 6

    def test_with_nobody_on_duty_and_every_message_refused_the_banner_stands_at_once(self, clinic):
        alert = Alert.objects.get(reply=reports(PatientFactory(clinic=clinic)))
        climb(now=NOON)

        notices().update(status=DeliveryStatus.REFUSED)
        after_failure(notices().values_list("pk", flat=True), now=NOON)
        climb(now=NOON)

        alert.refresh_from_db()
        assert alert.banner == "Switchboard: 020 7946 0109"
        assert not silent().exists()


class TestH28EmergencyNotUnderstood:
    @pytest.mark.parametrize(
        "text",
        ["cant breath", "no puedo respirar", "2.", "???", "\N{DROP OF BLOOD}", "hjälp", DANGER],
    )
    def test_whatever_is_no_exact_answer_reaches_a_person(self, clinic, text):
        reply = reports(PatientFactory(clinic=clinic), text)

        is_for_a_person = reply.status == ReplyStatus.FOR_A_PERSON
        assert is_for_a_person or Alert.objects.filter(reply=reply).exists()

    @pytest.mark.parametrize("text", ["cant breath", "no puedo respirar", DANGER])
    def test_words_of_danger_are_an_emergency_at_once(self, clinic, text):
        reply = reports(PatientFactory(clinic=clinic), text)

        assert Alert.objects.get(reply=reply).tier == Tier.EMERGENCY


class TestH29SenderMatchesNobodyOrTwo:
    def test_a_report_from_a_shared_telephone_binds_to_nobody_and_climbs_all_the_same(
        self, clinic, on_duty
    ):
        ana = PatientFactory(clinic=clinic)
        PatientFactory(clinic=clinic, mobile=ana.mobile)
        reply = reports(ana)
        climb(now=NOON)

        alert = Alert.objects.get(reply=reply)
        assert (reply.patient, alert.patient) == (None, None)
        assert alert.clinic == clinic
        assert notices().count() == 1


class TestH30InboundLostOrTwice:
    def test_ten_copies_are_one_report_one_alert_and_one_notice(self, clinic, on_duty):
        patient = PatientFactory(clinic=clinic)
        message = InboundMessage(
            provider="twilio", provider_message_id="SM1", sender=patient.mobile,
            recipient=clinic.sms_sender, body=DANGER, media_count=0, raw={},
        )  # fmt: skip

        for second in range(10):
            now = NOON + timedelta(seconds=second)
            store_reply(message, now=now)
            read_replies(now=now, limit=10)
            climb(now=now)

        counts = (Reply.objects.count(), Alert.objects.count(), notices().count())
        assert counts == (1, 1, 1)


class TestH31Stop:
    def test_ends_texts_to_the_patient_and_no_alert_about_them(self, clinic, on_duty):
        patient = PatientFactory(clinic=clinic)
        report = reports(patient)
        reports(patient, "STOP", at=NOON + MINUTE)
        climb(now=NOON + MINUTE)

        assert not Consent.objects.in_force([patient.pk]).get(channel=Channel.SMS).given
        assert Alert.objects.get(reply=report).status == AlertStatus.OPEN
        assert notices().filter(alert_step__alert__reply=report).exists()


class TestH32QuietHours:
    def test_hold_a_patients_reminder_at_night_and_no_notice_to_staff(self, clinic, on_duty):
        patient = PatientFactory(clinic=clinic)
        due = ReminderFactory(
            surgery__patient=patient, surgery__planned_revision=1, due_at=NIGHT,
            not_after=NIGHT + 1_440 * MINUTE, step__channels=["sms"],
        )  # fmt: skip
        reports(patient, at=NIGHT)
        dispatch_due(now=NIGHT, batch=10)
        climb(now=NIGHT)

        claim_batch("sms", provider="memory", post_timeout_seconds=1, now=NIGHT, limit=10)

        due.refresh_from_db()
        assert due.status == ReminderStatus.PLANNED
        assert due.due_at == NIGHT.replace(day=4, hour=8, minute=0)
        assert notices().get().status == DeliveryStatus.SENDING
