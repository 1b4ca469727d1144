"""Answers to the symptom check → a tier, and which rules said so. The same answers, the same tier.

Evaluation (clinical content research, 4c): the rules of the patient's region whose atoms all
hold; "not sure" is yes; a missing number is false; the highest tier wins, and of its rules the
shortest time to a call. No rule can lower a tier, so one more yes never does.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from reminders.rules.content import Evidence, Region

LOWEST_C, HIGHEST_C = 25.0, 45.0  # a temperature outside these was mistyped, or is not in Celsius
MOST_DAYS = 100_000


class Tier(StrEnum):
    """How soon somebody must act, the most urgent first."""

    EMERGENCY = "EMERGENCY"
    SAME_DAY = "SAME_DAY"
    ROUTINE = "ROUTINE"
    NONE = "NONE"


class AnswerKind(StrEnum):
    YES_NO_UNSURE = "yes_no_unsure"
    YES_NO = "yes_no"
    NUMBER_0_10 = "number_0_10"
    NUMBER_OPTIONAL = "number_optional"

    @property
    def is_number(self) -> bool:
        return self in (AnswerKind.NUMBER_0_10, AnswerKind.NUMBER_OPTIONAL)


class Relation(StrEnum):
    IS_YES = "=yes"
    AT_LEAST = ">="
    AT_MOST = "<="


@dataclass(frozen=True, slots=True)
class Atom:
    """One condition. `subject`: a question's key, the code of a number, or "day"."""

    subject: str
    relation: Relation
    value: float = 0.0


