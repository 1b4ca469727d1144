"""What a step says of activities → where it contradicts the calendar with the clinic's own days."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from reminders.rules.content import (
    Anchor,
    PathwayContent,
    RestrictionContent,
    RestrictionKind,
    StepContent,
)
from reminders.rules.findings import Finding, LintSettings, Severity, Told, told
from reminders.rules.marking import gettext_noop
from reminders.rules.restrictions import (
    OutsideReviewedRange,
    default_day,
    first_free_day,
    forbids,
    holds_for,
    moved,
)
from reminders.rules.said_days import SaidDay, said_days

NO_RULE = gettext_noop('"{key}" is no rule of the activity calendar of this pathway.')
TOO_SOON = gettext_noop("Says on day {day} that {activity} may start; the limit is {until}.")
TOO_SOON_DAY = gettext_noop(
    "Says on day {day} that {activity} may start; the limit is until day {free}."
)
NEVER = gettext_noop("Says on day {day} that {activity} may start; the limit is for good.")
FREE_ALREADY = gettext_noop(
    "Limits {activity} on day {day}; at this clinic it is free from day {free}."
)
NOT_FREE_YET = gettext_noop(
    "Speaks of {activity} on day {day} as if it were free; at this clinic it is limited until day"
    " {free}. Name that day, or send it then."
)
WRONG_DAY = gettext_noop('Says "{words}". At this clinic: {days}.')
OLD_DAY = gettext_noop(
    'Says "{words}", which was the default. At this clinic: {days}. Is it still so?'
)
DAY_OF = gettext_noop("{activity}, day {day}")
_TEXT_FIELDS = ("sms", "sms_detailed", "heading", "email")


def clinic_calendar(
    pathway: PathwayContent, *, settings: LintSettings
) -> Mapping[str, RestrictionContent]:
    """Return the rules by key, with the clinic's days where they lie in the reviewed range."""
    rules = dict(settings.restrictions)
    for key, day in pathway.restriction_days.items():
        try:
            rules[key] = moved(rules[key], day=day)
        except (KeyError, OutsideReviewedRange):
            continue  # said by check_days
    return rules


def check_days(pathway: PathwayContent, *, settings: LintSettings) -> Iterator[Finding]:
    """Yield the days of the clinic that belong to no rule or lie outside what sources support."""
    for key, day in pathway.restriction_days.items():
        rule = settings.restrictions.get(key)
        if rule is None or not holds_for(rule, pathway=pathway):
            yield Finding("", "", "unknown_restriction", told(NO_RULE, key=key))
            continue
        try:
            moved(rule, day=day)
        except OutsideReviewedRange as reason:
            yield Finding("", "", "outside_reviewed_range", reason.told)


def check_activities(
    step: StepContent, *, pathway: PathwayContent, settings: LintSettings
) -> Iterator[Finding]:
    """Yield where the step's own day or words contradict the calendar of this pathway."""
    calendar = clinic_calendar(pathway, settings=settings)
    rules = []
    for key in sorted({*step.restrictions, *step.permits}):
        rule = calendar.get(key)
        if rule is None or not holds_for(rule, pathway=pathway):
            yield Finding(step.key, "", "unknown_restriction", told(NO_RULE, key=key))
        else:
            rules.append(_Rule(rule, shipped=settings.restrictions[key]))
    if step.anchor is Anchor.SURGERY:
        for one in rules:
            yield from _check_own_day(step, one)
        yield from _check_words(step, [one for one in rules if one.is_movable])


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule with the clinic's day, and as it ships."""

    clinic: RestrictionContent
    shipped: RestrictionContent

    @property
    def is_movable(self) -> bool:
        return default_day(self.shipped) is not None

    @property
    def is_moved(self) -> bool:
        return first_free_day(self.clinic) != first_free_day(self.shipped)


def _check_own_day(step: StepContent, rule: _Rule) -> Iterator[Finding]:
    """A message may not say that something may start while it is limited, nor limit it once free.

    A message that permits nothing is judged only where the clinic's day made it so: it may speak of
    a rule on the day on which it ends, and after it, as it ships.
    """
    first, activity = step.due_days[0], rule.clinic.activity
    free, message = first_free_day(rule.clinic), None
    if rule.clinic.key in step.permits:
        if forbids(rule.clinic, day=first):
            message = _too_soon(rule.clinic, day=first)
    elif rule.clinic.kind is RestrictionKind.LIMIT and free is not None:
        was_limited = forbids(rule.shipped, day=first)
        if was_limited and first > free:
            message = told(FREE_ALREADY, activity=activity, day=first, free=free)
        elif not was_limited and first < free and not _names_day(step, free):
            message = told(NOT_FREE_YET, activity=activity, day=first, free=free)
    if message is not None:
        yield Finding(step.key, "", "contradiction", message)


def _too_soon(rule: RestrictionContent, *, day: int) -> Told:
    free = first_free_day(rule)
    if free is not None:
        return told(TOO_SOON_DAY, day=day, activity=rule.activity, free=free)
    if rule.until:
        return told(TOO_SOON, day=day, activity=rule.activity, until=rule.until)
    return told(NEVER, day=day, activity=rule.activity)


def _names_day(step: StepContent, day: int) -> bool:
    """True when the words name this day in each language that the step has."""
    return all(
        any(
            said.is_definite and said.means(day)
            for field in _TEXT_FIELDS
            for said in said_days(getattr(texts, field), language=language)
        )
        for language, texts in step.texts.items()
    )


def _check_words(step: StepContent, rules: list[_Rule]) -> Iterator[Finding]:
    """A day in the words must be the clinic's day of one of the rules that the step speaks of."""
    if not rules:
        return
    for language, texts in step.texts.items():
        for field in _TEXT_FIELDS:
            for said in said_days(getattr(texts, field), language=language):
                finding = _judged(said, rules)
                if finding is not None:
                    yield replace(finding, step=step.key, language=language, field=field)


def _judged(said: SaidDay, rules: list[_Rule]) -> Finding | None:
    """A plain statement of a wrong day blocks; what others do, or an old default, is a note."""
    is_right = any(said.means(first_free_day(rule.clinic)) for rule in rules)
    old = [rule for rule in rules if rule.is_moved and said.means(first_free_day(rule.shipped))]
    if said.is_definite and not is_right:
        message = told(WRONG_DAY, words=said.words, days=_days_of(rules))
        return Finding("", "", "contradiction", message)
    if old:
        message = told(OLD_DAY, words=said.words, days=_days_of(old))
        return Finding("", "", "old_day", message, Severity.NOTE)
    return None


def _days_of(rules: list[_Rule]) -> tuple[Told, ...]:
    return tuple(
        told(DAY_OF, activity=rule.clinic.activity, day=str(first_free_day(rule.clinic)))
        for rule in rules
    )
