"""A routine text does not break into a check-in; what matters does."""

from datetime import timedelta
from uuid import uuid4

import pytest

from clinic.models import Channel
from reminders.flow.claim import claim_batch
from reminders.models import CheckIn, DeliveryStatus
from tests.factories import NOON, DeliveryFactory

MINUTE = timedelta(minutes=1)

pytestmark = pytest.mark.django_db


def at_a_check_in(patient, *, seen=NOON, by="page", handed_in=None):
    surgery = patient.surgeries.first()
    return CheckIn.objects.create(
        key=uuid4(), patient=patient, surgery=surgery, day=1, by=by, started_at=seen,
        active_at=seen, submitted_at=handed_in, version="1", mode="relay",
    )  # fmt: skip


def claimed(now=NOON, channel="sms"):
    batch = claim_batch(channel, provider="memory", post_timeout_seconds=1, now=now, limit=8)
    return [send.delivery for send in batch.sends]


@pytest.mark.parametrize("by", ["page", "sms"])
def test_a_routine_text_waits_half_an_hour_at_most(by):
    delivery = DeliveryFactory()
    at_a_check_in(delivery.patient, by=by)

    assert claimed() == []
    delivery.refresh_from_db()
    assert (delivery.status, delivery.next_try_at) == (DeliveryStatus.QUEUED, NOON + 30 * MINUTE)
    assert claimed(NOON + 30 * MINUTE) == [delivery]


def test_it_goes_as_soon_as_the_check_in_is_handed_in():
    delivery = DeliveryFactory()
    at_a_check_in(delivery.patient, handed_in=NOON)

    assert claimed() == [delivery]


def test_safety_waits_for_nothing():
    delivery = DeliveryFactory(is_high_priority=True)
    at_a_check_in(delivery.patient)

    assert claimed() == [delivery]


def test_a_mail_breaks_into_nothing():
    delivery = DeliveryFactory(channel=Channel.EMAIL)
    at_a_check_in(delivery.patient)

    assert claimed(channel="email") == [delivery]


def test_what_would_be_too_late_by_then_does_not_wait():
    delivery = DeliveryFactory(not_after=NOON + 29 * MINUTE)
    at_a_check_in(delivery.patient)

    assert claimed() == [delivery]


def test_another_patient_is_not_kept_waiting():
    at_a_check_in(DeliveryFactory().patient)
    other = DeliveryFactory()

    assert claimed() == [other]
