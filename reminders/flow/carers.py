"""The carers of a patient: which operation they are told about, from when, and until when."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from clinic.models import Carer, Staff, Surgery, SurgeryStatus
from reminders.rules.facts import Record


class ReasonMissing(Exception):
    """A carer is told no more for a reason that somebody can read later."""


def carers_of(surgeries: Collection[Surgery]) -> dict[int, list[Carer]]:
    """Return the carers who are told of each of these operations, by operation.

    Of a patient's operations it is the last one; the others are behind the patient. One query, and
    another where there are carers.
    """
    found: dict[int, list[Carer]] = defaultdict(list)
    patients = {surgery.patient_id for surgery in surgeries}
    told = list(Carer.objects.told().filter(patient__in=patients).order_by("pk"))
    if not told:
        return found
    last = (
        Surgery.objects.filter(patient__in={carer.patient_id for carer in told})
        .exclude(status=SurgeryStatus.CANCELLED)
        .order_by("patient_id", "-surgery_date", "-pk")
        .distinct("patient_id")
    )
    surgery_of = dict(last.values_list("patient_id", "pk"))
    for carer in told:
        if carer.patient_id in surgery_of:
            found[surgery_of[carer.patient_id]].append(carer)
    return found


def records_of_carers(record: Record, carers: Iterable[Carer]) -> list[Record]:
    """Return the record of each carer: the patient's, counted from when they were to be told."""
    return [
        replace(record, carer_id=carer.pk, enrolled_at=max(record.enrolled_at, carer.allowed_at))
        for carer in carers
    ]


def end_carer(carer_id: int, *, by: Staff, why: str, now: datetime) -> Carer:
    """Tell this carer no more, because the patient or they say so. Twice is once.

    Sending obeys it from the commit on; the plan follows within seconds. Raises ReasonMissing.
    """
    if not why.strip():
        raise ReasonMissing("Say why, as in: the patient asked for it.")
    with transaction.atomic():
        carer = Carer.objects.select_for_update().get(pk=carer_id)
        if carer.ended_at is None:
            carer.ended_at, carer.ended_by, carer.ended_why = now, by, why.strip()[:120]
            carer.save(update_fields=["ended_at", "ended_by", "ended_why"])
        return carer
