"""Cells that a spreadsheet would run as a formula → cells that it shows as text, and back."""

from __future__ import annotations

# What starts a formula or a command in Excel, LibreOffice and Google Sheets, full width included
# (OWASP "CSV injection").
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_TEXT_MARK = "'"
# What may stand before it without showing: some programs drop it, and then look at what comes.
_SPACES = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
_UNSEEN = _SPACES + "\0\u200b\u200c\u200d\u2060\ufeff"


def neutral_cell(text: str) -> str:
    """Return `text` so that opening the file shows it and runs nothing.

    `plain_cell` gives the original back, to the byte. To be used on every cell of every export.
    A text that already looks neutral is marked again, so that it too comes back.
    """
    return _TEXT_MARK + text if _runs(text.lstrip(_TEXT_MARK)) else text


def plain_cell(text: str) -> str:
    """Return what `neutral_cell` was given; leave every other text alone."""
    if text.startswith(_TEXT_MARK) and neutral_cell(text[1:]) == text:
        return text[1:]
    return text


def _runs(text: str) -> bool:
    return text.startswith(_STARTS_A_FORMULA) or text.lstrip(_UNSEEN).startswith(_STARTS_A_FORMULA)
