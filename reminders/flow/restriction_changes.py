"""What a clinician decides about a patient's limit → a row that stays, and another plan."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from clinic.models import Staff, Surgery
from reminders.flow.restrictions import rules_of
from reminders.models import ChangeKind, RestrictionChange
from reminders.models.restriction_change import LATEST_DAY
from reminders.rules.content import RestrictionKind

MAY_CHANGE = "reminders.add_restrictionchange"
LONGEST_REASON = 300


class NotChangeable(Exception):
    """The limit was not changed; the message says why."""


@transaction.atomic
def change_restriction(
    surgery_id: int,
    *,
    key: str,
    kind: ChangeKind,
    day: int | None,
    reason: str,
    by: Staff,
    now: datetime,
) -> RestrictionChange:
    """Keep a clinician's decision about one rule for this patient; the plan follows it.

    `day` is the first free day, for NEW_DAY only. Saying what holds already adds nothing. Raises
    NotChangeable for a role that may not, without a reason, for a rule that is not in the signed
    calendar of this operation, and for one that holds nothing back.
    """
    surgery = Surgery.objects.select_for_update(of=("self",)).get(pk=surgery_id)
    _require_clinician(surgery, by)
    _require_rule(surgery, key)
    day = _checked_day(kind, day)
    if not reason.strip():
        raise NotChangeable("Say why, so that the next person knows.")
    newest = RestrictionChange.objects.filter(surgery=surgery, restriction_key=key).first()
    if newest is None and kind == ChangeKind.AS_CALENDAR:
        raise NotChangeable("It is as the calendar says already.")
    if newest is not None and (newest.kind, newest.first_free_day) == (kind, day):
        return newest
    change = RestrictionChange.objects.create(
        surgery=surgery,
        restriction_key=key,
        kind=kind,
        first_free_day=day,
        by=by,
        at=now,
        reason=reason.strip()[:LONGEST_REASON],
    )
    # What the database does for every change of the record itself: the plan is made again.
    Surgery.objects.filter(pk=surgery.pk).update(revision=F("revision") + 1)
    return change


def _require_clinician(surgery: Surgery, by: Staff) -> None:
    if not by.is_superuser and by.clinic_id != surgery.patient.clinic_id:
        raise NotChangeable("This patient belongs to another clinic.")
    if not by.is_superuser and not by.has_perm(MAY_CHANGE):
        raise NotChangeable("Only a surgeon, nurse or physiotherapist can change a limit.")


def _require_rule(surgery: Surgery, key: str) -> None:
    rule = next((rule for rule in rules_of(surgery) if rule.key == key), None)
    if rule is None:
        raise NotChangeable("There is no such activity in the signed calendar of this operation.")
    if rule.kind is RestrictionKind.ADVICE:
        raise NotChangeable("This is advice: it holds nothing back.")


def _checked_day(kind: ChangeKind, day: int | None) -> int | None:
    if kind != ChangeKind.NEW_DAY:
        return None
    if day is None or not 0 <= day <= LATEST_DAY:
        raise NotChangeable(f"Name the first free day, 0 to {LATEST_DAY} after the operation.")
    return day
