"""One record and what is known already → what to write, or why a person has to look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from clinic.intake.known import Known, person
from clinic.intake.outcomes import Action, Problem, RowOutcome
from clinic.intake.records import Record
from clinic.models import (
    Clinic,
    Consent,
    ConsentSource,
    Patient,
    PatientStatus,
    Staff,
    Surgery,
    SurgeryStatus,
)
from clinic.verdicts.names import match_key
from clinic.verdicts.record_numbers import without_leading_zeros

# Two dates this near are one operation written down twice; further apart they are two.
_ONE_OPERATION = timedelta(days=90)


class NeedsAPerson(Exception):
    """The row and the record contradict each other in a way that a program must not settle."""

    def __init__(self, field_name: str, value: object, what: str, hint: str) -> None:
        super().__init__(what)
        self.problem = Problem(field_name, str(value)[:40], what, hint)


@dataclass(slots=True)
class Decision:
    """What to write for one record. The models hold the new values and are not saved."""

    outcome: RowOutcome
    patient: Patient | None = None
    patient_changes: tuple[str, ...] = ()
    surgery: Surgery | None = None
    surgery_changes: tuple[str, ...] = ()
    consents: list[Consent] = field(default_factory=list)


def decide(
    record: Record, *, known: Known, clinic: Clinic, now: datetime, by: Staff | None
) -> Decision:
    """Return what becomes of a record that has no problem of its own. Writes nothing.

    A patient who is known by record number but with another birth date is never touched.
    """
    patient = known.patients.get(record.number)
    if patient is None:
        return _new(record, known=known, clinic=clinic, now=now, by=by)
    if patient.status == PatientStatus.DECEASED:
        warning = "The patient is recorded as deceased. Nothing was taken from this row."
        return Decision(RowOutcome(record.line, Action.SKIP, record.number, warnings=(warning,)))
    try:
        return _known(record, patient=patient, known=known, now=now, by=by)
    except NeedsAPerson as conflict:
        problems = (conflict.problem,)
        return Decision(RowOutcome(record.line, Action.CONFLICT, record.number, problems=problems))


def _new(
    record: Record, *, known: Known, clinic: Clinic, now: datetime, by: Staff | None
) -> Decision:
    values = {"language": clinic.language, **record.patient}
    patient = Patient(clinic=clinic, created_at=now, **values)
    surgery = Surgery(patient=patient, enrolled_at=now, **record.surgery)
    consents, notes = _consents(record, patient=patient, known=known, now=now, by=by)
    warnings = (*record.warnings, *notes, *_mix_ups(record, known=known))
    outcome = RowOutcome(
        record.line, Action.CREATE, record.number, warnings=warnings, fixes=record.fixes
    )
    return Decision(outcome, patient=patient, surgery=surgery, consents=consents)


def _known(
    record: Record, *, patient: Patient, known: Known, now: datetime, by: Staff | None
) -> Decision:
    _refuse_another_person(record, patient=patient)
    surgery, notes = _matching_surgery(record, surgeries=known.surgeries[patient.pk])
    patient_changes = _write(patient, values=record.patient)
    surgery_changes: tuple[str, ...] = ()
    if surgery is None:
        surgery = Surgery(patient=patient, enrolled_at=now, **record.surgery)
    else:
        values, more = _surgery_values(record, surgery=surgery)
        notes += more
        surgery_changes = _write(surgery, values=values)
    consents, more = _consents(record, patient=patient, known=known, now=now, by=by)
    notes += more
    changes = (
        *patient_changes,
        *(surgery_changes if surgery.pk else ("surgery",)),
        *(f"consent_{consent.channel}" for consent in consents),
    )
    action = Action.UPDATE if changes else Action.UNCHANGED
    mix_ups = _mix_ups(record, known=known) if "mobile" in patient_changes else []
    warnings = (*record.warnings, *notes, *mix_ups)
    outcome = RowOutcome(record.line, action, record.number, (), warnings, record.fixes, changes)
    return Decision(outcome, patient, patient_changes, surgery, surgery_changes, consents)


def _refuse_another_person(record: Record, *, patient: Patient) -> None:
    born = record.patient.get("birth_date")
    if born and patient.birth_date:
        if born != patient.birth_date:
            raise NeedsAPerson(
                "birth_date",
                born,
                "The record number belongs to a patient with another date of birth.",
                "Compare both with the record. Nothing of this row was taken.",
            )
    elif match_key(record.patient["family_name"]) != match_key(patient.family_name):
        raise NeedsAPerson(
            "family_name",
            record.patient["family_name"],
            "The record number belongs to a patient of another name, and a birth date is missing.",
            "Add the date of birth to the row and to the record.",
        )


def _write(row: Patient | Surgery, *, values: Mapping[str, Any]) -> tuple[str, ...]:
    """Set what differs; return the names of the fields that do."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    for contact in ("mobile", "email"):
        # A new address has not failed yet.
        if contact in changed and getattr(row, f"{contact}_failed_at"):
            setattr(row, f"{contact}_failed_at", None)
            changed.append(f"{contact}_failed_at")
    return tuple(changed)


