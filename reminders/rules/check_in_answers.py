"""A filled-in sheet → answers as they were read, what is wrong with them, and what is said back.

A slip of the hand never reads as health: what cannot be read is a problem, kept as it was typed.
But no slip holds up a report either: where the answers that could be read ask for somebody today,
the sheet is taken as it stands (hazard H28).
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from reminders.rules.check_in import (
    CheckInContent,
    CheckInText,
    Mode,
    ScoreKind,
    ScoreQuestion,
    Sheet,
    in_language,
)
from reminders.rules.symptom_check import (
    HIGHEST_C,
    LOWEST_C,
    AnswerKind,
    Answers,
    Outcome,
    Question,
    SymptomCheck,
    Tier,
    evaluate,
)
from reminders.rules.wording import Unfillable, fill

YES, NO, UNSURE = "yes", "no", "unsure"
LONGEST_RAW = 200
# Whole numbers or one with a point or comma, with or without the unit behind it.
_NUMBER = re.compile(r"(\d{1,4}(?:[.,]\d{1,2})?)\s*(?:°?\s*c|min(?:ute|uto)?s?\.?)?")
_TENTH = Decimal("0.1")


class Problem(StrEnum):
    """What is wrong with one answer."""

    MISSING = "missing"
    NO_NUMBER = "no_number"
    OUT_OF_BOUNDS = "out_of_bounds"
    NO_CHOICE = "no_choice"


@dataclass(frozen=True, slots=True)
class ReadAnswer:
    """One answer: as it was given, and the number or the choice that it was read as, if any."""

    question: str
    version: str
    raw: str
    number: Decimal | None = None
    choice: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """What came of a sheet. `outcome` only in the mode triage. Answers left out are in neither."""

    answers: tuple[ReadAnswer, ...]
    problems: Mapping[str, Problem]
    outcome: Outcome | None
    cannot_wait: bool

    @property
    def is_accepted(self) -> bool:
        """True when it is kept: nothing is wrong with it, or it must not wait for that."""
        return bool(self.answers) and (self.cannot_wait or not self.problems)


def fill_in(
    sheet: Sheet, *, given: Mapping[str, str], content: CheckInContent, check: SymptomCheck
) -> Filled:
    """Read what was given for the questions of a sheet, by question key; never raises."""
    answers: list[ReadAnswer] = []
    problems: dict[str, Problem] = {}
    for sign in sheet.signs:
        _read_into(answers, problems, _sign(sign, given.get(sign.key, ""), version=check.version))
    for score in sheet.scores:
        is_due = bool(sheet.signs and score.counts_as)
        read = _score(score, given.get(score.key, ""), version=content.version, is_due=is_due)
        _read_into(answers, problems, read)
    if not answers and not problems:
        problems |= dict.fromkeys([one.key for one in sheet.scores[:1]], Problem.MISSING)
    outcome = None
    if sheet.mode is Mode.TRIAGE and sheet.signs:
        outcome = triage(sheet, answers, content=content, check=check)
    return Filled(tuple(answers), problems, outcome, _cannot_wait(sheet, answers, outcome))


def triage(
    sheet: Sheet, answers: list[ReadAnswer], *, content: CheckInContent, check: SymptomCheck
) -> Outcome:
    """Return the tier of these answers. Where several stand for one number, the highest counts."""
    numbers: dict[str, float] = {}
    for answer in answers:
        if answer.number is None:
            continue
        score, sign = content.questions.get(answer.question), check.questions.get(answer.question)
        code = sign.code if sign else score.counts_as if score else ""
        if code:
            numbers[code] = max(numbers.get(code, 0.0), float(answer.number))
    said_yes = frozenset(a.question for a in answers if a.choice in (YES, UNSURE))
    answered = Answers(said_yes & check.questions.keys(), numbers)
    return evaluate(check, region=sheet.region, day=sheet.day, answers=answered)


def _cannot_wait(sheet: Sheet, answers: list[ReadAnswer], outcome: Outcome | None) -> bool:
    if outcome is not None:
        return outcome.tier in (Tier.EMERGENCY, Tier.SAME_DAY)
    signs = {sign.key for sign in sheet.signs}
    return any(a.question in signs and a.choice in (YES, UNSURE) for a in answers)


def _read_into(
    answers: list[ReadAnswer],
    problems: dict[str, Problem],
    read: tuple[ReadAnswer, Problem | None],
) -> None:
    answer, problem = read
    if problem is not None:
        problems[answer.question] = problem
    if answer.raw:
        answers.append(answer)


def _sign(question: Question, given: str, *, version: str) -> tuple[ReadAnswer, Problem | None]:
    raw = _typed(given)
    if question.kind.is_number:
        is_pain = question.kind is AnswerKind.NUMBER_0_10
        low, high = (0.0, 10.0) if is_pain else (LOWEST_C, HIGHEST_C)
        return _number(question.key, raw, version=version, bounds=(low, high), is_due=is_pain)
    offered = (YES, NO) if question.kind is AnswerKind.YES_NO else (YES, NO, UNSURE)
    if raw in offered:
        return ReadAnswer(question.key, version, raw, choice=raw), None
    problem = Problem.NO_CHOICE if raw else Problem.MISSING
    return ReadAnswer(question.key, version, raw), problem


def _score(
    question: ScoreQuestion, given: str, *, version: str, is_due: bool
) -> tuple[ReadAnswer, Problem | None]:
    raw = _typed(given)
    if question.kind is ScoreKind.NUMBER:
        bounds = (float(question.low), float(question.high))
        return _number(question.key, raw, version=version, bounds=bounds, is_due=is_due)
    if raw in question.choices:
        return ReadAnswer(question.key, version, raw, choice=raw), None
    return ReadAnswer(question.key, version, raw), Problem.NO_CHOICE if raw else None


def _number(
    key: str, raw: str, *, version: str, bounds: tuple[float, float], is_due: bool
) -> tuple[ReadAnswer, Problem | None]:
    if not raw:
        return ReadAnswer(key, version, ""), Problem.MISSING if is_due else None
    found = _NUMBER.fullmatch(_plain(raw))
    if found is None:
        return ReadAnswer(key, version, raw), Problem.NO_NUMBER
    value = Decimal(found[1].replace(",", ".")).quantize(_TENTH, rounding=ROUND_HALF_UP)
    if not bounds[0] <= value <= bounds[1]:
        return ReadAnswer(key, version, raw), Problem.OUT_OF_BOUNDS
    return ReadAnswer(key, version, raw, number=value), None


def _typed(given: str) -> str:
    """What was typed, without what the database cannot keep and at most as long as it keeps."""
    return given.replace("\x00", "").strip()[:LONGEST_RAW]


def _plain(raw: str) -> str:
    folded = unicodedata.normalize("NFKC", raw).casefold()
    digits = (unicodedata.decimal(c, None) for c in folded)
    return "".join(c if d is None else str(d) for c, d in zip(folded, digits, strict=True)).strip()


def what_is_told(
    *,
    mode: Mode,
    outcome: Outcome | None,
    is_staffed: bool,
    language: str,
    values: Mapping[str, str],
    content: CheckInContent,
    check: SymptomCheck,
) -> str:
    """Return the fixed text that follows a check-in; empty when the clinic lacks a number for it.

    It is the tier's in the mode triage, and for everybody the same in the others. While nobody is
    at the clinic it says so.
    """
    if mode is Mode.RELAY:
        words = content.texts[CheckInText.RELAYED]
    else:
        words = check.tiers[outcome.tier if outcome else Tier.NONE].text
    parts = [words] if is_staffed else [words, content.texts[CheckInText.CLOSED]]
    try:
        return "\n\n".join(fill(in_language(part, language), values=values) for part in parts)
    except Unfillable:
        return ""
