"""Facts of an operation as they come in tables: yes or no, a list of levels, one word of a list."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Mapping

from clinic.verdicts import characters
from clinic.verdicts.verdict import Rejected, Verdict, shown

_YES = frozenset(["1", "true", "y", "yes", "x", "j", "ja", "oui", "si", "sí", "sim", "tak", "✓"])
_NO = frozenset(["0", "false", "n", "no", "nein", "non", "não", "nie", "nee", "-"])
_LEVEL = re.compile(r"([CTLS])(\d{1,2})\s*[-/–]\s*([CTLS]?)(\d{1,2})")
_LEVELS_APART = re.compile(r"\s*[,;+&|]\s*|\s+(?:AND|UND|ET|Y)\s+")
# Vertebrae of each part of the spine, from the top.
_SPINE = [
    *(f"C{number}" for number in range(1, 8)),
    *(f"T{number}" for number in range(1, 13)),
    *(f"L{number}" for number in range(1, 7)),  # some people have a sixth
    *(f"S{number}" for number in range(1, 6)),
]
_MOST_LEVELS = 10


def yes_or_no(text: str) -> Verdict[bool | None]:
    """Return True, False, or None for an empty cell; raise Rejected for every other word."""
    word = characters.one_line(text[:20]).casefold()
    if not word:
        return Verdict(None)
    if word in _YES:
        return Verdict(value=True)
    if word in _NO:
        return Verdict(value=False)
    raise Rejected("not_yes_or_no", f'"{shown(text)}" is neither yes nor no.', "Write yes or no.")


def one_of(
    text: str, *, choices: Collection[str], also: Mapping[str, str] | None = None
) -> Verdict[str]:
    """Return the choice that `text` spells, whatever its case and its joining signs.

    `also` maps other spellings (in lower case, words joined by _) to choices.
    """
    word = _word(text[:100])
    spelled = {_word(choice): choice for choice in choices} | dict(also or {})
    if word in spelled:
        return Verdict(spelled[word])
    hint = f"Write one of: {', '.join(list(choices)[:12])}."
    raise Rejected("not_a_choice", f'"{shown(text)}" is not in the list.', hint)


def _word(text: str) -> str:
    return re.sub(r"[\s_/-]+", "_", characters.one_line(text)).casefold()


def levels(text: str) -> Verdict[str]:
    """Return the operated levels from the top down, such as "L4/5, L5/S1".

    Takes L4-L5, L4/L5 and lists of them. Raises Rejected unless each names two neighbours.
    """
    cleaned = characters.plain_digits(text[:200]).strip().upper()
    parts = [part for part in _LEVELS_APART.split(cleaned) if part]
    if len(parts) > _MOST_LEVELS:
        raise Rejected("too_many", f"More than {_MOST_LEVELS} levels.", "Compare the record.")
    found = sorted({_level(part) for part in parts}, key=lambda pair: _SPINE.index(pair[0]))
    value = ", ".join(_spelled(upper, lower=lower) for upper, lower in found)
    return Verdict(value, fixes=() if value == text else (f"Read as {value}.",))


def of_the_neck(region: str) -> None:
    """Raise Rejected for a fact that only an operation on the neck can have, on another region.

    The region is a word of `clinic.models.Region`; one that may hold some of the neck passes.
    """
    if region == "lumbar":
        raise Rejected(
            "not_the_neck", "This is for an operation on the neck.", "Compare the region."
        )


def _level(text: str) -> tuple[str, str]:
    match = _LEVEL.fullmatch(text)
    if match:
        pair = match[1] + match[2], (match[3] or match[1]) + match[4]
        if pair in _NEIGHBOURS:
            return pair
    raise Rejected("no_level", f'"{shown(text)}" is not a level of the spine.', "Write L4/5.")


def _spelled(upper: str, *, lower: str) -> str:
    return f"{upper}/{lower[1:]}" if upper[0] == lower[0] else f"{upper}/{lower}"


# Some spines have a vertebra more or fewer, so that the last one of a part has two neighbours.
_NEIGHBOURS = frozenset(itertools.pairwise(_SPINE)) | {
    ("L5", "S1"),
    ("L4", "S1"),
    ("T11", "L1"),
}
