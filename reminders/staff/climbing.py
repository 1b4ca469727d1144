"""An alert's climb in words: who was told, who is next; and the strip while nobody has it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Case, Q, When
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clinic.access import visible_to
from clinic.models import Staff
from reminders.flow.notices import recipients
from reminders.models import Alert, AlertStatus, AlertStep, AlertStepStatus, How, Tier, Whom
from reminders.staff.kept_words import kept_said
from reminders.staff.words import Said, Words, age, delivery_said

# An alert that nobody takes is repeated all night; these are enough to see that it is.
REPEATS_SHOWN = 4
HOW_ICONS = {How.SMS: "sms", How.EMAIL: "mail", How.PHONE: "call"}
HOW_SAID: dict[str, Words] = {
    How.SMS: gettext_lazy("by text message"),
    How.EMAIL: gettext_lazy("by email"),
    How.PHONE: gettext_lazy("a red strip asks to call"),
}
_STEP_SAID: dict[str, tuple[Words, str]] = {
    AlertStepStatus.WAITING: (gettext_lazy("To come"), "wait"),
    AlertStepStatus.TOLD: (gettext_lazy("Told"), "good"),
    AlertStepStatus.FAILED: (gettext_lazy("Reached nobody"), "bad"),
    AlertStepStatus.STOPPED: (gettext_lazy("Not needed"), "quiet"),
}


@dataclass(frozen=True, slots=True)
class StepShown:
    """One step of a climb with the words that the page puts beside it."""

    row: AlertStep
    said: Said
    at: str
    after: str
    whom: str
    how: str
    icon: str
    note: str
    arrived: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Climb:
    """An alert's climb: what happened in this round, what is to come, and a sentence about next."""

    steps: tuple[StepShown, ...]
    hidden: int
    earlier_rounds: int
    next_said: str
    raised_again: str


def climb_shown(alert: Alert, *, now: datetime) -> Climb:
    """Return the climb of one alert; whom a step to come would reach is asked as things stand."""
    rows = alert.steps.filter(round=alert.round).select_related("staff")
    steps = list(rows.prefetch_related("notices", "told_with__notices").order_by("due_at", "pk"))
    seen = [step for step in steps if step.status != AlertStepStatus.WAITING]
    repeats = [step for step in seen if step.repeat]
    left_out = {step.pk for step in repeats[:-REPEATS_SHOWN]}
    shown = [_shown(step, alert, now=now) for step in steps if step.pk not in left_out]
    return Climb(
        steps=tuple(shown),
        hidden=len(left_out),
        earlier_rounds=alert.round,
        next_said=_next_said(shown, alert, now=now),
        raised_again=_raised_again(alert, now=now),
    )


def _shown(step: AlertStep, alert: Alert, *, now: datetime) -> StepShown:
    words, tone = _STEP_SAID[step.status]
    is_to_come = step.status == AlertStepStatus.WAITING
    moment = step.told_at or (step.due_at if is_to_come else step.status_since)
    whom, note = _whom(step, alert), step.note
    if is_to_come:
        reached = recipients(step, alert.clinic, at=step.due_at)
        whom = _with_names(whom, ", ".join(r.name for r in reached.found))
        note = ". ".join(part for part in (note, reached.problem) if part)
    elif step.told:
        whom = _with_names(whom, step.told)
    served = step.told_with or step
    return StepShown(
        row=step,
        said=Said(str(words), tone),
        at=on_the_clinics_wall(moment, tz=alert.clinic.tz, now=now),
        after=after_said(step),
        whom=whom,
        how=str(HOW_SAID[step.how]),
        icon=HOW_ICONS[How(step.how)],
        note=kept_said(note),
        arrived=tuple(delivery_said(notice) for notice in served.notices.all()),
    )


def _whom(step: AlertStep, alert: Alert) -> str:
    if step.whom == Whom.ADDRESS and step.how == How.PHONE:
        return f"{kept_said(step.label) or alert.clinic.name}: {step.address}"
    return whom_said(step)


def whom_said(rung: AlertStep) -> str:
    """Return whom a rung is for, in the reader's language."""
    return kept_said(rung.words)


def _with_names(whom: str, names: str) -> str:
    return whom if not names or names in whom or whom in names else f"{whom} ({names})"


def after_said(step: AlertStep) -> str:
    """Say when a step is due by its minutes: "at once", "after 10 min", "repeat 2"."""
    if step.repeat:
        return _("repeat {number}").format(number=step.repeat)
    return minutes_said(step.after_minutes)


def minutes_said(minutes: int) -> str:
    """Say after how long, in one unit where it is even: "at once", "after 10 min", "after 2 h"."""
    if minutes == 0:
        return _("at once")
    if minutes % 60 == 0:
        hours = minutes // 60
        return ngettext("after {number} h", "after {number} h", hours).format(number=hours)
    return _("after {number} min").format(number=minutes)


def on_the_clinics_wall(moment: datetime, *, tz: ZoneInfo, now: datetime) -> str:
    """Return the hour on the clinic's wall, with the day when it is not today."""
    local, today = timezone.localtime(moment, tz), timezone.localdate(now, tz)
    return date_format(local, "H:i" if local.date() == today else "j M, H:i")


def _next_said(steps: Iterable[StepShown], alert: Alert, *, now: datetime) -> str:
    if alert.status != AlertStatus.OPEN:
        return ""
    to_come = [step for step in steps if step.row.status == AlertStepStatus.WAITING]
    if not to_come:
        return ""
    first = min(to_come, key=lambda step: step.row.due_at)
    if first.row.due_at <= now:
        return _("Being told now: {whom}, {how}.").format(whom=first.whom, how=first.how)
    return _("Told next, at {time} (in {wait}): {whom}, {how}.").format(
        time=first.at, wait=wait_said(first.row.due_at, now=now), whom=first.whom, how=first.how
    )


def wait_said(moment: datetime, *, now: datetime) -> str:
    """Say how long until a moment, minutes rounded up: "7 min", "3 h", "2 days"."""
    return age(now, now=moment + timedelta(seconds=59))


def _raised_again(alert: Alert, *, now: datetime) -> str:
    if alert.status != AlertStatus.ACKNOWLEDGED or alert.raise_again_at is None:
        return ""
    return _("Not closed by {time}, it climbs again from the first step.").format(
        time=on_the_clinics_wall(alert.raise_again_at, tz=alert.clinic.tz, now=now)
    )


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """The strip on every page: alerts that climb while nobody has taken them."""

    first: Alert
    waited: str
    more: bool


def unclaimed(staff: Staff, *, now: datetime) -> Unclaimed | None:
    """Return what the strip says of this person's clinic, emergencies first; one short query."""
    # exactly the condition of the partial index alert_unclaimed
    loud = Q(tier=Tier.EMERGENCY) | Q(banner_since__isnull=False)
    rows = visible_to(staff, Alert.objects.filter(loud, status=AlertStatus.OPEN))
    urgency = Case(When(tier=Tier.EMERGENCY, then=0), default=1)
    found = list(rows.select_related("patient").order_by(urgency, "opened_at", "pk")[:2])
    if not found:
        return None
    first = found[0]
    return Unclaimed(first, age(first.opened_at, now=now), more=len(found) > 1)
