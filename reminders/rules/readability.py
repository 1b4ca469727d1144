"""A text → the school grade that reads it, by a measure made for its language.

The measures count; they do not understand. They find long words and long sentences, no more.
None needs a dictionary or a download.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from reminders.rules.wording import with_words

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.!?؟…]+(?=\s|$)|\n+")
_MARKS = re.compile(r"[\u064B-\u0652\u0670\u0640]")  # Arabic vowel signs and the lengthening stroke


class NoMeasure(Exception):
    """There is no measure for this language yet."""


@lru_cache(maxsize=5_000)  # the texts of the pathways of several clinics
def grade(text: str, *, language: str) -> float:
    """Return the grade, 0.0 or more, to one decimal; 0.0 for a text without words.

    A placeholder counts as one short word. Raises NoMeasure for a language without one.
    """
    measure = _MEASURES.get(language.split("-", maxsplit=1)[0])
    if measure is None:
        raise NoMeasure(language)
    plain = with_words(text, word="word")
    words = _WORD.findall(plain)
    if not words:
        return 0.0
    sentences = sum(1 for part in _SENTENCE_END.split(plain) if _WORD.search(part))
    return round(max(0.0, measure(words, sentences)), 1)


def has_measure(language: str) -> bool:
    return language.split("-", maxsplit=1)[0] in _MEASURES


def flesch_kincaid(words: list[str], sentences: int) -> float:
    """English. Source: Kincaid, Fishburne, Rogers and Chissom 1975, report 8-75, US Navy."""
    syllables = sum(_english_syllables(word) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


def crawford(words: list[str], sentences: int) -> float:
    """Spanish, in years of primary school.

    Source: Crawford 1984, "Fórmula y gráfico para determinar la comprensibilidad de textos de
    nivel primario en castellano", Lectura y Vida: made on Spanish texts, not carried over from
    English. Beyond grade 6 it extrapolates, which only matters to texts that are refused anyway.
    """
    per_hundred = 100 / len(words)
    syllables = sum(_spanish_syllables(word) for word in words)
    return -0.205 * sentences * per_hundred + 0.049 * syllables * per_hundred - 3.407


def rix(words: list[str], sentences: int) -> float:
    """Arabic, or any language with an alphabet: long words (over six letters) a sentence.

    Source: Anderson 1983, "Lix and Rix: variations on a little-known readability index", Journal
    of Reading 26:490-496, with its table of grades. Arabic writes articles and prepositions into
    the word, so the measure errs on the strict side there.
    """
    long_words = sum(1 for word in words if len(_MARKS.sub("", word)) > 6)
    ratio = long_words / sentences
    return float(next(level for least, level in _RIX_GRADES if ratio >= least))


_RIX_GRADES = (
    (7.2, 13), (6.2, 12), (5.3, 11), (4.5, 10), (3.7, 9), (3.0, 8), (2.4, 7),
    (1.8, 6), (1.3, 5), (0.8, 4), (0.5, 3), (0.2, 2), (0.0, 1),
)  # fmt: skip
_MEASURES: dict[str, Callable[[list[str], int], float]] = {
    "en": flesch_kincaid,
    "es": crawford,
    "ar": rix,
}


def _english_syllables(word: str) -> int:
    """Groups of vowels, less a silent ending. Right for most words, within one for the rest."""
    word = re.sub(r"['’]s$", "", word.lower())
    groups = len(re.findall(r"[aeiouy]+", word))
    silent = re.search(r"[^aeiouyl]e$|[^aeiouytd]ed$|[^aeiouysxzcgh]es$", word)
    return max(1, groups - 1 if silent else groups)


def _spanish_syllables(word: str) -> int:
    """Strong and accented vowels make a syllable each; weak ones lean on their neighbour."""
    groups = re.findall(r"[aeiouáéíóúü]+|y$", word.lower())
    return max(1, sum(max(1, len(re.findall(r"[aeoáéóíú]", group))) for group in groups))
