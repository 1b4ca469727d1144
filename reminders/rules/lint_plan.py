"""All steps together → whether a patient would get too much, or never hear how to stop."""

from collections import Counter
from collections.abc import Iterable, Iterator

from reminders.rules.content import Anchor, Channel, PathwayContent, StepContent
from reminders.rules.findings import Finding, LintSettings, Severity


def check_plan(pathway: PathwayContent, *, settings: LintSettings) -> Iterator[Finding]:
    """Yield findings about the steps as a whole."""
    texts = [step for step in pathway.steps if step.for_patients and Channel.SMS in step.channels]
    if not any(step.anchor is Anchor.ENROLMENT for step in texts):
        message = "No text at enrolment says what the service is and how to stop."
        yield Finding("", "", "missing_opt_out", message)
    everybody = [step for step in texts if _is_for_everybody(step, pathway=pathway)]
    most = settings.texts_a_day
    for day, keys in _crowded_days(everybody, most=most):
        message = f"Day {day} has {len(keys)} texts for every patient: {', '.join(keys)}."
        yield Finding("", "", "texts_a_day", message)
    crowded = dict(_crowded_days(everybody, most=most))
    for day, keys in _crowded_days(texts, most=most):
        if day not in crowded:
            message = (
                f"Day {day} can have {len(keys)} texts when many facts hold "
                f"({', '.join(keys)}); the daily cap moves the less urgent ones."
            )
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
