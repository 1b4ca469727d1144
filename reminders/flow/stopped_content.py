"""Content that may not go out at this moment: pulled, overdue for review, or not as signed.

Planner, dispatch and delivery ask the same question, each in its own transaction, so that a pull
counts from its commit on.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from reminders.models import TIPS, PathwayVersion, PulledStep, ReminderReason, Step


@dataclass(frozen=True, slots=True)
class StoppedContent:
    """What was pulled, by clinic and step key, as it stood when it was read."""

    pulled: frozenset[tuple[int, str]]

    def reason(self, step: Step, *, clinic_id: int, today: date) -> str:
        """Return why this step may not go out, or an empty text. `today` is the clinic's day."""
        if not step.version.may_be_sent:
            return ReminderReason.NO_LIVE_CONTENT
        return self.hold(step.key, step.category, step.version, clinic_id=clinic_id, today=today)

    def hold(
        self, key: str, category: str, version: PathwayVersion, *, clinic_id: int, today: date
    ) -> str:
        """Return why a step of content that is live is held, or an empty text.

        Tips stop when their review date has passed; what keeps people safe goes on (CG-3).
        """
        if (clinic_id, key) in self.pulled:
            return ReminderReason.PULLED
        if category in TIPS and is_overdue(version.other_review_by, today=today):
            return ReminderReason.REVIEW_OVERDUE
        return ReminderReason.NONE


def stopped_content(clinic_ids: Iterable[int]) -> StoppedContent:
    """Read what these clinics have pulled and not restored; one query."""
    rows = PulledStep.objects.filter(clinic__in=set(clinic_ids), restored_at=None)
    return StoppedContent(frozenset(rows.values_list("clinic_id", "step_key")))


def is_overdue(review_by: date | None, *, today: date) -> bool:
    """True from the day after the last day on which it should have been looked at."""
    return review_by is not None and review_by < today
