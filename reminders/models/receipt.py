"""What a provider said of a message after it had taken it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from reminders.models.delivery import Attempt


class Receipt(models.Model):
    """What a provider reported about an attempt, kept raw before it is applied.

    Unique per event, so a repeated report is one row. `attempt` stays empty while nothing of
    ours matches it.
    """

    provider = models.CharField(max_length=20)
    event_key = models.CharField(max_length=200)
    provider_id = models.CharField(max_length=120, blank=True)
    reference = models.UUIDField(null=True, blank=True)
    news = models.CharField(max_length=12, blank=True, help_text="Empty: a word we do not know.")
    code = models.CharField(max_length=60, blank=True)
    raw = models.JSONField()
    received_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)
    attempt = models.ForeignKey(
        Attempt, on_delete=models.PROTECT, null=True, blank=True, related_name="receipts"
    )

    class Meta:
        ordering = ("-received_at",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "event_key"], name="receipt_once_per_event")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["received_at"], condition=Q(applied_at__isnull=True), name="receipt_waiting"
            )
        ]

    def __str__(self) -> str:
        return self.event_key
