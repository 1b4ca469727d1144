"""Replies: what patients write back, kept as it came before anything is made of it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.models import Carer, Channel, Clinic, Patient, Staff
from reminders.models.delivery import Delivery


class ReplyStatus(models.TextChoices):
    """Where a reply stands. Drawn in ARCHITECTURE.md; a test keeps both lists equal."""

    RECEIVED = "received", _("New")  # stored, not read by us yet
    UNDERSTOOD = "understood", _("Understood")  # an exact known answer; nothing left to do
    FOR_A_PERSON = "for_a_person", _("For a person")  # waits for staff
    ANSWERED = "answered", _("Dealt with")  # final. A named person dealt with it


class Meaning(models.TextChoices):
    """What a reply means to us. Anything that is not exact is for a person."""

    NONE = "", ""
    OPT_OUT = "opt_out", _("Stop")
    OPT_IN = "opt_in", _("Start")
    HELP = "help", _("Help")
    ANSWER = "answer", _("Answer")
    URGENT = "urgent", _("May be urgent")
    THANKS = "thanks", _("Acknowledgement")
    TAP_BACK = "tap_back", _("Tap-back")
    AUTOMATIC = "automatic", _("Automatic answer")
    UNCLEAR = "unclear", _("Free text")


class Reply(models.Model):
    """One message from outside. `patient` is set only when exactly one matches the sender.

    `carer` likewise, and then `patient` stays empty: what a carer writes is no word of the patient.
    """

    provider = models.CharField(max_length=20)
    provider_message_id = models.CharField(max_length=120)
    channel = models.CharField(max_length=5, choices=Channel)
    clinic = models.ForeignKey(
        Clinic, on_delete=models.PROTECT, null=True, blank=True, related_name="replies"
    )
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, null=True, blank=True, related_name="replies"
    )
    carer = models.ForeignKey(
        Carer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replies",
        db_index=False,  # the partial index below has the few rows that have one
    )
    sender = models.CharField(max_length=254)
    recipient = models.CharField(max_length=254, blank=True)
    text = models.TextField(blank=True)
    media_count = models.PositiveSmallIntegerField(default=0)
    raw = models.JSONField()
    received_at = models.DateTimeField()
    # By the words alone, on its way in: such a reply is read before all that wait with it.
    looks_urgent = models.BooleanField(default=False)
    status = models.CharField(max_length=12, choices=ReplyStatus, default=ReplyStatus.RECEIVED)
    meaning = models.CharField(max_length=10, choices=Meaning, blank=True, default=Meaning.NONE)
    answer_to = models.ForeignKey(
        Delivery, on_delete=models.PROTECT, null=True, blank=True, related_name="replies"
    )
    answer_code = models.CharField(max_length=20, blank=True)
    answer_meaning = models.CharField(max_length=120, blank=True)
    was_late = models.BooleanField(default=False)
    dealt_with_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    dealt_with_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-received_at", "-pk")
        verbose_name_plural = _("replies")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["provider", "provider_message_id"], name="reply_once_per_message"
            ),
            models.CheckConstraint(
                condition=~Q(status="answered") | Q(dealt_with_by__isnull=False),
                name="reply_dealt_with_by_somebody",
            ),
        ]
        indexes: ClassVar = [
            # What we have not read must not be looked for among all that staff have not.
            models.Index(
                fields=["-looks_urgent", "received_at", "id"],
                condition=Q(status="received"),
                name="reply_unread",
            ),
            models.Index(
                fields=["received_at"],
                condition=Q(status__in=["received", "for_a_person"]),
                name="reply_waiting",
            ),
            models.Index(fields=["patient", "-received_at"], name="reply_thread"),
            models.Index(
                fields=["carer", "-received_at"],
                condition=Q(carer__isnull=False),
                name="reply_thread_of_carer",
            ),
        ]

    def __str__(self) -> str:
        return f"Reply {self.pk}"
