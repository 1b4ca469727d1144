"""Stale surgeries → reminders, and the difference between the two plans.

One function serves one surgery, called at once by the panel, and ten thousand, swept every few
seconds. Running it twice changes nothing, and what was dispatched is never touched, except that
a message which nobody has tried to send yet is taken back.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from django.db import OperationalError, connection, transaction
from django.db.models import F, QuerySet

from clinic.models import Carer, Clinic, Closure, Surgery
from reminders.flow.alerts import raise_alerts
from reminders.flow.carers import carers_of, records_of_carers
from reminders.flow.compare import Writes, compare, hold_all
from reminders.flow.difference import PlanDifference
from reminders.flow.dispatch import not_reached
from reminders.flow.existing import recallable, reminders_of, texts_by_hand
from reminders.flow.limits import new_days_of
from reminders.flow.pauses import pauses_of
from reminders.flow.record import read_record
from reminders.flow.rows import update_rows
from reminders.flow.stopped_content import stopped_content
from reminders.models import Delivery, Pathway, PathwayVersion, Reminder, ReminderReason, Step
from reminders.rules.content import StepContent
from reminders.rules.facts import Record
from reminders.rules.planning import Occurrence, plan

logger = logging.getLogger(__name__)

COLUMNS = (
    "surgery_id", "step_id", "carer_id", "step_key", "occurrence", "category",
    "is_high_priority", "status", "reason", "because", "shifted_days", "sent_by_id",
    "due_at", "not_after", "status_since",
)  # fmt: skip
CHANGED = (
    "status", "reason", "due_at", "not_after", "because", "shifted_days", "step", "category",
    "is_high_priority", "status_since",
)  # fmt: skip


class LiveSteps(NamedTuple):
    """The steps of one clinic's live version of a pathway."""

    pathway: Pathway
    steps: tuple[StepContent, ...]
    ids: Mapping[str, int]  # by step key
    holds: Mapping[str, str] = {}  # why a step of this content waits, by step key


def plan_surgery(surgery_id: int, *, now: datetime) -> PlanDifference:
    """Write what the record of this surgery asks for; return what changed.

    Two calls at once queue up on the surgery's row; the second finds nothing to do.
    """
    with transaction.atomic():
        return _plan(_locked(Surgery.objects.filter(pk=surgery_id)), now=now)[surgery_id]


def plan_stale(*, now: datetime, limit: int) -> int:
    """Plan up to `limit` surgeries whose record has changed; return how many.

    Any number of workers may call this at once: surgeries held by one are skipped by the others.
    One that cannot be planned stays stale and is named in the log; it holds up no other.
    """
    stale = Surgery.objects.stale().order_by("pk")
    try:
        with transaction.atomic():
            return len(_plan(_locked(stale, skip_locked=True, limit=limit), now=now))
    except OperationalError:
        raise  # the database, not a record: all of it is tried again
    except Exception as error:  # noqa: BLE001 - whatever it is, it is about one record
        logger.error("a batch could not be planned: %s", type(error).__name__)
    return sum(_plan_alone(pk, now=now) for pk in stale.values_list("pk", flat=True)[:limit])


def _plan_alone(surgery_id: int, *, now: datetime) -> int:
    try:
        plan_surgery(surgery_id, now=now)
    except OperationalError:
        raise
    except Exception as error:  # noqa: BLE001 - as above
        logger.error("surgery %s could not be planned: %s", surgery_id, type(error).__name__)
        return 0
    return 1


def _locked(
    rows: QuerySet[Surgery], *, skip_locked: bool = False, limit: int | None = None
) -> list[Surgery]:
    """Lock the surgeries, then read them with patient and clinic.

    In two steps: a lock that had to be waited for gives the surgery of now, and beside it the
    patient of before.
    """
    locked = rows.select_for_update(skip_locked=skip_locked).values_list("pk", flat=True)
    ids = list(locked[:limit])
    if not ids:
        return []
    read = Surgery.objects.filter(pk__in=ids).order_by("pk")
    return list(read.select_related("patient__clinic"))