@dataclass(frozen=True, slots=True)
class TierContent:
    tier: Tier
    text: Mapping[str, str]  # fixed, by language code
    staff_action: str
    evidence: Evidence
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, from `day_from` to `day_to` after the operation. No region: all."""

    key: str
    code: str
    kind: AnswerKind
    text: Mapping[str, str]
    day_from: int
    day_to: int
    evidence: Evidence
    sources: tuple[str, ...]
    regions: tuple[Region, ...] = ()
    range_note: str = ""


@dataclass(frozen=True, slots=True)
class TriageRule:
    """All atoms hold → this tier, and a call within `sla_minutes`. No region: all."""

    key: str
    code: str
    all_of: tuple[Atom, ...]
    tier: Tier
    sla_minutes: int
    evidence: Evidence
    sources: tuple[str, ...]
    regions: tuple[Region, ...] = ()
    range_note: str = ""


@dataclass(frozen=True, slots=True)
class Sign:
    """A warning sign as lists show it. From the day after `tier_until` on it has `tier_later`."""

    key: str
    name: str
    words: Mapping[str, str]
    to_do: Mapping[str, str]
    tier: Tier
    day_from: int
    day_to: int
    evidence: Evidence
    sources: tuple[str, ...]
    regions: tuple[Region, ...] = ()
    range_note: str = ""
    tier_until: int | None = None
    tier_later: Tier | None = None


@dataclass(frozen=True, slots=True)
class SymptomCheck:
    version: str
    licence: str
    review_status: str
    lead_in: Mapping[str, str]
    tiers: Mapping[Tier, TierContent]
    questions: Mapping[str, Question]
    rules: tuple[TriageRule, ...]
    signs: tuple[Sign, ...]


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered: the questions said yes or not sure to, and numbers by their code."""

    yes: frozenset[str] = frozenset()
    numbers: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`sla_minutes` is None when nobody needs to call. `rules`: the keys of those that held."""

    tier: Tier
    sla_minutes: int | None
    rules: tuple[str, ...]


class BadAnswer(Exception):
    """An answer cannot be read; names the question, and no more of what was typed than needed."""


_ATOM = re.compile(
    r"(?P<question>Q[0-9]{2})=yes|(?P<code>[a-z][a-z_]*)(?P<relation>>=|<=)(?P<value>-?\d+(?:\.\d+)?)"
)


def atom(text: str) -> Atom:
    """Return the atom that `text` writes. Raises ValueError when it is not in the grammar."""
    found = _ATOM.fullmatch(text.strip())
    if found is None:
        raise ValueError(f'"{text}" is not Qnn=yes, pain_score>=N, temp_c>=N, day<=N or day>=N')
    if found["question"]:
        return Atom(found["question"], Relation.IS_YES)
    return Atom(found["code"], Relation(found["relation"]), float(found["value"]))


def read_answers(raw: Mapping[str, object], *, check: SymptomCheck) -> Answers:
    """Return the answers by question key as they were given: yes, no, unsure or a number.

    A question that was not answered, or with None, counts as no. Raises BadAnswer.
    """
    yes, numbers = set(), {}
    for key, value in raw.items():
        question = check.questions.get(key)
        if question is None:
            raise BadAnswer(f"{key[:20]} is no question of the symptom check")
        if value is None:
            continue
        if question.kind.is_number:
            numbers[question.code] = _number(value, question=question)
        elif _is_yes(value, question=question):
            yes.add(key)
    return Answers(frozenset(yes), numbers)


def evaluate(check: SymptomCheck, *, region: str, day: int | None, answers: Answers) -> Outcome:
    """Return the tier of these answers, `day` days after the operation (None: not known)."""
    numbers = dict(answers.numbers)
    if day is not None:
        numbers["day"] = float(day)
    held = [
        rule
        for rule in check.rules
        if is_for(rule.regions, region=region)
        and all(_holds(one, answers=answers, numbers=numbers) for one in rule.all_of)
    ]
    tier = next((tier for tier in Tier if any(rule.tier is tier for rule in held)), Tier.NONE)
    return Outcome(
        tier=tier,
        sla_minutes=min((rule.sla_minutes for rule in held if rule.tier is tier), default=None),
        rules=tuple(rule.key for rule in held),
    )


def questions_for(check: SymptomCheck, *, region: str, day: int) -> list[Question]:
    """Return what to ask on this day: whatever an emergency may hang on first."""
    asked = [
        question
        for question in check.questions.values()
        if is_for(question.regions, region=region) and question.day_from <= day <= question.day_to
    ]
    urgent = emergency_questions(check)
    return sorted(asked, key=lambda question: question.key not in urgent)


def emergency_questions(check: SymptomCheck) -> frozenset[str]:
    """The questions whose yes alone is an emergency somewhere, on some day."""
    return frozenset(
        rule.all_of[0].subject
        for rule in check.rules
        if rule.tier is Tier.EMERGENCY
        and rule.all_of[0].relation is Relation.IS_YES
        and all(one.subject == "day" for one in rule.all_of[1:])
    )


def is_for(regions: Sequence[Region], *, region: str) -> bool:
    """True when it holds for the region; for a thoracic, mixed or unknown one everything does."""
    return not regions or region in regions or region not in tuple(Region)


def _holds(one: Atom, *, answers: Answers, numbers: Mapping[str, float]) -> bool:
    if one.relation is Relation.IS_YES:
        return one.subject in answers.yes
    value = numbers.get(one.subject)
    if value is None:
        return False
    return value >= one.value if one.relation is Relation.AT_LEAST else value <= one.value


def _is_yes(value: object, *, question: Question) -> bool:
    word = value.strip().casefold() if isinstance(value, str) else ""
    if word not in ("yes", "no", "unsure"):
        raise BadAnswer(f"{question.key} must be yes, no or unsure")
    return word != "no"


def _number(value: object, *, question: Question) -> float:
    """A number in its range; raises BadAnswer rather than let a slip of the hand look healthy."""
    is_pain = question.kind is AnswerKind.NUMBER_0_10
    low, high = (0.0, 10.0) if is_pain else (LOWEST_C, HIGHEST_C)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadAnswer(f"{question.key} must be a number")
    if not low <= value <= high:  # neither does "not a number" lie in between
        unit = "" if is_pain else " C"
        raise BadAnswer(f"{question.key} must be a number from {low:g} to {high:g}{unit}")
    return float(value)
