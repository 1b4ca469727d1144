"""A clinic that lacks nothing → live, from this moment on, by a named person. Nothing else does it.

Until then nothing goes to a patient (`reminders.flow.permit`, `reminders.flow.dispatch`): promise
P3. What goes missing later does not take it back: the clinic is told, and stops sending itself.
"""

from datetime import datetime

from django.db import transaction
from simple_history.utils import update_change_reason

from clinic.models import Clinic, Staff
from reminders.flow.readiness import RUNS_THE_CLINIC, Readiness, readiness_of


class NotReady(Exception):
    """The clinic stays as it is: something is missing, or this person may not decide it."""

    def __init__(self, missing: list[Readiness]) -> None:
        super().__init__(", ".join(one.part for one in missing) or "not theirs to decide")
        self.missing = missing


def may_go_live(clinic: Clinic, *, by: Staff) -> bool:
    """True for the manager and the surgeon of this clinic; an operator runs machines, not care."""
    return by.is_active and by.clinic_id == clinic.pk and by.role in RUNS_THE_CLINIC


@transaction.atomic
def go_live(clinic_id: int, *, by: Staff, now: datetime) -> Clinic:
    """Let this clinic write to patients from now on. Twice is once: the first name stays.

    Everything is looked at again here, while the clinic's row is held. Raises NotReady.
    """
    clinic = Clinic.objects.select_for_update(of=("self",)).get(pk=clinic_id)
    if clinic.live_since is not None:
        return clinic
    if not may_go_live(clinic, by=by):
        raise NotReady([])
    if missing := [one for one in readiness_of(clinic, now=now) if not one.is_done]:
        raise NotReady(missing)
    clinic.live_since, clinic.live_by = now, by
    clinic.save(update_fields=["live_since", "live_by"])
    update_change_reason(clinic, f"Gone live by {by.username}")
    return clinic
