"""Names of people, clinics and wards, in any script."""

from __future__ import annotations

import itertools
import re
import unicodedata

from clinic.verdicts import characters
from clinic.verdicts.verdict import Rejected, Verdict

LONGEST_NAME = 100

# Styles of a letter that carry no meaning in a name. Not <super> (Mª), not <compat> (Thai am).
_STYLES = ("<font>", "<wide>", "<narrow>", "<circle>", "<square>", "<small>")
_FORMS = ("<initial>", "<medial>", "<final>", "<isolated>")
_LIGATURES = range(0xFB00, 0xFB07)
_ALIKE_SCRIPTS = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"})
_MOST_MARKS_ON_A_LETTER = 6
_MISREAD = re.compile("[ÃÂ][\u0080-\u00bf]|â€|Å[\u0080-\u00bf\u2018-\u203a]")


def person_name(text: str) -> Verdict[str]:
    """Return a name ready to store: NFC, trimmed, single spaces, plain letter styles.

    Takes every script and length from one letter to LONGEST_NAME, and never changes a letter into
    another one. Words such as "Null" and texts such as "=1" are names like any other. Raises
    Rejected for control characters, bidi overrides, damaged text and what looks empty.
    """
    _refuse_long(text)
    characters.refuse_unsafe(text)
    name, fixes = _tidied(text)
    if characters.looks_empty(name):
        raise Rejected("empty", "The name is empty.", "Type at least one letter.")
    if len(name) > LONGEST_NAME:
        _refuse_long(name)
    if _has_piled_marks(name):
        raise Rejected("piled_marks", "Too many accents on one letter.", "Type the name again.")
    return Verdict(name, fixes=fixes, warnings=_warnings(name))


def match_key(name: str) -> str:
    """Return the form in which two spellings of one name are equal (José, Straße and STRASSE)."""
    folded = unicodedata.normalize("NFC", name).casefold()
    return unicodedata.normalize("NFC", folded)


def _refuse_long(text: str) -> None:
    # Looks at the length alone, so that a huge text costs nothing; spaces around get some room.
    if len(text) > 2 * LONGEST_NAME or len(text.strip()) > 2 * LONGEST_NAME:
        raise _too_long()
    if len(unicodedata.normalize("NFC", characters.one_line(text))) > LONGEST_NAME:
        raise _too_long()


def _too_long() -> Rejected:
    return Rejected(
        "too_long", f"The name is longer than {LONGEST_NAME} characters.", "Shorten it."
    )


def _tidied(text: str) -> tuple[str, tuple[str, ...]]:
    fixes = []
    visible = characters.without_invisible(text)
    if visible != text:
        fixes.append("Invisible characters were removed.")
    spaced = characters.one_line(visible)
    if spaced != visible:
        fixes.append("Extra spaces were removed.")
    composed = unicodedata.normalize("NFC", spaced)
    plain = unicodedata.normalize("NFC", "".join(map(_plain_letter, composed)))
    if plain != composed:
        fixes.append("Decorated letters were written as plain ones.")
    return characters.one_line(plain), tuple(fixes)


def _plain_letter(letter: str) -> str:
    style = unicodedata.decomposition(letter).partition(" ")[0]
    if style in _STYLES or style in _FORMS or ord(letter) in _LIGATURES:
        return unicodedata.normalize("NFKC", letter)
    return letter


def _has_piled_marks(name: str) -> bool:
    runs = itertools.groupby(name, key=lambda c: unicodedata.category(c) in ("Mn", "Me"))
    return any(is_mark and len(list(run)) > _MOST_MARKS_ON_A_LETTER for is_mark, run in runs)


def _warnings(name: str) -> tuple[str, ...]:
    warnings = []
    if any(len(scripts(word) & _ALIKE_SCRIPTS) > 1 for word in name.split()):
        warnings.append(
            "One word mixes letters of two alphabets that look alike. Is it typed right?"
        )
    if any(unicodedata.category(character) in ("So", "Sk", "Co") for character in name):
        warnings.append("The name contains a picture or symbol. Texts with it cost more.")
    if _MISREAD.search(name):
        warnings.append("The name looks as if the file was read with the wrong encoding.")
    return tuple(warnings)


def scripts(word: str) -> frozenset[str]:
    """Return the alphabets of the letters in `word`: LATIN, CYRILLIC, ARABIC, ..."""
    return frozenset(
        unicodedata.name(letter, "UNKNOWN").partition(" ")[0] for letter in word if letter.isalpha()
    )
