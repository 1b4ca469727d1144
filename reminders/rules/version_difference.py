"""Two versions of a pathway → what was added, dropped and changed, word by word."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from enum import StrEnum

from reminders.rules.content import PathwayContent, RestrictionContent, StepContent, StepTexts

TEXT_FIELDS = tuple(field.name for field in fields(StepTexts))
# Told apart word by word, or not at all.
_NOT_SETTINGS = frozenset({"key", "texts"})
_NOT_IN_HEAD = frozenset({"key", "steps", "restriction_days", "calendar"})
_WORDS = re.compile(r"\s+|[^\s\w]|\w+")


class Mark(StrEnum):
    SAME = "same"
    ADDED = "added"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words that both have, or only the new or only the old version."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class TextChange:
    language: str
    field: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class SettingChange:
    """A field of the step that is no text, as in `day_from`, with both values in words."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class StepChange:
    key: str
    intent: str
    settings: tuple[SettingChange, ...]
    texts: tuple[TextChange, ...]


@dataclass(frozen=True, slots=True)
class ActivityChange:
    """A rule of the activity calendar that came, went (`mark`) or changed."""

    key: str
    activity: str
    mark: Mark
    settings: tuple[SettingChange, ...] = ()
    words: tuple[TextChange, ...] = ()


@dataclass(frozen=True, slots=True)
class VersionDifference:
    added: tuple[StepContent, ...] = ()
    dropped: tuple[StepContent, ...] = ()
    changed: tuple[StepChange, ...] = ()
    head: tuple[SettingChange, ...] = ()  # of the pathway itself, as in its languages
    activities: tuple[ActivityChange, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.dropped or self.changed or self.head or self.activities)


def difference(old: PathwayContent, new: PathwayContent) -> VersionDifference:
    """Return what `new` says otherwise than `old`. Steps are the same when their keys are.

    Activities are those of their calendars; give contents that have one.
    """
    before = {step.key: step for step in old.steps}
    after = {step.key: step for step in new.steps}
    changed = (_step_change(before[key], step) for key, step in after.items() if key in before)
    return VersionDifference(
        added=tuple(step for key, step in after.items() if key not in before),
        dropped=tuple(step for key, step in before.items() if key not in after),
        changed=tuple(change for change in changed if change.settings or change.texts),
        head=tuple(_settings(old, new, without=_NOT_IN_HEAD)),
        activities=tuple(_activity_changes(old.calendar, new.calendar)),
    )


def _activity_changes(
    old: Iterable[RestrictionContent], new: Iterable[RestrictionContent]
) -> Iterator[ActivityChange]:
    before, after = {rule.key: rule for rule in old}, {rule.key: rule for rule in new}
    for key, rule in after.items():
        if key not in before:
            yield ActivityChange(key, rule.activity, Mark.ADDED)
        elif rule != before[key]:
            yield ActivityChange(
                key,
                rule.activity,
                Mark.SAME,
                settings=tuple(_settings(before[key], rule, without={"key", "title", "rule"})),
                words=tuple(_rule_changes(before[key], rule)),
            )
    for key in sorted(before.keys() - after.keys()):
        yield ActivityChange(key, before[key].activity, Mark.DROPPED)


def _rule_changes(old: RestrictionContent, new: RestrictionContent) -> Iterator[TextChange]:
    for name, was, is_now in (("title", old.title, new.title), ("rule", old.rule, new.rule)):
        for language in sorted({*was, *is_now}):
            before, after = was.get(language, ""), is_now.get(language, "")
            if before != after:
                yield TextChange(language, name, word_changes(before, after))


def word_changes(old: str, new: str) -> tuple[Piece, ...]:
    """Return the new text with the words that went and came; pieces joined give both texts."""
    a, b = _WORDS.findall(old), _WORDS.findall(new)
    pieces = []
    for tag, a_from, a_to, b_from, b_to in SequenceMatcher(a=a, b=b, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece(Mark.SAME, "".join(a[a_from:a_to])))
            continue
        if a_to > a_from:
            pieces.append(Piece(Mark.DROPPED, "".join(a[a_from:a_to])))
        if b_to > b_from:
            pieces.append(Piece(Mark.ADDED, "".join(b[b_from:b_to])))
    return tuple(pieces)


def _step_change(old: StepContent, new: StepContent) -> StepChange:
    return StepChange(
        key=new.key,
        intent=new.intent,
        settings=tuple(_settings(old, new, without=_NOT_SETTINGS)),
        texts=tuple(_text_changes(old, new)),
    )


def _text_changes(old: StepContent, new: StepContent) -> Iterator[TextChange]:
    nothing = StepTexts()
    for language in sorted({*old.texts, *new.texts}):
        before, after = old.texts.get(language, nothing), new.texts.get(language, nothing)
        for name in TEXT_FIELDS:
            was, is_now = getattr(before, name), getattr(after, name)
            if was != is_now:
                yield TextChange(language, name, word_changes(was, is_now))


def _settings(
    old: PathwayContent | StepContent | RestrictionContent,
    new: PathwayContent | StepContent | RestrictionContent,
    *,
    without: frozenset[str] | set[str],
) -> Iterator[SettingChange]:
    for field in fields(old):
        was, is_now = getattr(old, field.name), getattr(new, field.name)
        if field.name not in without and was != is_now:
            yield SettingChange(field.name, _in_words(was), _in_words(is_now))


def _in_words(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(_in_words(one) for one in value) or "none"
    if hasattr(value, "language"):
        return f"{value.language} {getattr(value, 'version', '')}".strip()
    return "none" if value in (None, "") else str(value)
