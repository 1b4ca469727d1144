"""Rows → patients: shown first (`preview`), then kept (`apply`), the same decisions both times."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from clinic.intake.decisions import Decision, decide
from clinic.intake.known import known_about
from clinic.intake.outcomes import Action, RowOutcome
from clinic.intake.readings import Terms
from clinic.intake.records import Record, read_record
from clinic.intake.repeats import EarlierRows
from clinic.intake.spreadsheet import Row
from clinic.models import Clinic, Consent, Patient, Staff, Surgery
from clinic.verdicts.dates import DayOrder

# Rows in one transaction. Higher saves queries, but a stop in the middle repeats more.
ROWS_PER_BATCH = 500

_WHY = "import"

Item = Record | RowOutcome  # a record still to be decided, or the end of a row that was


def preview(
    rows: Iterable[Row], *, clinic: Clinic, now: datetime, day_order: DayOrder | None = None
) -> Iterator[RowOutcome]:
    """Give, in order, what `apply` would do with each row. Writes nothing.

    Reads `rows` in batches and makes the same few queries for each, whatever its size.
    """
    for batch in _batches(rows, terms=_terms(clinic, now=now, day_order=day_order)):
        decisions = _decisions(batch, clinic=clinic, now=now, by=None, lock=False)
        yield from _in_order(batch, decisions=decisions)


def apply(
    rows: Iterable[Row],
    *,
    clinic: Clinic,
    now: datetime,
    by: Staff | None,
    day_order: DayOrder | None = None,
) -> Iterator[RowOutcome]:
    """Keep the good rows; give, in order, what became of each row.

    Works only as far as it is read: each batch is one transaction that is committed before its
    first outcome is given. Patients are found by clinic and record number, so that running it
    twice, or twice at once, changes nothing the second time. `by` is who imports.
    """
    for batch in _batches(rows, terms=_terms(clinic, now=now, day_order=day_order)):
        decisions = _keep(batch, clinic=clinic, now=now, by=by)
        yield from _in_order(batch, decisions=decisions)


def _terms(clinic: Clinic, *, now: datetime, day_order: DayOrder | None) -> Terms:
    return Terms(
        clinic=clinic,
        today=now.astimezone(ZoneInfo(clinic.zone)).date(),
        test_numbers=settings.TEST_NUMBERS_ALLOWED,
        languages=frozenset(code.partition("-")[0] for code, _ in settings.LANGUAGES),
        day_order=day_order,
    )


def _batches(rows: Iterable[Row], *, terms: Terms) -> Iterator[list[Item]]:
    items = _items(rows, terms=terms)
    while batch := list(itertools.islice(items, ROWS_PER_BATCH)):
        yield batch


def _items(rows: Iterable[Row], *, terms: Terms) -> Iterator[Item]:
    earlier = EarlierRows()
    for row in rows:
        if row.is_blank:
            yield RowOutcome(row.line, Action.SKIP, warnings=("The row is empty.",))
            continue
        record = read_record(row, terms=terms)
        if record.problems:
            yield _rejected(record)
            continue
        repeated = earlier.repeated(record)
        yield repeated or replace(record, warnings=(*record.warnings, *earlier.mix_ups(record)))


def _rejected(record: Record) -> RowOutcome:
    return RowOutcome(
        record.line, Action.REJECT, record.number, record.problems, record.warnings, record.fixes
    )


def _decisions(
    batch: list[Item], *, clinic: Clinic, now: datetime, by: Staff | None, lock: bool
) -> list[Decision]:
    records = [item for item in batch if isinstance(item, Record)]
    known = known_about(records, clinic=clinic, lock=lock)
    return [decide(record, known=known, clinic=clinic, now=now, by=by) for record in records]


def _in_order(batch: list[Item], *, decisions: list[Decision]) -> Iterator[RowOutcome]:
    outcomes = iter(decisions)
    for item in batch:
        yield next(outcomes).outcome if isinstance(item, Record) else item


def _keep(batch: list[Item], *, clinic: Clinic, now: datetime, by: Staff | None) -> list[Decision]:
    try:
        return _keep_once(batch, clinic=clinic, now=now, by=by)
    except IntegrityError:
        # Somebody typed in one of these patients in between; now they are known.
        return _keep_once(batch, clinic=clinic, now=now, by=by)


@transaction.atomic
def _keep_once(
    batch: list[Item], *, clinic: Clinic, now: datetime, by: Staff | None
) -> list[Decision]:
    # Two imports of one clinic take turns, batch by batch.
    Clinic.objects.select_for_update(no_key=True).get(pk=clinic.pk)
    decisions = _decisions(batch, clinic=clinic, now=now, by=by, lock=True)
    _write_patients(decisions, by=by)
    _write_surgeries(decisions, by=by)
    Consent.objects.bulk_create(word for decision in decisions for word in decision.consents)
    return decisions


def _write_patients(decisions: list[Decision], *, by: Staff | None) -> None:
    new = [d.patient for d in decisions if d.patient and not d.patient.pk]
    if new:
        bulk_create_with_history(new, Patient, default_user=by, default_change_reason=_WHY)
    changed = [d for d in decisions if d.patient and d.patient_changes]
    fields = sorted({name for d in changed for name in d.patient_changes})
    if changed:
        bulk_update_with_history(
            [d.patient for d in changed],
            Patient,
            fields,
            default_user=by,
            default_change_reason=_WHY,
        )


def _write_surgeries(decisions: list[Decision], *, by: Staff | None) -> None:
    new = [d.surgery for d in decisions if d.surgery and not d.surgery.pk]
    if new:
        bulk_create_with_history(new, Surgery, default_user=by, default_change_reason=_WHY)
    changed = [d for d in decisions if d.surgery and d.surgery_changes]
    fields = sorted({name for d in changed for name in d.surgery_changes})
    if changed:
        bulk_update_with_history(
            [d.surgery for d in changed],
            Surgery,
            fields,
            default_user=by,
            default_change_reason=_WHY,
        )
