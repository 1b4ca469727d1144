"""Something that a person must do → an alert, until a named person has closed it. Promise P6."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from clinic.models import Clinic, Patient, Staff
from reminders.flow.record import facts_of
from reminders.flow.rungs import ladders_of, stamp, start_climbs, stop_climbs
from reminders.flow.staffed import staffed_hours
from reminders.models import (
    Alert,
    AlertKind,
    AlertStatus,
    AlertStep,
    Delivery,
    Reminder,
    Reply,
    Tier,
)
from reminders.rules.ladder import raise_again_moment

# How soon a person must look (clinical.md 4c, staff SLA; routine is two working days at most).
ACT_WITHIN = {
    Tier.EMERGENCY: timedelta(minutes=15),
    Tier.SAME_DAY: timedelta(hours=2),
    Tier.ROUTINE: timedelta(days=2),
}

TAKEN = (
    "status", "acknowledged_by", "acknowledged_at", "raise_again_at", "banner", "banner_since",
)  # fmt: skip


class AlertIsClosed(Exception):
    """The alert was closed already; the message says by whom."""


class OutcomeMissing(Exception):
    """An alert is closed with an outcome, or not at all."""


def new_alert(
    clinic: Clinic,
    *,
    kind: AlertKind,
    tier: Tier,
    cause: str,
    summary: str,
    now: datetime,
    to_do: str = "",
    patient: Patient | None = None,
    reminder: Reminder | None = None,
    delivery: Delivery | None = None,
    reply: Reply | None = None,
) -> Alert:
    """Return an alert, not saved yet. `cause` makes it one alert however often it is raised."""
    return Alert(
        clinic=clinic,
        patient=patient,
        kind=kind,
        tier=tier,
        cause=cause,
        summary=summary[:200],
        to_do=to_do,
        reminder=reminder,
        delivery=delivery,
        reply=reply,
        opened_at=now,
        act_before=now + ACT_WITHIN[tier],
    )


def raise_alerts(alerts: Iterable[Alert]) -> None:
    """Save the alerts with the steps of their climb, in the transaction that we are in.

    One whose cause has an alert already is left as it is: it has its steps.
    """
    alerts = list(alerts)
    if not alerts:
        return
    with transaction.atomic():
        stamp(alerts, ladders_of({alert.clinic for alert in alerts}))
        Alert.objects.bulk_create(alerts, ignore_conflicts=True)
        start_climbs(_without_steps(alerts))


def _without_steps(alerts: list[Alert]) -> list[Alert]:
    """Return those that were new, as they are stored: a row that was there has no key to us."""
    stored = Alert.objects.filter(
        ~Exists(AlertStep.objects.filter(alert=OuterRef("pk"))),
        clinic__in={alert.clinic_id for alert in alerts},
        cause__in=[alert.cause for alert in alerts],
        status=AlertStatus.OPEN,
    )
    return list(stored.select_related("clinic"))


def acknowledge(alert_id: int, *, by: Staff, now: datetime) -> Alert:
    """Put the alert into this person's hands. Again by the same person changes nothing.

    It climbs no further, and is raised again when it is not closed in time. A colleague may take
    over an alert that is in hand. Raises AlertIsClosed.
    """
    with transaction.atomic():
        alert = _open_alert(alert_id)
        if alert.acknowledged_by_id != by.pk:
            alert.status = AlertStatus.ACKNOWLEDGED
            alert.acknowledged_by, alert.acknowledged_at = by, now
            alert.raise_again_at = _raise_again_at(alert, now=now)
            alert.banner, alert.banner_since = "", None
            alert.save(update_fields=TAKEN)
            stop_climbs([alert.pk], now=now)
        return alert


def _raise_again_at(alert: Alert, *, now: datetime) -> datetime | None:
    """Return when it climbs again if nobody closes it; None where it does not climb at all."""
    if not alert.steps.exists():
        return None
    minutes, staffed = alert.raise_again_minutes, staffed_hours(alert.clinic)
    return raise_again_moment(alert.tier, now=now, minutes=minutes, staffed=staffed)


def close(alert_id: int, *, by: Staff, outcome: str, now: datetime) -> Alert:
    """Close the alert with what came of it. Raises AlertIsClosed and OutcomeMissing."""
    if not outcome.strip():
        raise OutcomeMissing("Say what came of it, as in: called, wound check tomorrow.")
    with transaction.atomic():
        alert = _open_alert(alert_id)
        alert.status = AlertStatus.CLOSED
        alert.closed_by, alert.closed_at, alert.outcome = by, now, outcome.strip()[:200]
        alert.save(update_fields=["status", "closed_by", "closed_at", "outcome"])
        stop_climbs([alert.pk], now=now)
        return alert


def close_settled(surgery_ids: Iterable[int], *, by: Staff, now: datetime) -> int:
    """Close staff steps that the record itself has settled; return how many. Twice is once.

    As when somebody confirms the operation: they have done what the step asks for, and it is
    closed in their name.
    """
    waiting = Alert.objects.filter(
        kind=AlertKind.STAFF_STEP, reminder__surgery__in=list(surgery_ids)
    ).exclude(status=AlertStatus.CLOSED)
    asked = waiting.select_related("reminder__step", "reminder__surgery__patient__clinic")
    settled = [alert.pk for alert in asked if alert.reminder and _is_settled(alert.reminder)]
    with transaction.atomic():
        still = Alert.objects.filter(pk__in=settled).exclude(status=AlertStatus.CLOSED)
        closed = still.update(
            status=AlertStatus.CLOSED, closed_by=by, closed_at=now, outcome="Done: it is on record."
        )
        stop_climbs(settled, now=now)
    return closed


def _is_settled(reminder: Reminder) -> bool:
    return bool(facts_of(reminder.surgery).intersection(reminder.step.excludes))


def _open_alert(alert_id: int) -> Alert:
    alert = Alert.objects.select_for_update().get(pk=alert_id)
    if alert.status == AlertStatus.CLOSED:
        raise AlertIsClosed(f"This was closed by {alert.closed_by}: {alert.outcome}")
    return alert
