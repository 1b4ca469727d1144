"""Receipts: any order and any repetition of the same reports ends in the same state."""

import pytest

from reminders.flow.receipts import apply_receipts
from reminders.models import DeliveryStatus
from tests.factories import NOON, AttemptFactory, ReceiptFactory


@pytest.mark.django_db
def test_a_report_of_delivery_says_that_it_arrived():
    attempt = AttemptFactory()
    ReceiptFactory(reference=attempt.pk, news="delivered")

    apply_receipts(now=NOON, limit=10)

    attempt.delivery.refresh_from_db()
    assert attempt.delivery.status == DeliveryStatus.DELIVERED
