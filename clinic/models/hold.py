"""A hold: from when to when the messages of one operation wait, why, and how they go on."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.models.staff import Staff
from clinic.models.surgery import HoldKind, Surgery


class AfterHold(models.TextChoices):
    """How a plan goes on after a hold (docs/adr/0016-holds-and-shifts.md)."""

    GO_ON = "go_on", _("Go on at the day of recovery that the patient has reached")
    SHIFT = "shift", _("Move exercises and tips by the days that the hold lasted")


class Hold(models.Model):
    """One hold of one operation's messages. Open until `ended_at`; one at a time is open.

    `until` is a day of the patient's: on it the hold ends by itself (`ends_itself`, by the rule
    `after`), or staff are asked. `shifted_days`: by how many days the plan moved when it ended.
    The row is kept: later plans follow from it.
    """

    surgery = models.ForeignKey(Surgery, on_delete=models.PROTECT, related_name="holds")
    kind = models.CharField(max_length=12, choices=HoldKind)
    reason = models.CharField(max_length=120)
    began_at = models.DateTimeField()
    began_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    until = models.DateField(null=True, blank=True)
    ends_itself = models.BooleanField(default=False)
    after = models.CharField(max_length=5, choices=AfterHold, default=AfterHold.GO_ON)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    shifted_days = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("-began_at", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["surgery"], condition=Q(ended_at=None), name="one_open_hold_per_surgery"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("began_at")),
                name="hold_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(ends_itself=False) | Q(until__isnull=False),
                name="hold_that_ends_itself_has_its_day",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="hold_has_a_reason"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["began_at"], condition=Q(ended_at=None), name="hold_open")
        ]

    def __str__(self) -> str:
        return f"hold {self.pk} of surgery {self.surgery_id}"
