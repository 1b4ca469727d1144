"""What the clinic's records hold already about one batch, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from clinic.intake.records import Record
from clinic.models import Clinic, Consent, Patient, Surgery
from clinic.verdicts.names import match_key
from clinic.verdicts.record_numbers import without_leading_zeros

_LONGEST_PADDED = 12

Person = tuple[date, str, str]  # birth date and both names as they compare


@dataclass(slots=True)
class Known:
    """Patients by record number, their surgeries and last words, and what might be mixed up."""

    patients: dict[str, Patient] = field(default_factory=dict)
    surgeries: dict[int, list[Surgery]] = field(default_factory=lambda: defaultdict(list))
    consents: dict[tuple[int, str], Consent] = field(default_factory=dict)
    mobiles: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    people: dict[Person, set[str]] = field(default_factory=lambda: defaultdict(set))
    alike_numbers: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def person(birth_date: date, *, given_name: str, family_name: str) -> Person:
    return birth_date, match_key(given_name), match_key(family_name)


def known_about(records: Sequence[Record], *, clinic: Clinic, lock: bool) -> Known:
    """Look up everything that decides about `records`; with `lock` hold the rows until the commit.

    Looks at one clinic only: a record number of another clinic is unknown here.
    """
    found = Known()
    patients = Patient.objects.filter(clinic=clinic, record_number__in=[r.number for r in records])
    surgeries = Surgery.objects.filter(patient__in=patients.values("pk")).order_by("pk")
    if lock:
        patients = patients.select_for_update(no_key=True)
        surgeries = surgeries.select_for_update(no_key=True)
    found.patients = {patient.record_number: patient for patient in patients.order_by("pk")}
    for surgery in surgeries:
        found.surgeries[surgery.patient_id].append(surgery)
    pks = [patient.pk for patient in found.patients.values()]
    for consent in Consent.objects.in_force(pks):
        found.consents[consent.patient_id, consent.channel] = consent
    _look_for_mix_ups(found, records=records, clinic=clinic)
    return found


def _look_for_mix_ups(found: Known, *, records: Sequence[Record], clinic: Clinic) -> None:
    ours = Patient.objects.filter(clinic=clinic)
    mobiles = {r.patient["mobile"] for r in records if "mobile" in r.patient}
    for mobile, number in ours.filter(mobile__in=mobiles).values_list("mobile", "record_number"):
        found.mobiles[mobile].add(number)
    born = {r.patient["birth_date"] for r in records if "birth_date" in r.patient}
    rows = ours.filter(birth_date__in=born).values_list(
        "birth_date", "given_name", "family_name", "record_number"
    )
    for birth_date, given, family, number in rows:
        if birth_date is not None:
            key = person(birth_date, given_name=given, family_name=family)
            found.people[key].add(number)
    alike = {other for record in records for other in _padded(record.number)}
    for number in ours.filter(record_number__in=alike).values_list("record_number", flat=True):
        found.alike_numbers[without_leading_zeros(number)].add(number)


def _padded(number: str) -> list[str]:
    """The same digits with every likely number of zeros before them."""
    if not (number.isascii() and number.isdigit()):
        return []
    bare = without_leading_zeros(number)
    return [bare.zfill(length) for length in range(len(bare), _LONGEST_PADDED + 1)]
