"""What a clinician decided for one patient: an activity is free at once, or on another day."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.models import Staff, Surgery

LATEST_DAY = 730


class ChangeKind(models.TextChoices):
    """What the clinician wants of the rule, for this patient."""

    RELEASED = "released", _("Released")  # free from the day on which it was said
    NEW_DAY = "new_day", _("Another day")  # free from `first_free_day`, sooner or later
    AS_CALENDAR = "as_calendar", _("As the calendar says")  # takes back what was decided before


class RestrictionChange(models.Model):
    """One decision about one rule of the activity calendar. Only ever added to; the newest counts.

    `first_free_day` counts from the operation, and may lie outside of the range that holds for a
    clinic: a clinician decides for one patient, and says why. The database refuses to change or
    delete a row.
    """

    surgery = models.ForeignKey(
        Surgery, on_delete=models.PROTECT, related_name="restriction_changes"
    )
    restriction_key = models.CharField(max_length=60)
    kind = models.CharField(max_length=12, choices=ChangeKind)
    first_free_day = models.PositiveSmallIntegerField(null=True, blank=True)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=300)

    class Meta:
        ordering = ("-at", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    kind="new_day", first_free_day__isnull=False, first_free_day__lte=LATEST_DAY
                )
                | ~Q(kind="new_day") & Q(first_free_day__isnull=True),
                name="restriction_change_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ChangeKind.values), name="restriction_change_kind_is_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="restriction_change_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.restriction_key} of surgery {self.surgery_id}"
