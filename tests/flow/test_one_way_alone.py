"""A clinic that sends texts alone mails no patient, nor a carer, whatever they wish for."""

import pytest

from clinic.models import Channel, Clinic
from reminders.flow.claim import claim_batch
from reminders.flow.dispatch import claim_due
from reminders.models import (
    AlertKind,
    Delivery,
    DeliveryReason,
    DeliveryStatus,
    ReminderReason,
    ReminderStatus,
)
from tests.factories import (
    NOON,
    CarerFactory,
    ClinicFactory,
    DeliveryFactory,
    PatientFactory,
    ReminderFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def texts_alone():
    return ClinicFactory(sends_by="sms", email_sender="")


@pytest.mark.parametrize("wish", ["both", "sms", "email"])
def test_a_text_goes_whatever_the_patient_would_rather_have(texts_alone, wish):
    ReminderFactory(surgery__patient=PatientFactory(clinic=texts_alone, channels=wish))

    claim_due(now=NOON, limit=9)

    assert [one.channel for one in Delivery.objects.all()] == [Channel.SMS]


def test_a_carer_is_mailed_no_more_than_the_patient(texts_alone):
    patient = PatientFactory(clinic=texts_alone)
    carer = CarerFactory(patient=patient, consented=[Channel.EMAIL])
    reminder = ReminderFactory(surgery__patient=patient, carer=carer)

    claim_due(now=NOON, limit=9)

    reminder.refresh_from_db()
    assert (reminder.status, reminder.reason) == (ReminderStatus.MISSED, ReminderReason.NO_CHANNEL)


def test_what_matters_and_cannot_be_texted_goes_to_a_person(texts_alone):
    patient = PatientFactory(clinic=texts_alone, mobile="", consented=("email",))
    ReminderFactory(surgery__patient=patient, step__is_high_priority=True)

    claim_due(now=NOON, limit=9)

    assert not Delivery.objects.exists()
    assert patient.alerts.get().kind == AlertKind.NOT_REACHED


def test_a_mail_that_waits_when_the_clinic_says_so_is_not_sent():
    delivery = DeliveryFactory(channel=Channel.EMAIL)
    Clinic.objects.update(sends_by="sms")

    batch = claim_batch("email", provider="memory", post_timeout_seconds=1, now=NOON, limit=8)

    assert batch.sends == []
    delivery.refresh_from_db()
    assert delivery.status == DeliveryStatus.SKIPPED
    assert delivery.failure_reason == DeliveryReason.NOT_OUR_CHANNEL
