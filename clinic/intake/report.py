"""Outcomes of rows → lines for a terminal and a table of what is wrong."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from typing import TextIO

from clinic.intake.neutral import neutral_cell
from clinic.intake.outcomes import Action, RowOutcome

_COUNTED = (Action.CREATE, Action.UPDATE, Action.UNCHANGED, Action.CONFLICT, Action.REJECT)
_TITLES = ("line", "action", "record_number", "field", "value", "what is wrong", "what to do")


def lines_about(outcome: RowOutcome) -> Iterator[str]:
    """Give the lines that describe one row; none for a row that is kept already."""
    if outcome.action is Action.UNCHANGED and not outcome.warnings:
        return
    changes = ", ".join(outcome.changes)
    yield f"line {outcome.line:<6} {outcome.action:<9} {outcome.record_number}  {changes}".rstrip()
    for problem in outcome.problems:
        place = f"{problem.field}: " if problem.field else ""
        value = f'"{problem.value}" ' if problem.value else ""
        yield f"    {place}{value}{problem.what} {problem.hint}".rstrip()
    for warning in outcome.warnings:
        yield f"    look: {warning}"


class Tally:
    """Counts what became of the rows."""

    def __init__(self) -> None:
        self._counts: Counter[Action] = Counter()
        self._blank = 0
        self.fixed = 0

    def add(self, outcome: RowOutcome) -> None:
        self._counts[outcome.action] += 1
        self._blank += outcome.action is Action.SKIP and not outcome.record_number
        self.fixed += bool(outcome.fixes)

    @property
    def skipped(self) -> int:
        """Rows that repeat another one, or are about a patient who has died."""
        return self._counts[Action.SKIP] - self._blank

    @property
    def summary(self) -> str:
        """One line of counts; rows that are blank are not counted."""
        rows = sum(self._counts.values()) - self._blank
        counts = " ".join(f"{action}={self._counts[action]}" for action in _COUNTED)
        return f"rows={rows} {counts}"


class ProblemTable:
    """A CSV file of what is wrong, one line for each problem, safe to open in a spreadsheet."""

    def __init__(self, file: TextIO) -> None:
        self._writer = csv.writer(file)
        self._writer.writerow(_TITLES)

    def add(self, outcome: RowOutcome) -> None:
        for problem in outcome.problems:
            cells = (
                str(outcome.line), outcome.action, outcome.record_number,
                problem.field, problem.value, problem.what, problem.hint,
            )  # fmt: skip
            self._writer.writerow([neutral_cell(cell) for cell in cells])
