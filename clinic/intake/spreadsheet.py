"""A file from a clinic's system → rows, by what the file is and not by what it is called."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from clinic.intake.columns import Columns, columns_of
from clinic.intake.csv_table import (
    ENCODINGS,
    SEPARATORS,
    csv_cells,
    csv_header,
    encoding_of,
    separator_of,
)
from clinic.intake.neutral import plain_cell
from clinic.intake.tables import MOST_BYTES, MOST_ROWS, Cells, FileRefused
from clinic.intake.xlsx_table import refuse_bomb, xlsx_cells
from clinic.verdicts.dates import DayOrder, order_shown_by

_DAY_FIELDS = ("birth_date", "surgery_date", "discharge_date")
_MOST_LINES_NAMED = 5
_MOST_EMPTY_ROWS = 1_100_000  # a sheet of Excel may be formatted down to its last row
_AS_CSV = "Save it as CSV UTF-8 or as an Excel workbook (.xlsx)."
_FOREIGN_STARTS = (
    (b"\xd0\xcf\x11\xe0", "an old Excel file (.xls) or one with a password"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a compressed file"),
    (b"<", "a web page or XML"),
    (b"{", "JSON"),
    (b"[", "JSON"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One record: its first line in the file, and its cells by field.

    `unreadable` says by field why there is no value; the key "" is about the row as a whole.
    """

    line: int
    cells: Mapping[str, str]
    unreadable: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        return not self.unreadable and not any(text.strip() for text in self.cells.values())


@dataclass(frozen=True, slots=True)
class Spreadsheet:
    """A file that was read once from end to end and can be read again, a row at a time."""

    file: BinaryIO
    columns: Columns
    row_count: int  # rows that hold something, the header not counted
    encoding: str  # "" in a workbook
    separator: str  # "" in a workbook

    @property
    def described(self) -> str:
        """How the file was read, for a person to confirm."""
        if not self.separator:
            return "Excel workbook"
        encoding = self.encoding.removesuffix("-sig")
        return f"CSV, {encoding}, columns parted by {SEPARATORS[self.separator]}"

    def rows(self) -> Iterator[Row]:
        """Give every row after the header. Raises FileRefused as `open_spreadsheet` does."""
        return _rows(_cells(self.file, encoding=self.encoding, separator=self.separator))


def open_spreadsheet(
    file: BinaryIO,
    *,
    name: str = "",
    encoding: str | None = None,
    day_order: DayOrder | None = None,
) -> Spreadsheet:
    """Read a seekable file once, row by row, and return it ready to be imported.

    `name` is only used to catch a workbook that calls itself CSV; `encoding` and `day_order` are
    what a person said where the file itself does not. Raises FileRefused, before anything is
    kept, for what is not a table, too big, unreadable, without rows or the needed columns, or
    with days written in two orders.
    """
    if encoding is not None and encoding not in ENCODINGS:
        raise FileRefused("encoding", "This encoding is not known.", f"Use {', '.join(ENCODINGS)}.")
    start = _start(file)
    if start.startswith(b"PK\x03\x04"):
        _refuse_other_archives(file, name=name)
        return _surveyed(file, encoding="", separator="", day_order=day_order)
    _refuse_foreign(start)
    found = encoding_of(start, told=encoding)
    separator = separator_of(csv_header(file, encoding=found))
    return _surveyed(file, encoding=found, separator=separator, day_order=day_order)


def _start(file: BinaryIO) -> bytes:
    if file.seek(0, os.SEEK_END) > MOST_BYTES:
        raise FileRefused("too_big", "The file is over 10 MB.", "Split it in parts.")
    file.seek(0)
    return file.read(4096)


def _refuse_foreign(start: bytes) -> None:
    for beginning, name in _FOREIGN_STARTS:
        if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(beginning):
            raise FileRefused("not_a_table", f"The file is {name}.", _AS_CSV)
    if b"\0" in start and not start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileRefused("nul", "The file is not plain text, or UTF-16 without its mark.", _AS_CSV)


