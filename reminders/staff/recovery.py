"""The day of recovery of many patients, for the price of one query."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from clinic.models import Patient, Surgery, SurgeryStatus
from reminders.staff.words import day_of_recovery


def with_operations(name: str) -> "Prefetch[str, QuerySet[Surgery], str]":
    """Fetch what the functions below read; `name` leads from the rows to the operations."""
    surgeries = Surgery.objects.exclude(status=SurgeryStatus.CANCELLED)
    return Prefetch(name, surgeries.order_by("-surgery_date"), to_attr="operations")


def current_operation(patient: Patient) -> Surgery | None:
    """Return the operation that the patient recovers from: the latest that was not cancelled."""
    operations: Sequence[Surgery] = getattr(patient, "operations", ())
    return operations[0] if operations else None


def recovery_of(patient: Patient | None, *, now: datetime) -> str:
    """Say where the patient stands today, as in "day 12"; empty without an operation."""
    operation = current_operation(patient) if patient else None
    if patient is None or operation is None:
        return ""
    return day_of_recovery(operation.surgery_date, on=timezone.localdate(now, patient.tz))


def unconfirmed_operation(patient: Patient | None, *, now: datetime) -> Surgery | None:
    """Return the operation whose day has come and of which nobody has said that it took place."""
    operation = current_operation(patient) if patient else None
    if patient is None or operation is None or operation.status != SurgeryStatus.PLANNED:
        return None
    return operation if operation.surgery_date <= timezone.localdate(now, patient.tz) else None
