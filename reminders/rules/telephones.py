"""A telephone number as a clinic writes it → what a person reads and taps."""

from collections.abc import Iterable
from dataclasses import dataclass

import phonenumbers

NO_BREAK_SPACE = "\u00a0"
LEFT_TO_RIGHT = "\u2066"  # Unicode's isolates; a screen reader says nothing at them
END_OF_DIRECTION = "\u2069"


@dataclass(frozen=True, slots=True)
class Number:
    """A number as the clinic writes it, and the link that dials it."""

    shown: str
    link: str


def number(text: str, *, country: str) -> Number | None:
    """Return the number, or None when the clinic has none.

    Short numbers (999, 111, 911) are dialled as they stand; others with their country's code, so
    that they also work from abroad.
    """
    shown = " ".join(text.split())
    if not shown:
        return None
    dialled = "".join(sign for sign in shown if sign.isdecimal() or sign in "+*#")
    try:
        parsed = phonenumbers.parse(shown, country)
    except phonenumbers.NumberParseException:
        return Number(shown, f"tel:{dialled}")
    if phonenumbers.is_possible_number(parsed):
        dialled = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return Number(shown, f"tel:{dialled}")


def unbroken(text: str, *, numbers: Iterable[Number]) -> str:
    """Return the text with each number kept on one line and, beside Arabic, in its own order."""
    for each in numbers:
        whole = each.shown.replace(" ", NO_BREAK_SPACE)
        text = text.replace(each.shown, f"{LEFT_TO_RIGHT}{whole}{END_OF_DIRECTION}")
    return text
