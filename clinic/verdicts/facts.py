"""Facts of an operation as they come in tables: yes or no, a list of levels, one word of a list."""

from __future__ import annotations

import re
from collections.abc import Collection

from clinic.verdicts import characters
from clinic.verdicts.verdict import Rejected, Verdict, shown

_YES = frozenset("1 true y yes x j ja oui si sí sim tak ✓".split())
_NO = frozenset("0 false n no nein non não nie nee -".split())
_LEVEL = re.compile(r"([CTLS])(\d{1,2})\s*[-/–]\s*([CTLS]?)(\d{1,2})")
_LEVELS_APART = re.compile(r"\s*[,;+&|]\s*|\s+(?:and|und|et|y)\s+")
# Vertebrae of each part of the spine, from the top.
_SPINE = [
    *(f"C{number}" for number in range(1, 8)),
    *(f"T{number}" for number in range(1, 13)),
    *(f"L{number}" for number in range(1, 7)),  # one person in twenty has a sixth
    *(f"S{number}" for number in range(1, 6)),
]
_MOST_LEVELS = 10


def yes_or_no(text: str) -> Verdict[bool | None]:
    """Return True, False, or None for an empty cell; raise Rejected for every other word."""
    word = characters.one_line(text[:20]).casefold()
    if not word:
        return Verdict(None)
    if word in _YES:
        return Verdict(True)
    if word in _NO:
        return Verdict(False)
    raise Rejected("not_yes_or_no", f'"{shown(text)}" is neither yes nor no.', "Write yes or no.")


def one_of(text: str, *, choices: Collection[str]) -> Verdict[str]:
    """Return the choice that `text` spells, whatever its case and its joining signs."""
    word = re.sub(r"[\s_/-]+", "_", characters.one_line(text[:100])).casefold()
    for choice in choices:
        if re.sub(r"[\s_/-]+", "_", choice).casefold() == word:
            return Verdict(choice)
    hint = f"Write one of: {', '.join(list(choices)[:12])}."
    raise Rejected("not_a_choice", f'"{shown(text)}" is not in the list.', hint)


def levels(text: str) -> Verdict[tuple[str, ...]]:
    """Return the operated levels in order from the top, such as ("L4-L5", "L5-S1").

    Takes L4/5, L4-L5 and lists of them. Raises Rejected unless each names two neighbours.
    """
    cleaned = characters.plain_digits(text[:200]).strip().upper()
    parts = [part for part in _LEVELS_APART.split(cleaned) if part]
    if len(parts) > _MOST_LEVELS:
        raise Rejected("too_many", f"More than {_MOST_LEVELS} levels.", "Compare the record.")
    found = sorted({_level(part) for part in parts}, key=lambda pair: _SPINE.index(pair[0]))
    value = tuple(f"{upper}-{lower}" for upper, lower in found)
    return Verdict(value, fixes=() if ", ".join(value) == text else (f"Read as {value}.",))


def _level(text: str) -> tuple[str, str]:
    match = _LEVEL.fullmatch(text)
    if match:
        upper, lower = match[1] + match[2], (match[3] or match[1]) + match[4]
        if upper in _SPINE and (upper, lower) in _NEIGHBOURS:
            return upper, lower
    raise Rejected("no_level", f'"{shown(text)}" is not a level of the spine.', "Write L4-L5.")


_NEIGHBOURS = frozenset(zip(_SPINE, _SPINE[1:])) | {
    ("L5", "S1"),
    ("L4", "S1"),
    ("T11", "L1"),
    ("T12", "L1"),
}
