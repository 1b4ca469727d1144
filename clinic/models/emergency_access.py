"""Emergency access: who opened a patient of another clinic, for how long, and why. (ADR 23)"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from clinic.models.clinic import Clinic
from clinic.models.patient import Patient
from clinic.models.staff import Staff

# The database repeats it.
SHORTEST_REASON = 15
LONGEST_REASON = LONGEST_NOTE = 300


class EmergencyAccess(models.Model):
    """One patient's record, open to one person of another clinic until `until`, to be read.

    `clinic` is the patient's, whose history this is; `from_clinic` is where the person worked at
    that moment. `ended_at` is when they ended it, or else when its time had run out. The database
    lets nobody change or delete a row: it is ended once, told once and reviewed once, by somebody
    else.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+", db_index=False)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    from_clinic = models.ForeignKey(
        Clinic, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    until = models.DateTimeField()
    reason = models.CharField(max_length=LONGEST_REASON)
    ended_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    review_note = models.CharField(max_length=LONGEST_NOTE, blank=True)

    class Meta:
        ordering = ("-at", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(reason__regex=rf"^.{{{SHORTEST_REASON},}}$"),
                name="emergency_access_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(until__gt=F("at")), name="emergency_access_is_for_a_while"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at=None, reviewed_by=None, review_note="")
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False) & ~Q(review_note=""),
                name="emergency_review_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("by")),
                name="emergency_review_is_by_another",
            ),
            models.UniqueConstraint(
                fields=["by"], condition=Q(ended_at=None), name="emergency_access_one_at_a_time"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["clinic", "-at", "-id"], name="emergency_of_clinic"),
            models.Index(
                fields=["clinic"], condition=Q(reviewed_at=None), name="emergency_to_review"
            ),
            models.Index(fields=["at"], condition=Q(told_at=None), name="emergency_to_tell"),
        ]

    def __str__(self) -> str:
        return f"Emergency access {self.pk}"
