"""A text with placeholders and the values of one message → the words that are sent.

A placeholder is one of a closed list, in braces: {clinic}. Clinic text never reaches str.format
or a template engine; every other brace, percent or dollar sign is a plain character here, and
the linter complains about it long before.
"""

import re
import unicodedata
from collections.abc import Mapping

# Every placeholder there is, with the longest value that a text must still fit one SMS with.
# A clinic whose own values are longer is told by the linter. Numbers are from drama ranges.
WORST_CASE: Mapping[str, str] = {
    "clinic": "Harbourside Care",  # a neutral short name; never "Spine Centre"
    "phone": "+44 7700 900 123",
    "urgent": "+44 7700 900 124",
    "emergency": "999",
    "link": "https://care.example.org/m/Ab3dEf6hJk9",
    "booking": "+44 7700 900 125",
    "lift_limit": "13.6 kg (30 lb)",
    "sit_limit": "60 minutes",
    "fever": "38 C (100.4 F)",
    "date": "Wed 30 Sept 2026",
    "time": "12:30 PM",
    "first_name": "Małgorzata-Aleksandra",  # a real name often leaves the letters of one SMS
}
PLACEHOLDERS = frozenset(WORST_CASE)

_LEFT_TO_RIGHT_MARK = "\u200e"
# Doubled braces are another language's syntax, so they are left alone, like {0} and {a.b}.
_PLACEHOLDER = re.compile(r"(?<!\{)\{([A-Za-z_][A-Za-z0-9_]*)\}(?!\})")


class Unfillable(Exception):
    """The text cannot be sent as it stands; the message is held for a person."""


class UnknownPlaceholder(Unfillable):
    """The text names a placeholder that is not in the list."""

    def __init__(self, name: str) -> None:
        super().__init__(f"unknown placeholder {{{name}}}")
        self.name = name


class EmptyPlaceholder(Unfillable):
    """There is no value for a placeholder of the text."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no value for placeholder {{{name}}}")
        self.name = name


class NothingToSay(Unfillable):
    """The text is blank."""

    def __init__(self) -> None:
        super().__init__("the text is empty")


def placeholders(text: str) -> list[str]:
    """Return the names in braces, known or not, in order and as often as they stand there."""
    return _PLACEHOLDER.findall(text)


def fill(text: str, *, values: Mapping[str, str]) -> str:
    """Return `text` with each placeholder replaced by its value, made one line.

    A value is put in once and not read again, so a name such as "{phone}" stays what it is. In a
    text that is written from right to left, a value of figures gets a mark of direction, or
    "+44 7700 900 123" would show as "123 900 7700 44+".

    Raises UnknownPlaceholder, EmptyPlaceholder (no value, or a blank one) or NothingToSay; all
    three are Unfillable and carry no value.
    """
    if not text.strip():
        raise NothingToSay
    mark = _in_order if _is_right_to_left(text) else str
    return _PLACEHOLDER.sub(lambda found: mark(_value(found[1], values=values)), text)


def with_words(text: str, *, word: str) -> str:
    """Return `text` with the same word for every placeholder, for measures of reading."""
    return _PLACEHOLDER.sub(word, text)


def _value(name: str, *, values: Mapping[str, str]) -> str:
    if name not in PLACEHOLDERS:
        raise UnknownPlaceholder(name)
    value = " ".join(values.get(name, "").split())
    if not value:
        raise EmptyPlaceholder(name)
    return value


def _is_right_to_left(text: str) -> bool:
    return any(unicodedata.bidirectional(character) in ("R", "AL") for character in text)


def _in_order(value: str) -> str:
    """Put the mark before figures in groups. A link starts with a letter and keeps its order.

    Source: Unicode standard annex 9, rules W6 and W7. Nothing is put behind the value, because
    telephones would take it for the end of a link.
    """
    in_groups = not value[0].isalpha() and not value.isdigit()
    return f"{_LEFT_TO_RIGHT_MARK}{value}" if in_groups else value
