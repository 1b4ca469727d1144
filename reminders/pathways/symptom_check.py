"""symptom_check.yaml → the symptom check, every field and every atom checked."""

from collections.abc import Callable, Collection
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from reminders.pathways.by_language import words
from reminders.pathways.fields import ContentError, Fields
from reminders.pathways.plain_yaml import read_mapping
from reminders.pathways.reading import CONTENT_DIR, read_sources
from reminders.rules.content import Evidence, Region
from reminders.rules.symptom_check import (
    AnswerKind,
    Atom,
    Question,
    Relation,
    Sign,
    SymptomCheck,
    Tier,
    TierContent,
    TriageRule,
    atom,
)

FILE = "symptom_check.yaml"
EARLIEST_DAY, LATEST_DAY = -7, 372
MOST_MINUTES = 7 * 24 * 60
Row = TypeVar("Row")


@lru_cache(maxsize=1)
def shipped_symptom_check() -> SymptomCheck:
    """Return the symptom check that ships, read once for each process."""
    return read_symptom_check()


def read_symptom_check(directory: Path = CONTENT_DIR) -> SymptomCheck:
    """Return the symptom check. Raises ContentError at the first mistake."""
    sources = {source.key for source in read_sources(directory)}
    fields = Fields(read_mapping(directory / FILE), file=FILE, place="head")
    check = SymptomCheck(
        version=fields.text("version"),
        licence=fields.text("licence"),
        review_status=fields.text("review_status"),
        lead_in=words(fields, name="lead_in"),
        tiers={one.tier: one for one in _rows(fields, "tiers", read=_tier, sources=sources)},
        questions={
            one.key: one for one in _rows(fields, "questions", read=_question, sources=sources)
        },
        rules=tuple(_rows(fields, "rules", read=_rule, sources=sources)),
        signs=tuple(_rows(fields, "signs", read=_sign, sources=sources)),
    )
    fields.refuse_the_rest()
    _check_tiers(check)
    _check_atoms(check)
    return check


def _rows(
    fields: Fields,
    name: str,
    *,
    read: Callable[[str, Fields], Row],
    sources: Collection[str],
) -> list[Row]:
    raw = fields.raw(name)
    if not isinstance(raw, dict) or not raw:
        raise fields.wrong(f'"{name}" must be `key:` lines with the fields of each.')
    rows = []
    for key, value in raw.items():
        row = Fields(value, file=FILE, place=f"{name} {key}")
        rows.append(read(str(key), row))
        row.refuse_the_rest()
        for source in getattr(rows[-1], "sources"):  # noqa: B009 (every row has them)
            if source not in sources:
                raise row.wrong(f'source "{source}" is not in sources.yaml; add it there.')
    return rows


def _tier(key: str, fields: Fields) -> TierContent:
    return TierContent(
        tier=Fields({"tier": key}, file=FILE, place=f"tiers {key}").choice("tier", among=Tier),
        text=words(fields, name="text"),
        staff_action=fields.text("staff_action"),
        evidence=fields.choice("evidence", among=Evidence),
        sources=_sources(fields),
    )


def _question(key: str, fields: Fields) -> Question:
    return Question(
        key=key,
        code=fields.name("code"),
        kind=fields.choice("answer", among=AnswerKind),
        text=words(fields, name="text"),
        day_from=_day(fields, "day_from", default=EARLIEST_DAY),
        day_to=_day(fields, "day_to", default=LATEST_DAY),
        evidence=fields.choice("evidence", among=Evidence),
        sources=_sources(fields),
        regions=fields.choices("regions", among=Region),
        range_note=fields.text("range_note", default=""),
    )


def _rule(key: str, fields: Fields) -> TriageRule:
    return TriageRule(
        key=key,
        code=fields.name("code"),
        all_of=_atoms(fields),
        tier=fields.choice("tier", among=Tier),
        sla_minutes=fields.number("sla_minutes", low=1, high=MOST_MINUTES),
        evidence=fields.choice("evidence", among=Evidence),
        sources=_sources(fields),
        regions=fields.choices("regions", among=Region),
        range_note=fields.text("range_note", default=""),
    )


def _sign(key: str, fields: Fields) -> Sign:
    has_later = fields.has("tier_later")
    sign = Sign(
        key=key,
        name=fields.text("name"),
        words=words(fields, name="words"),
        to_do=words(fields, name="to_do"),
        tier=fields.choice("tier", among=Tier),
        day_from=_day(fields, "day_from", default=EARLIEST_DAY),
        day_to=_day(fields, "day_to", default=LATEST_DAY),
        evidence=fields.choice("evidence", among=Evidence),
        sources=_sources(fields),
        regions=fields.choices("regions", among=Region),
        range_note=fields.text("range_note", default=""),
        tier_until=fields.optional_number("tier_until", low=EARLIEST_DAY, high=LATEST_DAY),
        tier_later=fields.choice("tier_later", among=Tier) if has_later else None,
    )
    if (sign.tier_until is None) == has_later:
        raise fields.wrong('"tier_until" and "tier_later" belong together.')
    return sign


def _day(fields: Fields, name: str, *, default: int) -> int:
    given = fields.optional_number(name, low=EARLIEST_DAY, high=LATEST_DAY)
    return default if given is None else given


def _sources(fields: Fields) -> tuple[str, ...]:
    sources = fields.texts("sources")
    if not sources:
        raise fields.wrong('"sources" is empty: name at least one key of sources.yaml.')
    return sources


def _atoms(fields: Fields) -> tuple[Atom, ...]:
    texts = fields.texts("all_of")
    if not texts:
        raise fields.wrong('"all_of" is empty; a rule that always holds is none.')
    try:
        return tuple(atom(text) for text in texts)
    except ValueError as error:
        raise fields.wrong(f"{error}.") from None


def _check_tiers(check: SymptomCheck) -> None:
    missing = [tier.value for tier in Tier if tier not in check.tiers]
    if missing:
        problem = f"{', '.join(missing)} has no text; add it."
        raise ContentError(FILE, place="tiers", problem=problem)


def _check_atoms(check: SymptomCheck) -> None:
    """Raise ContentError for an atom about a question that is not asked, or of the wrong kind."""
    numbers = {one.code for one in check.questions.values() if one.kind.is_number} | {"day"}
    asked = {one.key for one in check.questions.values() if not one.kind.is_number}
    for rule in check.rules:
        for one in rule.all_of:
            known = asked if one.relation is Relation.IS_YES else numbers
            if one.subject not in known:
                problem = f'"{one.subject}" is no question that can be answered so.'
                raise ContentError(FILE, place=f"rules {rule.key}", problem=problem)
        if rule.tier is Tier.NONE:
            problem = "a rule cannot lead to NONE; leave it out."
            raise ContentError(FILE, place=f"rules {rule.key}", problem=problem)
