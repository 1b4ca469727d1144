"""Steps that are due → notices, banners, and the next step. Promise P6 (H26, H27).

An open alert always has a step that waits: when the last rung has been told it is repeated, and a
banner stands on every page of the panel until a named person takes the alert. All that is done
with an alert is done under the lock of its row, so taking it and climbing on cannot cross.
"""

import time
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from clinic.models import Clinic
from reminders.flow.notices import recipients, write_notices
from reminders.flow.rungs import (
    ALWAYS_CLIMB,
    COPIED,
    ladders_of,
    stamp,
    start_climbs,
    stop_climbs,
)
from reminders.flow.staffed import staffed_hours
from reminders.models import (
    Alert,
    AlertStatus,
    AlertStep,
    AlertStepStatus,
    How,
)
from reminders.models.instance import sending_is_released
from reminders.rules.ladder import first_fit, fits, next_at_once, repeat_wait, rung_to_repeat
from reminders.rules.staffed import StaffedHours

# A step that is later than this is overdue: nothing climbs, and /health says so.
OVERDUE_AFTER = timedelta(minutes=2)
BEGUN_AGAIN = (
    "status", "acknowledged_by", "acknowledged_at", "raise_again_at", "round", "repeat_minutes",
    "raise_again_minutes",
)  # fmt: skip
MOVED = ["status", "status_since", "due_at", "told_at", "told", "note", "told_with"]


def climb(*, now: datetime, limit: int = 500, stop_at: float = float("inf")) -> int:
    """Take every step that is due, emergencies first; return how many steps were taken.

    Any number of workers may call this at once; an alert that somebody holds is passed over and
    comes with the next call. Nothing begins after `stop_at` (monotonic clock). A database that
    nobody released for sending climbs nothing (promise P9).
    """
    if not sending_is_released():
        return 0
    raise_again(now=now)
    due = AlertStep.objects.filter(status=AlertStepStatus.WAITING, due_at__lte=now)
    rows = due.order_by("-is_urgent", "due_at", "pk").values_list("alert", flat=True)
    taken = 0
    for alert_id in dict.fromkeys(rows[:limit]):
        if time.monotonic() >= stop_at:
            break
        taken += climb_one(alert_id, now=now)
    return taken


@transaction.atomic
def climb_one(alert_id: int, *, now: datetime) -> int:
    """Take the steps of one alert that are due; return how many. Twice is once."""
    alerts = Alert.objects.select_for_update(skip_locked=True, of=("self",))
    alert = alerts.select_related("clinic").filter(pk=alert_id).first()
    if alert is None:
        return 0
    if alert.status != AlertStatus.OPEN:
        stop_climbs([alert.pk], now=now)
        return 0
    return _Climb(alert, now=now).go()


class _Climb:
    """One alert under its lock, at one moment."""

    def __init__(self, alert: Alert, *, now: datetime) -> None:
        self.alert, self.now = alert, now
        self.staffed: StaffedHours = staffed_hours(alert.clinic)
        steps = alert.steps.filter(round=alert.round)
        self.steps = list(steps.select_related("staff"))
        self.changed: list[AlertStep] = []
        self.banner = alert.banner

    def go(self) -> int:
        taken = 0
        while (step := self._next_due()) is not None:
            self._take(step)
            taken += 1
        if taken and self._is_at_the_end():
            self._repeat()
        AlertStep.objects.bulk_update(list(dict.fromkeys(self.changed)), MOVED)
        self._write_banner()
        return taken

    def _waiting(self) -> list[AlertStep]:
        return [step for step in self.steps if step.status == AlertStepStatus.WAITING]

    def _next_due(self) -> AlertStep | None:
        """The first due step; one whose hours have gone by meanwhile waits for them again."""
        for step in self._waiting():
            if step.due_at <= self.now and not fits(step.hours, self.now, staffed=self.staffed):
                step.due_at = first_fit(step.hours, self.now, staffed=self.staffed)
                self.changed.append(step)
        due = [step for step in self._waiting() if step.due_at <= self.now]
        return min(due, key=lambda s: (s.due_at, s.after_minutes, s.position), default=None)

    def _take(self, step: AlertStep) -> None:
        reached = recipients(step, self.alert.clinic, at=self.now)
        step.status_since = self.now
        step.note = ". ".join(part for part in (step.note, reached.problem) if part)[:300]
        step.told = ", ".join(recipient.name for recipient in reached.found)[:300]
        self.changed.append(step)
        if not reached.found:
            step.status = AlertStepStatus.FAILED
            self._bring_forward(step)
            return
        step.status, step.told_at = AlertStepStatus.TOLD, self.now
        if step.how == How.PHONE:
            told = [f"{r.name}: {r.address}" for r in reached.found]
            self.banner = "; ".join(told)[:300]
        else:
            write_notices(step, self.alert, reached.found, now=self.now)

    def _bring_forward(self, failed: AlertStep) -> None:
        """Let the next rung stand in at once; a repeat waits, or a dead number would circle."""
        if failed.repeat:
            return
        first_time = {step.position: step for step in self._waiting() if step.repeat == 0}
        rules = [step.rule for step in first_time.values()]
        if instead := next_at_once(rules, now=self.now, staffed=self.staffed):
            step = first_time[instead.position]
            step.due_at = min(step.due_at, self.now)
            self.changed.append(step)

    def _is_at_the_end(self) -> bool:
        """True when nothing is to come but what waits for hours that are not now."""
        return not any(s.planned_at > self.now or s.repeat for s in self._waiting())

    def _repeat(self) -> None:
        """Write the next repeat of the last rung; in an emergency the banner stands from now on."""
        times = max(step.repeat for step in self.steps)
        first = min(step.planned_at for step in self.steps)
        moment = self.now + repeat_wait(
            self.alert.tier,
            minutes=self.alert.repeat_minutes,
            times=times,
            climbing_for=self.now - first,
        )
        rungs = {step.position: step for step in self.steps if step.repeat == 0}
        last = rung_to_repeat([r.rule for r in rungs.values()], at=moment, staffed=self.staffed)
        rung = rungs[last.position]
        AlertStep.objects.create(
            alert=self.alert,
            round=self.alert.round,
            repeat=times + 1,
            planned_at=moment,
            due_at=first_fit(rung.hours, moment, staffed=self.staffed),
            is_urgent=rung.is_urgent,
            status_since=self.now,
            **{name: getattr(rung, name) for name in COPIED},
        )
        if rung.is_urgent:
            self.banner = self.banner or self.alert.clinic.urgent_phone or "Nobody has taken it"

    def _write_banner(self) -> None:
        if self.banner != self.alert.banner:
            self.alert.banner = self.banner
            self.alert.banner_since = self.alert.banner_since or self.now
            self.alert.save(update_fields=["banner", "banner_since"])


