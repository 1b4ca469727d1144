"""Who is on duty: shifts are added, ended and asked for. An alert asks at the moment it is told."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from clinic.models import Clinic, Staff
from reminders.models import DutyShift
from reminders.rules.rota import Span


class ShiftsOverlap(Exception):
    """The person is on duty already in some of these hours; `shift` is the one that is there."""

    def __init__(self, shift: DutyShift) -> None:
        super().__init__(f"shift {shift.pk}")
        self.shift = shift


@transaction.atomic
def add_shifts(clinic: Clinic, *, staff: Staff, spans: Sequence[Span]) -> list[DutyShift]:
    """Put a person of this clinic on duty in these spans, all or none. Raises ShiftsOverlap.

    Two who do so for the same person at once queue up on that person's row.
    """
    Staff.objects.select_for_update().get(pk=staff.pk, clinic=clinic)
    for begins, ends in spans:
        there = DutyShift.objects.filter(
            clinic=clinic, staff=staff, starts_at__lt=ends, ends_at__gt=begins
        ).first()
        if there is not None:
            raise ShiftsOverlap(there)
    shifts = [
        DutyShift(clinic=clinic, staff=staff, starts_at=begins, ends_at=ends)
        for begins, ends in spans
    ]
    return DutyShift.objects.bulk_create(shifts)


@transaction.atomic
def end_shift(shift_id: int, *, now: datetime) -> None:
    """Take a shift that is to come off the rota; one that runs ends now. One that is over stays.

    Twice is once.
    """
    shift = DutyShift.objects.select_for_update().filter(pk=shift_id).first()
    if shift is None or shift.ends_at <= now:
        return
    if shift.starts_at >= now:
        shift.delete()
        return
    shift.ends_at = now
    shift.save(update_fields=["ends_at"])
