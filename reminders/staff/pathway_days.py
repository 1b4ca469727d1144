"""A version's steps → a list by day that a clinician can read through."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from reminders.models import Anchor, PathwayVersion, Step, StepText
from reminders.rules.facts import FACT_NAMES
from reminders.staff.words import CATEGORY_ICONS

ANCHORS = tuple(Anchor.values)
_AFTER = {
    Anchor.SURGERY: "the operation",
    Anchor.DISCHARGE: "going home",
    Anchor.ENROLMENT: "enrolment",
    Anchor.APPOINTMENT: "the appointment",
    Anchor.HISTOLOGY_RESULT: "the specimen result",
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
        return f"Day {day}" if day else "Day of operation"
    event = _AFTER[Anchor(anchor)]
    if day == 0:
        return f"On the day of {event}"
    unit = "day" if abs(day) == 1 else "days"
    return f"{abs(day)} {unit} {'after' if day > 0 else 'before'} {event}"


def _shown(step: Step, everybody: Everybody) -> StepShown:
    return StepShown(
        step=step,
        icon=CATEGORY_ICONS.get(step.category, "sms"),
        window=_window(step),
        at={"at_once": "at once", "at_discharge": "on going home"}.get(step.at, step.at),
        conditions="; ".join(_conditions(step, everybody)),
        texts=tuple(sorted(step.texts.all(), key=lambda text: text.language)),
    )


def _window(step: Step) -> str:
    if step.repeat_days:
        days = ", ".join(str(day) for day in step.repeat_days)
        more = (
            f", then every {step.every_working_days} working days"
            if step.every_working_days
            else ""
        )
        return f"on days {days}{more}, until day {step.day_to}"
    return f"days {step.day_from} to {step.day_to}" if step.day_to != step.day_from else ""


def _conditions(step: Step, everybody: Everybody) -> Iterator[str]:
    """Say for whom the step is; nothing for a step that is everybody's."""
    if step.regions and not everybody.regions <= set(step.regions):
        yield "region: " + " or ".join(step.regions)
    if step.procedures and not everybody.procedures <= set(step.procedures):
        yield "procedure: " + " or ".join(step.procedures)
    for group in step.requires:
        yield "only if " + " or ".join(_fact(fact) for fact in group)
    if step.excludes:
        yield "not if " + " or ".join(_fact(fact) for fact in step.excludes)


def _fact(name: str) -> str:
    return FACT_NAMES.get(name, name.replace("_", " "))
