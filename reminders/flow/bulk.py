"""A change of many operations: asked for, agreed to, then done row by row, each once.

Each row is done in a transaction of its own together with its state, so that a worker that dies
leaves a row done or waiting, and the next goes on. A row whose record has changed since it was
asked for is left out and named: nobody has looked at what it is now.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from clinic.models import AfterHold, HoldKind, Staff, Surgery, SurgeryStatus
from reminders.flow.agreements import keep_agreement
from reminders.flow.alerts import close_settled
from reminders.flow.difference import PlanDifference
from reminders.flow.pauses import NewHold, begin_hold, end_hold
from reminders.flow.plan import plan_surgery
from reminders.models import (
    ALONE_AT_MOST,
    BulkAction,
    BulkRequest,
    BulkRow,
    BulkRowStatus,
    BulkStatus,
    WhyLeftOut,
)

# More at once would keep whoever looks at the difference waiting for it.
AT_MOST = 100
COUNTED_BACK = timedelta(hours=24)
WHY_IN_HISTORY = "bulk"


class NeedsSecondPerson(Exception):
    """The request is about more patients than one person decides on alone."""


class NoLongerOpen(Exception):
    """Somebody has decided already, or 24 hours have passed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the change does to one operation, or why it does nothing."""

    why: WhyLeftOut
    difference: PlanDifference = field(default_factory=PlanDifference)


@transaction.atomic
def ask(
    surgeries: Iterable[Surgery],
    *,
    action: BulkAction,
    days: int,
    reason: str,
    by: Staff,
    now: datetime,
) -> BulkRequest:
    """Keep what somebody asks for, with the operations as they stand. Changes none of them.

    Raises ValueError for a person without a clinic and for no operation or more than AT_MOST.
    """
    rows = list(surgeries)
    if by.clinic is None or not 0 < len(rows) <= AT_MOST:
        raise ValueError("a request has a clinic and 1 to AT_MOST operations")
    request = BulkRequest.objects.create(
        clinic=by.clinic,
        action=action,
        days=days if action == BulkAction.MOVE else 0,
        reason=reason,
        patient_count=len({surgery.patient_id for surgery in rows}),
        asked_by=by,
        asked_at=now,
    )
    BulkRow.objects.bulk_create(
        BulkRow(request=request, surgery=surgery, revision=surgery.revision) for surgery in rows
    )
    return request


def needs_second(request: BulkRequest) -> bool:
    """True when one person may not decide this alone.

    What they decided alone in the last 24 hours counts too: twice ten are twenty.
    """
    alone = BulkRequest.objects.filter(
        asked_by=request.asked_by,
        decided_by=request.asked_by,
        status__in=(BulkStatus.AGREED, BulkStatus.DONE),
        decided_at__gt=request.asked_at - COUNTED_BACK,
    ).exclude(pk=request.pk)
    before = alone.aggregate(patients=Sum("patient_count"))["patients"] or 0
    return request.patient_count + int(before) > ALONE_AT_MOST


def outcome_of(row: BulkRow, *, by: Staff, now: datetime) -> Outcome:
    """Say what would happen to this operation now: done for real, looked at, and undone."""
    with transaction.atomic():
        outcome = _change(row, by=by, now=now)
        transaction.set_rollback(True)
    return outcome


@transaction.atomic
def agree(request_id: int, *, by: Staff, now: datetime) -> BulkRequest:
    """Say yes in this person's name; a worker does the rows from then on.

    Raises NeedsSecondPerson for the one who asked where a second is needed, and NoLongerOpen.
    Twice at once queue up on the asker: two requests of ten cannot both pass for ten.
    """
    asker = BulkRequest.objects.only("asked_by").get(pk=request_id).asked_by_id
    Staff.objects.select_for_update(no_key=True).get(pk=asker)
    request = _open(request_id, now=now)
    if by.pk == request.asked_by_id and needs_second(request):
        raise NeedsSecondPerson(str(request.pk))
    request.status, request.decided_by, request.decided_at = BulkStatus.AGREED, by, now
    request.save(update_fields=["status", "decided_by", "decided_at"])
    return request


@transaction.atomic
def refuse(request_id: int, *, by: Staff, now: datetime) -> None:
    """Refuse what somebody asked for, or take one's own back. Raises NoLongerOpen."""
    request = _open(request_id, now=now)
    request.status, request.decided_by, request.decided_at = BulkStatus.REFUSED, by, now
    request.save(update_fields=["status", "decided_by", "decided_at"])


