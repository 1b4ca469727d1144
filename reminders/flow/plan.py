"""Stale surgeries → reminders, and the difference between the two plans.

One function serves one surgery, called at once by the panel, and ten thousand, swept every few
seconds. Running it twice changes nothing, and what was dispatched is never touched, except that
a message which nobody has tried to send yet is taken back.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import F

from clinic.models import Clinic, Closure, Surgery
from reminders.flow.compare import Writes, compare
from reminders.flow.difference import PlanDifference
from reminders.flow.record import read_record
from reminders.models import (
    Delivery,
    DeliveryStatus,
    Pathway,
    PathwayVersion,
    Reminder,
    ReminderReason,
    ReminderStatus,
    Step,
)
from reminders.rules.content import StepContent
from reminders.rules.facts import Record
from reminders.rules.planning import plan

COLUMNS = (
    "surgery_id", "step_id", "step_key", "occurrence", "category", "is_high_priority", "status",
    "reason", "because", "due_at", "not_after", "status_since",
)  # fmt: skip


class LiveSteps(NamedTuple):
    """The steps of one clinic's live version of a pathway."""

    pathway: Pathway
    steps: tuple[StepContent, ...]
    ids: Mapping[str, int]  # by step key


def plan_surgery(surgery_id: int, *, now: datetime) -> PlanDifference:
    """Write what the record of this surgery asks for; return what changed.

    Two calls at once queue up on the surgery's row; the second finds nothing to do.
    """
    with transaction.atomic():
        return _plan(_locked(Surgery.objects.filter(pk=surgery_id)), now=now)[surgery_id]


def preview_plan(surgery_id: int, *, now: datetime) -> PlanDifference:
    """Return what `plan_surgery` would change, and write nothing."""
    surgeries = Surgery.objects.filter(pk=surgery_id).select_related("patient__clinic")
    return _compare_all(list(surgeries), now=now)[surgery_id].difference()


def plan_stale(*, now: datetime, limit: int) -> int:
    """Plan up to `limit` surgeries whose record has changed; return how many.

    Any number of workers may call this at once: surgeries held by one are skipped by the others.
    """
    with transaction.atomic():
        stale = Surgery.objects.stale().order_by("pk")[:limit]
        return len(_plan(_locked(stale, skip_locked=True), now=now))


def _locked(rows: Iterable[Surgery], *, skip_locked: bool = False) -> list[Surgery]:
    ids = [row.pk for row in rows]
    locked = Surgery.objects.filter(pk__in=ids).order_by("pk")
    return list(
        locked.select_related("patient__clinic").select_for_update(
            of=("self",), skip_locked=skip_locked
        )
    )


def _plan(surgeries: list[Surgery], *, now: datetime) -> dict[int, PlanDifference]:
    compared = _compare_all(surgeries, now=now)
    _write(compared.values(), now=now)
    Surgery.objects.filter(pk__in=[surgery.pk for surgery in surgeries]).update(
        planned_revision=F("revision")
    )
    return {pk: writes.difference() for pk, writes in compared.items()}


def _compare_all(surgeries: list[Surgery], *, now: datetime) -> dict[int, Writes]:
    """Compare plan and reminders of each surgery, in a handful of queries for all of them."""
    clinics = {surgery.patient.clinic_id: surgery.patient.clinic for surgery in surgeries}
    closures = defaultdict(list)
    for closure in Closure.objects.filter(clinic__in=clinics):
        closures[closure.clinic_id].append(closure)
    live = live_steps(clinics.values())
    existing, recallable = _existing(surgeries)
    return {
        surgery.pk: _compare_one(
            surgery,
            read_record(surgery, closures=closures[surgery.patient.clinic_id]),
            live[surgery.patient.clinic_id],
            existing=existing[surgery.pk],
            recallable=recallable,
            now=now,
        )
        for surgery in surgeries
    }


def _compare_one(
    surgery: Surgery,
    record: Record,
    live: list[LiveSteps],
    *,
    existing: list[Reminder],
    recallable: frozenset[int],
    now: datetime,
) -> Writes:
    chosen = choose(live, record)
    if chosen is None and not record.stop:
        return _without_content(existing, now=now)
    return compare(
        plan(record, chosen.steps) if chosen else [],
        existing,
        surgery_id=surgery.pk,
        step_ids=chosen.ids if chosen else {},
        recallable=recallable,
        stop=record.stop,
        now=now,
    )


