"""Cells that a spreadsheet would run as a formula → cells that it shows as text, and back."""

from __future__ import annotations

# What starts a formula or a command in Excel, LibreOffice and Google Sheets, full width included
# (OWASP "CSV injection").
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_TEXT_MARK = "'"


def neutral_cell(text: str) -> str:
    """Return `text` so that opening the file shows it and runs nothing.

    `plain_cell` gives the original back, to the byte. To be used on every cell of every export.
    """
    if text.startswith(_STARTS_A_FORMULA) or text.lstrip(" ").startswith(_STARTS_A_FORMULA):
        return _TEXT_MARK + text
    if text.startswith(_TEXT_MARK) and neutral_cell(text[1:]) != text[1:]:
        return _TEXT_MARK + text  # it already looks neutral: mark it again so that it comes back
    return text


def plain_cell(text: str) -> str:
    """Return what `neutral_cell` was given; leave every other text alone."""
    if text.startswith(_TEXT_MARK) and neutral_cell(text[1:]) == text:
        return text[1:]
    return text
