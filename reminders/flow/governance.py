"""Signed content → pulled at once when it is wrong, and looked at again when its date comes.

The stop key works on one message of a clinic, in every version of every pathway: from the commit
on the planner holds it, dispatch hands nothing of it on, and what is queued is skipped.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F

from clinic.models import Carer, Clinic, Patient, Staff, Surgery
from reminders.flow.alerts import new_alert, raise_alerts
from reminders.flow.stopped_content import is_overdue
from reminders.models import (
    TIPS,
    Alert,
    AlertKind,
    Delivery,
    DeliveryReason,
    DeliveryStatus,
    PathwayVersion,
    PulledStep,
    Reminder,
    ReminderReason,
    ReminderStatus,
    Step,
    Tier,
    VersionStatus,
)

# A message in one of these states has reached the patient, or may have.
REACHED = (
    DeliveryStatus.SENDING,
    DeliveryStatus.ACCEPTED,
    DeliveryStatus.DELIVERED,
    DeliveryStatus.UNKNOWN,
)
# How long before a review date the clinic is told (CG-3).
TOLD_DAYS_BEFORE = (30, 60)


class NotPulled(Exception):
    """The message was not pulled or restored; the text says why."""


@dataclass(frozen=True, slots=True)
class Reached:
    """Somebody whom the message has reached, or may have. `carer`: it went to them instead."""

    patient: Patient
    carer: Carer | None
    channel: str
    status: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Pull:
    """What a pull did: reminders that now wait, and messages taken from the queue."""

    row: PulledStep
    held: int
    skipped: int
    reached: tuple[Reached, ...]


@transaction.atomic
def pull_step(clinic_id: int, *, step_key: str, by: Staff, reason: str, now: datetime) -> Pull:
    """Stop one message everywhere in the clinic; return what was stopped and whom it reached.

    What is on the wire may still arrive, and is in the list. Twice is once. Raises NotPulled.
    """
    _require(by, clinic_id, "reminders.add_pulledstep", "Your role cannot pull a message.")
    if not reason.strip():
        raise NotPulled("Say what is wrong with the message.")
    step = Step.objects.filter(key=step_key, version__pathway__clinic=clinic_id).first()
    if step is None:
        raise NotPulled("There is no such message at this clinic.")
    row, is_new = PulledStep.objects.get_or_create(
        clinic_id=clinic_id,
        step_key=step_key,
        restored_at=None,
        defaults={"reason": reason.strip()[:300], "pulled_by": by, "pulled_at": now},
    )
    # Reminders first: one that dispatch holds is waited for, and its deliveries are seen below.
    held = _hold(clinic_id, step_key, now=now)
    skipped = _skip(clinic_id, step_key, now=now)
    if is_new:
        raise_alerts([_look_at_it(row, step, by=by, now=now)])
    return Pull(row, held, skipped, tuple(whom_it_reached(clinic_id, step_key=step_key)))


# In both of these the state must stand in the row's own conditions, so no filter may join a table:
# with a join the state is looked up beforehand, and a message that a worker takes in that moment
# would be sent and called skipped.


def _hold(clinic_id: int, step_key: str, *, now: datetime) -> int:
    surgeries = Surgery.objects.filter(patient__clinic=clinic_id).values("pk")
    return Reminder.objects.filter(
        step_key=step_key, surgery__in=surgeries, status=ReminderStatus.PLANNED
    ).update(status=ReminderStatus.HELD, reason=ReminderReason.PULLED, status_since=now)


def _skip(clinic_id: int, step_key: str, *, now: datetime) -> int:
    reminders = Reminder.objects.filter(step_key=step_key).values("pk")
    return Delivery.objects.filter(
        clinic=clinic_id, reminder__in=reminders, status=DeliveryStatus.QUEUED
    ).update(status=DeliveryStatus.SKIPPED, failure_reason=DeliveryReason.PULLED, status_since=now)


def _look_at_it(row: PulledStep, step: Step, *, by: Staff, now: datetime) -> Alert:
    return new_alert(
        row.clinic,
        kind=AlertKind.CONTENT,
        tier=Tier.ROUTINE,
        cause=f"pulled:{row.pk}",
        summary=f"Pulled by {by}: {step.intent}",
        to_do=f"Look at it within one working day. Reason: {row.reason}",
        now=now,
    )


def whom_it_reached(clinic_id: int, *, step_key: str) -> Iterator[Reached]:
    """Yield each person and channel that the message has reached or may have, newest first."""
    rows = Delivery.objects.filter(
        clinic=clinic_id, reminder__step_key=step_key, status__in=REACHED, patient__isnull=False
    )
    for row in rows.select_related("patient", "carer").order_by("-status_since", "pk"):
        yield Reached(row.the_patient, row.carer, row.channel, row.status, row.status_since)


@transaction.atomic
def restore_step(clinic_id: int, *, step_key: str, by: Staff, now: datetime) -> PulledStep:
    """Let a pulled message go out again, as far as it is not too late. Twice is once.

    For clinicians. What was skipped stays skipped. Raises NotPulled.
    """
    _require(by, clinic_id, "reminders.sign_pathwayversion", "Only a clinician restores a message.")
    rows = PulledStep.objects.filter(clinic=clinic_id, step_key=step_key)
    row = rows.select_for_update().order_by(F("restored_at").desc(nulls_first=True)).first()
    if row is None:
        raise NotPulled("Nobody has pulled this message.")
    if row.restored_at is None:
        row.restored_at, row.restored_by = now, by
        row.save(update_fields=["restored_at", "restored_by"])
        _plan_again(clinic_id)
    return row


def _require(by: Staff, clinic_id: int, permission: str, otherwise: str) -> None:
    if not by.is_superuser and (by.clinic_id != clinic_id or not by.has_perm(permission)):
        raise NotPulled(otherwise)


def _plan_again(clinic_id: int) -> None:
    Surgery.objects.filter(patient__clinic=clinic_id).update(revision=F("revision") + 1)


def review_reminders(*, now: datetime) -> int:
    """Tell each clinic which of its live content has to be looked at; return how many alerts.

    Sixty and thirty days before a review date, once each. From the day after it: once a day, and
    tips are held until a version signed anew goes live. Content that was changed after it was
    signed is told of once a day too. Running it twice a day changes nothing.
    """
    versions = PathwayVersion.objects.filter(status=VersionStatus.LIVE).select_related(
        "pathway__clinic"
    )
    alerts = [
        alert
        for version in versions
        for alert in _due_alerts(version, now.astimezone(version.pathway.clinic.tz).date(), now)
    ]
    before = Alert.objects.filter(kind=AlertKind.CONTENT).count()
    raise_alerts(alerts)
    for version in versions:
        _hold_tips(version, now=now)
    return Alert.objects.filter(kind=AlertKind.CONTENT).count() - before


def _due_alerts(version: PathwayVersion, today: date, now: datetime) -> Iterator[Alert]:
    if not version.sealed:
        yield _alert(
            version,
            cause=f"unsealed:{version.pk}:{today}",
            summary=f"{version.pathway.title} was changed after it was signed. Nothing of it goes.",
            tier=Tier.SAME_DAY,
            now=now,
        )
    parts = (("safety", version.safety_review_by), ("other", version.other_review_by))
    for part, review_by in parts:
        if review_by is not None and (news := _news(review_by, today=today)):
            word, what = news
            yield _alert(
                version,
                cause=f"review:{version.pk}:{part}:{word}",
                summary=f"{version.pathway.title}: {part} content {what} {review_by:%-d %b %Y}",
                tier=Tier.SAME_DAY if what == "was due for review" else Tier.ROUTINE,
                now=now,
            )


def _news(review_by: date, *, today: date) -> tuple[str, str] | None:
    """The mark that makes this news one alert, and its words; None while nothing is due."""
    if is_overdue(review_by, today=today):
        return str(today), "was due for review"
    for days in TOLD_DAYS_BEFORE:
        if today >= review_by - timedelta(days=days):
            return str(days), "is due for review by"
    return None


def _alert(
    version: PathwayVersion, *, cause: str, summary: str, tier: Tier, now: datetime
) -> Alert:
    return new_alert(
        version.pathway.clinic,
        kind=AlertKind.CONTENT,
        tier=tier,
        cause=cause,
        summary=summary,
        to_do="Begin a draft from it, look at each message and its sources, and have it signed.",
        now=now,
    )


def _hold_tips(version: PathwayVersion, *, now: datetime) -> None:
    today = now.astimezone(version.pathway.clinic.tz).date()
    if is_overdue(version.other_review_by, today=today):
        steps = version.steps.values("pk")
        Reminder.objects.filter(
            step__in=steps, category__in=TIPS, status=ReminderStatus.PLANNED
        ).update(status=ReminderStatus.HELD, reason=ReminderReason.REVIEW_OVERDUE, status_since=now)


def pulled_keys(clinic: Clinic) -> frozenset[str]:
    """Return the keys of the messages that this clinic has pulled and not restored."""
    rows = PulledStep.objects.filter(clinic=clinic, restored_at=None)
    return frozenset(rows.values_list("step_key", flat=True))