def _refuse_other_archives(file: BinaryIO, *, name: str) -> None:
    refuse_bomb(file)
    file.seek(0)
    with zipfile.ZipFile(file) as archive:
        is_workbook = "xl/workbook.xml" in archive.namelist()
    if not is_workbook:
        raise FileRefused("not_a_table", "The file is an archive or another office file.", _AS_CSV)
    if name.lower().endswith((".csv", ".txt", ".tsv")):
        what = "The file is an Excel workbook, though its name says text."
        raise FileRefused("wrong_name", what, "Rename it to .xlsx, or save it as CSV UTF-8.")


def _cells(file: BinaryIO, *, encoding: str, separator: str) -> Iterator[Cells]:
    if separator:
        return csv_cells(file, encoding=encoding, separator=separator)
    return xlsx_cells(file)


def _surveyed(
    file: BinaryIO, *, encoding: str, separator: str, day_order: DayOrder | None
) -> Spreadsheet:
    header = _header(_cells(file, encoding=encoding, separator=separator))
    columns = columns_of(header.texts)
    days = _DaysSeen()
    count = 0
    empty = 0
    for row in _rows(_cells(file, encoding=encoding, separator=separator)):
        count += not row.is_blank
        empty += row.is_blank
        days.look_at(row)
        if count > MOST_ROWS or empty > _MOST_EMPTY_ROWS:
            raise FileRefused("too_many_rows", f"There are over {MOST_ROWS:,} rows.", "Split it.")
    if not count:
        raise FileRefused("no_rows", "There is a header, but no patient.", "Add at least one row.")
    if day_order is None:
        days.refuse_two_orders()
    return Spreadsheet(file, columns, count, encoding, separator)


def _header(cells: Iterator[Cells]) -> Cells:
    for candidate in cells:
        if not candidate.is_blank:
            return candidate
    raise FileRefused("empty", "The file is empty.", "Choose the file with the patients.")


def _rows(cells: Iterator[Cells]) -> Iterator[Row]:
    columns = columns_of(_header(cells).texts)
    for record in cells:
        yield _row(record, columns=columns)


def _row(record: Cells, *, columns: Columns) -> Row:
    texts = zip(columns.fields, record.texts, strict=False)
    unreadable = {
        name: problem
        for place, problem in record.unreadable.items()
        if place < len(columns.fields) and (name := columns.fields[place])
    }
    if len(record.texts) > len(columns.fields):
        unreadable[""] = ("The row has more cells than the header.", "Look for a stray separator.")
    return Row(
        line=record.line,
        cells={name: plain_cell(text) for name, text in texts if name},
        unreadable=unreadable,
    )


class _DaysSeen:
    """Which orders of day and month the file proves, and in which lines."""

    def __init__(self) -> None:
        self._lines: dict[DayOrder, list[int]] = {order: [] for order in DayOrder}

    def look_at(self, row: Row) -> None:
        for name in _DAY_FIELDS:
            order = order_shown_by(row.cells.get(name, "")[:40])
            if order and len(self._lines[order]) < _MOST_LINES_NAMED:
                self._lines[order].append(row.line)

    def refuse_two_orders(self) -> None:
        day_first, month_first = self._lines[DayOrder.DAY_FIRST], self._lines[DayOrder.MONTH_FIRST]
        if not (day_first and month_first):
            return
        what = (
            f"The file writes days in two orders: day first in line {_listed(day_first)}, "
            f"month first in line {_listed(month_first)}."
        )
        hint = "Nobody can tell the others apart. Write every day as YYYY-MM-DD."
        raise FileRefused("two_day_orders", what, hint, lines=(*day_first, *month_first))


def _listed(lines: list[int]) -> str:
    return ", ".join(str(line) for line in dict.fromkeys(lines))
