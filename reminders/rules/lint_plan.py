"""All steps together → whether a patient would get too much, or never hear how to stop."""

from collections import Counter
from collections.abc import Iterable, Iterator

from reminders.rules.content import Anchor, Channel, PathwayContent, StepContent
from reminders.rules.findings import Finding, LintSettings, Severity, told
from reminders.rules.marking import gettext_noop

NO_WELCOME = gettext_noop("No text at enrolment says what the service is and how to stop.")
TOO_MANY = gettext_noop("Day {day} has {number} texts for every patient: {steps}.")
CAN_BE_TOO_MANY = gettext_noop(
    "Day {day} can have {number} texts when many facts hold ({steps}); the daily cap moves the less"
    " urgent ones."
)


def check_plan(pathway: PathwayContent, *, settings: LintSettings) -> Iterator[Finding]:
    """Yield findings about the steps as a whole."""
    texts = [step for step in pathway.steps if step.for_patients and Channel.SMS in step.channels]
    if not any(step.anchor is Anchor.ENROLMENT for step in texts):
        yield Finding("", "", "missing_opt_out", told(NO_WELCOME))
    everybody = [step for step in texts if _is_for_everybody(step, pathway=pathway)]
    most = settings.texts_a_day
    for day, keys in _crowded_days(everybody, most=most):
        message = told(TOO_MANY, day=day, number=len(keys), steps=", ".join(keys))
        yield Finding("", "", "texts_a_day", message)
    crowded = dict(_crowded_days(everybody, most=most))
    for day, keys in _crowded_days(texts, most=most):
        if day not in crowded:
            message = told(CAN_BE_TOO_MANY, day=day, number=len(keys), steps=", ".join(keys))
            yield Finding("", "", "texts_a_day", message, Severity.NOTE)


def _is_for_everybody(step: StepContent, *, pathway: PathwayContent) -> bool:
    """True when the facts that the pathway is for are enough, as fusion is for its own steps."""
    given = {group[0] for group in pathway.requires if len(group) == 1}
    return all(given & set(group) for group in step.requires)


def _crowded_days(steps: Iterable[StepContent], *, most: int) -> Iterator[tuple[int, list[str]]]:
    """Days counted from the operation with more texts than `most`."""
    due = [
        (day, step.key) for step in steps if step.anchor is Anchor.SURGERY for day in step.due_days
    ]
    counts = Counter(day for day, _ in due)
    for day in sorted(day for day, count in counts.items() if count > most):
        yield day, [key for due_day, key in due if due_day == day]
