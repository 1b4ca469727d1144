"""Sending while somebody is changing a record and has not committed yet (promise P3, H10)."""

from datetime import timedelta

import pytest

from reminders.flow.claim import claim_batch
from reminders.models import DeliveryStatus
from tests.factories import NOON, DeliveryFactory


def claimed(now=NOON):
    batch = claim_batch("sms", provider="memory", post_timeout_seconds=1, now=now, limit=8)
    return [send.delivery for send in batch.sends]


@pytest.mark.parametrize("whose", ["patient", "surgery"])
def test_a_record_that_is_being_changed_delays_its_own_patient_and_nobody_else(other_worker, whose):
    edited, other = DeliveryFactory.create_batch(2)
    record = edited.patient if whose == "patient" else edited.reminder.surgery

    with other_worker(record, lock="FOR NO KEY UPDATE"):
        assert claimed() == [other]
        assert claimed() == []

    edited.refresh_from_db()
    assert edited.status == DeliveryStatus.QUEUED
    assert claimed(NOON + timedelta(minutes=1)) == [edited]


def test_an_edit_that_was_committed_just_before_is_obeyed(other_worker):
    delivery = DeliveryFactory()

    with other_worker() as editor:
        editor.execute("UPDATE clinic_patient SET status = 'on_hold', hold_reason = 'ill'")
        editor.execute("COMMIT")
        assert claimed() == []

    delivery.refresh_from_db()
    assert delivery.status != DeliveryStatus.SENDING
