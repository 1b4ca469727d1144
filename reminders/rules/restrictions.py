"""The activity calendar → what is still forbidden on a day, and what a clinic may change.

Source: clinical content research, section 3: every limit is a setting of the clinic, with a
default, a reviewed range and its sources.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from reminders.rules.content import PathwayContent, RestrictionContent, RestrictionKind
from reminders.rules.findings import told
from reminders.rules.marking import gettext_noop
from reminders.rules.wording import fill

# What a rule may name: the clinic's own values, and the first day on which it is free.
RULE_PLACEHOLDERS = frozenset({"day", "lift_limit", "sit_limit"})

OUTSIDE = gettext_noop(
    "{activity}: sources do not support day {day}. Choose a day from {low} to {high}, or leave it"
    " empty for the default."
)
OUTSIDE_NO_DAYS = gettext_noop(
    "{activity}: sources do not support day {day}. They give no days, so leave it as it ships."
)


class OutsideReviewedRange(Exception):
    """The clinic asks for a day that no source supports; only a review may widen the range."""

    def __init__(self, restriction: RestrictionContent, *, day: int) -> None:
        activity = restriction.activity
        self.told = told(OUTSIDE_NO_DAYS, activity=activity, day=day)
        if restriction.reviewed_days:
            low, high = restriction.reviewed_days
            self.told = told(OUTSIDE, activity=activity, day=day, low=low, high=high)
        super().__init__(str(self.told))
        self.key, self.day = restriction.key, day


def forbids(restriction: RestrictionContent, *, day: int) -> bool:
    """True when the activity may not begin or be done freely on this day after the operation."""
    match restriction.kind:
        case RestrictionKind.LIMIT:
            return restriction.day_to is None or day < restriction.day_to
        case RestrictionKind.START:
            return day < restriction.day_from
        case RestrictionKind.ADVICE:
            return False


def first_free_day(restriction: RestrictionContent) -> int | None:
    """Return the first day on which it forbids nothing; None when no day is."""
    match restriction.kind:
        case RestrictionKind.LIMIT:
            return restriction.day_to
        case RestrictionKind.START | RestrictionKind.ADVICE:
            return restriction.day_from


def holds_for(restriction: RestrictionContent, *, pathway: PathwayContent) -> bool:
    """True when the rule belongs to this pathway: its region, and by name where it names any."""
    in_region = not restriction.regions or bool(set(restriction.regions) & set(pathway.regions))
    return in_region and (not restriction.pathways or pathway.key in restriction.pathways)


def of_pathway(
    pathway: PathwayContent, *, restrictions: Mapping[str, RestrictionContent]
) -> list[RestrictionContent]:
    """Return the calendar of this pathway: its rules by the day they end, those without last."""
    own = [one for one in restrictions.values() if holds_for(one, pathway=pathway)]
    return sorted(own, key=lambda one: (one.day_to is None, one.day_to or 0, one.key))


def moved(restriction: RestrictionContent, *, day: int) -> RestrictionContent:
    """Return the rule with the clinic's own day: the end of a limit, the beginning of a start.

    Raises OutsideReviewedRange when the day lies outside what the sources support.
    """
    low, high = restriction.reviewed_days or (None, None)
    if low is None or high is None or not low <= day <= high:
        raise OutsideReviewedRange(restriction, day=day)
    return with_free_day(restriction, day=day)


def with_free_day(restriction: RestrictionContent, *, day: int) -> RestrictionContent:
    """Return the rule with this first free day, whatever the sources support.

    For one patient, by a clinician's decision. Advice holds nothing back and stays as it is.
    """
    match restriction.kind:
        case RestrictionKind.START:
            latest = restriction.day_to
            return replace(restriction, day_from=day, day_to=latest and max(day, latest))
        case RestrictionKind.LIMIT:
            first = min(restriction.day_from, day)
            return replace(restriction, day_from=first, day_to=day, until="")
        case RestrictionKind.ADVICE:
            return restriction


def default_day(restriction: RestrictionContent) -> int | None:
    """Return the day that a clinic may change, as it ships; None where it may change none."""
    return first_free_day(restriction) if restriction.reviewed_days else None


def rule_in(restriction: RestrictionContent, *, language: str, values: Mapping[str, str]) -> str:
    """Return what the patient is told, with the rule's own day and the clinic's values put in.

    Raises KeyError for a language without words, and Unfillable where the clinic has no value.
    """
    words = restriction.rule[language].replace("{day}", str(first_free_day(restriction)))
    return fill(words, values=values)


def with_clinic_days(
    restrictions: Iterable[RestrictionContent], *, days: Mapping[str, int]
) -> dict[str, RestrictionContent]:
    """Return the rules by key, with the days that a clinic has set in place of the defaults.

    Days for a key that is no rule are left alone. Raises OutsideReviewedRange.
    """
    return {
        one.key: moved(one, day=days[one.key]) if one.key in days else one for one in restrictions
    }
