"""Who is on duty: shifts are added, ended and asked for. An alert asks at the moment it is told."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from clinic.models import Clinic, Staff
from reminders.flow.duty_changes import note_shifts
from reminders.models import DutyShift
from reminders.rules.rota import Span


class ShiftsOverlap(Exception):
    """The person is on duty already in some of these hours; `shift` is the one that is there."""

    def __init__(self, shift: DutyShift) -> None:
        super().__init__(f"shift {shift.pk}")
        self.shift = shift


@transaction.atomic
def add_shifts(
    clinic: Clinic, *, staff: Staff, spans: Sequence[Span], by: Staff, now: datetime
) -> list[DutyShift]:
    """Put a person of this clinic on duty in these spans, all or none, and keep who did it.

    Raises ShiftsOverlap.
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
    note_shifts(clinic, of=staff, after=spans, by=by, now=now)
    return DutyShift.objects.bulk_create(shifts)


@transaction.atomic
def end_shift(shift_id: int, *, by: Staff, now: datetime) -> None:
    """Take a shift that is to come off the rota; one that runs ends now. One that is over stays.

    Who did it is kept. Twice is once.
    """
    rows = DutyShift.objects.select_for_update(of=("self",)).select_related("clinic", "staff")
    shift = rows.filter(pk=shift_id).first()
    if shift is None or shift.ends_at <= now:
        return
    was, stays = (shift.starts_at, shift.ends_at), shift.starts_at < now
    note_shifts(
        shift.clinic,
        of=shift.staff,
        before=[was],
        after=[(shift.starts_at, now)] if stays else [],
        by=by,
        now=now,
    )
    if not stays:
        shift.delete()
        return
    shift.ends_at = now
    shift.save(update_fields=["ends_at"])
