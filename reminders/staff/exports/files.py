"""Rows of texts → a CSV file or a workbook, in parts as they come. No cell is ever run.

Memory does not depend on the number of rows. Every cell is text: a spreadsheet eats no zeros,
makes no dates of levels, and runs nothing (`clinic.intake.neutral`).
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any
from xml.sax.saxutils import escape

from clinic.intake.neutral import neutral_cell
from reminders.models import ExportFormat

Rows = Iterable[list[str]]
# What a workbook can hold: 2 to the 20th rows, and so many signs in a cell.
MOST_ROWS_OF_A_WORKBOOK = 1_048_575
LONGEST_CELL_OF_A_WORKBOOK = 32_767
PART_BYTES = 64 * 1024
TYPES: dict[str, str] = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def file_parts(rows: Rows, *, kind: str) -> Iterator[bytes]:
    """Give the file in parts of about 64 kB."""
    return _workbook(rows) if kind == ExportFormat.XLSX else _csv(rows)


def _csv(rows: Rows) -> Iterator[bytes]:
    """UTF-8 with the mark by which Excel knows it; every cell in quotation marks."""
    text = io.StringIO()
    text.write("\ufeff")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    for row in rows:
        writer.writerow([neutral_cell(cell) for cell in row])
        if text.tell() >= PART_BYTES:
            yield _taken(text)
    yield _taken(text)


def _taken(text: io.StringIO) -> bytes:
    part = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return part


class _Pipe(io.RawIOBase):
    """What is written here waits to be taken; a zip file finds that it cannot go back."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self.waiting = 0

    def writable(self) -> bool:
        return True

    def write(self, part: Any) -> int:
        self._parts.append(bytes(part))
        self.waiting += len(part)
        return len(part)

    def take(self) -> bytes:
        taken = b"".join(self._parts)
        self._parts, self.waiting = [], 0
        return taken


def _workbook(rows: Rows) -> Iterator[bytes]:
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in _FRAME.items():
            book.writestr(name, content)
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(_SHEET_STARTS)
            for row in rows:
                sheet.write(_row(row))
                if pipe.waiting >= PART_BYTES:
                    yield pipe.take()
            sheet.write(_SHEET_ENDS)
    yield pipe.take()


def _row(cells: list[str]) -> bytes:
    written = "".join(
        f'<c t="inlineStr"><is><t xml:space="preserve">{_cell(cell)}</t></is></c>' for cell in cells
    )
    return f"<row>{written}</row>".encode()


def _cell(text: str) -> str:
    neutral = neutral_cell(text)[:LONGEST_CELL_OF_A_WORKBOOK]
    return escape(neutral.translate(_NOT_IN_XML), {"\r": "&#13;"})


# XML knows no way to write these.
_NOT_IN_XML = dict.fromkeys(
    (*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)), "\ufffd"
)
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OOXML = "http://schemas.openxmlformats.org"
_MAIN = f"{_OOXML}/spreadsheetml/2006/main"
_RELATIONS = f"{_OOXML}/package/2006/relationships"
_OFFICE = f"{_OOXML}/officeDocument/2006/relationships"
_PARTS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_SHEET_STARTS = f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>'.encode()
_SHEET_ENDS = b"</sheetData></worksheet>"
# The least that Excel, LibreOffice and Google Sheets open (ECMA-376 part 1, 12.2).
_FRAME = {
    "[Content_Types].xml": f'{_XML}<Types xmlns="{_OOXML}/package/2006/content-types">'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_PARTS}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_PARTS}.worksheet+xml"/>'
    "</Types>",
    "_rels/.rels": f'{_XML}<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1"'
    f' Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="Export" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'{_XML}<Relationships xmlns="{_RELATIONS}">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    "</Relationships>",
}
