"""What the earlier rows of the same file said, in a few bytes for each."""

from __future__ import annotations

import hashlib

from clinic.intake.known import Person, person
from clinic.intake.outcomes import Action, Problem, RowOutcome
from clinic.intake.records import Record
from clinic.verdicts.record_numbers import without_leading_zeros


class EarlierRows:
    """Remembers lines by record number, mobile number and person: one entry a row at most."""

    def __init__(self) -> None:
        self._by_number: dict[str, tuple[int, bytes]] = {}
        self._by_bare_number: dict[str, str] = {}
        self._by_mobile: dict[str, int] = {}
        self._by_person: dict[Person, int] = {}

    def repeated(self, record: Record) -> RowOutcome | None:
        """Return what becomes of a row whose record number stood in the file before, if it did."""
        said = _said(record)
        line, before = self._by_number.setdefault(record.number, (record.line, said))
        if line == record.line:
            return None
        if before == said:
            warning = f"Line {line} says the same; it is kept once."
            return RowOutcome(record.line, Action.SKIP, record.number, warnings=(warning,))
        what = f"Line {line} has the same record number with other values."
        problem = Problem("record_number", record.number, what, "Keep the line that is right.")
        return RowOutcome(record.line, Action.CONFLICT, record.number, problems=(problem,))

    def mix_ups(self, record: Record) -> list[str]:
        """Return warnings about earlier rows that look like this one, and remember this one."""
        found = []
        bare = without_leading_zeros(record.number)
        other = self._by_bare_number.setdefault(bare, record.number)
        if other != record.number:
            found.append(f"record_number: {other} is in the file too. Only the zeros differ.")
        mobile = record.patient.get("mobile")
        if mobile and (line := self._by_mobile.setdefault(mobile, record.line)) != record.line:
            found.append(f"mobile: line {line} has the same number. Answers need a person to sort.")
        if "birth_date" in record.patient:
            found += self._same_person(record)
        return found

    def _same_person(self, record: Record) -> list[str]:
        key = person(
            record.patient["birth_date"],
            given_name=record.patient["given_name"],
            family_name=record.patient["family_name"],
        )
        line = self._by_person.setdefault(key, record.line)
        if line == record.line:
            return []
        return [f"Line {line} has the same name and date of birth under another record number."]


def _said(record: Record) -> bytes:
    said = repr((sorted(record.patient.items()), sorted(record.surgery.items()), record.consents))
    return hashlib.blake2b(said.encode(), digest_size=12).digest()
