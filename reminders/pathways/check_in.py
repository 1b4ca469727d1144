"""check_in.yaml → the questions of a check-in, every field checked."""

from collections.abc import Collection
from functools import lru_cache
from pathlib import Path
from typing import Any

from reminders.pathways.by_language import words
from reminders.pathways.fields import ContentError, Fields
from reminders.pathways.plain_yaml import read_mapping
from reminders.pathways.reading import CONTENT_DIR, read_sources
from reminders.rules.check_in import (
    SYMPTOM_CHECK,
    CheckInContent,
    CheckInText,
    ScoreKind,
    ScoreQuestion,
    Wording,
)
from reminders.rules.content import Evidence, Region

FILE = "check_in.yaml"
HIGHEST = 10_000
FEWEST_CHOICES = 2


@lru_cache(maxsize=1)
def shipped_check_in() -> CheckInContent:
    """Return the questions that ship, read once for each process."""
    return read_check_in()


def read_check_in(directory: Path = CONTENT_DIR) -> CheckInContent:
    """Return the questions of a check-in. Raises ContentError at the first mistake."""
    sources = {source.key for source in read_sources(directory)}
    fields = Fields(read_mapping(directory / FILE), file=FILE, place="head")
    content = CheckInContent(
        version=fields.text("version"),
        licence=fields.text("licence"),
        review_status=fields.text("review_status"),
        note=fields.text("note"),
        texts=_texts(fields),
        any_day=_any_day(fields),
        questions={
            key: _question(key, raw, sources=sources)
            for key, raw in _mapping(fields, "questions").items()
        },
    )
    fields.refuse_the_rest()
    _check_names(content)
    return content


def _any_day(fields: Fields) -> tuple[str, ...]:
    keys = fields.names("any_day")
    if not keys:
        raise fields.wrong('"any_day" is missing; name what is asked on any day.')
    return keys


def _mapping(fields: Fields, name: str) -> dict[str, Any]:
    raw = fields.raw(name)
    if not isinstance(raw, dict) or not raw:
        raise fields.wrong(f'"{name}" must be `key:` lines with the fields of each.')
    return {str(key): value for key, value in raw.items()}


def _texts(fields: Fields) -> dict[CheckInText, dict[str, str]]:
    inner = Fields(fields.raw("texts"), file=FILE, place="texts")
    texts = {which: words(inner, name=which.value) for which in CheckInText}
    inner.refuse_the_rest()
    return texts


def _question(key: str, raw: object, *, sources: Collection[str]) -> ScoreQuestion:
    fields = Fields(raw, file=FILE, place=f"questions {key}")
    kind = fields.choice("kind", among=ScoreKind)
    is_number = kind is ScoreKind.NUMBER
    question = ScoreQuestion(
        key=Fields({"key": key}, file=FILE, place=f"questions {key}").name("key"),
        kind=kind,
        wording=_wording(fields, "words"),
        by_region={r.value: _wording(fields, r.value) for r in Region if fields.has(r.value)},
        low=fields.number("low", low=0, high=HIGHEST) if is_number else 0,
        high=fields.number("high", low=1, high=HIGHEST) if is_number else 0,
        unit=_optional_words(fields, name="unit"),
        hint=_optional_words(fields, name="hint"),
        choices={} if is_number else _choices(fields),
        chart=fields.name("chart", default=""),
        sms=_optional_words(fields, name="sms"),
        sms_detailed=fields.flag("sms_detailed", default=False),
        instead_by_sms=fields.name("instead_by_sms", default=""),
        by_sms_only=fields.flag("by_sms_only", default=False),
        counts_as=fields.name("counts_as", default=""),
        evidence=fields.choice("evidence", among=Evidence),
        sources=fields.texts("sources"),
    )
    fields.refuse_the_rest()
    _check_question(question, fields=fields, sources=sources)
    return question


def _check_question(question: ScoreQuestion, *, fields: Fields, sources: Collection[str]) -> None:
    if question.kind is ScoreKind.NUMBER and question.high <= question.low:
        raise fields.wrong('"high" must be more than "low".')
    if question.sms and question.kind is not ScoreKind.NUMBER:
        raise fields.wrong("a text can ask for a number only.")
    if not question.sources:
        raise fields.wrong('"sources" is empty: name at least one key of sources.yaml.')
    for source in question.sources:
        if source not in sources:
            raise fields.wrong(f'source "{source}" is not in sources.yaml; add it there.')


def _check_names(content: CheckInContent) -> None:
    """Raise ContentError where something names a question that is not there."""
    if SYMPTOM_CHECK in content.questions:
        problem = f'"{SYMPTOM_CHECK}" stands for the warning signs; use another key.'
        raise ContentError(FILE, place="questions", problem=problem)
    for key in content.any_day:
        if key not in content.keys:
            raise ContentError(FILE, place="any_day", problem=f'"{key}" is no question.')
    for one in content.questions.values():
        other = content.questions.get(one.instead_by_sms)
        if one.instead_by_sms and (other is None or not other.sms or other.sms_detailed):
            problem = f'"{one.instead_by_sms}" is no question that any text may ask.'
            raise ContentError(FILE, place=f"questions {one.key}", problem=problem)


def _wording(fields: Fields, name: str) -> Wording:
    inner = Fields(fields.raw(name), file=FILE, place=f"{fields.place}, {name}")
    wording = Wording(text=words(inner, name="text"), label=words(inner, name="label"))
    inner.refuse_the_rest()
    return wording


def _choices(fields: Fields) -> dict[str, dict[str, str]]:
    listed = _mapping(fields, "choices")
    inner = Fields(listed, file=FILE, place=f"{fields.place}, choices")
    names = Fields({"choices": list(listed)}, file=FILE, place=inner.place).names("choices")
    if len(names) < FEWEST_CHOICES:
        raise inner.wrong("needs at least two.")
    return {name: words(inner, name=name) for name in names}


def _optional_words(fields: Fields, *, name: str) -> dict[str, str]:
    return words(fields, name=name) if fields.has(name) else {}
