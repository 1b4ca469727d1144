"""A queued delivery and the record as it stands → send it, wait, or say why not. Promise P3.

Read again in the transaction that claims the send, while the patient's and the operation's rows
are held against change: what an editor commits before that moment is obeyed.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from clinic.models import Channel, PatientStatus, SurgeryStatus
from reminders.flow.reach import Consents, obstacle
from reminders.flow.stopped_content import StoppedContent
from reminders.models import (
    AlertStatus,
    AlertStep,
    Anchor,
    Delivery,
    DeliveryReason,
    DeliveryStatus,
    Purpose,
    ReminderReason,
    ReminderStatus,
)
from reminders.rules.pauses import waits
from reminders.rules.timing import QuietHours, next_allowed

# A plan that is being redone is ready within seconds.
WAIT_FOR_PLAN = timedelta(seconds=5)
WAIT_FOR_CLINIC = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`status` is SENDING, QUEUED (wait until `next_try_at`), SKIPPED or EXPIRED."""

    status: DeliveryStatus
    reason: str = ""
    next_try_at: datetime | None = None


SEND = Verdict(DeliveryStatus.SENDING)


# How a delivery says what the plan calls by the word on the left.
CONTENT_REASONS = {
    ReminderReason.NO_LIVE_CONTENT: DeliveryReason.NOT_SIGNED,
    ReminderReason.PULLED: DeliveryReason.PULLED,
    ReminderReason.REVIEW_OVERDUE: DeliveryReason.REVIEW_OVERDUE,
}


def permit(
    delivery: Delivery,
    *,
    consents: Consents,
    stopped: StoppedContent,
    answered: Collection[int],
    at_check_in: Mapping[int, datetime],
    now: datetime,
) -> Verdict:
    """Return what may be done with a queued delivery at this moment.

    `answered`: reminders whose question has its answer; it is not asked again.
    `at_check_in`: until when patients are taken to be in the middle of a check-in, by patient.
    """
    if now > delivery.not_after:
        return Verdict(DeliveryStatus.EXPIRED, DeliveryReason.TOO_LATE)
    if delivery.purpose == Purpose.ANSWER:
        return _permit_answer(delivery, now)
    if delivery.purpose == Purpose.NOTICE:
        return _permit_notice(delivery)
    if delivery.purpose == Purpose.TEST:
        return SEND  # to the clinic's own people, so that it can be tried before it is live
    if delivery.purpose == Purpose.PAGE_LINK:
        return _permit_link(delivery, consents, now=now)
    if delivery.purpose == Purpose.AGAIN and delivery.reminder_id in answered:
        return Verdict(DeliveryStatus.SKIPPED, DeliveryReason.ANSWERED)
    if reason := _forbidden(delivery, consents) or _stopped(delivery, stopped, now):
        return Verdict(DeliveryStatus.SKIPPED, reason)
    if until := _breaks_into(delivery, at_check_in):
        return Verdict(DeliveryStatus.QUEUED, next_try_at=until)
    return _permit_moment(delivery, now)


def _breaks_into(delivery: Delivery, at_check_in: Mapping[int, datetime]) -> datetime | None:
    """Until when a routine text waits, so that it does not break into the patient's check-in.

    What matters never waits, nor what would be too late by then; nor does a carer's text.
    """
    if delivery.is_high_priority or delivery.channel != Channel.SMS or delivery.carer_id:
        return None
    until = at_check_in.get(delivery.patient_id or 0)
    return until if until is not None and until <= delivery.not_after else None


def _permit_answer(delivery: Delivery, now: datetime) -> Verdict:
    """An answer to a patient's own message goes out at any hour, but not past a stop button."""
    patient = delivery.patient
    if patient is not None and patient.status == PatientStatus.DECEASED:
        return Verdict(DeliveryStatus.SKIPPED, DeliveryReason.DECEASED)
    if delivery.clinic.live_since is None or delivery.clinic.sending_stopped_at:
        return Verdict(DeliveryStatus.QUEUED, next_try_at=now + WAIT_FOR_CLINIC)
    return SEND


def _permit_notice(delivery: Delivery) -> Verdict:
    """A notice goes to staff at any hour, past the stop button, while one of its alerts is open."""
    told_by_it = Q(pk=delivery.alert_step_id) | Q(told_with=delivery.alert_step_id)
    if AlertStep.objects.filter(told_by_it, alert__status=AlertStatus.OPEN).exists():
        return SEND
    return Verdict(DeliveryStatus.SKIPPED, DeliveryReason.ALERT_TAKEN)


