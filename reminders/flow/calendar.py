"""A version → its activity rules: those that ship, with the clinic's days, until it is handed in.

From then on the version carries the rules itself. They are part of what is signed, so a later
release of Aftercare changes no rule of a version that is live (promise P5).
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from functools import lru_cache
from typing import Any

from reminders.pathways.restrictions import read_restrictions
from reminders.rules.content import PathwayContent, Region, RestrictionContent, RestrictionKind
from reminders.rules.restrictions import OutsideReviewedRange, moved, of_pathway

# Where the head of a version keeps them.
DAYS, RULES = "restriction_days", "calendar"


@lru_cache(maxsize=1)
def shipped_rules() -> Mapping[str, RestrictionContent]:
    """Return every rule that ships, by key, with its default day."""
    return read_restrictions()


def calendar_of(content: PathwayContent) -> tuple[RestrictionContent, ...]:
    """Return the rules of this content by the day on which they end, with the clinic's days.

    As they were handed in; before that, as they ship. A day that the sources no longer support is
    left out here, and the linter names it.
    """
    if content.calendar:
        return content.calendar
    rules = of_pathway(content, restrictions=shipped_rules())
    dated = {rule.key: _with_day(rule, content.restriction_days.get(rule.key)) for rule in rules}
    return tuple(of_pathway(content, restrictions=dated))


def _with_day(rule: RestrictionContent, day: int | None) -> RestrictionContent:
    if day is None:
        return rule
    try:
        return moved(rule, day=day)
    except OutsideReviewedRange:
        return rule


def with_calendar(content: PathwayContent) -> PathwayContent:
    """Return the content as it is handed in: with the rules that it means."""
    return replace(content, calendar=calendar_of(content))


def kept_rules(rules: Iterable[RestrictionContent]) -> list[dict[str, Any]]:
    """Return the rules as the head of a version keeps them."""
    return [asdict(rule) for rule in rules]


def read_rules(kept: Iterable[Mapping[str, Any]]) -> tuple[RestrictionContent, ...]:
    """Return the rules that a head keeps, equal to what they were."""
    return tuple(_rule(dict(values)) for values in kept)


def _rule(values: dict[str, Any]) -> RestrictionContent:
    reviewed = values["reviewed_days"]
    return RestrictionContent(
        **values
        | {
            "kind": RestrictionKind(values["kind"]),
            "reviewed_days": None if reviewed is None else (reviewed[0], reviewed[1]),
            "sources": tuple(values["sources"]),
            "messages": tuple(values["messages"]),
            "regions": tuple(Region(region) for region in values["regions"]),
            "pathways": tuple(values["pathways"]),
        }
    )
