"""A ladder and a moment → what would happen if an urgent alert opened then and nobody took it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from clinic.models import Clinic
from reminders.flow.notices import recipients
from reminders.flow.staffed import staffed_hours
from reminders.models import How, Rung, Tier
from reminders.rules.ladder import Reached, foresee
from reminders.rules.ladder import Rung as Rule
from reminders.staff.climbing import HOW_ICONS, HOW_SAID, on_the_clinics_wall
from reminders.staff.kept_words import kept_said


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that would happen: when, to whom, or what is in the way."""

    at: str
    whom: str
    how: str
    icon: str
    problem: str


@dataclass(frozen=True, slots=True)
class Story:
    """An urgent alert that opens at some moment."""

    title: str
    lines: tuple[Line, ...]


def stories(clinic: Clinic, rungs: Iterable[Rung], *, now: datetime) -> list[Story]:
    """Return what would happen now, and at the next moment of the other hours."""
    urgent = [rung for rung in rungs if Tier.EMERGENCY in rung.tiers]
    staffed = staffed_hours(clinic)
    is_open = staffed.covers(now)
    other = staffed.next_unstaffed(now) if is_open else staffed.next_staffed(now)
    found = [Story(_("An urgent alert right now"), _told(clinic, urgent, start=now, now=now))]
    if other is not None:
        title = _("After the clinic closes, {time}") if is_open else _("Once it opens, {time}")
        at = on_the_clinics_wall(other, tz=clinic.tz, now=now)
        told = _told(clinic, urgent, start=other, now=now)
        found.append(Story(title.format(time=at), told))
    return found


def _told(clinic: Clinic, rungs: list[Rung], *, start: datetime, now: datetime) -> tuple[Line, ...]:
    by_place = dict(enumerate(rungs))

    def reach(rule: Rule, at: datetime) -> Reached:
        return recipients(by_place[rule.position], clinic, at=at).reached

    rules = [
        Rule(place, rung.after_minutes, rung.hours, rung.how) for place, rung in by_place.items()
    ]
    seen = foresee(rules, start=start, staffed=staffed_hours(clinic), reach=reach)
    return tuple(
        Line(
            at=on_the_clinics_wall(step.at, tz=clinic.tz, now=now),
            whom=", ".join(kept_said(name) for name in step.reached.names)
            or kept_said(by_place[step.rung.position].words),
            how=str(HOW_SAID[step.rung.how]),
            icon=HOW_ICONS[How(step.rung.how)],
            problem=kept_said(step.reached.problem),
        )
        for step in seen
    )