def _matching_surgery(
    record: Record, *, surgeries: list[Surgery]
) -> tuple[Surgery | None, list[str]]:
    """Return the operation that the row is about, or None for one that is not recorded yet."""
    day = record.surgery["surgery_date"]
    same_day = [surgery for surgery in surgeries if surgery.surgery_date == day]
    if same_day:
        return min(same_day, key=lambda s: s.status == SurgeryStatus.CANCELLED), []
    planned = [s for s in surgeries if s.status == SurgeryStatus.PLANNED]
    if len(planned) > 1:
        raise NeedsAPerson("surgery_date", day, "Several operations are planned.", _IN_THE_PANEL)
    if planned:
        return planned[0], [f"surgery_date: moves from {planned[0].surgery_date} to {day}."]
    taken_place = [s for s in surgeries if s.status == SurgeryStatus.CONFIRMED]
    for surgery in taken_place:
        if abs(surgery.surgery_date - day) <= _ONE_OPERATION:
            what = f"The operation took place on {surgery.surgery_date} by the record."
            raise NeedsAPerson("surgery_date", day, what, _IN_THE_PANEL)
    if taken_place:
        return None, [f"surgery_date: {day} is recorded as another operation of this patient."]
    return None, []


_IN_THE_PANEL = "Change it in the panel, where the effect on the plan is shown."


def _surgery_values(record: Record, *, surgery: Surgery) -> tuple[dict[str, Any], list[str]]:
    """Return what the row may change; an old table never undoes what staff have decided since."""
    values = dict(record.surgery)
    _refuse_early_discharge(values, surgery=surgery)
    status = values.get("status", surgery.status)
    if status == surgery.status or surgery.status == SurgeryStatus.PLANNED:
        return values, []
    if surgery.status == SurgeryStatus.CONFIRMED and status == SurgeryStatus.PLANNED:
        del values["status"]
        return values, ["status: the operation is confirmed already; that stays."]
    what = f"The operation is recorded as {surgery.get_status_display().lower()}."
    raise NeedsAPerson("status", status, what, _IN_THE_PANEL)


def _refuse_early_discharge(values: Mapping[str, Any], *, surgery: Surgery) -> None:
    left = values.get("discharge_date", surgery.discharge_date)
    if left and left < values["surgery_date"]:
        what = f"By the record the patient went home on {left}, before this surgery date."
        raise NeedsAPerson("surgery_date", values["surgery_date"], what, _IN_THE_PANEL)


def _consents(
    record: Record, *, patient: Patient, known: Known, now: datetime, by: Staff | None
) -> tuple[list[Consent], list[str]]:
    """Return the words to write down. A stop that did not come from a table is never undone."""
    words, notes = [], []
    for channel, (given, column) in record.consents.items():
        latest = known.consents.get((patient.pk, channel)) if patient.pk else None
        if given == bool(latest and latest.given):
            continue
        if given and latest and latest.source != ConsentSource.IMPORT:
            notes.append(f"{column}: the patient said stop on {latest.at:%Y-%m-%d}; that stays.")
            continue
        words.append(
            Consent(
                patient=patient,
                channel=channel,
                given=given,
                at=now,
                source=ConsentSource.IMPORT,
                recorded_by=by,
                wording=f"imported: {column}",
            )
        )
    return words, notes


def _mix_ups(record: Record, *, known: Known) -> list[str]:
    """Return warnings about other patients of the clinic who look like this one."""
    found = []
    alike = known.alike_numbers.get(without_leading_zeros(record.number), set()) - {record.number}
    if alike:
        found.append(f"record_number: {min(alike)} exists too. Only the zeros differ.")
    others = known.mobiles.get(record.patient.get("mobile", ""), set()) - {record.number}
    if others:
        found.append(f"mobile: {len(others)} more patient(s) have this number.")
    if "birth_date" in record.patient:
        key = person(
            record.patient["birth_date"],
            given_name=record.patient["given_name"],
            family_name=record.patient["family_name"],
        )
        same = known.people.get(key, set()) - {record.number}
        if same:
            found.append(f"Record {min(same)} has the same name and date of birth.")
    return found
