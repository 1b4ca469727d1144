"""A clinic's hours, holidays and closures → the rule that says whether staff are there."""

from clinic.models import Clinic
from reminders.flow.record import workday_rule
from reminders.rules.staffed import StaffedHours


def staffed_hours(clinic: Clinic) -> StaffedHours:
    """Return when staff are at this clinic; reads its closures."""
    return StaffedHours(
        opens_at=clinic.opens_at,
        closes_at=clinic.closes_at,
        tz=clinic.tz,
        is_workday=workday_rule(clinic, list(clinic.closures.all())),
    )