def _without_content(existing: list[Reminder], *, now: datetime) -> Writes:
    """No live pathway fits: whatever waits is held until there is one, and nothing is lost."""
    writes = Writes()
    for row in existing:
        if row.status == ReminderStatus.PLANNED:
            row.status, row.reason = ReminderStatus.HELD, ReminderReason.NO_LIVE_CONTENT
            row.status_since = now
            writes.changed.append(row)
    return writes


def choose(live: list[LiveSteps], record: Record) -> LiveSteps | None:
    """Return the pathway for this operation, the one with the most conditions if several fit."""
    fitting = [one for one in live if _fits(one.pathway, record)]
    return max(fitting, key=lambda one: len(one.pathway.requires), default=None)


def _fits(pathway: Pathway, record: Record) -> bool:
    return (
        (not pathway.regions or record.region in pathway.regions)
        and (not pathway.procedures or record.procedure in pathway.procedures)
        and all(any(fact in record.facts for fact in group) for group in pathway.requires)
        and not any(fact in record.facts for fact in pathway.excludes)
    )


def live_steps(clinics: Iterable[Clinic]) -> dict[int, list[LiveSteps]]:
    """Return the live content of each clinic, by clinic; a clinic without any has an empty list."""
    found: dict[int, list[LiveSteps]] = defaultdict(list)
    versions = (
        PathwayVersion.objects.live()
        .filter(pathway__clinic__in=[clinic.pk for clinic in clinics])
        .select_related("pathway")
        .order_by("pathway__title")
    )
    steps = defaultdict(list)
    for step in Step.objects.filter(version__in=[v.pk for v in versions]).order_by("position"):
        steps[step.version_id].append(step)
    for version in versions:
        rows = steps[version.pk]
        found[version.pathway.clinic_id].append(
            LiveSteps(
                pathway=version.pathway,
                steps=tuple(row.as_content() for row in rows),
                ids={row.key: row.pk for row in rows},
            )
        )
    return found


def _existing(surgeries: list[Surgery]) -> tuple[dict[int, list[Reminder]], frozenset[int]]:
    """The reminders of these surgeries, and which of the dispatched ones may be taken back."""
    rows: dict[int, list[Reminder]] = defaultdict(list)
    reminders = Reminder.objects.filter(surgery__in=[s.pk for s in surgeries]).exclude(
        status=ReminderStatus.CANCELLED
    )
    dispatched = []
    for row in reminders.select_related("step"):
        rows[row.surgery_id].append(row)
        if row.status == ReminderStatus.DISPATCHED:
            dispatched.append(row.pk)
    waiting = Delivery.objects.filter(reminder__in=dispatched)
    # The lock keeps a sender from starting on them until this plan is committed.
    untried = set()
    if connection.in_atomic_block and dispatched:
        untouched = waiting.filter(status=DeliveryStatus.QUEUED, attempts_made=0)
        untried = {d.reminder_id for d in untouched.select_for_update(skip_locked=True)}
    elif dispatched:
        untried = set(
            waiting.filter(status=DeliveryStatus.QUEUED, attempts_made=0).values_list(
                "reminder_id", flat=True
            )
        )
    tried = set(
        waiting.exclude(status=DeliveryStatus.QUEUED, attempts_made=0).values_list(
            "reminder_id", flat=True
        )
    )
    return rows, frozenset(pk for pk in untried - tried if pk is not None)


def _write(compared: Iterable[Writes], *, now: datetime) -> None:
    all_writes = list(compared)
    recalled = [pk for writes in all_writes for pk in writes.recalled]
    if recalled:
        _recall(recalled)
    changed = [row for writes in all_writes for row in writes.changed]
    if changed:
        Reminder.objects.bulk_update(
            changed,
            ["status", "reason", "due_at", "not_after", "because", "step", "category",
             "is_high_priority", "status_since"],
            batch_size=500,
        )  # fmt: skip
    _copy([row for writes in all_writes for row in writes.new])


def _recall(reminder_ids: list[int]) -> None:
    """Take back deliveries that nobody has tried: the reminder goes out anew, or not at all."""
    Delivery.objects.filter(reminder__in=reminder_ids).delete()


def _copy(rows: list[Reminder]) -> None:
    """Insert reminders by COPY, five times as fast as INSERT for a thousand patients."""
    if not rows:
        return
    table = Reminder._meta.db_table
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(COLUMNS)}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row([getattr(row, column) for column in COLUMNS])
