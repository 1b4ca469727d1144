"""Test messages: that a text or a mail of the clinic's really arrives, seen by a person there."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from clinic.models import Channel, Clinic, Staff
from reminders.models.delivery import Delivery, DeliveryStatus


class SendingTest(models.Model):
    """One test message to the clinic's own people. Counts for the sender that it went out from.

    Confirmed by the provider's receipt (its delivery is delivered), or by whoever typed the code
    that stood in it. A sender that is changed later has to be tested again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="sending_tests")
    channel = models.CharField(max_length=5, choices=Channel)
    sender = models.CharField(max_length=254)
    delivery = models.OneToOneField(Delivery, on_delete=models.PROTECT, related_name="sending_test")
    asked_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-asked_at",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="test_is_confirmed_by_a_person",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} test {self.pk}"

    @property
    def has_arrived(self) -> bool:
        """True once somebody typed its code, or the provider says that it reached the phone."""
        return self.confirmed_at is not None or self.delivery.status == DeliveryStatus.DELIVERED
