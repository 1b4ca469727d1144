"""A text → the days and weeks after an operation that it names as a limit.

Enough to notice that "no lifting for six weeks" and a calendar that says day 28 do not fit. It
reads English and Spanish; in other languages it finds nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SaidDay:
    """A time that a text names. `is_definite`: as the clinic's own limit, not what some do."""

    words: str
    earliest: int
    latest: int
    is_definite: bool

    def means(self, day: int | None) -> bool:
        return day is not None and self.earliest <= day <= self.latest


@dataclass(frozen=True, slots=True)
class _Language:
    numbers: tuple[str, ...]  # one to twelve
    units: dict[str, tuple[int, int]]  # a pattern, and the days of one of it at least and at most
    limit: str  # what makes a time a limit
    joins: str  # "four to six"
    about: str
    hedge: str  # sentences about what others do, or about how far sources differ


_MONTH = (28, 31)
_ENGLISH = _Language(
    numbers=("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
             "eleven", "twelve"),
    units={r"days?": (1, 1), r"weeks?": (7, 7), r"months?": _MONTH},
    limit=r"before|until|till|from|for(?: the)?(?: first)?|the first|after",
    joins=r"to|or|and|-",
    about=r"about",
    hedge=r"\b(?:some|others|most|many|often|common|typical|usual|usually|advice|reports?|stud(?:y|ies)|"
    r"trials?|teams|clinics|people)\b",
)  # fmt: skip
_SPANISH = _Language(
    numbers=("una?", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez",
             "once", "doce"),
    units={r"d[ií]as?": (1, 1), r"semanas?": (7, 7), r"mes(?:es)?": _MONTH},
    limit=r"antes del?(?: la)?|hasta(?: el| la| los| las)?|desde(?: el| la)?|durante(?: las| los)?"
    r"(?: primer[oa]s)?|l[ao]s primer[oa]s",
    joins=r"a|o|y|-",
    about=r"unos|unas|hacia",
    hedge=r"\b(?:algun[oa]s|otr[oa]s|much[oa]s|mucha|mayoría|a menudo|suelen?|frecuente|lo normal|"
    r"consejos|datos|estudios?|equipos|clínicas|personas|gente|hacia)\b",
)  # fmt: skip
_LANGUAGES = {"en": _ENGLISH, "es": _SPANISH}
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


def said_days(text: str, *, language: str) -> Iterator[SaidDay]:
    """Yield each time that the text names: "before day 14", "the first six weeks", "2 to 4 weeks".

    A range reaches from its first to its last day. A time within a sentence about what some
    clinics do, or that limits nothing, is not definite.
    """
    known = _LANGUAGES.get(language)
    if known is None:
        return
    for sentence in _SENTENCE.split(text):
        is_hedged = re.search(known.hedge, sentence, re.IGNORECASE) is not None
        for found in _pattern(known).finditer(sentence):
            earliest, latest = _days(found, known)
            is_definite = bool(found["limit"]) and not is_hedged
            yield SaidDay(found[0].strip(), earliest, latest, is_definite)


def _pattern(known: _Language) -> re.Pattern[str]:
    number = rf"\d{{1,3}}|{'|'.join(known.numbers)}"
    unit = "|".join(known.units)
    several = rf"(?:{number})(?:\s*(?:{known.joins})\s*(?:{number}))?"
    return re.compile(
        rf"(?:\b(?P<limit>{known.limit})\s+(?:(?:{known.about})\s+)?)?\b"
        rf"(?:(?P<unit_first>{unit})\s+(?P<after>{several})|(?P<before>{several})\s+(?P<unit>{unit}))\b",
        re.IGNORECASE,
    )


def _days(found: re.Match[str], known: _Language) -> tuple[int, int]:
    unit = found["unit"] or found["unit_first"]
    low, high = next(days for pattern, days in known.units.items() if _is(pattern, unit))
    numbers = [
        int(word) if word.isdigit() else _number(word, known)
        for word in re.findall(rf"\d+|{'|'.join(known.numbers)}", found["before"] or found["after"],
                               re.IGNORECASE)
    ]  # fmt: skip
    return min(numbers) * low, max(numbers) * high


def _number(word: str, known: _Language) -> int:
    return next(place for place, name in enumerate(known.numbers, start=1) if _is(name, word))


def _is(pattern: str, word: str) -> bool:
    return re.fullmatch(pattern, word, re.IGNORECASE) is not None
