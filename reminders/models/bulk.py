"""One change of many operations: asked for by one person, agreed to by another, done in one go."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.models import Clinic, Staff, Surgery

# Up to so many patients one person decides alone; see docs/adr/0017.
ALONE_AT_MOST = 10
WAITS_FOR = timedelta(hours=24)


class BulkAction(models.TextChoices):
    """What is to happen to each operation."""

    HOLD = "hold", _("Hold the messages")
    RESUME = "resume", _("Let the messages go on")
    MOVE = "move", _("Move by days")
    CANCEL = "cancel", _("Call off")


class BulkStatus(models.TextChoices):
    """Where a request stands. One that nobody agreed to in time stays ASKED and is over."""

    ASKED = "asked", _("Waits for a yes")  # left by whoever agrees or refuses
    AGREED = "agreed", _("Being done")  # a worker does row after row; left when none waits
    DONE = "done", _("Done")  # final
    REFUSED = "refused", _("Refused or taken back")  # final


class BulkRowStatus(models.TextChoices):
    """What became of one operation."""

    WAITING = "waiting", _("Waits")
    DONE = "done", _("Done")  # final
    LEFT_OUT = "left_out", _("Left out")  # final, for the reason beside it


class WhyLeftOut(models.TextChoices):
    NONE = "", ""
    CHANGED = "changed", _("The record has changed since it was asked for")
    NOT_POSSIBLE = "not_possible", _("That is not possible with this operation")


class BulkRequestQuerySet(models.QuerySet["BulkRequest"]):
    def waiting(self, now: datetime) -> Self:
        """Those that somebody may still agree to."""
        return self.filter(status=BulkStatus.ASKED, asked_at__gt=now - WAITS_FOR)


class BulkRequest(models.Model):
    """What one person asked for: the action, the reason, and the operations as they then stood."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="bulk_requests")
    action = models.CharField(max_length=10, choices=BulkAction)
    days = models.SmallIntegerField(default=0)
    reason = models.CharField(max_length=120)
    patient_count = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=BulkStatus, default=BulkStatus.ASKED)
    asked_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = BulkRequestQuerySet.as_manager()

    class Meta:
        ordering = ("-asked_at", "-pk")
        permissions: ClassVar = [("approve_bulkrequest", "Can agree to what others ask for")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=["asked", "refused"])
                | Q(patient_count__lte=ALONE_AT_MOST)
                | ~Q(decided_by=F("asked_by")),
                name="bulk_needs_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(status="asked") | Q(decided_by__isnull=False),
                name="bulk_decided_by_somebody",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["clinic", "asked_at"],
                condition=Q(status__in=["asked", "agreed"]),
                name="bulk_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()}, {self.patient_count}"


class BulkRow(models.Model):
    """One operation of a request. `revision` is that of the record when it was asked for."""

    request = models.ForeignKey(BulkRequest, on_delete=models.PROTECT, related_name="rows")
    surgery = models.ForeignKey(Surgery, on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=BulkRowStatus, default=BulkRowStatus.WAITING)
    why = models.CharField(max_length=20, choices=WhyLeftOut, blank=True, default=WhyLeftOut.NONE)
    counts = models.JSONField(default=dict, help_text="How many of each sort changed in the plan.")
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "surgery"], name="bulk_row_once")
        ]

    def __str__(self) -> str:
        return f"Row {self.pk}"
