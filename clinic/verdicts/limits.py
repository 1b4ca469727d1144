"""Limits that a clinic writes in its own words, within what the reviewed sources support.

Source: clinical content research, section 3a (lifting 2.3 to 11 kg, sitting 20 to 60 minutes) and
4a, "where sources disagree" (fever 37.8 to 38.6 C).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from clinic.verdicts import characters
from clinic.verdicts.verdict import Rejected, Verdict, shown


@dataclass(frozen=True, slots=True)
class Reviewed:
    """From `low` to `high`, and how the number is found and written."""

    low: float
    high: float
    number: re.Pattern[str]
    example: str


_KG = re.compile(r"(\d+(?:[.,]\d+)?)\s*kg\b", re.IGNORECASE)
_CELSIUS = re.compile(r"(\d+(?:[.,]\d+)?)\s*°?\s*C\b", re.IGNORECASE)
LIFTING = Reviewed(2.3, 11, _KG, "4.5 kg (10 lb)")
SITTING = Reviewed(20, 60, re.compile(r"(\d+(?:[.,]\d+)?)"), "30 minutes")
FEVER = Reviewed(37.8, 38.6, _CELSIUS, "38 C")


def limit(text: str, *, reviewed: Reviewed) -> Verdict[str]:
    """Return the words as they are; raise Rejected where a number is missing or not supported."""
    found = reviewed.number.findall(characters.plain_digits(text))
    if not found:
        hint = f"Write it as in {reviewed.example}."
        raise Rejected("no_number", f'"{shown(text)}" has no number that can be checked.', hint)
    if not all(reviewed.low <= float(one.replace(",", ".")) <= reviewed.high for one in found):
        hint = f"Choose from {reviewed.low:g} to {reviewed.high:g}, as in {reviewed.example}."
        raise Rejected("outside_sources", f'No source supports "{shown(text)}".', hint)
    return Verdict(text)
