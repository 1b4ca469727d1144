"""What a check-in asks: the warning-sign questions of the clinic's mode, and the service's own.

The service's questions are about pain, the wound and everyday life. They were not validated and
lead to nothing by themselves: they are kept and shown as they were answered.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from reminders.rules.content import Evidence
from reminders.rules.symptom_check import Question, SymptomCheck, questions_for

# In a step's list of questions it stands for those of symptom_check.yaml.
SYMPTOM_CHECK = "symptom_check"


class Mode(StrEnum):
    """What a clinic does with warning signs (clinical content research, 5a, RG-2)."""

    OFF = "off"  # a fixed list to read; nothing is asked
    RELAY = "relay"  # answers go to staff unsorted; everybody is told the same
    TRIAGE = "triage"  # the rules of symptom_check.yaml


class ScoreKind(StrEnum):
    NUMBER = "number"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Wording:
    """How a question is put, and what its line in a table is called, by language code."""

    text: Mapping[str, str]
    label: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ScoreQuestion:
    """One of the service's own questions. A number lies from `low` to `high`, in `unit`.

    `by_region`: other words where the operation was on that region. `sms`: what a text asks, fit
    for any lock screen; empty when no text asks it. `instead_by_sms`: the question that a text
    asks in its place when the patient did not agree to detailed texts. `counts_as`: the number of
    the symptom check that it stands for.
    """

    key: str
    kind: ScoreKind
    wording: Wording
    evidence: Evidence
    sources: tuple[str, ...]
    by_region: Mapping[str, Wording] = field(default_factory=dict)
    low: int = 0
    high: int = 0
    unit: Mapping[str, str] = field(default_factory=dict)
    hint: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    chart: str = ""
    sms: Mapping[str, str] = field(default_factory=dict)
    sms_detailed: bool = False
    instead_by_sms: str = ""
    counts_as: str = ""
    by_sms_only: bool = False

    def worded(self, region: str) -> Wording:
        return self.by_region.get(region, self.wording)


class CheckInText(StrEnum):
    """The fixed texts that stand beside a check-in."""

    RELAYED = "relayed"  # after the answers, where staff read them unsorted
    CLOSED = "closed"  # added while nobody of the clinic is there
    NEXT_BY_SMS = "next_by_sms"  # stands before the first question that a text asks


@dataclass(frozen=True, slots=True)
class CheckInContent:
    version: str
    licence: str
    review_status: str
    note: str
    texts: Mapping[CheckInText, Mapping[str, str]]
    any_day: tuple[str, ...]
    questions: Mapping[str, ScoreQuestion]

    @property
    def keys(self) -> frozenset[str]:
        """Whatever a step may name among its questions."""
        return frozenset(self.questions) | {SYMPTOM_CHECK}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one check-in asks of one patient on one day. `signs` is empty in the mode off."""

    mode: Mode
    region: str
    day: int
    signs: tuple[Question, ...]
    scores: tuple[ScoreQuestion, ...]


def sheet(
    keys: Iterable[str],
    *,
    mode: Mode,
    region: str,
    day: int,
    content: CheckInContent,
    check: SymptomCheck,
) -> Sheet:
    """Return what is asked for these keys; one that the content does not know is left out."""
    asked = tuple(keys)
    known = (content.questions[key] for key in asked if key in content.questions)
    scores = tuple(question for question in known if not question.by_sms_only)
    has_number = {score.counts_as for score in scores}  # what a score says is not asked twice
    signs: Collection[Question] = ()
    if mode is not Mode.OFF and SYMPTOM_CHECK in asked:
        signs = questions_for(check, region=region, day=day)
    signs = tuple(sign for sign in signs if sign.code not in has_number)
    return Sheet(mode=mode, region=region, day=day, signs=signs, scores=scores)


def asked_by_sms(
    keys: Iterable[str], *, detailed: bool, content: CheckInContent
) -> tuple[ScoreQuestion, ...]:
    """Return the questions that texts ask, one after the other, each once.

    A text that names a part of the body goes only to a patient who agreed to detailed texts
    (SR-01); for the others a neutral question takes the place of several.
    """
    chosen: dict[str, ScoreQuestion] = {}
    for question in (content.questions[key] for key in keys if key in content.questions):
        if question.sms_detailed and not detailed:
            if question.instead_by_sms:
                neutral = content.questions[question.instead_by_sms]
                chosen.setdefault(neutral.key, neutral)
        elif question.sms:
            chosen.setdefault(question.key, question)
    return tuple(chosen.values())


def in_language(words: Mapping[str, str], language: str) -> str:
    """Return the words in this language, or in English; empty where there are none."""
    return words.get(language) or words.get(language.partition("-")[0]) or words.get("en", "")
