"""Reminders: the plan of one operation, one row per step and occurrence."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.models import Carer, Patient, Staff, Surgery
from reminders.models.pathway import Step


class ReminderStatus(models.TextChoices):
    """Where a reminder stands. Drawn in ARCHITECTURE.md; a test keeps both lists equal."""

    PLANNED = "planned", _("Planned")  # waits for due_at. Set by plan; left by dispatch or plan
    HELD = "held", _("Held")  # waits for a person, the reason says for what. Set and left by plan
    DISPATCHED = "dispatched", _("Sent on")  # has deliveries or a staff task, which tell the rest
    MISSED = "missed", _("Missed")  # final. Not sent, for the reason that stands beside it
    CANCELLED = "cancelled", _("Cancelled")  # final. The record no longer asks for it


class ReminderReason(models.TextChoices):
    """Why a reminder is held, missed or cancelled, in words that staff read."""

    NONE = "", ""
    NOT_CONFIRMED = "not_confirmed", _("Operation not confirmed yet")
    SURGERY_ON_HOLD = "surgery_on_hold", _("The plan is on hold")
    PATIENT_ON_HOLD = "patient_on_hold", _("The patient is on hold")
    NEEDS_CLINICIAN = "needs_clinician", _("A clinician must approve this plan")
    IN_HOSPITAL = "in_hospital", _("In intensive care: waits for the discharge date")
    NO_LIVE_CONTENT = "no_live_content", _("No signed pathway for this operation")
    PULLED = "pulled", _("Somebody pulled this message")
    REVIEW_OVERDUE = "review_overdue", _("The review date of this tip has passed")
    LIMIT_EXTENDED = "limit_extended", _("A clinician has extended this limit")
    CONTENT_INCOMPLETE = "content_incomplete", _("The text could not be filled in")
    WHILE_HELD = "while_held", _("Fell into a hold of the plan")
    ENROLLED_LATE = "enrolled_late", _("Lay before the enrolment")
    TOO_LATE = "too_late", _("Too late to be useful")
    NO_CHANNEL = "no_channel", _("No consent or address for any channel")
    SURGERY_MOVED = "surgery_moved", _("The operation was moved")
    SURGERY_CANCELLED = "surgery_cancelled", _("The operation was cancelled")
    NOT_ASKED_FOR = "not_asked_for", _("The record no longer asks for it")
    DECEASED = "deceased", _("The patient has died")
    CARE_ENDED = "care_ended", _("Care has ended")


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def due(self, now: datetime) -> Self:
        """Planned reminders whose moment has come: safety first, then the longest waiting."""
        return self.filter(status=ReminderStatus.PLANNED, due_at__lte=now).order_by(
            "-is_high_priority", "due_at", "pk"
        )

    def open(self) -> Self:
        return self.filter(status__in=OPEN)


class Reminder(models.Model):
    """One step of one operation's plan, at one moment.

    `occurrence` tells the repeats of a step apart and stays the same when the operation moves:
    the day number for steps counted from the operation, the minute for those counted from an
    appointment (a moved appointment is told again). `due_at` and `not_after` are UTC; a message
    after `not_after` would be late enough to harm and is not sent. `carer`: for whom of the
    patient's carers it is; a step for carers has one reminder for each of them.
    """

    surgery = models.ForeignKey(Surgery, on_delete=models.PROTECT, related_name="reminders")
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="reminders")
    # No index: few rows have a carer, and they are found by their operation.
    carer = models.ForeignKey(
        Carer,
        on_delete=models.PROTECT,
        related_name="reminders",
        null=True,
        blank=True,
        db_index=False,
    )
    step_key = models.CharField(max_length=60)
    occurrence = models.IntegerField(default=0)
    category = models.CharField(max_length=20)
    is_high_priority = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=ReminderStatus, default=ReminderStatus.PLANNED)
    reason = models.CharField(
        max_length=20, choices=ReminderReason, blank=True, default=ReminderReason.NONE
    )
    because = models.CharField(
        max_length=200, blank=True, help_text="Why this patient gets it, as in dural tear."
    )
    shifted_days = models.PositiveSmallIntegerField(
        default=0,
        db_default=0,
        help_text="By how many days holds have moved it; the message says so.",
    )
    # No index: few rows have one, and they are found by their operation.
    sent_by = models.ForeignKey(
        Staff,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        help_text="Who sent it by hand; empty for what the plan sends.",
    )
    due_at = models.DateTimeField()
    not_after = models.DateTimeField()
    status_since = models.DateTimeField()

    objects = ReminderQuerySet.as_manager()

    class Meta:
        ordering = ("due_at", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["surgery", "step_key", "occurrence"],
                condition=~Q(status="cancelled") & Q(carer=None),
                name="reminder_once_per_surgery_and_step",
            ),
            models.UniqueConstraint(
                fields=["surgery", "carer", "step_key", "occurrence"],
                condition=~Q(status="cancelled") & Q(carer__isnull=False),
                name="reminder_once_per_carer_and_step",
            ),
            models.CheckConstraint(
                condition=Q(not_after__gte=F("due_at")) | ~Q(status__in=["planned", "held"]),
                name="reminder_window_is_forward",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["planned", "dispatched"]) | ~Q(reason=""),
                name="reminder_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(status__in=ReminderStatus.values), name="reminder_status_is_known"
            ),
        ]
        indexes: ClassVar = [
            # only planned rows are indexed: the tick costs what is due, not what is stored
            models.Index(
                F("is_high_priority").desc(),
                "due_at",
                "id",
                condition=Q(status="planned"),
                name="reminder_due",
            ),
            # what asks something, to see who has not answered: the last few days of it
            models.Index(
                fields=["due_at"],
                condition=Q(status="dispatched", category="check_in"),
                name="reminder_asked",
            ),
            models.Index(
                fields=["not_after"], condition=Q(status="held"), name="reminder_held_until"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step_key} of surgery {self.surgery_id}"

    @property
    def recipient(self) -> Patient | Carer:
        """Who is told: one of the patient's carers, or the patient."""
        return self.carer or self.surgery.patient


OPEN = (ReminderStatus.PLANNED, ReminderStatus.HELD)
