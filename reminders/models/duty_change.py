"""Who changed whom an alert reaches: the rota and the ladder, kept for good."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.models import Clinic, Staff


class DutyChangeKind(models.TextChoices):
    """What somebody did to the rota or the ladder. Written once, never changed."""

    ON_DUTY = "on_duty", _("Put on duty")
    OFF_DUTY = "off_duty", _("Taken off duty")
    LADDER = "ladder", _("Ladder changed")


class DutyChange(models.Model):
    """One change: who made it, when, and what stood there before and after.

    For the rota `before` and `after` are pairs of ISO moments, one pair a shift of `staff`; for the
    ladder a mapping a rung, as `flow.duty_changes.kept_rung` writes it. The database refuses to
    change or delete a row.
    """

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="duty_changes")
    kind = models.CharField(max_length=10, choices=DutyChangeKind)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    staff = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    before = models.JSONField(default=list)
    after = models.JSONField(default=list)

    class Meta:
        ordering = ("-at", "-pk")
        indexes: ClassVar = [models.Index(fields=["clinic", "-at"], name="duty_change_newest")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.at:%Y-%m-%d %H:%M}"