def raise_again(*, now: datetime, limit: int = 200) -> int:
    """Let alerts climb again that somebody took and did not close in time; return how many.

    The step that starts the new round says who had it, and since when.
    """
    with transaction.atomic():
        forgotten = Alert.objects.filter(
            status=AlertStatus.ACKNOWLEDGED, raise_again_at__lte=now
        ).select_related("clinic", "acknowledged_by")
        alerts = list(forgotten.select_for_update(of=("self",), skip_locked=True)[:limit])
        for alert in alerts:
            _begin_again(alert, _who_had(alert), now=now)
    return len(alerts)


def _who_had(alert: Alert) -> str:
    at = alert.acknowledged_at.astimezone(alert.clinic.tz) if alert.acknowledged_at else None
    since = f" since {at:%-d %b, %H:%M}" if at else ""
    return f"In the hands of {alert.acknowledged_by}{since}, and not closed"


def _begin_again(alert: Alert, why: str, *, now: datetime) -> None:
    """Begin a new round on the ladder as it is now. `why` stands beside its first step."""
    alert.status, alert.acknowledged_by, alert.acknowledged_at = AlertStatus.OPEN, None, None
    alert.raise_again_at, alert.round = None, alert.round + 1
    stamp([alert], ladders_of([alert.clinic]))
    alert.save(update_fields=BEGUN_AGAIN)
    start_climbs([alert], start=now)
    first = alert.steps.filter(round=alert.round).first()
    if first is not None:
        alert.steps.filter(pk=first.pk).update(note=why[:300])


def start_missing(*, now: datetime, limit: int = 200) -> int:
    """Give a climb to open alerts that have no step ahead of them; return how many alerts.

    Those from before there was a ladder. Any other has one; the balance counts the exceptions.
    """
    with transaction.atomic():
        still = silent().select_related("clinic").order_by("pk")
        alerts = list(still.select_for_update(of=("self",), skip_locked=True)[:limit])
        for alert in alerts:
            _begin_again(alert, "It had no step ahead of it", now=now)
    return len(alerts)


def silent(*, clinic: Clinic | None = None) -> QuerySet[Alert]:
    """Open alerts that must climb and have no step that waits: there should be none."""
    waiting = AlertStep.objects.filter(alert=OuterRef("pk"), status=AlertStepStatus.WAITING)
    alerts = Alert.objects.filter(~Exists(waiting), status=AlertStatus.OPEN, tier__in=ALWAYS_CLIMB)
    return alerts.filter(clinic=clinic) if clinic else alerts


def overdue_steps(*, now: datetime, clinic: Clinic | None = None) -> int:
    """Count the steps that should have been taken by now, and were not."""
    late = AlertStep.objects.filter(status=AlertStepStatus.WAITING, due_at__lt=now - OVERDUE_AFTER)
    return (late.filter(alert__clinic=clinic) if clinic else late).count()