def _permit_link(delivery: Delivery, consents: Consents, *, now: datetime) -> Verdict:
    """A link that the patient has asked for goes out at any hour, where they allow the channel."""
    patient = delivery.the_patient
    ended = {
        PatientStatus.DECEASED: DeliveryReason.DECEASED,
        PatientStatus.ENDED: DeliveryReason.CARE_ENDED,
    }.get(PatientStatus(patient.status))
    if reason := ended or obstacle(patient, delivery.channel, consents, clinic=delivery.clinic):
        return Verdict(DeliveryStatus.SKIPPED, reason)
    if delivery.clinic.is_silent:
        return Verdict(DeliveryStatus.QUEUED, next_try_at=now + WAIT_FOR_CLINIC)
    return SEND


def _forbidden(delivery: Delivery, consents: Consents) -> str:
    """The first thing in the record that forbids this message for good, or an empty text.

    What ends or holds a patient's messages ends or holds those of their carers with them.
    """
    patient, carer, reminder = delivery.the_patient, delivery.carer, delivery.the_reminder
    surgery = reminder.surgery
    checks = (
        (patient.status == PatientStatus.DECEASED, DeliveryReason.DECEASED),
        (patient.status == PatientStatus.ENDED, DeliveryReason.CARE_ENDED),
        (carer is not None and carer.ended_at is not None, DeliveryReason.CARER_ENDED),
        (surgery.status == SurgeryStatus.CANCELLED, DeliveryReason.SURGERY_CANCELLED),
        (reminder.status != ReminderStatus.DISPATCHED, DeliveryReason.PLAN_CHANGED),
        (patient.status == PatientStatus.ON_HOLD, DeliveryReason.ON_HOLD),
        (surgery.on_hold and _waits(delivery), DeliveryReason.ON_HOLD),
        (_unconfirmed(delivery), DeliveryReason.NOT_CONFIRMED),
    )
    for is_so, reason in checks:
        if is_so:
            return reason
    return obstacle(carer or patient, delivery.channel, consents, clinic=delivery.clinic)


def _waits(delivery: Delivery) -> bool:
    """True when this message waits for the end of its operation's hold."""
    reminder = delivery.the_reminder
    return waits(
        reminder.surgery.hold_kind,
        category=reminder.category,
        is_high_priority=reminder.is_high_priority,
        is_for_staff=False,
    )


def _stopped(delivery: Delivery, stopped: StoppedContent, now: datetime) -> str:
    """Why the content itself may not go out: not signed as it stands, pulled, or overdue."""
    clinic = delivery.the_patient.clinic
    today = now.astimezone(clinic.tz).date()
    reason = stopped.reason(delivery.the_reminder.step, clinic_id=clinic.pk, today=today)
    return CONTENT_REASONS[ReminderReason(reason)] if reason else ""


def _unconfirmed(delivery: Delivery) -> bool:
    reminder = delivery.the_reminder
    surgery = reminder.surgery
    if surgery.status == SurgeryStatus.CONFIRMED or reminder.step.anchor == Anchor.ENROLMENT:
        return False
    return reminder.due_at.astimezone(surgery.patient.tz).date() >= surgery.surgery_date


def _permit_moment(delivery: Delivery, now: datetime) -> Verdict:
    """Allowed in itself: now, or later?"""
    patient, reminder = delivery.the_patient, delivery.the_reminder
    clinic, surgery = patient.clinic, reminder.surgery
    if surgery.planned_revision != surgery.revision:
        return Verdict(DeliveryStatus.QUEUED, next_try_at=now + WAIT_FOR_PLAN)
    if clinic.is_silent:
        return Verdict(DeliveryStatus.QUEUED, next_try_at=now + WAIT_FOR_CLINIC)
    quiet = QuietHours(clinic.quiet_from, clinic.quiet_until)
    moment = next_allowed(now, quiet=quiet, tz=patient.tz)
    if moment > delivery.not_after:
        return Verdict(DeliveryStatus.EXPIRED, DeliveryReason.TOO_LATE)
    return SEND if moment <= now else Verdict(DeliveryStatus.QUEUED, next_try_at=moment)
