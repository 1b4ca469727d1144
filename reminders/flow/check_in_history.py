"""The check-ins of a patient's operation → charts, and a table that says the same in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import formats, timezone, translation

from clinic.models import Patient, Surgery
from reminders.models import CheckIn, CheckInAnswer
from reminders.pathways.check_in import shipped_check_in
from reminders.pathways.symptom_check import shipped_symptom_check
from reminders.rules.chart import Chart, Series, chart
from reminders.rules.check_in import ScoreKind, ScoreQuestion, in_language
from reminders.rules.check_in_answers import UNSURE, YES
from reminders.rules.check_in_words import words_in

# A recovery has about nine check-ins; more than this is an interface gone wild.
SHOWN_AT_MOST = 60
TOPS = {"pain": 10.0}


@dataclass(frozen=True, slots=True)
class SaidOf:
    """One question and its answer, in words."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Row:
    """One check-in: its moment on the patient's wall, and its answers in the order of `columns`.

    `signs`: the warning signs that were said yes or not sure to; for staff only.
    """

    check_in: CheckIn
    at: datetime
    on: str
    day: str
    by: str
    answers: tuple[str, ...]
    signs: tuple[SaidOf, ...]

    @property
    def is_plain(self) -> bool:
        """True where the table has said everything: no sign, no tier, no alert, and ended."""
        is_tiered = self.check_in.tier not in ("", "NONE")
        is_ended = self.check_in.submitted_at is not None
        return is_ended and not (self.signs or is_tiered or self.check_in.alert_id)


@dataclass(frozen=True, slots=True)
class History:
    """Everything that was answered since one operation, the newest check-in first."""

    charts: tuple[Chart, ...]
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Curves:
    """Numbers of one kind over the days after the operation; `top` where the kind has one."""

    title: str
    series: tuple[Series, ...]
    top: float | None


def history_of(patient: Patient, *, surgery: Surgery | None, language: str) -> History:
    """Return what this patient answered since this operation; two queries.

    What a text began and nobody ended is shown as far as it went.
    """
    check_ins = _answered(patient, surgery)
    questions = _asked(check_ins)
    region = surgery.region if surgery else ""
    return History(
        charts=tuple(_charts(check_ins, questions, region=region, language=language)),
        columns=tuple(in_language(q.worded(region).label, language) for q in questions),
        rows=tuple(_row(one, questions, language=language) for one in check_ins),
    )


def curves_of(patient: Patient, *, surgery: Surgery, language: str) -> tuple[Curves, ...]:
    """Return the numbers that were answered since this operation, by kind; two queries."""
    check_ins = _answered(patient, surgery)
    return tuple(_curves(check_ins, _asked(check_ins), region=surgery.region, language=language))


def _answered(patient: Patient, surgery: Surgery | None) -> list[CheckIn]:
    return list(
        CheckIn.objects.filter(patient=patient, surgery=surgery, answers__isnull=False)
        .distinct()
        .select_related("patient__clinic", "recorded_by", "alert")
        .prefetch_related("answers")
        .order_by("-started_at", "-pk")[:SHOWN_AT_MOST]
    )


def _asked(check_ins: list[CheckIn]) -> list[ScoreQuestion]:
    answered = {answer.question for one in check_ins for answer in one.answers.all()}
    return [q for key, q in shipped_check_in().questions.items() if key in answered]


def _charts(
    check_ins: list[CheckIn], questions: list[ScoreQuestion], *, region: str, language: str
) -> Iterable[Chart]:
    """One chart for each kind of number, with a line for each question of that kind."""
    words = words_in(language)
    for curves in _curves(check_ins, questions, region=region, language=language):
        yield chart(curves.title, curves.series, below=words["days_after"], top=curves.top)


def _curves(
    check_ins: list[CheckIn], questions: list[ScoreQuestion], *, region: str, language: str
) -> Iterable[Curves]:
    words = words_in(language)
    for kind in dict.fromkeys(q.chart for q in questions if q.chart):
        series = [
            Series(in_language(q.worded(region).label, language), _points(check_ins, q.key))
            for q in questions
            if q.chart == kind
        ]
        if any(one.points for one in series):
            yield Curves(words.get(kind, kind), tuple(series), TOPS.get(kind))


def _points(check_ins: list[CheckIn], key: str) -> tuple[tuple[int, float], ...]:
    return tuple(
        (one.day, float(answer.number))
        for one in check_ins
        for answer in one.answers.all()
        if answer.question == key and answer.number is not None
    )


def _row(check_in: CheckIn, questions: list[ScoreQuestion], *, language: str) -> Row:
    words = words_in(language)
    given = {answer.question: answer for answer in check_in.answers.all()}
    at = timezone.localtime(check_in.submitted_at or check_in.started_at, check_in.patient.tz)
    with translation.override(language):
        on = formats.date_format(at, "j M Y")
    return Row(
        check_in=check_in,
        at=at,
        on=on,
        day=_day(check_in.day, words),
        by=words[f"by_{check_in.by}"],
        answers=tuple(_said(given.get(q.key), q, language=language) for q in questions),
        signs=tuple(_signs(given, language=language)),
    )


def _day(day: int, words: Mapping[str, str]) -> str:
    return words["day_before" if day < 0 else "day"].format(number=abs(day))


def _said(answer: CheckInAnswer | None, question: ScoreQuestion, *, language: str) -> str:
    """What was answered in words; what could not be read as it was typed."""
    if answer is None:
        return ""
    if question.kind is ScoreKind.CHOICE and answer.choice in question.choices:
        return in_language(question.choices[answer.choice], language)
    return answer.raw if answer.number is None else f"{float(answer.number):g}"


def _signs(given: dict[str, CheckInAnswer], *, language: str) -> Iterable[SaidOf]:
    words = words_in(language)
    for key, sign in shipped_symptom_check().questions.items():
        answer = given.get(key)
        if answer is None:
            continue
        if sign.kind.is_number:
            yield SaidOf(in_language(sign.text, language), answer.raw)
        elif answer.choice in (YES, UNSURE):
            yield SaidOf(in_language(sign.text, language), words[answer.choice])
