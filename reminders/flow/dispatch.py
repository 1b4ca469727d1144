"""Due reminders → queued deliveries, and staff steps → alerts."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, prefetch_related_objects

from clinic.models import Channel, Clinic
from reminders.flow.alerts import new_alert, raise_alerts
from reminders.flow.reach import Consents, Recipient, consents_for, obstacle, wants
from reminders.flow.rows import update_rows
from reminders.flow.stopped_content import StoppedContent, stopped_content
from reminders.models import (
    Alert,
    AlertKind,
    Audience,
    Delivery,
    Reminder,
    ReminderReason,
    ReminderStatus,
    Tier,
)
from reminders.models.instance import sending_is_released
from reminders.rules.timing import QuietHours, next_allowed

# Later than this is a backlog, not a tick: then one routine text a day and patient is enough.
BACKLOG_AFTER = timedelta(hours=2)
ONE_DAY = timedelta(days=1)


@dataclass(slots=True)
class Claim:
    """What one claim decided; written together or not at all."""

    reminders: list[Reminder] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)


def dispatch_due(*, now: datetime, batch: int) -> int:
    """Claim whatever is due, batch by batch; return how many reminders left the plan.

    A database that nobody released for sending claims nothing (promise P9).
    """
    total, waiting = 0, set[int]()
    while sending_is_released():
        waited_before = len(waiting)
        claimed = claim_due(now=now, limit=batch, waiting=waiting)
        total += claimed
        if claimed + len(waiting) - waited_before < batch:
            break
    return total


def claim_due(*, now: datetime, limit: int, waiting: set[int] | None = None) -> int:
    """Turn up to `limit` due reminders into queued deliveries; return how many were claimed.

    Any number of workers may call this at once: rows held by one are skipped by the others. A
    reminder leaves PLANNED in the transaction that creates its deliveries, so a crash leaves
    either both or neither. Reminders whose operation has changed since it was planned wait for
    the planner, messages of a clinic that stopped sending wait for the clinic; their ids are added
    to `waiting`, and those already in it are passed over.
    """
    waiting = set() if waiting is None else waiting
    with transaction.atomic():
        looked_at = _locked(now, limit=limit, passing_over=waiting)
        if not looked_at:  # most looks find nothing: they cost one query, not ten
            return 0
        claim = _decide([r for r in looked_at if _may_leave(r)], now=now)
        waiting.update(r.pk for r in looked_at if not _may_leave(r))
        update_rows(claim.reminders, ("status", "reason", "due_at", "status_since"))
        Delivery.objects.bulk_create(claim.deliveries)
        raise_alerts(claim.alerts)
    return len(claim.reminders)


def _locked(now: datetime, *, limit: int, passing_over: set[int]) -> list[Reminder]:
    """Lock due reminders, safety first. One walk along the index of planned reminders.

    What belongs to them is read apart: a join here lets the database begin with all operations
    that there are, and then a look costs what is stored and not what is due.
    """
    due = Reminder.objects.due(now).exclude(pk__in=passing_over)
    locked = list(due.select_for_update(skip_locked=True)[:limit])
    prefetch_related_objects(locked, "step__version", "surgery__patient__clinic", "carer")
    return locked


def _may_leave(reminder: Reminder) -> bool:
    """A plan that is being redone waits; so does a clinic that sends nothing, but for its staff."""
    surgery, clinic = reminder.surgery, reminder.surgery.patient.clinic
    is_for_staff = reminder.step.audience == Audience.STAFF
    is_current = surgery.planned_revision == surgery.revision
    return is_current and (is_for_staff or not clinic.is_silent)


def _decide(due: list[Reminder], *, now: datetime) -> Claim:
    consents = consents_for({reminder.recipient for reminder in due})
    texted = _texted_lately([r for r in due if _is_backlog(r, now)], now)
    stopped = stopped_content({reminder.surgery.patient.clinic_id for reminder in due})
    claim = Claim(reminders=due)
    for reminder in due:
        reminder.status_since = now
        if reason := _stopped(reminder, stopped, now=now):
            reminder.status, reminder.reason = ReminderStatus.HELD, reason
        elif reminder.step.audience == Audience.STAFF:
            _hand_to_staff(reminder, claim, now=now)
        elif _is_backlog(reminder, now) and texted[_person(reminder)]:
            days = (now - reminder.due_at) // ONE_DAY + 1
            _put_off(reminder, claim, until=reminder.due_at + days * ONE_DAY, now=now)
        else:
            _queue(reminder, claim, consents, now=now)
            # What turned out too late, or has no channel, takes nobody's turn.
            sent_on = reminder.status == ReminderStatus.DISPATCHED
            texted[_person(reminder)] += int(sent_on)
    return claim


def _person(reminder: Reminder) -> tuple[int, int | None]:
    """Whose turn it takes: a carer's text is none of the patient's."""
    return (reminder.surgery.patient_id, reminder.carer_id)


def _stopped(reminder: Reminder, stopped: StoppedContent, *, now: datetime) -> str:
    """Why the content may not go out, to a patient or to staff; the planner lets it go again."""
    clinic = reminder.surgery.patient.clinic
    today = now.astimezone(clinic.tz).date()
    return stopped.reason(reminder.step, clinic_id=clinic.pk, today=today)


def _is_backlog(reminder: Reminder, now: datetime) -> bool:
    return not reminder.is_high_priority and now - reminder.due_at > BACKLOG_AFTER


def _texted_lately(backlog: list[Reminder], now: datetime) -> Counter[tuple[int, int | None]]:
    """How many texts each person of a backlog has had in the last day."""
    rows = (
        Delivery.objects.filter(
            patient__in={reminder.surgery.patient_id for reminder in backlog},
            channel=Channel.SMS,
            queued_at__gt=now - ONE_DAY,
        )
        .values_list("patient_id", "carer_id")
        .annotate(Count("pk"))
    )
    return Counter({(patient, carer): n for patient, carer, n in rows} if backlog else {})


def _hand_to_staff(reminder: Reminder, claim: Claim, *, now: datetime) -> None:
    patient, step = reminder.surgery.patient, reminder.step
    reminder.status = ReminderStatus.DISPATCHED
    claim.alerts.append(
        new_alert(
            patient.clinic,
            kind=AlertKind.STAFF_STEP,
            tier=Tier.SAME_DAY,
            cause=f"reminder:{reminder.pk}",
            summary=step.intent,
            to_do=step.staff_action,
            patient=patient,
            reminder=reminder,
            now=now,
        )
    )


def _put_off(reminder: Reminder, claim: Claim, *, until: datetime, now: datetime) -> None:
    """Let a reminder wait until then, or say that it is too late to be useful."""
    if until <= reminder.not_after:
        reminder.due_at = until
    else:
        _miss(reminder, claim, ReminderReason.TOO_LATE, now=now)


def _queue(reminder: Reminder, claim: Claim, consents: Consents, *, now: datetime) -> None:
    patient = reminder.surgery.patient
    quiet = QuietHours(patient.clinic.quiet_from, patient.clinic.quiet_until)
    moment = next_allowed(now, quiet=quiet, tz=patient.tz)
    if now > reminder.not_after or moment > now:
        _put_off(reminder, claim, until=max(now, moment), now=now)
        return
    channels = open_channels(
        reminder.recipient, reminder.step.channels, consents, clinic=patient.clinic
    )
    if not channels:
        _miss(reminder, claim, ReminderReason.NO_CHANNEL, now=now)
        return
    reminder.status = ReminderStatus.DISPATCHED
    claim.deliveries += [new_delivery(reminder, channel, now=now) for channel in channels]


def open_channels(
    recipient: Recipient, channels: list[str], consents: Consents, *, clinic: Clinic
) -> list[str]:
    """Return the step's channels that this person wants and can be reached by.

    Where what they want cannot be used, the step's other channels may serve: a consent is what
    allows a channel, a wish only chooses among those allowed.
    """
    usable = [
        channel
        for channel in channels
        if channel in Channel.values and not obstacle(recipient, channel, consents, clinic=clinic)
    ]
    return [channel for channel in usable if wants(recipient, channel)] or usable


def new_delivery(
    reminder: Reminder, channel: str, *, now: datetime, may_be_repeat: bool = False
) -> Delivery:
    """Return a queued delivery of a reminder, not saved yet."""
    patient = reminder.surgery.patient
    return Delivery(
        reminder=reminder,
        patient=patient,
        carer=reminder.carer,
        clinic=patient.clinic,
        channel=channel,
        is_high_priority=reminder.is_high_priority,
        queued_at=now,
        status_since=now,
        next_try_at=now,
        not_after=reminder.not_after,
        may_be_repeat=may_be_repeat,
    )


def _miss(reminder: Reminder, claim: Claim, reason: ReminderReason, *, now: datetime) -> None:
    reminder.status, reminder.reason = ReminderStatus.MISSED, reason
    if reminder.is_high_priority:
        claim.alerts.append(not_reached(reminder, now=now))


def not_reached(reminder: Reminder, *, now: datetime) -> Alert:
    """Return the alert for a message that matters and reached nobody (hazard H23)."""
    patient, carer = reminder.surgery.patient, reminder.carer
    who = f"the carer, {carer}," if carer else "the patient"
    return new_alert(
        patient.clinic,
        kind=AlertKind.NOT_REACHED,
        tier=Tier.SAME_DAY,
        cause=f"not-reached:{reminder.pk}",
        summary=f"Not reached: {reminder.step.intent}",
        to_do=f"Call {who} and tell them what the message says.",
        patient=patient,
        reminder=reminder,
        now=now,
    )
