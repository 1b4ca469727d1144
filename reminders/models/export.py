"""Exports: who took which rows out of the panel, when, and why."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.models import Clinic, Staff


class ExportFormat(models.TextChoices):
    CSV = "csv", _("CSV")
    XLSX = "xlsx", _("Excel workbook (.xlsx)")


class Export(models.Model):
    """One file that left the panel. Written before its first row leaves.

    `query` is the list's filter as its address had it. `row_count` is what the list showed;
    `finished_at` stays empty where the download was broken off with the server.
    """

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="exports")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    rows_of = models.CharField(max_length=40, help_text="The list, as in clinic.patient.")
    query = models.TextField(blank=True)
    format = models.CharField(max_length=4, choices=ExportFormat)
    with_names = models.BooleanField(default=False)
    reason = models.CharField(max_length=200, blank=True)
    row_count = models.PositiveIntegerField()
    rows_written = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True, help_text="When others were mailed.")

    class Meta:
        ordering = ("-at", "-pk")
        permissions: ClassVar = [("export_names", "Can export with names")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(with_names=False) | ~Q(reason=""), name="export_of_names_has_a_reason"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["clinic", "-at"], name="export_by_clinic"),
            models.Index(
                fields=["at"],
                condition=Q(with_names=True, told_at__isnull=True),
                name="export_to_tell",
            ),
        ]

    def __str__(self) -> str:
        return f"Export {self.pk}"
