"""How somebody wants a step → what is wrong with that, field by field, saying what to do.

The bounds are those of the loader (reminders/pathways/steps.py), and the loader itself is asked at
the end: nothing is written in the panel that a content file could not say.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reminders.pathways.fields import ContentError
from reminders.pathways.steps import (
    ANY_PROCEDURE,
    AT,
    CHECK_IN_LATE_HOURS,
    EARLIEST_DAY,
    LATEST_DAY,
    MOST_LATE_HOURS,
    MOST_WORKING_DAYS,
    step_content,
)
from reminders.rules.content import (
    Action,
    Anchor,
    Audience,
    Category,
    Channel,
    Evidence,
    Priority,
    Privacy,
    Shift,
    StepTexts,
)
from reminders.rules.facts import FACT_NAMES
from reminders.rules.triage import Heard, understand
from reminders.rules.wording import PLACEHOLDERS

# What may be changed of a step beside its words and sources; its key and audience stay.
SETTINGS = (
    "intent", "category", "anchor", "day_from", "day_to", "repeat_days", "every_working_days",
    "at", "shift", "late_hours", "regions", "procedures", "requires", "excludes", "channels",
    "privacy", "is_high_priority", "replies", "questions", "must_have", "restrictions", "permits",
    "staff_action", "evidence", "range_note",
)  # fmt: skip
# What a new step says of itself where nobody said anything.
USUAL: dict[str, Any] = {
    "intent": "", "category": "", "audience": Audience.PATIENT.value,
    "anchor": Anchor.SURGERY.value, "day_from": None, "day_to": None, "repeat_days": [],
    "every_working_days": None, "at": "10:00", "shift": Shift.NONE.value, "late_hours": None,
    "regions": [], "procedures": [], "requires": [], "excludes": [],
    "channels": [Channel.SMS.value, Channel.EMAIL.value], "privacy": Privacy.LOCK_SCREEN.value,
    "is_high_priority": False, "replies": [], "must_have": [], "restrictions": [], "permits": [],
    "staff_action": "", "evidence": Evidence.REFERENCE.value, "range_note": "", "questions": [],
}  # fmt: skip
LONGEST_INTENT, LONGEST_NOTE, LONGEST_CODE, LONGEST_MEANING = 200, 2_000, 20, 120
_MEANING = re.compile(r"[a-z][a-z0-9_]*")

Problem = tuple[str, str]  # the field, and what to do about it
Values = Mapping[str, Any]  # by the names of SETTINGS, and audience, in the types of a Step row


@dataclass(frozen=True, slots=True)
class Known:
    """What a step of this version may name."""

    sources: Collection[str]
    regions: Collection[str]
    procedures: Collection[str]
    facts: Collection[str]
    rules: Collection[str]  # of the activity calendar
    questions: Collection[str]  # of a check-in


def problems_in(
    values: Values,
    *,
    key: str,
    sources: Sequence[str],
    texts: Mapping[str, StepTexts],
    known: Known,
) -> dict[str, str]:
    """Return the first problem of each field; empty when the step can be written as it is.

    The field is one of SETTINGS, `sources`, or empty for what concerns the step as a whole.
    """
    problems: dict[str, str] = {}
    for field, problem in _problems(values, sources=sources, known=known):
        problems.setdefault(field, problem)
    if problems:
        return problems
    refused = _loader_says(values, key=key, sources=sources, texts=texts, known=known)
    return {"": refused} if refused else {}


def _problems(values: Values, *, sources: Sequence[str], known: Known) -> Iterator[Problem]:
    yield from _of_choices(values)
    yield from _of_words(values)
    yield from _of_days(values)
    yield from _of_repeats(values)
    yield from _of_hours(values)
    yield from _of_whom(values, known=known)
    yield from _of_channels(values)
    yield from _of_replies(values["replies"])
    yield from _of_lists(values, known=known)
    yield from _of_sources(sources, known=known)


def _of_choices(values: Values) -> Iterator[Problem]:
    for field, among, what in (
        ("category", Category, "kind of message"),
        ("audience", Audience, "reader"),
        ("anchor", Anchor, "date to count from"),
        ("shift", Shift, "way to treat days off"),
        ("privacy", Privacy, "privacy class"),
        ("evidence", Evidence, "kind of evidence"),
    ):
        if not values[field]:
            yield field, f"Choose a {what}."
        elif values[field] not in set(among):
            yield field, f"{values[field]!r} is no {what}; choose one of the list."


def _of_words(values: Values) -> Iterator[Problem]:
    if not values["intent"].strip():
        yield "intent", "Say in a few words what the step is for."
    if len(values["intent"]) > LONGEST_INTENT:
        yield "intent", f"Say it in {LONGEST_INTENT} characters or fewer."
    is_staff = values["audience"] == Audience.STAFF
    if is_staff and not values["staff_action"].strip():
        yield "staff_action", "Say what staff should do."
    for field in ("staff_action", "range_note"):
        if len(values[field]) > LONGEST_NOTE:
            yield field, f"Say it in {LONGEST_NOTE} characters or fewer."


def _of_days(values: Values) -> Iterator[Problem]:
    first, last = values["day_from"], values["day_to"]
    within = f"a whole number from {EARLIEST_DAY} to {LATEST_DAY}"
    for field, day in (("day_from", first), ("day_to", last)):
        if not _is_number(day, low=EARLIEST_DAY, high=LATEST_DAY):
            yield field, f"Write {within}."
            return
    if last < first:
        yield "day_to", "The days must run forward: the last day is before the first."


def _of_repeats(values: Values) -> Iterator[Problem]:
    days, first, last = values["repeat_days"], values["day_from"], values["day_to"]
    every = values["every_working_days"]
    if every is not None and not _is_number(every, low=1, high=MOST_WORKING_DAYS):
        yield "every_working_days", f"Write a whole number from 1 to {MOST_WORKING_DAYS}."
    if not days:
        return
    if list(days) != sorted(set(days)):
        yield "repeat_days", "Write the days in order, each once, as in 3, 7, 14."
    elif days[0] != first:
        yield (
            "repeat_days",
            f"It begins on its first day: let the list begin with {first}, "
            f"or make {days[0]} the first day.",
        )
    elif last is not None and days[-1] > last:
        yield (
            "repeat_days",
            f"Day {days[-1]} lies after its last day, {last}. Make the last day later.",
        )


def _of_hours(values: Values) -> Iterator[Problem]:
    late = values["late_hours"]
    if not AT.fullmatch(values["at"]):
        yield "at", "Write the time as HH:MM, from 00:00 to 23:59."
    if late is not None and not _is_number(late, low=1, high=MOST_LATE_HOURS):
        yield "late_hours", f"Write a whole number from 1 to {MOST_LATE_HOURS}, or nothing."
    elif values["category"] == Category.CHECK_IN and (late or 999) > CHECK_IN_LATE_HOURS:
        yield (
            "late_hours",
            "A check-in asks about its own day: write after how many hours it is too late, "
            f"1 to {CHECK_IN_LATE_HOURS}.",
        )


def _of_whom(values: Values, *, known: Known) -> Iterator[Problem]:
    if strangers := [one for one in values["regions"] if one not in known.regions]:
        yield "regions", f"This pathway is not for the region {strangers[0]}; untick it."
    if strangers := [one for one in values["procedures"] if one not in known.procedures]:
        yield "procedures", f"This pathway is not for {strangers[0]}; untick it."
    for group in values["requires"]:
        if not group:
            yield "requires", "A condition names no fact. Tick one, or leave it out."
        yield from _of_facts("requires", group, known=known)
    yield from _of_facts("excludes", values["excludes"], known=known)
    impossible = [g[0] for g in values["requires"] if set(g) and set(g) <= set(values["excludes"])]
    for fact in impossible:
        name = FACT_NAMES.get(fact, fact)
        yield "excludes", f'"{name}" is asked for and ruled out, so nobody would get it.'


def _of_facts(field: str, facts: Iterable[str], *, known: Known) -> Iterator[Problem]:
    for fact in facts:
        if fact not in known.facts:
            yield field, f'Nobody can record the fact "{fact}"; untick it.'


def _of_channels(values: Values) -> Iterator[Problem]:
    channels, is_staff = list(values["channels"]), values["audience"] == Audience.STAFF
    if is_staff:
        if channels != [Channel.TASK] or values["privacy"] != Privacy.STAFF:
            yield "channels", "A step for staff is a line on their list and nothing else."
        return
    if not channels:
        yield "channels", "Choose text, mail, or both."
    elif not set(channels) <= {Channel.SMS, Channel.EMAIL}:
        yield "channels", "A message for patients goes by text or mail."
    if values["privacy"] == Privacy.STAFF:
        yield "privacy", "A message for patients cannot be for staff only."
    elif values["privacy"] == Privacy.PRIVATE and Channel.SMS in channels:
        yield (
            "privacy",
            "A private message goes by mail only: untick the text.",
        )


def _of_replies(replies: Sequence[Mapping[str, str]]) -> Iterator[Problem]:
    codes = [reply["code"] for reply in replies]
    if len({code.casefold() for code in codes}) != len(codes):
        yield "replies", "Two answers have the same code; give each its own."
    for reply in replies:
        code, meaning = reply["code"], reply["meaning"]
        if not code or len(code) > LONGEST_CODE:
            yield "replies", "Give each answer a short code that patients type, as in 1."
            continue
        heard = understand(code, open_codes=codes)
        if heard.heard is not Heard.ANSWER or heard.code != code:
            yield "replies", f'"{code}" means something else when a patient texts it; use a number.'
        if not _MEANING.fullmatch(meaning) or len(meaning) > LONGEST_MEANING:
            yield "replies", f"Say in a word or two what {code} means, in plain letters."
        if reply["action"] not in set(Action):
            yield "replies", f"Choose what {code} starts."


def _of_lists(values: Values, *, known: Known) -> Iterator[Problem]:
    if strangers := sorted(set(values["must_have"]) - PLACEHOLDERS):
        yield "must_have", f"{{{strangers[0]}}} is no placeholder; untick it."
    if strangers := [key for key in values["questions"] if key not in known.questions]:
        yield "questions", f'"{strangers[0]}" is no question of a check-in; untick it.'
    for field in ("restrictions", "permits"):
        if strangers := [key for key in values[field] if key not in known.rules]:
            yield field, f'"{strangers[0]}" is no rule of this pathway\'s calendar; untick it.'


def _of_sources(sources: Sequence[str], *, known: Known) -> Iterator[Problem]:
    if not sources:
        yield "sources", "Name at least one source that it rests on."
    if strangers := [key for key in sources if key not in known.sources]:
        yield "sources", f"There is no source {', '.join(strangers)}."


def _is_number(value: object, *, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _loader_says(
    values: Values,
    *,
    key: str,
    sources: Sequence[str],
    texts: Mapping[str, StepTexts],
    known: Known,
) -> str:
    """Return what the loader would refuse in a file that says the same, or an empty text."""
    renamed = {"repeat_days": "repeat", "is_high_priority": "priority"}
    raw: dict[str, Any] = {
        renamed.get(name, name): values[name] for name in (*SETTINGS, "audience")
    }
    raw["priority"] = Priority.HIGH if values["is_high_priority"] else Priority.NORMAL
    raw |= {
        "key": key,
        "sources": list(sources),
        "procedures": values["procedures"] or ANY_PROCEDURE,
    }
    written = {name: value for name, value in raw.items() if value not in (None, "")}
    try:
        step_content(written, file="", procedures=(), sources=known.sources, texts=texts)
    except ContentError as refused:
        return refused.problem
    return ""
