"""Rows of text → records of values, each value judged by `clinic.verdicts`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from clinic.intake.columns import REQUIRED
from clinic.intake.outcomes import Problem
from clinic.intake.readings import CONSENT, PATIENT, SURGERY, Reading, Terms
from clinic.intake.spreadsheet import Row
from clinic.models import Channel, Collar, SurgeryStatus
from clinic.verdicts import Rejected, dates, facts
from clinic.verdicts.verdict import shown

_MAY_BE_BLANK = {"birth_date": "Without a date of birth a mix-up of two people goes unnoticed."}
_LOOKS_LIKE_A_PHONE = re.compile(r"[\s+()./-]*(\d[\s()./-]*){7,15}")


@dataclass(frozen=True, slots=True)
class Record:
    """What one row says. A field that is missing was blank or had no column: it says nothing.

    `consents` holds, for each channel that the row speaks of, yes or no and the column.
    With `problems` nothing of the record may be kept.
    """

    line: int
    patient: Mapping[str, Any]
    surgery: Mapping[str, Any]
    consents: Mapping[Channel, tuple[bool, str]]
    problems: tuple[Problem, ...] = ()
    warnings: tuple[str, ...] = ()
    fixes: tuple[str, ...] = ()

    @property
    def number(self) -> str:
        return str(self.patient.get("record_number", ""))


class _Reader:
    """Reads the cells of one row and gathers what is wrong or worth a look."""

    def __init__(self, row: Row, *, terms: Terms) -> None:
        self._row = row
        self._terms = terms
        self.problems = [
            Problem(field, shown(row.cells.get(field, "")), *problem)
            for field, problem in row.unreadable.items()
        ]
        self.warnings: list[str] = []
        self.fixes: list[str] = []

    def values(self, readings: Mapping[str, Reading]) -> dict[str, Any]:
        """Return the values of every field that has one; blank cells say nothing."""
        found: dict[str, Any] = {}
        for field, reading in readings.items():
            text = self._row.cells.get(field, "")
            if field in self._row.unreadable:
                continue
            if not text.strip():
                self._note_blank(field)
                continue
            self._read(field, text=text, reading=reading, found=found)
        return found

    def _read(self, field: str, *, text: str, reading: Reading, found: dict[str, Any]) -> None:
        try:
            verdict = reading(text, self._terms)
        except Rejected as rejected:
            self.refuse(field, text=text, rejected=rejected)
            return
        if verdict.value is not None:
            found[field] = verdict.value
        self.warnings += [f"{field}: {warning}" for warning in verdict.warnings]
        self.fixes += [f"{field}: {fix}" for fix in verdict.fixes]

    def _note_blank(self, field: str) -> None:
        if field in _MAY_BE_BLANK:
            self.warnings.append(f"{field}: {_MAY_BE_BLANK[field]}")
        elif field in REQUIRED:
            rejected = Rejected("empty", "The cell is empty.", "Every row needs it.")
            self.refuse(field, text="", rejected=rejected)

    def refuse(self, field: str, *, text: str, rejected: Rejected) -> None:
        self.problems.append(Problem(field, shown(text), rejected.what, rejected.hint))


def read_record(row: Row, *, terms: Terms) -> Record:
    """Return what the row says, with everything that is wrong with it at once."""
    reader = _Reader(row, terms=terms)
    swapped = _swapped(row)
    readings = {k: v for k, v in PATIENT.items() if not (swapped and k in ("mobile", "email"))}
    patient = reader.values(readings)
    surgery = reader.values(SURGERY)
    consents = _consents(reader.values(CONSENT))
    if swapped:
        reader.problems.append(swapped)
    _check_dates(reader, patient=patient, surgery=surgery, today=terms.today)
    _check_neck(reader, surgery=surgery)
    if not reader.problems:
        reader.warnings += _unreachable(patient)
    return Record(
        line=row.line,
        patient=patient,
        surgery=surgery,
        consents=consents,
        problems=tuple(reader.problems),
        warnings=tuple(reader.warnings),
        fixes=tuple(reader.fixes),
    )


def _swapped(row: Row) -> Problem | None:
    mobile, email = row.cells.get("mobile", ""), row.cells.get("email", "")
    if "@" in mobile and (not email.strip() or _LOOKS_LIKE_A_PHONE.fullmatch(email[:60])):
        what = "The telephone and the email column look swapped."
        return Problem("mobile, email", shown(f"{mobile} | {email}"), what, "Swap their titles.")
    return None


def _consents(values: Mapping[str, Any]) -> dict[Channel, tuple[bool, str]]:
    found: dict[Channel, tuple[bool, str]] = {}
    for channel in Channel:
        for column in (f"consent_{channel.value}", "consent"):
            if column in values and channel not in found:
                found[channel] = (values[column], column)
    return found


def _check_dates(
    reader: _Reader, *, patient: dict[str, Any], surgery: dict[str, Any], today: date
) -> None:
    operated: date | None = surgery.get("surgery_date")
    left: date | None = surgery.get("discharge_date")
    if left:
        try:
            verdict = dates.discharge_date(left, operated=operated)
        except Rejected as rejected:
            reader.refuse("discharge_date", text=left.isoformat(), rejected=rejected)
        else:
            reader.warnings += [f"discharge_date: {note}" for note in verdict.warnings]
    if not operated:
        return
    if operated < patient.get("birth_date", operated):
        wrong = Rejected("before_birth", "The surgery is before the birth.", "Compare both dates.")
        reader.refuse("surgery_date", text=operated.isoformat(), rejected=wrong)
    if operated > today and surgery.get("status") == SurgeryStatus.CONFIRMED:
        wrong = Rejected("in_future", "A surgery to come has not taken place.", "Compare the date.")
        reader.refuse("status", text="confirmed", rejected=wrong)


def _check_neck(reader: _Reader, *, surgery: dict[str, Any]) -> None:
    """What only a neck can have, in a row that says that the lower back was operated on."""
    recorded = {"approach_anterior": surgery.get("approach_anterior", False),
                "collar": surgery.get("collar", Collar.NONE) != Collar.NONE}  # fmt: skip
    for field in (field for field, is_recorded in recorded.items() if is_recorded):
        try:
            facts.of_the_neck(surgery.get("region", ""))
        except Rejected as rejected:
            reader.refuse(field, text=str(surgery[field]), rejected=rejected)


def _unreachable(patient: Mapping[str, Any]) -> list[str]:
    if not (patient.get("mobile") or patient.get("email")):
        return ["The row has neither a mobile number nor an email address."]
    wanted = {"sms": "mobile", "email": "email"}.get(patient.get("channels", ""))
    if wanted and not patient.get(wanted):
        return [f"The patient wants {patient['channels']} only, but the row has no {wanted}."]
    return []
