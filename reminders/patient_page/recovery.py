"""The recovery picture: what the patient may do today, what not yet, and the day on which it lifts.

Each limit is a bar from the operation to its day, all on one scale, with a line for today. The bars
are drawn for the eye alone: everything they say stands beside them in words.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from reminders.flow.restrictions import RecoveryPicture, Restriction, State, picture_of
from reminders.patient_page.page_words import PAGE_WORDS, told_date
from reminders.patient_page.where_they_are import Whereabouts, told_wait

# A limit that goes on after this is said, not drawn: it would make all others tiny, and "not yet"
# is wrong of a habit to give up for good.
LONGEST_DAYS = 90
SHORTEST_DAYS = 14
WIDTH = 100
# So many are open to the eye, with all that lift on the same day; the rest are a tap away.
OPEN_AT_FIRST = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """One limit as it is drawn. `ends_at` is in units of WIDTH."""

    title: str
    rule: str
    language: str
    ends_at: float


@dataclass(frozen=True, slots=True)
class LiftDay:
    """A day, how long it is until then, and what it lifts."""

    when: str
    wait: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """Something that the patient may do, or that holds without a day."""

    title: str
    rule: str
    language: str
    when: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """All of it. `today_at` is in units of WIDTH."""

    soon: tuple[LiftDay, ...] = ()
    later: tuple[LiftDay, ...] = ()
    until_told: tuple[Said, ...] = ()
    allowed: tuple[Said, ...] = ()
    today_at: float = 0

    @property
    def is_empty(self) -> bool:
        return not (self.days or self.until_told or self.allowed)

    @property
    def days(self) -> tuple[LiftDay, ...]:
        return self.soon + self.later


NOTHING = Picture()


def recovery(where: Whereabouts, *, language: str) -> Picture:
    """Return the picture for the patient; empty where there is nothing that may be shown.

    Nothing before the operation is confirmed, and nothing that clinicians have not signed.
    """
    if where.surgery is None or not where.is_recovering:
        return NOTHING
    picture = picture_of(where.surgery, today=where.today)
    return NOTHING if picture.problem else _drawn(picture, language=language)


def _drawn(picture: RecoveryPicture, *, language: str) -> Picture:
    drawn, beyond = _apart(_those(picture, State.NOT_YET), day=picture.day)
    scale = _scale(drawn, day=picture.day)
    days = _by_day(drawn, scale, today=picture.today, language=language)
    soon = _open_at_first(days)
    return Picture(
        soon=tuple(days[:soon]),
        later=tuple(days[soon:]),
        until_told=(
            *(_said(one, "until", language=language) for one in beyond),
            *(_said(one) for one in _those(picture, State.UNTIL_TOLD)),
        ),
        allowed=(
            *(_said(one, "since", language=language) for one in _those(picture, State.ALLOWED)),
            *(_said(one) for one in _those(picture, State.ADVICE)),
        ),
        today_at=_place(picture.day, scale),
    )


def _those(picture: RecoveryPicture, state: State) -> list[Restriction]:
    return [one for one in picture.restrictions if one.state is state and one.title]


def _apart(held: list[Restriction], *, day: int) -> tuple[list[Restriction], list[Restriction]]:
    """Part what is drawn from what goes on for too long."""
    edge = max(LONGEST_DAYS, day)
    return (
        [one for one in held if (one.free_day or 0) <= edge],
        [one for one in held if (one.free_day or 0) > edge],
    )


def _scale(drawn: Iterable[Restriction], *, day: int) -> int:
    """How many days the picture is wide."""
    return max([one.free_day or 0 for one in drawn] + [day, SHORTEST_DAYS])


def _place(day: int, scale: int) -> float:
    return round(min(max(day, 0), scale) / scale * WIDTH, 1)


def _by_day(drawn: list[Restriction], scale: int, *, today: date, language: str) -> list[LiftDay]:
    """The days on which something lifts, the nearest first."""
    return [
        LiftDay(
            when=PAGE_WORDS[language]["lifts_on"].format(date=told_date(day, language=language)),
            wait=told_wait(day, today=today, language=language),
            bars=tuple(
                Bar(one.title, one.rule, one.language, _place(one.free_day or 0, scale))
                for one in those
            ),
        )
        for day, those in groupby(drawn, key=lambda one: one.free_on or today)
    ]


def _open_at_first(days: list[LiftDay]) -> int:
    """How many of these days are open: until OPEN_AT_FIRST limits are shown, whole days only."""
    shown = 0
    for count, day in enumerate(days):
        if shown >= OPEN_AT_FIRST:
            return count
        shown += len(day.bars)
    return len(days)


def _said(one: Restriction, which: str = "", *, language: str = "") -> Said:
    """The restriction with its day, where `which` names words for it and there is a day."""
    if not which or one.free_on is None or not one.free_day:
        return Said(one.title, one.rule, one.language)
    day = told_date(one.free_on, language=language, short=True)
    said = PAGE_WORDS[language][which].format(date=day)
    return Said(one.title, one.rule, one.language, said)
