"""What happened to content: every step of a version's way, and messages that were pulled."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.models import Clinic, Staff
from reminders.models.pathway import PathwayVersion


class VersionEventKind(models.TextChoices):
    """What somebody did with a version. Written once, never changed."""

    LOADED = "loaded", _("Loaded")
    DERIVED = "derived", _("Draft begun")
    EDITED = "edited", _("Edited")
    SUBMITTED = "submitted", _("Handed in for review")
    SIGNED = "signed", _("Signed")
    RETURNED = "returned", _("Sent back to its writers")
    APPROVED = "approved", _("Approved")
    LIVE = "live", _("Put live")
    RETIRED = "retired", _("Retired")
    TRIED = "tried", _("Tried with a made-up patient")


class VersionEvent(models.Model):
    """One thing done with a version: who, when, on which content. `by` is empty for the loader."""

    version = models.ForeignKey(PathwayVersion, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=VersionEventKind)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    detail = models.CharField(max_length=200, blank=True, help_text="As in d3_check_in, en: sms.")
    changes = models.JSONField(default=dict, help_text="Old and new value by field.")

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.version}"


class PulledStep(models.Model):
    """A message that somebody stopped in one clinic, in every version, until it is restored."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="pulled_steps")
    step_key = models.CharField(max_length=60)
    reason = models.CharField(max_length=300)
    pulled_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    pulled_at = models.DateTimeField()
    restored_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    restored_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-pulled_at",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["clinic", "step_key"],
                condition=Q(restored_at__isnull=True),
                name="step_pulled_once",
            ),
            models.CheckConstraint(
                condition=Q(restored_at__isnull=True) | Q(restored_by__isnull=False),
                name="step_restored_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.step_key
