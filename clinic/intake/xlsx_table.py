"""An Excel workbook's first sheet, a row at a time → cells of text."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from clinic.intake.tables import Cells, FileRefused, without_empty_end

_MOST_UNPACKED_BYTES = 150 * 1024 * 1024
_MOST_SHARED_TEXT_BYTES = 40 * 1024 * 1024  # openpyxl keeps this part in memory
_WIDEST_ROW = 1_000
# Excel keeps 15 digits of a number and turns the rest into zeros.
_EXACT_BELOW = 10**15
_PADDED = re.compile(r"0{2,40}")

_FORMULA = ("The cell holds a formula.", "Copy the column and paste it as values.")
_ERROR = ("The cell shows an error.", "Type the value.")
_ROUNDED = ("Excel has rounded this number.", "Format the column as text and type it again.")
_RESAVE = "Open it and save it again as .xlsx, without a password."


def refuse_bomb(file: BinaryIO) -> None:
    """Raise FileRefused if the workbook unpacks to far more than any list of patients."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile as problem:
        raise _damaged() from problem
    shared = sum(part.file_size for part in parts if "sharedStrings" in part.filename)
    if sum(part.file_size for part in parts) > _MOST_UNPACKED_BYTES or (
        shared > _MOST_SHARED_TEXT_BYTES
    ):
        raise FileRefused("too_big", "The workbook unpacks to too much.", "Split it in parts.")


def xlsx_cells(file: BinaryIO) -> Iterator[Cells]:
    """Give every row of the first visible sheet, the header first, blank ones too.

    Every value comes as the text a person would type: days as YYYY-MM-DD, numbers without a
    point. What has no value of its own (formulas, errors, rounded numbers) comes as unreadable.
    """
    file.seek(0)
    try:
        yield from _rows(file)
    except (
        KeyError, ValueError, TypeError, ParseError, InvalidFileException,
        zipfile.BadZipFile, OSError, EOFError,
    ) as problem:  # fmt: skip
        raise _damaged() from problem


def _damaged() -> FileRefused:
    return FileRefused("damaged", "The workbook is damaged or not a workbook.", _RESAVE)


def _rows(file: BinaryIO) -> Iterator[Cells]:
    # Formulas must be seen, not their last result: that may be years old, or missing.
    workbook = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
    try:
        sheet = next((s for s in workbook.worksheets if s.sheet_state == "visible"), None)
        if sheet is None:
            raise FileRefused("empty", "The workbook has no visible sheet.", _RESAVE)
        sheet.reset_dimensions()  # its own word on its size may be wrong
        for line, row in enumerate(sheet.iter_rows(), start=1):
            yield _cells(row, line=line)
    finally:
        workbook.close()


def _cells(row: tuple[Any, ...], *, line: int) -> Cells:
    texts: list[str] = []
    unreadable: dict[int, tuple[str, str]] = {}
    for place, cell in enumerate(row[:_WIDEST_ROW]):
        text, problem = _text(cell)
        texts.append(text)
        if problem:
            unreadable[place] = problem
    return Cells(line=line, texts=without_empty_end(texts), unreadable=unreadable)


def _text(cell: Any) -> tuple[str, tuple[str, str] | None]:
    value = cell.value
    if value is None:
        return "", None
    if cell.data_type == "f":
        return "(formula)", _FORMULA
    if cell.data_type == "e":
        return str(value), _ERROR
    if isinstance(value, bool):
        return ("yes" if value else "no"), None
    if isinstance(value, int | float):
        return _number(value, pattern=cell.number_format)
    return _written(value), None


def _number(value: float, *, pattern: str) -> tuple[str, tuple[str, str] | None]:
    if abs(value) >= _EXACT_BELOW:
        return str(value), _ROUNDED
    if value != int(value):
        return repr(value), None
    text = str(int(value))
    return (text.zfill(len(pattern)) if _PADDED.fullmatch(pattern) else text), None


def _written(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return str(value)
