"""`manage.py import_patients`: patients and surgeries from a CSV file or a workbook."""

from __future__ import annotations

import contextlib
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clinic import clock
from clinic.intake.csv_table import ENCODINGS
from clinic.intake.importing import apply, preview
from clinic.intake.outcomes import Action, RowOutcome
from clinic.intake.progress import with_progress
from clinic.intake.report import ProblemTable, Tally, lines_about
from clinic.intake.spreadsheet import Spreadsheet, open_spreadsheet
from clinic.intake.tables import FileRefused
from clinic.models import Clinic, Staff
from clinic.verdicts.dates import DayOrder

_GOOD_ROWS_SHOWN = 20
_BAD_ROWS_SHOWN = 1_000
_BAD = (Action.REJECT, Action.CONFLICT)


class Command(BaseCommand):
    """Shows what an import would do; with --apply does it. Running it twice changes nothing."""

    help = (
        "Import patients and surgeries from a CSV file or an Excel workbook. Shows what would "
        "happen; --apply keeps the good rows and leaves the bad ones."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--clinic", required=True, help="the clinic's key")
        parser.add_argument("--by", default="", help="user name of who imports, kept with consents")
        parser.add_argument("--apply", action="store_true", help="keep the good rows")
        parser.add_argument("--encoding", choices=ENCODINGS, help="for CSV that is not UTF-8")
        parser.add_argument(
            "--date-order",
            choices=[order.value for order in DayOrder],
            help="how the file writes 05/01/2026: dmy or mdy",
        )
        parser.add_argument("--errors-to", type=Path, help="write what is wrong to this CSV file")

    def handle(self, *args: Any, **options: Any) -> None:
        clinic = _clinic(options["clinic"])
        by = _staff(options["by"], clinic=clinic)
        order = DayOrder(options["date_order"]) if options["date_order"] else None
        try:
            with options["file"].open("rb") as file:
                sheet = open_spreadsheet(
                    file, name=options["file"].name, encoding=options["encoding"], day_order=order
                )
                self._say_how_it_was_read(sheet)
                self._report(
                    _outcomes(sheet, clinic=clinic, by=by, order=order, keep=options["apply"]),
                    total=sheet.row_count,
                    errors_to=options["errors_to"],
                )
        except OSError as problem:
            raise CommandError(f"{options['file']}: {problem.strerror}.") from problem
        except FileRefused as refused:
            raise CommandError(f"Nothing was imported. {refused}") from refused
        if not options["apply"]:
            self.stdout.write("Nothing was kept. Run it again with --apply to keep the good rows.")

    def _say_how_it_was_read(self, sheet: Spreadsheet) -> None:
        self.stdout.write(f"Read as {sheet.described}: {sheet.row_count:,} rows.")
        if sheet.columns.unknown:
            self.stdout.write(f"Columns left out: {', '.join(sheet.columns.unknown)}.")

    def _report(
        self, outcomes: Iterator[RowOutcome], *, total: int, errors_to: Path | None
    ) -> None:
        tally = Tally()
        shown = {True: 0, False: 0}
        with _problem_table(errors_to) as table:
            for outcome in with_progress(outcomes, total=total, stream=sys.stderr):
                tally.add(outcome)
                if table:
                    table.add(outcome)
                is_bad = outcome.action in _BAD
                if shown[is_bad] < (_BAD_ROWS_SHOWN if is_bad else _GOOD_ROWS_SHOWN):
                    shown[is_bad] += self._show(outcome)
        if tally.skipped:
            self.stdout.write(f"{tally.skipped} rows were skipped: repeated or deceased.")
        if tally.fixed:
            self.stdout.write(f"{tally.fixed} rows had values put into their usual form.")
        self.stdout.write(tally.summary)

    def _show(self, outcome: RowOutcome) -> bool:
        lines = list(lines_about(outcome))
        for line in lines:
            self.stdout.write(line)
        return bool(lines)


def _clinic(key: str) -> Clinic:
    try:
        return Clinic.objects.get(key=key)
    except Clinic.DoesNotExist:
        keys = ", ".join(Clinic.objects.values_list("key", flat=True)) or "none yet"
        raise CommandError(f"There is no clinic {key}. Clinics: {keys}.") from None


def _staff(username: str, *, clinic: Clinic) -> Staff | None:
    if not username:
        return None
    found = Staff.objects.filter(username=username, is_active=True).first()
    if found is None or found.clinic_id not in (None, clinic.pk):
        raise CommandError(f"Nobody named {username} works at {clinic.key}.")
    return found


def _outcomes(
    sheet: Spreadsheet, *, clinic: Clinic, by: Staff | None, order: DayOrder | None, keep: bool
) -> Iterator[RowOutcome]:
    now = clock.now()
    if keep:
        return apply(sheet.rows(), clinic=clinic, now=now, by=by, day_order=order)
    return preview(sheet.rows(), clinic=clinic, now=now, day_order=order)


@contextlib.contextmanager
def _problem_table(path: Path | None) -> Iterator[ProblemTable | None]:
    if path is None:
        yield None
        return
    # With a byte order mark, so that a spreadsheet reads accents right.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        yield ProblemTable(file)
