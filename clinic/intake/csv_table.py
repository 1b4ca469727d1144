"""A CSV file, a line at a time → cells. Memory stays flat whatever the file holds."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from clinic.intake.tables import Cells, FileRefused, without_empty_end
from clinic.verdicts.verdict import shown

ENCODINGS = ("utf-8", "cp1252", "iso-8859-15")
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}

_LONGEST_LINE = 1024 * 1024
_LONGEST_CELL = 100_000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_RESAVE = "Save it again as CSV UTF-8 or as an Excel workbook (.xlsx)."


def encoding_of(start: bytes, *, told: str | None) -> str:
    """Return the encoding that the file's own mark names, else the one `told`, else UTF-8."""
    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise FileRefused("encoding", "The file is in UTF-32.", _RESAVE)
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    return told or "utf-8"


def separator_of(header: str) -> str:
    """Return the sign that parts the columns: the one that parts the header into most."""
    return max(SEPARATORS, key=lambda sign: len(next(csv.reader([header], delimiter=sign), [])))


def csv_header(file: BinaryIO, *, encoding: str) -> str:
    """Return the first line that is not blank; raise FileRefused if there is none."""
    for line in _lines(file, encoding=encoding):
        if line.strip("\ufeff \t\r\n,;|"):
            return line
    raise FileRefused("empty", "The file is empty.", "Choose the file with the patients.")


def csv_cells(file: BinaryIO, *, encoding: str, separator: str) -> Iterator[Cells]:
    """Give every record, the header first, blank ones too.

    Takes LF, CRLF and CR. Raises FileRefused, with the line, where the file cannot be read
    further: wrong encoding, NUL, a quote that never closes, a line or a cell without end.
    """
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(_lines(file, encoding=encoding), delimiter=separator, strict=True)
    first_line = 1
    try:
        for texts in reader:
            yield Cells(line=first_line, texts=without_empty_end(texts))
            first_line = reader.line_num + 1
    except csv.Error as problem:
        raise _broken(problem, line=first_line) from problem


def _broken(problem: csv.Error, *, line: int) -> FileRefused:
    if "field larger" in str(problem) or "unexpected end" in str(problem):
        what = f"A quoted cell that starts in line {line} does not end."
        return FileRefused("open_quote", what, 'Close it with ". ' + _RESAVE, lines=(line,))
    what = f"Line {line} has a quotation mark where none can be."
    return FileRefused("quotes", what, 'Write " inside a cell as "". ' + _RESAVE, lines=(line,))


def _lines(file: BinaryIO, *, encoding: str) -> Iterator[str]:
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    number = 0
    try:
        while line := text.readline(_LONGEST_LINE + 1):
            number += 1
            _refuse_line(line, number=number)
            yield line
    except UnicodeError as problem:
        raise _wrong_encoding(file, encoding=encoding) from problem
    finally:
        if not file.closed:
            text.detach()  # the file belongs to the caller and is read again


def _refuse_line(line: str, *, number: int) -> None:
    if len(line) > _LONGEST_LINE:
        raise FileRefused("long_line", f"Line {number} is over 1 MB.", _RESAVE, lines=(number,))
    if "\0" in line:
        what = f"Line {number} contains a NUL character, which no text has."
        raise FileRefused("nul", what, _RESAVE, lines=(number,))


def _wrong_encoding(file: BinaryIO, *, encoding: str) -> FileRefused:
    if not encoding.startswith("utf-8"):
        return FileRefused("encoding", f"The file is not in {encoding}.", _RESAVE)
    line, preview = _first_foreign_text(file)
    hint = f'If it should read "{preview}", say that the encoding is cp1252. {_RESAVE}'
    return FileRefused("encoding", f"Line {line} is not in UTF-8.", hint, lines=(line,))


def _first_foreign_text(file: BinaryIO) -> tuple[int, str]:
    """Return the first line that is not UTF-8, and how cp1252 would read the place."""
    file.seek(0)
    number = 0
    while line := file.readline(_LONGEST_LINE):
        number += 1
        try:
            line.decode("utf-8")
        except UnicodeDecodeError as problem:
            around = line[max(problem.start - 12, 0) : problem.start + 12]
            return number, shown(around.decode("cp1252", errors="replace").strip())
    return number, ""
