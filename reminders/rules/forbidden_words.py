"""A text and a list of words → those that stand in it, however they are disguised."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from reminders.rules.content import ForbiddenWord

# Invisible, so they could split a word that a person reads as whole.
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u2060-\u2064\ufeff]")
_APOSTROPHES = str.maketrans("‘’ʼ`´", "'''''")
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_WHOLE = r"(?<!\w)(?:{})(?:e?s|e?d|l?y|'s)?(?!\w)"


def found_in(text: str, *, words: Iterable[ForbiddenWord]) -> list[ForbiddenWord]:
    """Return the forbidden words that `text` holds as whole words.

    Case, hyphens, line breaks, acute accents, plural and past endings make no difference; "cure" is
    found in "Cured!" and not in "secure", "cáncer" in "CANCER". Costs time in proportion to text
    and list.
    """
    return list(_found_in(text, tuple(words)))


@lru_cache(maxsize=10_000)  # the texts of the pathways of several clinics, by list of words
def _found_in(text: str, listed: tuple[ForbiddenWord, ...]) -> tuple[ForbiddenWord, ...]:
    folded = fold(text)
    if not _any_of(listed).search(folded):
        return ()  # so it is for nearly every text, and one search is enough to know
    return tuple(word for word in listed if _pattern(word.word).search(folded))


def fold(text: str) -> str:
    """Return `text` as it is compared: one case, one kind of hyphen, nothing invisible.

    Acute accents go, because texts leave them out; ñ and ü are letters of their own and stay.
    """
    plain = unicodedata.normalize("NFKD", text).replace("\u0301", "")
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFKC", plain))
    return _DASHES.sub("-", visible.translate(_APOSTROPHES)).casefold()


@lru_cache(maxsize=2_000)
def _pattern(word: str) -> re.Pattern[str]:
    return re.compile(_WHOLE.format(_written(word)))


@lru_cache(maxsize=200)
def _any_of(words: tuple[ForbiddenWord, ...]) -> re.Pattern[str]:
    return re.compile(_WHOLE.format("|".join(_written(word.word) for word in words) or "(?!)"))


def _written(word: str) -> str:
    """The pattern of one word or phrase, however its parts are joined."""
    parts = [re.escape(part) for part in re.split(r"[\s-]+", fold(word)) if part]
    return r"[\s-]*".join(parts)
