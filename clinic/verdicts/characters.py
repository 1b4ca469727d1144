"""Which characters a stored line of text may contain, and which are cleaned away."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from clinic.verdicts.verdict import Rejected

_SPACES = re.compile(r"[\s\u2028\u2029\u3000]+")
_LINE_ENDS = "\t\r\n"
_BIDI_OVERRIDES = "\u202d\u202e"
_JOINERS = "\u200c\u200d"  # Persian, Indic scripts and emoji need them between two letters
_REPLACEMENT = "\ufffd"
# Letters by category, blanks by look.
_BLANK_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"


def refuse_unsafe(text: str) -> None:
    """Raise Rejected for characters that no stored text may have.

    NUL and lone surrogates cannot be stored at all; escapes reach terminals and logs; bidi
    overrides make a text look like another one.
    """
    if text.isascii() and text.isprintable():  # nearly every cell of a long table
        return
    for character in text:
        code = _unsafe_code(character)
        if code:
            raise Rejected(code, *_UNSAFE[code])


_UNSAFE = {
    "control_character": (
        "It contains a control character.",
        "Type it again instead of pasting.",
    ),
    "bidi_override": (
        "It contains a hidden mark that turns the reading direction around.",
        "Type it again instead of pasting.",
    ),
    "broken_character": (
        "It contains a character that was damaged on the way.",
        "Type it again, or read the file with the encoding it was saved in.",
    ),
}


def _unsafe_code(character: str) -> str:
    if character in _BIDI_OVERRIDES:
        return "bidi_override"
    category = unicodedata.category(character)
    if category == "Cs" or character == _REPLACEMENT or (ord(character) & 0xFFFE) == 0xFFFE:
        return "broken_character"
    if category == "Cc" and character not in _LINE_ENDS:
        return "control_character"
    return ""


def without_invisible(text: str) -> str:
    """Drop format characters that show nothing, keeping joiners that stand between two letters."""
    return text if text.isascii() else "".join(_visible(text))


def _visible(text: str) -> Iterator[str]:
    last = len(text) - 1
    for place, character in enumerate(text):
        if unicodedata.category(character) != "Cf" or (
            0 < place < last and _joins(text[place - 1 : place + 2])
        ):
            yield character


def _joins(around: str) -> bool:
    return around[1] in _JOINERS and not (around[0].isspace() or around[2].isspace())


def one_line(text: str) -> str:
    """Trim, and turn every run of white space into one space."""
    return _SPACES.sub(" ", text).strip()


def looks_empty(text: str) -> bool:
    """True when a reader would see nothing."""
    return not any(
        unicodedata.category(character)[0] in "LNPS" and character not in _BLANK_LETTERS
        for character in text
    )


def plain_digits(text: str) -> str:
    """Write the digits of every script (full width, Arabic, ...) as 0-9; leave the rest alone."""
    return text if text.isascii() else "".join(map(_plain_digit, text))


def _plain_digit(character: str) -> str:
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)
