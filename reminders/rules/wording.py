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
    "link": "https://care.example.org/p/Ab3dEf6hJk9mN2pQ5rS8tA",
    "booking": "+44 7700 900 125",
    "lift_limit": "13.6 kg (30 lb)",
    "sit_limit": "60 minutes",
    "fever": "38 C (100.4 F)",
    "date": "Wed 30 Sept 2026",
    "time": "midnight",
    "first_name": "Małgorzata-Aleksandra",  # a real name often leaves the letters of one SMS
}
PLACEHOLDERS = frozenset(WORST_CASE)

_LEFT_TO_RIGHT_MARK = "\u200e"
_RIGHT_TO_LEFT_MARK = "\u200f"
_ISOLATE, _END_OF_ISOLATE = "\u2066", "\u2069"
_RIGHT_TO_LEFT = ("R", "AL")
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


def fill(text: str, *, values: Mapping[str, str], isolate: bool = False) -> str:
    """Return `text` with each placeholder replaced by its value, made one line.

    A value is put in once and not read again, so a name such as "{phone}" stays what it is. A text
    that is written from right to left is kept in its order: see `in_order`. `isolate` is for
    mails and pages, where signs cost nothing.

    Raises UnknownPlaceholder, EmptyPlaceholder (no value, or a blank one) or NothingToSay; all
    three are Unfillable and carry no value.
    """
    if not text.strip():
        raise NothingToSay
    if not _has_right_to_left(text):
        return _PLACEHOLDER.sub(lambda found: _value(found[1], values=values), text)
    mark = _isolated if isolate else _marked
    return in_order(_PLACEHOLDER.sub(lambda found: mark(_value(found[1], values=values)), text))


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


def _has_right_to_left(text: str) -> bool:
    return any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in text)


def in_order(text: str) -> str:
    """Open with a mark where the first letter would turn the text around.

    A telephone takes the direction of a text from its first letter. "Harbourside: call 999 ..." in
    Arabic begins with Latin letters, and its parts would stand in the wrong order on the screen.

    Source: Unicode standard annex 9, rules P2 and P3; what is isolated does not count. A text
    without letters from right to left stays as it is.
    """
    if not _has_right_to_left(text):
        return text
    shown = re.sub(f"{_ISOLATE}[^{_END_OF_ISOLATE}]*{_END_OF_ISOLATE}", "", text)
    strong = (unicodedata.bidirectional(character) for character in shown)
    first = next((kind for kind in strong if kind in ("L", *_RIGHT_TO_LEFT)), "")
    return text if first in _RIGHT_TO_LEFT else f"{_RIGHT_TO_LEFT_MARK}{text}"


def _marked(value: str) -> str:
    """Put a mark before figures in groups, or "+44 7700 900 123" shows as "123 900 7700 44+".

    A link starts with a letter and keeps its order. Nothing is put behind the value, because
    telephones would take it for the end of a link; and old ones show an isolate as a box.

    Source: Unicode standard annex 9, rules W6 and W7.
    """
    in_groups = not value[0].isalpha() and not value.isdigit()
    return f"{_LEFT_TO_RIGHT_MARK}{value}" if in_groups else value


def _isolated(value: str) -> str:
    """Keep a value in its own order and out of that of the text around it; a link stays bare.

    Source: Unicode standard annex 9, section 2.4 (isolates), which mail readers and browsers know.
    """
    if "://" in value or _has_right_to_left(value):
        return value
    return f"{_ISOLATE}{value}{_END_OF_ISOLATE}"
