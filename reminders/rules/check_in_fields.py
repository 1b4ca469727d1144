"""A sheet and what was typed → the fields of a form, each with its words, value and error.

One description for both doors: the patient's page and the nurse on the telephone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reminders.rules.check_in import ScoreKind, ScoreQuestion, Sheet, in_language
from reminders.rules.check_in_answers import NO, UNSURE, YES, Problem
from reminders.rules.check_in_words import HERE, words_in
from reminders.rules.symptom_check import (
    HIGHEST_C,
    LOWEST_C,
    AnswerKind,
    Question,
    SymptomCheck,
    emergency_questions,
)
from reminders.rules.wording import Unfillable, fill


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    words: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class FormField:
    """One question as a form shows it. No `options`: a number is typed, in `unit`.

    `error` names the question, for the list of errors; `error_here` stands beside the field.
    """

    key: str
    question: str
    hint: str
    unit: str
    options: tuple[Option, ...]
    value: str
    error: str
    error_here: str
    is_optional: bool


@dataclass(frozen=True, slots=True)
class FormParts:
    """The fields in the order in which they are asked: emergencies, other signs, scores.

    `lead_in` stands above the signs; it is empty where none are asked or a number is missing.
    """

    lead_in: str
    now: tuple[FormField, ...]
    others: tuple[FormField, ...]
    scores: tuple[FormField, ...]

    @property
    def errors(self) -> list[FormField]:
        return [field for field in (*self.now, *self.others, *self.scores) if field.error]


def form_parts(
    sheet: Sheet,
    *,
    check: SymptomCheck,
    language: str,
    values: Mapping[str, str],
    given: Mapping[str, str],
    problems: Mapping[str, Problem],
) -> FormParts:
    """Return the fields of a form. `given` is shown again as it was typed, so nothing is lost."""
    urgent = emergency_questions(check)
    typed = _Typed(language, values, given, problems)
    return FormParts(
        lead_in=typed.said(check.lead_in) if sheet.signs else "",
        now=tuple(_sign(one, typed) for one in sheet.signs if one.key in urgent),
        others=tuple(_sign(one, typed) for one in sheet.signs if one.key not in urgent),
        scores=tuple(_score(one, sheet, typed) for one in sheet.scores),
    )


@dataclass(frozen=True, slots=True)
class _Typed:
    language: str
    values: Mapping[str, str]
    given: Mapping[str, str]
    problems: Mapping[str, Problem]

    def said(self, words: Mapping[str, str]) -> str:
        """Fill what is said; it is empty when a number that it needs is missing."""
        text = in_language(words, self.language)
        try:
            return fill(text, values=self.values) if text else ""
        except Unfillable:
            return ""

    def options(self, key: str, words: Iterator[tuple[str, str]]) -> tuple[Option, ...]:
        chosen = self.given.get(key, "")
        return tuple(Option(value, said, value == chosen) for value, said in words)

    def errors(self, key: str, *, question: str, low: float, high: float) -> tuple[str, str]:
        """What is wrong, for the list of errors and beside the field; empty where nothing is."""
        problem = self.problems.get(key)
        if problem is None:
            return "", ""
        words, bounds = words_in(self.language), {"low": f"{low:g}", "high": f"{high:g}"}
        named = words[problem.value].format(question=question, **bounds)
        return named, words[HERE + problem.value].format(**bounds)


def _sign(question: Question, typed: _Typed) -> FormField:
    words = words_in(typed.language)
    is_number = question.kind.is_number
    is_temperature = question.kind is AnswerKind.NUMBER_OPTIONAL
    low, high = (LOWEST_C, HIGHEST_C) if is_temperature else (0.0, 10.0)
    offered = (YES, NO) if question.kind is AnswerKind.YES_NO else (YES, NO, UNSURE)
    said = typed.said(question.text)
    error, error_here = typed.errors(question.key, question=said, low=low, high=high)
    return FormField(
        key=question.key,
        question=said,
        hint=words["optional"] if is_temperature else "",
        unit=words["celsius"] if is_temperature else "",
        options=() if is_number else typed.options(question.key, ((o, words[o]) for o in offered)),
        value=typed.given.get(question.key, ""),
        error=error,
        error_here=error_here,
        is_optional=is_temperature,
    )


def _score(question: ScoreQuestion, sheet: Sheet, typed: _Typed) -> FormField:
    said = typed.said(question.worded(sheet.region).text)
    choices = ((key, in_language(w, typed.language)) for key, w in question.choices.items())
    is_number = question.kind is ScoreKind.NUMBER
    error, error_here = typed.errors(
        question.key, question=said, low=question.low, high=question.high
    )
    return FormField(
        key=question.key,
        question=said,
        hint=typed.said(question.hint),
        unit=in_language(question.unit, typed.language),
        options=() if is_number else typed.options(question.key, choices),
        value=typed.given.get(question.key, ""),
        error=error,
        error_here=error_here,
        is_optional=not (sheet.signs and question.counts_as),
    )
