"""What clinicians decided about limits → the decision that counts for each rule: the newest."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from clinic.models import Surgery
from reminders.models import RestrictionChange


def newest_changes(surgery: Surgery) -> Mapping[str, RestrictionChange]:
    """Return the decision that counts for each rule of this operation, by the rule's key."""
    return _newest(RestrictionChange.objects.filter(surgery=surgery).select_related("by"))


def new_days_of(surgeries: Iterable[Surgery]) -> Mapping[int, Mapping[str, int]]:
    """Return the days that clinicians set and did not take back, by surgery and rule; one query."""
    rows: dict[int, list[RestrictionChange]] = defaultdict(list)
    for row in RestrictionChange.objects.filter(surgery__in=[surgery.pk for surgery in surgeries]):
        rows[row.surgery_id].append(row)
    return {
        pk: {
            key: change.first_free_day
            for key, change in _newest(changes).items()
            if change.first_free_day is not None
        }
        for pk, changes in rows.items()
    }


def _newest(changes: Iterable[RestrictionChange]) -> dict[str, RestrictionChange]:
    newest: dict[str, RestrictionChange] = {}
    for change in changes:  # as the model orders them, the newest first
        newest.setdefault(change.restriction_key, change)
    return newest
