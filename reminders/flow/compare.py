"""The plan that a record asks for against the reminders that exist → what to write.

Pure but for the row objects that it is handed: nothing is read and nothing is written here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from reminders.flow.difference import Change, PlanDifference
from reminders.models import Reminder, ReminderReason, ReminderStatus
from reminders.rules.planning import Occurrence

OPEN = frozenset({ReminderStatus.PLANNED, ReminderStatus.HELD})


@dataclass(slots=True)
class Writes:
    """Reminders to insert and to update, and those whose waiting deliveries are recalled."""

    new: list[Reminder] = field(default_factory=list)
    changed: list[Reminder] = field(default_factory=list)
    recalled: list[int] = field(default_factory=list)
    changes: dict[str, list[Change]] = field(default_factory=dict)

    def note(self, kind: str, change: Change) -> None:
        self.changes.setdefault(kind, []).append(change)

    def difference(self) -> PlanDifference:
        return PlanDifference(**{kind: tuple(rows) for kind, rows in self.changes.items()})


def compare(
    asked: Iterable[Occurrence],
    existing: Iterable[Reminder],
    *,
    surgery_id: int,
    step_ids: Mapping[str, int],
    recallable: frozenset[int],
    stop: str,
    now: datetime,
) -> Writes:
    """Return what brings the reminders in line with the plan. On a plan already applied: nothing.

    `recallable` are dispatched reminders of which nothing has been tried yet; they may still be
    taken back. `stop` is the reason for which a plan asks for nothing any more, if there is one.
    """
    writes = Writes()
    rows = {(row.step_key, row.occurrence, row.carer_id or 0): row for row in existing}
    for occurrence in asked:
        row = rows.pop(occurrence.identity, None)
        step_id = step_ids[occurrence.step.key]
        if row is None:
            _add(writes, occurrence, surgery_id=surgery_id, step_id=step_id, now=now)
        else:
            _meet(writes, row, occurrence, step_id=step_id, recallable=recallable, now=now)
    for row in rows.values():
        _drop(writes, row, recallable=recallable, reason=stop, now=now)
    return writes


def hold_all(existing: Iterable[Reminder], *, recallable: frozenset[int], now: datetime) -> Writes:
    """Hold whatever waits, because no live pathway fits: nothing is sent and nothing is lost."""
    writes = Writes()
    for row in existing:
        if row.sent_by_id is not None:
            continue
        if row.status == ReminderStatus.DISPATCHED and row.pk in recallable:
            writes.recalled.append(row.pk)
        elif row.status != ReminderStatus.PLANNED:
            continue
        row.status, row.reason = ReminderStatus.HELD, ReminderReason.NO_LIVE_CONTENT
        row.status_since = now
        writes.changed.append(row)
        writes.note("holds", _change_of(row, new_due=row.due_at))
    return writes


def _add(
    writes: Writes, occurrence: Occurrence, *, surgery_id: int, step_id: int, now: datetime
) -> None:
    status, reason = _standing(occurrence, now)
    row = Reminder(
        surgery_id=surgery_id,
        step_id=step_id,
        carer_id=occurrence.carer_id,
        step_key=occurrence.step.key,
        occurrence=occurrence.occurrence,
        category=occurrence.step.category.value,
        is_high_priority=occurrence.is_high_priority,
        status=status,
        reason=reason,
        because=occurrence.because,
        shifted_days=occurrence.shifted_days,
        due_at=occurrence.due_at,
        not_after=occurrence.not_after,
        status_since=now,
    )
    writes.new.append(row)
    kind = "too_late" if status == ReminderStatus.MISSED else "adds"
    writes.note(kind, _change(row, occurrence, old_due=None))


def _standing(occurrence: Occurrence, now: datetime) -> tuple[str, str]:
    """The status that an occurrence asks for, and the reason beside it."""
    if occurrence.skip:
        return ReminderStatus.MISSED, occurrence.skip
    if occurrence.not_after < now:
        return ReminderStatus.MISSED, ReminderReason.TOO_LATE
    if occurrence.hold:
        return ReminderStatus.HELD, occurrence.hold
    return ReminderStatus.PLANNED, ReminderReason.NONE


def _meet(
    writes: Writes,
    row: Reminder,
    occurrence: Occurrence,
    *,
    step_id: int,
    recallable: frozenset[int],
    now: datetime,
) -> None:
    """Bring an existing reminder in line with what is asked, if it may still change."""
    if row.sent_by_id is not None:
        writes.note("already_sent", _change(row, occurrence, old_due=row.due_at))
        return
    if row.status == ReminderStatus.DISPATCHED:
        moved_ahead = occurrence.due_at > now and occurrence.due_at != row.due_at
        is_other = moved_ahead or occurrence.hold or row.step_id != step_id
        if row.pk not in recallable or not is_other:
            writes.note("already_sent", _change(row, occurrence, old_due=row.due_at))
            return
        writes.recalled.append(row.pk)
    elif row.status == ReminderStatus.MISSED and (occurrence.skip or occurrence.due_at <= now):
        return  # never sent, for whatever reason; it comes back once its moment lies ahead
    _update(writes, row, occurrence, step_id=step_id, now=now)


def _update(
    writes: Writes, row: Reminder, occurrence: Occurrence, *, step_id: int, now: datetime
) -> None:
    status, reason = _standing(occurrence, now)
    before = (row.status, row.reason, row.due_at)
    wanted = {
        "status": status,
        "reason": reason,
        "due_at": occurrence.due_at,
        "not_after": occurrence.not_after,
        "because": occurrence.because,
        "shifted_days": occurrence.shifted_days,
        "step_id": step_id,
        "category": occurrence.step.category.value,
        "is_high_priority": occurrence.is_high_priority,
    }
    if all(getattr(row, name) == value for name, value in wanted.items()):
        return
    change = _change(row, occurrence, old_due=row.due_at)
    for name, value in wanted.items():
        setattr(row, name, value)
    is_late_now = before[2] != row.due_at and row.due_at <= now
    if before[0] != status or (status == ReminderStatus.PLANNED and is_late_now):
        row.status_since = now
    writes.changed.append(row)
    if kind := _kind(before, row):
        writes.note(kind, change)


def _kind(before: tuple[str, str, datetime], row: Reminder) -> str:
    old_status, old_reason, old_due = before
    if row.status == ReminderStatus.MISSED:
        return "too_late"
    if row.status == ReminderStatus.HELD and (old_status, old_reason) != (row.status, row.reason):
        return "holds"
    if old_status == ReminderStatus.HELD and row.status == ReminderStatus.PLANNED:
        return "releases"
    return "moves" if old_due != row.due_at or old_status != row.status else ""


def _drop(
    writes: Writes, row: Reminder, *, recallable: frozenset[int], reason: str, now: datetime
) -> None:
    """Cancel a reminder that nobody asks for any more, unless it is out of our hands."""
    if row.sent_by_id is not None:
        return  # somebody wanted it, whatever the plan asks for
    if row.status == ReminderStatus.DISPATCHED:
        if row.pk not in recallable:
            return
        writes.recalled.append(row.pk)
    elif row.status not in OPEN:
        return
    row.status = ReminderStatus.CANCELLED
    row.reason = reason or ReminderReason.NOT_ASKED_FOR
    row.status_since = now
    writes.changed.append(row)
    writes.note("cancels", _change_of(row, new_due=None))


def _change_of(row: Reminder, *, new_due: datetime | None) -> Change:
    return Change(
        step_key=row.step_key,
        intent=row.step.intent,
        occurrence=row.occurrence,
        category=row.category,
        old_due=row.due_at,
        new_due=new_due,
        reason=row.reason,
    )


def _change(row: Reminder, occurrence: Occurrence, *, old_due: datetime | None) -> Change:
    return Change(
        step_key=occurrence.step.key,
        intent=occurrence.step.intent,
        occurrence=occurrence.occurrence,
        category=occurrence.step.category.value,
        old_due=old_due,
        new_due=occurrence.due_at,
        reason=occurrence.skip or occurrence.hold or row.reason,
    )
