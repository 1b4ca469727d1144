"""Holds of operations: begun, ended, ended by themselves; and what of them a plan follows.

A plan follows holds only through `flow.plan`, which compares and writes: these functions change
the record, and the database makes the plan stale.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from clinic.models import AfterHold, Hold, HoldKind, Staff, Surgery
from reminders.rules.pauses import Pause

# A day of the calendar ends this much earlier or later than in UTC, in the farthest zones.
FARTHEST_ZONE = timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class NewHold:
    """What staff decide when they put a plan on hold."""

    kind: HoldKind
    reason: str
    until: date | None = None
    ends_itself: bool = False
    after: AfterHold = AfterHold.GO_ON


@transaction.atomic
def begin_hold(surgery: Surgery, hold: NewHold, *, by: Staff | None, now: datetime) -> bool:
    """Let the messages of this operation wait; return whether that is new. Twice is once.

    `surgery` is brought up to date, and keeps what else was changed on it in memory.
    """
    current = Surgery.objects.select_for_update().get(pk=surgery.pk)
    is_new = not current.on_hold and not _open(surgery).exists()
    if is_new:
        Hold.objects.create(
            surgery=surgery,
            kind=hold.kind,
            reason=hold.reason,
            began_at=now,
            began_by=by,
            until=hold.until,
            ends_itself=hold.ends_itself and hold.until is not None,
            after=hold.after,
        )
        current.on_hold, current.hold_kind, current.hold_reason = True, hold.kind, hold.reason
        current.save(update_fields=["on_hold", "hold_kind", "hold_reason"])
    surgery.refresh_from_db()
    return is_new


@transaction.atomic
def end_hold(surgery: Surgery, *, after: AfterHold, by: Staff | None, now: datetime) -> bool:
    """Let the messages go on, by this rule; return whether that is new. Twice is once.

    Of a hold that nobody recorded, whose beginning is not known, the plan goes on and never shifts.
    """
    locked = Surgery.objects.select_for_update(of=("self",)).select_related("patient__clinic")
    current = locked.get(pk=surgery.pk)
    hold = _open(surgery).select_for_update().first()
    if hold is not None:
        hold.ended_at, hold.ended_by, hold.after = max(now, hold.began_at), by, after
        is_shift = after == AfterHold.SHIFT
        hold.shifted_days = lasted_days(hold, on=current, now=now) if is_shift else 0
        hold.save(update_fields=["ended_at", "ended_by", "after", "shifted_days"])
    was_on_hold = current.on_hold
    if was_on_hold:
        current.on_hold, current.hold_kind, current.hold_reason = False, "", ""
        current.save(update_fields=["on_hold", "hold_kind", "hold_reason"])
    surgery.refresh_from_db()
    return was_on_hold or hold is not None


def end_due_holds(*, now: datetime, limit: int = 200) -> int:
    """End the holds whose day has come and that end by themselves; return how many.

    Any number of workers may call this at once: whoever finds a hold ended leaves it.
    """
    last_day = (now + FARTHEST_ZONE).date()
    due = Hold.objects.filter(ended_at=None, ends_itself=True, until__lte=last_day)
    ended = 0
    for hold in due.select_related("surgery__patient__clinic").order_by("until", "pk")[:limit]:
        surgery = hold.surgery
        if hold.until and hold.until <= timezone.localdate(now, surgery.patient.tz):
            ended += end_hold(surgery, after=AfterHold(hold.after), by=None, now=now)
    return ended


def open_hold_of(surgery: Surgery) -> Hold | None:
    """Return the hold that is open, with who began it; None where there is none on record."""
    return _open(surgery).select_related("began_by").first()


def lasted_days(hold: Hold, *, on: Surgery, now: datetime) -> int:
    """Return how many days of the patient's calendar a hold has lasted, from the operation on."""
    tz = on.patient.tz
    began = max(timezone.localdate(hold.began_at, tz), on.surgery_date)
    return max(0, (timezone.localdate(hold.ended_at or now, tz) - began).days)


def pauses_of(surgeries: Iterable[Surgery]) -> Mapping[int, tuple[Pause, ...]]:
    """Return the holds of these operations that have ended, by operation; one query."""
    by_id = {surgery.pk: surgery for surgery in surgeries}
    found: dict[int, list[Pause]] = defaultdict(list)
    ended = Hold.objects.filter(surgery__in=by_id, ended_at__isnull=False).order_by(
        "began_at", "pk"
    )
    for hold in ended:
        surgery = by_id[hold.surgery_id]
        if hold.ended_at is not None:
            # An operation that was moved since may have left the hold behind it, or a part of it.
            days = min(hold.shifted_days, lasted_days(hold, on=surgery, now=hold.ended_at))
            found[surgery.pk].append(Pause(hold.began_at, hold.ended_at, days))
    return {pk: tuple(pauses) for pk, pauses in found.items()}


def _open(surgery: Surgery) -> "QuerySet[Hold]":
    return Hold.objects.filter(surgery=surgery.pk, ended_at=None)
