"""A clinic's ladder → the steps of one alert: copied when it starts, so that no edit moves it.

A clinic that wrote no ladder, or none for an urgency, gets the built-in one: its own staff
address, then a banner with its number for same-day help.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import prefetch_related_objects

from clinic.models import Clinic
from reminders.flow.staffed import staffed_hours
from reminders.models import (
    Alert,
    AlertStatus,
    AlertStep,
    AlertStepStatus,
    How,
    Ladder,
    Rung,
    RungHours,
    Tier,
    Whom,
)
from reminders.rules.ladder import plan_climb
from reminders.rules.staffed import StaffedHours

# Alerts of these tiers always climb; others only where a rung of the clinic is for them.
ALWAYS_CLIMB = (Tier.EMERGENCY, Tier.SAME_DAY)
COPIED = (
    "position", "after_minutes", "hours", "whom", "staff_id", "role", "address", "label", "how",
)  # fmt: skip
# Minutes between repeats, and until an alert that was taken is raised again. Emergencies have
# the clinic's own; these wait for doubling times, or for the clinic to open (rules/ladder.py).
REPEAT_MINUTES = {Tier.SAME_DAY: 120, Tier.ROUTINE: 24 * 60}
RAISE_AGAIN_MINUTES = {Tier.SAME_DAY: 8 * 60, Tier.ROUTINE: 5 * 24 * 60}


@dataclass(frozen=True, slots=True)
class LadderInForce:
    """What a clinic's alerts climb: its rungs by tier, and the times of emergencies."""

    rungs: Mapping[str, tuple[Rung, ...]]
    repeat_minutes: int
    raise_again_minutes: int
    is_built_in: bool

    def minutes(self, tier: str) -> tuple[int, int]:
        """Return the minutes between repeats, and until an alert in hand is raised again."""
        if tier == Tier.EMERGENCY:
            return self.repeat_minutes, self.raise_again_minutes
        return REPEAT_MINUTES[Tier(tier)], RAISE_AGAIN_MINUTES[Tier(tier)]


def built_in_rungs(clinic: Clinic) -> list[Rung]:
    """Return the rungs of a clinic that wrote none. They are not saved."""
    desk = {"whom": Whom.ADDRESS, "label": "The clinic's address for staff", "how": How.EMAIL,
            "address": clinic.staff_email}  # fmt: skip
    call = {"whom": Whom.ADDRESS, "label": "The clinic's number for same-day help",
            "how": How.PHONE, "address": clinic.urgent_phone}  # fmt: skip
    urgent: dict[str, object] = {"hours": RungHours.ALWAYS, "tiers": [Tier.EMERGENCY]}
    today: dict[str, object] = {"hours": RungHours.STAFFED, "tiers": [Tier.SAME_DAY]}
    kinds = ((0, urgent, desk), (10, urgent, call), (30, today, desk), (120, today, call))
    return [
        Rung(position=place, after_minutes=minutes, **when, **whom)
        for place, (minutes, when, whom) in enumerate(kinds)
    ]


def ladders_of(clinics: Iterable[Clinic]) -> dict[int, LadderInForce]:
    """Return what the alerts of these clinics climb, by clinic; two queries."""
    by_id = {clinic.pk: clinic for clinic in clinics}
    written = {
        ladder.clinic_id: ladder
        for ladder in Ladder.objects.filter(clinic__in=by_id).prefetch_related("rungs__staff")
    }
    return {pk: _in_force(clinic, written.get(pk)) for pk, clinic in by_id.items()}


def _in_force(clinic: Clinic, ladder: Ladder | None) -> LadderInForce:
    written = list(ladder.rungs.all()) if ladder else []
    built_in = built_in_rungs(clinic)
    rungs = {}
    for tier in Tier:
        own = _for_tier(written, tier)
        rungs[str(tier)] = own or (_for_tier(built_in, tier) if tier in ALWAYS_CLIMB else ())
    times = ladder or Ladder(clinic=clinic)
    return LadderInForce(
        rungs=rungs,
        repeat_minutes=times.repeat_minutes,
        raise_again_minutes=times.raise_again_minutes,
        is_built_in=not written,
    )


def _for_tier(rungs: Iterable[Rung], tier: str) -> tuple[Rung, ...]:
    return tuple(rung for rung in rungs if tier in rung.tiers)


def stamp(alerts: Iterable[Alert], ladders: Mapping[int, LadderInForce]) -> None:
    """Write the ladder's times into alerts that are not saved yet."""
    for alert in alerts:
        ladder = ladders[alert.clinic_id]
        alert.repeat_minutes, alert.raise_again_minutes = ladder.minutes(alert.tier)


def start_climbs(alerts: Iterable[Alert], *, start: datetime | None = None) -> int:
    """Copy the ladder into the steps of these open alerts; return how many steps were written.

    `start` is the moment that the minutes count from; without it, each alert's opening. An alert
    that has the steps of its round already keeps them.
    """
    alerts = [alert for alert in alerts if alert.status == AlertStatus.OPEN]
    clinics = {alert.clinic_id: alert.clinic for alert in alerts}
    ladders = ladders_of(clinics.values())
    prefetch_related_objects(list(clinics.values()), "closures")
    hours = {pk: staffed_hours(clinic) for pk, clinic in clinics.items()}
    steps = [
        step
        for alert in alerts
        for step in _steps(
            alert, ladders[alert.clinic_id], hours[alert.clinic_id], start or alert.opened_at
        )
    ]
    AlertStep.objects.bulk_create(steps, ignore_conflicts=True)
    return len(steps)


def _steps(
    alert: Alert, ladder: LadderInForce, staffed: StaffedHours, start: datetime
) -> list[AlertStep]:
    rungs = {rung.position: rung for rung in ladder.rungs[alert.tier]}
    planned = plan_climb((rung.rule for rung in rungs.values()), start=start, staffed=staffed)
    return [
        AlertStep(
            alert=alert,
            round=alert.round,
            planned_at=step.planned_at,
            due_at=step.due_at,
            is_urgent=alert.tier == Tier.EMERGENCY,
            status_since=start,
            **{name: getattr(rungs[step.rung.position], name) for name in COPIED},
        )
        for step in planned
    ]


def stop_climbs(alert_ids: Sequence[int], *, now: datetime) -> int:
    """Let nothing more of these alerts be told: a named person has them. Twice is once."""
    waiting = AlertStep.objects.filter(alert__in=alert_ids, status=AlertStepStatus.WAITING)
    return waiting.update(status=AlertStepStatus.STOPPED, status_since=now)
