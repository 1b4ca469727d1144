"""A difference that a person agreed to → a row that stays."""

from collections.abc import Iterable
from datetime import datetime

from clinic.models import Staff
from reminders.flow.difference import Change, PlanDifference
from reminders.models import AgreedTo, PlanAgreement

SORTS = ("moves", "adds", "releases", "holds", "cancels", "too_late", "already_sent")


def keep_agreement(
    surgery_id: int, difference: PlanDifference, *, what: str, by: Staff, now: datetime
) -> PlanAgreement | None:
    """Keep what this person saw and agreed to; None where nothing changed for the patient.

    Called in the transaction that applies the difference: either both are kept or neither.
    """
    if difference.is_empty:
        return None
    rows = {sort: _kept(getattr(difference, sort)) for sort in SORTS}
    return PlanAgreement.objects.create(
        surgery_id=surgery_id,
        what=AgreedTo(what),
        counts={sort: len(changes) for sort, changes in rows.items() if changes},
        difference={sort: changes for sort, changes in rows.items() if changes},
        by=by,
        at=now,
    )


def difference_of(agreement: PlanAgreement) -> PlanDifference:
    """Return the difference as it was agreed to."""
    kept = agreement.difference
    return PlanDifference(**{sort: _read(kept.get(sort, ())) for sort in SORTS})


def _kept(changes: Iterable[Change]) -> list[dict[str, object]]:
    return [
        {
            "key": change.step_key,
            "intent": change.intent,
            "occurrence": change.occurrence,
            "category": change.category,
            "old": change.old_due and change.old_due.isoformat(),
            "new": change.new_due and change.new_due.isoformat(),
            "reason": change.reason,
        }
        for change in changes
    ]


def _read(rows: Iterable[dict[str, str]]) -> tuple[Change, ...]:
    return tuple(
        Change(
            step_key=row["key"],
            intent=row["intent"],
            occurrence=int(row["occurrence"]),
            category=row["category"],
            old_due=datetime.fromisoformat(row["old"]) if row["old"] else None,
            new_due=datetime.fromisoformat(row["new"]) if row["new"] else None,
            reason=row["reason"],
        )
        for row in rows
    )
