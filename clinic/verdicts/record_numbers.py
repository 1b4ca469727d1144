"""Medical record numbers: a text that happens to look like a number, kept exactly."""

from __future__ import annotations

import re

from clinic.verdicts import characters
from clinic.verdicts.verdict import Rejected, Verdict, shown

LONGEST_RECORD_NUMBER = 40

_SCIENTIFIC = re.compile(r"\d+([.,]\d+)?e\+?\d+", re.IGNORECASE)
_DECIMAL = re.compile(r"\d+[.,]0+")
_HINT = "Copy it from the record, as text."


def record_number(text: str) -> Verdict[str]:
    """Return the number exactly as written, without spaces around it: 00123 is not 123.

    Raises Rejected for nothing, control characters, line breaks, and what a spreadsheet has made
    of a long number (1.23E+11, 123.0), because the lost digits cannot be guessed.
    """
    if len(text) > 10 * LONGEST_RECORD_NUMBER:
        raise _too_long()
    characters.refuse_unsafe(text)
    number = characters.without_invisible(text).strip().removeprefix("'").strip()
    if characters.looks_empty(number):
        raise Rejected("empty", "The record number is empty.", _HINT)
    if len(number) > LONGEST_RECORD_NUMBER:
        raise _too_long()
    if any(end in number for end in "\t\r\n"):
        raise Rejected("line_break", "The record number goes over two lines.", _HINT)
    if _SCIENTIFIC.fullmatch(number) or _DECIMAL.fullmatch(number):
        raise Rejected(
            "spreadsheet_number",
            f'"{shown(number)}" is a number that a spreadsheet has changed.',
            "Format the column as text and copy the record number again.",
        )
    return Verdict(number, fixes=_fixes(number, typed=text), warnings=_warnings(number))


def _too_long() -> Rejected:
    what = f"The record number is longer than {LONGEST_RECORD_NUMBER} characters."
    return Rejected("too_long", what, _HINT)


def _fixes(number: str, *, typed: str) -> tuple[str, ...]:
    return () if number == typed else ("Spaces or marks around it were removed.",)


def _warnings(number: str) -> tuple[str, ...]:
    if number.isascii():
        return ()
    return ("The record number has unusual characters. Compare it with the record.",)


def without_leading_zeros(number: str) -> str:
    """Return the form in which 00123 and 123 are alike, to warn of the two being mixed up."""
    return number.lstrip("0") or number