def _plan(surgeries: list[Surgery], *, now: datetime) -> dict[int, PlanDifference]:
    if not surgeries:  # most looks find nothing: they cost one query, not ten
        return {}
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
    carers = carers_of(surgeries)
    live = live_steps(clinics.values(), now=now)
    existing = reminders_of(surgeries, now=now)
    new_days = new_days_of(surgeries)
    pauses = pauses_of(surgeries)
    by_hand = texts_by_hand(surgeries)
    may_be_recalled = recallable([row for rows in existing.values() for row in rows])
    return {
        surgery.pk: _compare_one(
            surgery,
            read_record(
                surgery,
                closures=closures[surgery.patient.clinic_id],
                new_days=new_days.get(surgery.pk),
                pauses=pauses.get(surgery.pk, ()),
                texts_by_hand=by_hand.get(surgery.pk, ()),
            ),
            live[surgery.patient.clinic_id],
            carers=carers[surgery.pk],
            existing=existing[surgery.pk],
            recallable=may_be_recalled,
            now=now,
        )
        for surgery in surgeries
    }


def _compare_one(
    surgery: Surgery,
    record: Record,
    live: list[LiveSteps],
    *,
    carers: list[Carer],
    existing: list[Reminder],
    recallable: frozenset[int],
    now: datetime,
) -> Writes:
    chosen = choose(live, record)
    if chosen is None and not record.stop:
        return hold_all(existing, recallable=recallable, now=now)
    return compare(
        _asked([record, *records_of_carers(record, carers)], chosen) if chosen else [],
        existing,
        surgery_id=surgery.pk,
        step_ids=chosen.ids if chosen else {},
        recallable=recallable,
        stop=record.stop,
        now=now,
    )


def _asked(records: Iterable[Record], chosen: LiveSteps) -> list[Occurrence]:
    """Return the plan of each record, with what was pulled or is overdue for review held."""
    return [
        replace(one, hold=one.hold or chosen.holds.get(one.step.key, "")) if not one.skip else one
        for record in records
        for one in plan(record, chosen.steps)
    ]


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


def live_steps(clinics: Iterable[Clinic], *, now: datetime) -> dict[int, list[LiveSteps]]:
    """Return the live content of each clinic, by clinic; a clinic without any has an empty list."""
    found: dict[int, list[LiveSteps]] = defaultdict(list)
    versions = (
        PathwayVersion.objects.live()
        .filter(pathway__clinic__in=[clinic.pk for clinic in clinics])
        .select_related("pathway__clinic")
        .order_by("pathway__title")
    )
    steps = defaultdict(list)
    for step in Step.objects.filter(version__in=[v.pk for v in versions]).order_by("position"):
        steps[step.version_id].append(step)
    stopped = stopped_content(clinic.pk for clinic in clinics)
    for version in versions:
        rows = steps[version.pk]
        clinic = version.pathway.clinic
        today = now.astimezone(clinic.tz).date()
        found[version.pathway.clinic_id].append(
            LiveSteps(
                pathway=version.pathway,
                steps=tuple(row.as_content() for row in rows),
                ids={row.key: row.pk for row in rows},
                holds={
                    row.key: stopped.hold(
                        row.key, row.category, version, clinic_id=clinic.pk, today=today
                    )
                    for row in rows
                },
            )
        )
    return found


def _write(compared: Iterable[Writes], *, now: datetime) -> None:
    all_writes = list(compared)
    recalled = [pk for writes in all_writes for pk in writes.recalled]
    if recalled:
        _recall(recalled)
    changed = [row for writes in all_writes for row in writes.changed]
    if changed:
        update_rows(changed, CHANGED)
        _alert_of_missed(changed, now=now)
    _copy([row for writes in all_writes for row in writes.new])


def _alert_of_missed(changed: Iterable[Reminder], *, now: datetime) -> None:
    """What matters, and became too late before it was sent, goes to a person (hazard H23)."""
    late = (ReminderReason.TOO_LATE, ReminderReason.WHILE_HELD)
    ids = [row.pk for row in changed if row.is_high_priority and row.reason in late]
    missed = Reminder.objects.filter(pk__in=ids) if ids else Reminder.objects.none()
    missed = missed.select_related("step", "surgery__patient__clinic")
    raise_alerts(not_reached(reminder, now=now) for reminder in missed)


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
