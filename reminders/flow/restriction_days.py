"""A clinic's own day for an activity → the draft that says so, signed like any of its words."""

from datetime import datetime

from django.db import transaction

from clinic.models import Staff
from reminders.flow.calendar import DAYS, shipped_rules
from reminders.flow.drafts import NotEditable, keep, locked_draft
from reminders.flow.version_content import content_of, head_of
from reminders.models import PathwayVersion
from reminders.rules.restrictions import OutsideReviewedRange, default_day, holds_for, moved


@transaction.atomic
def set_day(
    version_id: int, *, key: str, day: int | None, by: Staff, now: datetime
) -> PathwayVersion:
    """Let the rule end on this day (a start: begin), in this draft; None: as it ships.

    The day that stands already changes nothing. Raises NotEditable for a day outside of what the
    sources support, for a rule of another pathway, and for a version that is no draft.
    """
    version = locked_draft(version_id, by=by)
    content = content_of(version)
    rule = shipped_rules().get(key)
    if rule is None or not holds_for(rule, pathway=content):
        raise NotEditable("This pathway has no such activity.")
    default = default_day(rule)
    if day is not None:
        try:
            moved(rule, day=day)
        except OutsideReviewedRange as reason:
            raise NotEditable(str(reason)) from reason
    days = {name: value for name, value in content.restriction_days.items() if name != key}
    if day is not None and day != default:
        days[key] = day
    if days != content.restriction_days:
        version.head = {**(version.head or head_of(content)), DAYS: days}
        version.save(update_fields=["head"])
        before = content.restriction_days.get(key, default)
        keep(
            version,
            detail=f"Activity: {rule.activity}",
            changes={f"{rule.activity}, day": [before, days.get(key, default)]},
            by=by,
            now=now,
        )
    return version