def _open(request_id: int, *, now: datetime) -> BulkRequest:
    waiting = BulkRequest.objects.waiting(now).select_for_update(of=("self",))
    request = waiting.select_related("asked_by").filter(pk=request_id).first()
    if request is None:
        raise NoLongerOpen(str(request_id))
    return request


def do_agreed(*, now: Callable[[], datetime], stop: Callable[[], bool]) -> int:
    """Do what was agreed to until nothing of it waits; return how many rows.

    Any number of workers may call this at once, and one that dies leaves the rest to the next.
    """
    done = 0
    for request in BulkRequest.objects.filter(status=BulkStatus.AGREED).order_by("decided_at"):
        while not stop() and _do_next(request, now=now()):
            done += 1
        left = request.rows.filter(status=BulkRowStatus.WAITING)
        if not left.exists():
            BulkRequest.objects.filter(pk=request.pk, status=BulkStatus.AGREED).update(
                status=BulkStatus.DONE, done_at=now()
            )
    return done


@transaction.atomic
def _do_next(request: BulkRequest, *, now: datetime) -> bool:
    waiting = BulkRow.objects.filter(request=request, status=BulkRowStatus.WAITING)
    row = waiting.select_for_update(skip_locked=True).order_by("pk").first()
    if row is None or request.decided_by is None:
        return False
    outcome = _tried(row, by=request.decided_by, now=now)
    row.status = BulkRowStatus.LEFT_OUT if outcome.why else BulkRowStatus.DONE
    row.why, row.done_at = outcome.why, now
    row.counts = {} if outcome.why else outcome.difference.counts()
    row.save(update_fields=["status", "why", "done_at", "counts"])
    return True


def _tried(row: BulkRow, *, by: Staff, now: datetime) -> Outcome:
    """Do it in a savepoint, so that a record that refuses it is left as it was."""
    with transaction.atomic():
        outcome = _change(row, by=by, now=now)
        if outcome.why:
            transaction.set_rollback(True)
        else:
            action = row.request.action
            keep_agreement(row.surgery_id, outcome.difference, what=action, by=by, now=now)
            close_settled([row.surgery_id], by=by, now=now)
    return outcome


def _change(row: BulkRow, *, by: Staff, now: datetime) -> Outcome:
    locked = Surgery.objects.select_for_update(of=("self",)).select_related("patient__clinic")
    surgery = locked.get(pk=row.surgery_id)
    if surgery.revision != row.revision:
        return Outcome(WhyLeftOut.CHANGED)
    if not is_possible(surgery, action=BulkAction(row.request.action)):
        return Outcome(WhyLeftOut.NOT_POSSIBLE)
    try:
        _write(surgery, row.request, by=by, now=now)
    except ValidationError:
        return Outcome(WhyLeftOut.NOT_POSSIBLE)
    return Outcome(WhyLeftOut.NONE, plan_surgery(surgery.pk, now=now))


def is_possible(surgery: Surgery, *, action: BulkAction) -> bool:
    """Tell whether this can happen to the operation at all, as on its own page."""
    if action in (BulkAction.MOVE, BulkAction.CANCEL):
        return surgery.status == SurgeryStatus.PLANNED
    if surgery.status == SurgeryStatus.CANCELLED:
        return False
    return surgery.on_hold is (action == BulkAction.RESUME)


def _write(surgery: Surgery, request: BulkRequest, *, by: Staff, now: datetime) -> None:
    # Read by the history, which otherwise asks a web request that is not there.
    vars(surgery)["_history_user"] = by
    vars(surgery)["_change_reason"] = f"{WHY_IN_HISTORY} {request.pk}: {request.reason}"[:100]
    if request.action == BulkAction.HOLD:
        hold = NewHold(kind=HoldKind.OTHER, reason=request.reason)
        begin_hold(surgery, hold, by=by, now=now)
    elif request.action == BulkAction.RESUME:
        end_hold(surgery, after=AfterHold.GO_ON, by=by, now=now)
    elif request.action == BulkAction.MOVE:
        _move(surgery, by_days=timedelta(days=request.days), now=now)
    else:
        surgery.status = SurgeryStatus.CANCELLED
        surgery.save()


def _move(surgery: Surgery, *, by_days: timedelta, now: datetime) -> None:
    """Move the day of the operation, and of going home with it. Raises ValidationError."""
    surgery.surgery_date += by_days
    if surgery.discharge_date:
        surgery.discharge_date += by_days
    if surgery.surgery_date < timezone.localdate(now, surgery.patient.tz):
        raise ValidationError("an operation is not moved into the past")
    surgery.clean()
    surgery.save()
