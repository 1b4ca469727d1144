"""Deliveries: one message to one person by one channel; and the attempts to hand it over."""

import uuid
from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.models import Carer, Channel, Clinic, Patient
from reminders.models.reminder import Reminder


class DeliveryStatus(models.TextChoices):
    """Where a delivery stands. Drawn in ARCHITECTURE.md; a test keeps both lists equal."""

    QUEUED = "queued", _("Waiting")  # waits for next_try_at. Left by deliver
    SENDING = "sending", _("Sending")  # a worker holds it under a lease; ends or becomes unknown
    ACCEPTED = "accepted", _("Sent")  # the provider took it. A receipt may still come
    DELIVERED = "delivered", _("Delivered")  # the provider says that it reached the phone
    UNDELIVERED = "undelivered", _("Not delivered")  # the provider took it and could not deliver
    REFUSED = "refused", _("Refused")  # the provider said no for good
    UNKNOWN = "unknown", _("Not known")  # the answer was lost; rescue asks the provider
    SKIPPED = "skipped", _("Not sent")  # final. The record forbade it at the moment of sending
    EXPIRED = "expired", _("Too late")  # final. not_after passed before it could be sent


class DeliveryReason(models.TextChoices):
    """Why a delivery was skipped or failed, in words that staff read."""

    NONE = "", ""
    OPTED_OUT = "opted_out", _("The patient opted out")
    NO_CONSENT = "no_consent", _("No consent for this channel")
    NO_ADDRESS = "no_address", _("No address for this channel")
    NOT_OUR_CHANNEL = "not_our_channel", _("The clinic does not send this way")
    BAD_ADDRESS = "bad_address", _("The address does not work")
    DECEASED = "deceased", _("The patient has died")
    ON_HOLD = "on_hold", _("On hold")
    CARE_ENDED = "care_ended", _("Care has ended")
    CARER_ENDED = "carer_ended", _("The carer is told no more")
    SURGERY_CANCELLED = "surgery_cancelled", _("The operation was cancelled")
    NOT_CONFIRMED = "not_confirmed", _("The operation is not confirmed")
    PLAN_CHANGED = "plan_changed", _("The plan changed before it was sent")
    NOT_SIGNED = "not_signed", _("The content is not signed")
    PULLED = "pulled", _("Somebody pulled this message")
    ALERT_TAKEN = "alert_taken", _("Somebody has the alert in hand")
    REVIEW_OVERDUE = "review_overdue", _("The review date of this tip has passed")
    CLINIC_NOT_READY = "clinic_not_ready", _("The clinic's numbers are not complete")
    TEXT_INCOMPLETE = "text_incomplete", _("The text could not be filled in")
    TOO_LATE = "too_late", _("Too late to be useful")
    ANSWERED = "answered", _("It was answered before")
    REFUSED = "refused", _("Refused by the provider")
    UNDELIVERED = "undelivered", _("Not delivered by the provider")
    ANSWER_LOST = "answer_lost", _("The provider's answer was lost")
    KILLED_WORKERS = "killed_workers", _("Stopped its worker three times")


class Purpose(models.TextChoices):
    """What a delivery is for."""

    REMINDER = "reminder", _("Reminder")
    AGAIN = "again", _("Asked again")
    ANSWER = "answer", _("Answer to a reply")
    NOTICE = "notice", _("Notice to staff")
    PAGE_LINK = "page_link", _("A new link to the patient's page")
    TEST = "test", _("Test of sending")


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def sendable(self, now: datetime, *, channel: str, only: str = "") -> Self:
        """Queued deliveries whose moment has come: safety first, then the longest waiting.

        `only` leaves out what is for another purpose.
        """
        queued = self.filter(status=DeliveryStatus.QUEUED, channel=channel, next_try_at__lte=now)
        if only:
            queued = queued.filter(purpose=only)
        return queued.order_by("-is_high_priority", "next_try_at", "pk")


