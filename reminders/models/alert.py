"""Alerts and staff tasks: what a person must do, until a named person has done it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.models import Clinic, Patient, Staff
from reminders.models.delivery import Delivery
from reminders.models.reminder import Reminder
from reminders.models.reply import Reply


class AlertStatus(models.TextChoices):
    """Where an alert stands. Drawn in ARCHITECTURE.md; a test keeps both lists equal."""

    OPEN = "open", _("Open")  # nobody has it yet
    ACKNOWLEDGED = "acknowledged", _("In hand")  # a named person has it
    CLOSED = "closed", _("Closed")  # final. Closed by a named person, with an outcome


class Tier(models.TextChoices):
    """How soon a person must look (clinical.md 4, care card levels)."""

    EMERGENCY = "emergency", _("Emergency")
    SAME_DAY = "same_day", _("Same day")
    ROUTINE = "routine", _("Routine")


class AlertKind(models.TextChoices):
    """What an alert is about."""

    REPLY = "reply", _("A reply that may be urgent")
    WARNING_SIGN = "warning_sign", _("A warning sign, reported on the patient's page")
    CHECK_IN = "check_in", _("An answer that asks for a call")
    SILENT = "silent", _("Questions that nobody answered")
    STAFF_STEP = "staff_step", _("A staff step of the pathway")
    NOT_REACHED = "not_reached", _("A safety message reached nobody")
    CONTACT = "contact", _("A contact that no longer works")
    OPTED_OUT = "opted_out", _("The patient opted out")
    CONTENT = "content", _("Content to see to")
    PAGE = "page", _("The patient's page")


class Alert(models.Model):
    """One thing for a person. Unique per cause, so raising it twice is one alert."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="alerts")
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, null=True, blank=True, related_name="alerts"
    )
    kind = models.CharField(max_length=12, choices=AlertKind)
    tier = models.CharField(max_length=10, choices=Tier)
    cause = models.CharField(max_length=80, help_text="What raised it, as in reply:12.")
    summary = models.CharField(max_length=200)
    to_do = models.TextField(blank=True)
    reminder = models.ForeignKey(Reminder, on_delete=models.PROTECT, null=True, blank=True)
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, null=True, blank=True)
    reply = models.ForeignKey(Reply, on_delete=models.PROTECT, null=True, blank=True)
    status = models.CharField(max_length=12, choices=AlertStatus, default=AlertStatus.OPEN)
    opened_at = models.DateTimeField()
    act_before = models.DateTimeField()
    acknowledged_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=200, blank=True)
    # Its climb: the times as the ladder had them when it began, and where it stands.
    repeat_minutes = models.PositiveSmallIntegerField(default=0)
    raise_again_minutes = models.PositiveSmallIntegerField(default=0)
    round = models.PositiveSmallIntegerField(default=0)
    raise_again_at = models.DateTimeField(null=True, blank=True)
    # Silence only: nobody was reached, and the next call is at this moment (flow/calls.py).
    try_again_at = models.DateTimeField(null=True, blank=True)
    banner_since = models.DateTimeField(null=True, blank=True)
    banner = models.CharField(max_length=300, blank=True, help_text="Whom to call, and where.")

    class Meta:
        ordering = ("act_before", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["clinic", "cause"], name="alert_once_per_cause"),
            models.CheckConstraint(
                condition=~Q(status="closed") | Q(closed_by__isnull=False) & ~Q(outcome=""),
                name="alert_closed_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status="acknowledged") | Q(acknowledged_by__isnull=False),
                name="alert_acknowledged_by_somebody",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["clinic", "act_before"],
                condition=~Q(status="closed"),
                name="alert_waiting",
            ),
            models.Index(
                fields=["raise_again_at"],
                condition=Q(status="acknowledged"),
                name="alert_to_raise_again",
            ),
            models.Index(
                fields=["clinic", "opened_at"],
                condition=Q(Q(tier="emergency") | Q(banner_since__isnull=False), status="open"),
                name="alert_unclaimed",
            ),
        ]

    def __str__(self) -> str:
        return self.summary
