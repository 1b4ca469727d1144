"""Warning signs that patients report on their page, kept as they were reported."""

import uuid

from django.db import models

from clinic.models import Patient
from reminders.models.patient_link import PatientLink


class SignReport(models.Model):
    """One report: the signs that were ticked, word for word as the page showed them, and own words.

    Its id is made with the form, so that a form that is sent twice is one report.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="sign_reports")
    link = models.ForeignKey(PatientLink, on_delete=models.PROTECT, related_name="sign_reports")
    signs = models.JSONField(default=list)
    words = models.TextField(blank=True)
    language = models.CharField(max_length=8)
    reported_at = models.DateTimeField()

    class Meta:
        ordering = ("-reported_at",)

    def __str__(self) -> str:
        return f"Report {self.pk}"
