"""A version's steps → a list by day that a clinician can read through."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from reminders.models import Anchor, PathwayVersion, Step, StepText
from reminders.staff.kept_words import either_said
from reminders.staff.words import CATEGORY_ICONS

ANCHORS = tuple(Anchor.values)
_AFTER = {
    Anchor.SURGERY: gettext_lazy("the operation"),
    Anchor.DISCHARGE: gettext_lazy("going home"),
    Anchor.ENROLMENT: gettext_lazy("enrolment"),
    Anchor.APPOINTMENT: gettext_lazy("the appointment"),
    Anchor.HISTOLOGY_RESULT: gettext_lazy("the specimen result"),
}


@dataclass(frozen=True, slots=True)
class StepShown:
    """A step in words: when, for whom, and with which texts."""

    step: Step
    icon: str
    window: str
    at: str
    conditions: str
    texts: tuple[StepText, ...]


@dataclass(frozen=True, slots=True)
class PathwayDay:
    """The steps that begin on one day, counted from one anchor."""

    label: str
    steps: tuple[StepShown, ...]


@dataclass(frozen=True, slots=True)
class Everybody:
    """Whom the whole pathway is for; a step for all of them needs no words about it."""

    regions: frozenset[str]
    procedures: frozenset[str]


def days_of(version: PathwayVersion) -> list[PathwayDay]:
    """Return the steps by anchor and day; three queries whatever their number."""
    steps = version.steps.prefetch_related("texts", "sources")
    everybody = Everybody(frozenset(version.pathway.regions), frozenset(version.pathway.procedures))
    ordered = sorted(steps, key=lambda s: (ANCHORS.index(s.anchor), s.day_from, s.at, s.position))
    return [
        PathwayDay(
            label=_label(anchor, day), steps=tuple(_shown(step, everybody) for step in group)
        )
        for (anchor, day), group in groupby(ordered, key=lambda s: (s.anchor, s.day_from))
    ]


def _label(anchor: str, day: int) -> str:
    """Say from what a day is counted: "Day 12", "3 days before the operation"."""
    if anchor == Anchor.SURGERY and day >= 0:
        return _("Day {number}").format(number=day) if day else _("Day of operation")
    event, far = _AFTER[Anchor(anchor)], abs(day)
    if day == 0:
        return _("On the day of {event}").format(event=event)
    if day > 0:
        words = ngettext("{number} day after {event}", "{number} days after {event}", far)
    else:
        words = ngettext("{number} day before {event}", "{number} days before {event}", far)
    return words.format(number=far, event=event)


def _shown(step: Step, everybody: Everybody) -> StepShown:
    return StepShown(
        step=step,
        icon=CATEGORY_ICONS.get(step.category, "sms"),
        window=_window(step),
        at={"at_once": _("at once"), "at_discharge": _("on going home")}.get(step.at, step.at),
        conditions="; ".join(_conditions(step, everybody)),
        texts=tuple(sorted(step.texts.all(), key=lambda text: text.language)),
    )


def _window(step: Step) -> str:
    if step.repeat_days:
        days = ", ".join(str(day) for day in step.repeat_days)
        words = _("on days {days}, until day {last}")
        if step.every_working_days:
            words = _("on days {days}, then every {number} working days, until day {last}")
        return words.format(days=days, number=step.every_working_days, last=step.day_to)
    if step.day_to == step.day_from:
        return ""
    return _("days {first} to {last}").format(first=step.day_from, last=step.day_to)


def _conditions(step: Step, everybody: Everybody) -> Iterator[str]:
    """Say for whom the step is; nothing for a step that is everybody's."""
    if step.regions and not everybody.regions <= set(step.regions):
        yield _("region: {regions}").format(regions=either_said(step.regions))
    if step.procedures and not everybody.procedures <= set(step.procedures):
        yield _("procedure: {procedures}").format(procedures=either_said(step.procedures))
    for group in step.requires:
        yield _("only if {facts}").format(facts=either_said(group))
    if step.excludes:
        yield _("not if {facts}").format(facts=either_said(step.excludes))