class Delivery(models.Model):
    """One message by one channel: the text as it was rendered, where it went, how it ended.

    `carer`: it goes to this carer and not to the patient, whose record it belongs to all the same.
    `attempts_made` guards every write of an outcome: a worker that lost its lease cannot
    overwrite what its successor learned.
    """

    reminder = models.ForeignKey(
        Reminder, on_delete=models.PROTECT, related_name="deliveries", null=True, blank=True
    )
    reply = models.ForeignKey(
        "reminders.Reply", on_delete=models.PROTECT, related_name="answers", null=True, blank=True
    )
    alert_step = models.ForeignKey(
        "reminders.AlertStep",
        on_delete=models.PROTECT,
        related_name="notices",
        null=True,
        blank=True,
    )
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="deliveries", null=True, blank=True
    )
    # No index: few rows have a carer, and they are found by their patient.
    carer = models.ForeignKey(
        Carer,
        on_delete=models.PROTECT,
        related_name="deliveries",
        null=True,
        blank=True,
        db_index=False,
    )
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="deliveries")
    purpose = models.CharField(max_length=10, choices=Purpose, default=Purpose.REMINDER)
    channel = models.CharField(max_length=5, choices=Channel)
    status = models.CharField(max_length=12, choices=DeliveryStatus, default=DeliveryStatus.QUEUED)
    failure_reason = models.CharField(
        max_length=20, choices=DeliveryReason, blank=True, default=DeliveryReason.NONE
    )
    failure_code = models.CharField(max_length=60, blank=True)
    is_high_priority = models.BooleanField(default=False)
    queued_at = models.DateTimeField()
    status_since = models.DateTimeField()
    next_try_at = models.DateTimeField()
    not_after = models.DateTimeField()
    attempts_made = models.PositiveSmallIntegerField(default=0)
    may_be_repeat = models.BooleanField(
        default=False, help_text="An earlier try may have arrived; the text says so."
    )
    address = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=8, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    segments = models.PositiveSmallIntegerField(default=0)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ("-queued_at", "-pk")
        verbose_name_plural = _("deliveries")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["reminder", "channel"],
                condition=~Q(purpose="again"),
                name="delivery_once_per_channel",
            ),
            models.UniqueConstraint(
                fields=["reminder"], condition=Q(purpose="again"), name="asked_again_once"
            ),
            models.UniqueConstraint(fields=["reply"], name="one_answer_per_reply"),
            models.UniqueConstraint(
                fields=["alert_step", "channel", "address"], name="one_notice_per_step_and_address"
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=["reminder", "again"], reminder__isnull=False)
                | Q(purpose="answer", reply__isnull=False)
                | Q(purpose="notice", alert_step__isnull=False)
                | Q(purpose="page_link", patient__isnull=False)
                | Q(purpose="test", patient__isnull=True),
                name="delivery_has_its_cause",
            ),
            models.CheckConstraint(
                condition=Q(status__in=DeliveryStatus.values), name="delivery_status_is_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                "channel",
                F("is_high_priority").desc(),
                "next_try_at",
                "id",
                condition=Q(status="queued"),
                name="delivery_sendable",
            ),
            models.Index(
                fields=["channel", "next_try_at"],
                condition=Q(status="queued", purpose="notice"),
                name="delivery_notices",
            ),
            models.Index(
                fields=["status_since"],
                condition=Q(status__in=["sending", "unknown"]),
                name="delivery_in_doubt",
            ),
            models.Index(fields=["patient", "-queued_at"], name="delivery_thread"),
            models.Index(fields=["clinic", "-queued_at"], name="delivery_by_clinic"),
            # each reply asks what its telephone was answered last; few deliveries are answers
            models.Index(
                fields=["address", "-queued_at"],
                condition=Q(purpose="answer"),
                name="delivery_answers",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.pk}"

    @property
    def the_reminder(self) -> Reminder:
        """The reminder that this delivers; only for those that are about one."""
        if self.reminder is None:
            raise TypeError(f"delivery {self.pk} is no reminder's")
        return self.reminder

    @property
    def the_patient(self) -> Patient:
        """The patient it goes to; an answer to an unknown number has none."""
        if self.patient is None:
            raise TypeError(f"delivery {self.pk} is to nobody we know")
        return self.patient

    @property
    def recipient(self) -> Patient | Carer | None:
        """Who reads it: a carer, else the patient; None for an answer to an unknown number."""
        return self.carer or self.patient


class AttemptStatus(models.TextChoices):
    """How one try ended. Drawn in ARCHITECTURE.md; a test keeps both lists equal."""

    STARTED = "started", _("On the wire")  # written before the call; its lease is running
    ACCEPTED = "accepted", _("Accepted")  # the provider said yes
    NOT_SENT = "not_sent", _("Not sent")  # certain that the provider did not take it
    REFUSED = "refused", _("Refused")  # the provider said no
    UNKNOWN = "unknown", _("Not known")  # the answer was lost; a receipt or look-up may settle it


class Attempt(models.Model):
    """One call to a provider at most. Its id is the reference that the provider is given."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=AttemptStatus, default=AttemptStatus.STARTED)
    provider = models.CharField(max_length=20)
    provider_id = models.CharField(max_length=120, blank=True)
    code = models.CharField(max_length=60, blank=True)
    detail = models.CharField(max_length=300, blank=True)
    started_at = models.DateTimeField()
    # On the machines' clock, never the demo's: a lease is about a process.
    lease_until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    looked_up = models.PositiveSmallIntegerField(default=0)
    look_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("delivery", "number")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["delivery", "number"], name="attempt_once_per_number"),
            models.UniqueConstraint(
                fields=["delivery"], condition=Q(status="started"), name="one_attempt_on_the_wire"
            ),
            models.CheckConstraint(
                condition=Q(status__in=AttemptStatus.values), name="attempt_status_is_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["lease_until"], condition=Q(status="started"), name="attempt_lease"
            ),
            models.Index(
                fields=["look_up_at"], condition=Q(status="unknown"), name="attempt_in_doubt"
            ),
            models.Index(fields=["provider_id"], name="attempt_by_provider_id"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
