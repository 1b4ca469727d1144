"""A person and one signed step → the message goes out now, once, by the ordinary way.

The step, its words and its channel are the plan's; nothing is typed. What the record forbids at
the moment of sending is not sent either: the delivery is one like any other (`flow.permit`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from clinic.models import Channel, PatientStatus, Staff, Surgery, SurgeryStatus
from reminders.flow.dispatch import new_delivery
from reminders.flow.existing import CAME_TO_NOTHING
from reminders.flow.plan import plan_surgery
from reminders.flow.reach import Consents, consents_of, obstacle
from reminders.flow.record import read_record
from reminders.flow.restrictions import State, live_version_of, picture_of
from reminders.flow.stopped_content import stopped_content
from reminders.models import (
    Anchor,
    Audience,
    Category,
    Delivery,
    Purpose,
    Reminder,
    ReminderReason,
    ReminderStatus,
    Step,
)
from reminders.models.reminder import OPEN
from reminders.rules.by_hand import TEXTS_OF_THE_DAY, ByHand, texts_are_used_up, why_not
from reminders.rules.facts import applies
from reminders.rules.pauses import waits
from reminders.rules.timing import QuietHours, next_allowed

MAY_SEND = "reminders.add_reminder"
# The same message twice within this is a mistake, whoever sends it.
NOT_AGAIN_WITHIN = timedelta(hours=24)
# Sent because of something that was said just now: of no use the next day.
OF_USE = timedelta(hours=6)
AFTER_OPERATION = (Anchor.SURGERY, Anchor.DISCHARGE, Anchor.APPOINTMENT)


class CannotSendNow(Exception):
    """The message was not sent; the text says why, and names no patient."""


@dataclass(frozen=True, slots=True)
class Sendable:
    """One step as a person may send it. `reasons`: why it may not go; `channels`: why not by each.

    A channel with an empty text may be used. `planned`: the next reminder of this step that has
    not gone out. `goes_at`: now, or when the quiet hours end.
    """

    step: Step
    reasons: tuple[str, ...]
    channels: Mapping[str, str]
    planned: Reminder | None
    goes_at: datetime
    texts_today: int

    @property
    def open_channels(self) -> list[str]:
        return [] if self.reasons else [name for name, why in self.channels.items() if not why]


def steps_to_send(surgery: Surgery) -> list[Step]:
    """Return the steps of the patient's live signed version that are for them, by day."""
    version = live_version_of(surgery)
    if version is None or not version.may_be_sent:
        return []
    record = read_record(surgery, closures=[])
    steps = Step.objects.filter(version=version, audience=Audience.PATIENT)
    told = steps.select_related("version").prefetch_related("texts").order_by("day_from", "pk")
    return [step for step in told if applies(step.as_content(), record)]


def look_at(surgery: Surgery, step: Step, *, now: datetime) -> Sendable:
    """Return how this step would go out to this patient now, and what speaks against it."""
    patient = surgery.patient
    known = _known(surgery, step, now=now)
    texts = texts_on_the_day(surgery, now=now)
    used_up = texts_are_used_up(known, texts_today=texts, texts_a_day=patient.clinic.texts_a_day)
    consents = consents_of([patient.pk])
    quiet = QuietHours(patient.clinic.quiet_from, patient.clinic.quiet_until)
    return Sendable(
        step=step,
        reasons=tuple(why_not(known)),
        channels={
            name: _why_not_by(surgery, name, consents, used_up=used_up)
            for name in step.channels
            if name in Channel.values
        },
        planned=_open(surgery, step).order_by("due_at").first(),
        goes_at=next_allowed(now, quiet=quiet, tz=patient.tz),
        texts_today=texts,
    )


def texts_on_the_day(surgery: Surgery, *, now: datetime) -> int:
    """How many texts the patient has been sent, or is being sent, on their day of `now`."""
    day = timezone.localtime(now, surgery.patient.tz)
    midnight = day.replace(hour=0, minute=0, second=0, microsecond=0)
    texts = Delivery.objects.filter(
        patient=surgery.patient,
        carer=None,
        channel=Channel.SMS,
        queued_at__gte=midnight,
        purpose__in=(Purpose.REMINDER, Purpose.AGAIN),
    )
    return texts.exclude(status__in=CAME_TO_NOTHING).count()


@transaction.atomic
def send_now(
    surgery_id: int,
    *,
    step_key: str,
    channel: str,
    keep_planned: bool = False,
    by: Staff,
    now: datetime,
) -> Delivery:
    """Queue this step for the patient now, in this person's name; return its delivery.

    The planned reminder of the step, if there is one, is what goes out, brought forward;
    `keep_planned` leaves it where it is and sends one beside it. Two who send at once queue up on
    the operation's row, and the second finds that it is on its way. Raises CannotSendNow.
    """
    rows = Surgery.objects.select_for_update(of=("self",)).select_related("patient__clinic")
    surgery = rows.get(pk=surgery_id)
    if not by.has_perm(MAY_SEND) or by.clinic_id != surgery.patient.clinic_id:
        raise CannotSendNow("Only a clinician of this clinic can send a message.")
    step = next((one for one in steps_to_send(surgery) if one.key == step_key), None)
    if step is None:
        raise CannotSendNow("This message is not in the patient's signed pathway.")
    seen = look_at(surgery, step, now=now)
    if channel not in seen.open_channels:
        raise CannotSendNow(" ".join(seen.reasons) or seen.channels.get(channel) or "No channel.")
    reminder = None if keep_planned else _brought_forward(seen.planned, step, by=by, now=now)
    reminder = reminder or _new(surgery, step, by=by, now=now)
    reminder.due_at, reminder.not_after = now, max(now, seen.goes_at) + OF_USE
    reminder.save()
    delivery = new_delivery(reminder, channel, now=now)
    delivery.save()
    plan_surgery(surgery.pk, now=now)  # what is routine makes room for this text
    return delivery


def _known(surgery: Surgery, step: Step, *, now: datetime) -> ByHand:
    patient, clinic = surgery.patient, surgery.patient.clinic
    today = now.astimezone(clinic.tz).date()
    stopped = stopped_content([clinic.pk]).reason(step, clinic_id=clinic.pk, today=today)
    waits_with_it = waits(
        surgery.hold_kind,
        category=step.category,
        is_high_priority=step.is_high_priority,
        is_for_staff=False,
    )
    speaks_of_after = step.anchor in AFTER_OPERATION and step.day_from >= 0
    return ByHand(
        is_safety=step.is_high_priority or step.category == Category.WARNING_SIGNS,
        deceased=patient.status == PatientStatus.DECEASED,
        care_ended=patient.status == PatientStatus.ENDED,
        patient_on_hold=patient.status == PatientStatus.ON_HOLD,
        operation_cancelled=surgery.status == SurgeryStatus.CANCELLED,
        on_hold=surgery.on_hold and waits_with_it,
        not_confirmed=speaks_of_after and surgery.status == SurgeryStatus.PLANNED,
        sending_stopped=clinic.sending_stopped_at is not None,
        not_live=clinic.live_since is None,
        numbers_missing=bool(clinic.missing_numbers),
        not_signed=stopped == ReminderReason.NO_LIVE_CONTENT,
        pulled=stopped == ReminderReason.PULLED,
        review_overdue=stopped == ReminderReason.REVIEW_OVERDUE,
        permits_too_soon=_permits_too_soon(surgery, step, now=now),
        had_lately=_had_lately(surgery, step, now=now),
    )


def _permits_too_soon(surgery: Surgery, step: Step, *, now: datetime) -> bool:
    """No message says that something may start which is held back on this day (promise P3)."""
    if not step.permits:
        return False
    today = timezone.localdate(now, surgery.patient.tz)
    held_back = {
        one.key
        for one in picture_of(surgery, today=today).restrictions
        if one.state is State.NOT_YET
    }
    return bool(held_back.intersection(step.permits))


def _had_lately(surgery: Surgery, step: Step, *, now: datetime) -> bool:
    lately = Delivery.objects.filter(
        reminder__surgery=surgery,
        reminder__step_key=step.key,
        carer=None,
        queued_at__gt=now - NOT_AGAIN_WITHIN,
    )
    return lately.exclude(status__in=CAME_TO_NOTHING).exists()


def _why_not_by(surgery: Surgery, channel: str, consents: Consents, *, used_up: bool) -> str:
    """Why the patient can not be reached by this channel now, or an empty text."""
    if channel == Channel.SMS and used_up:
        return TEXTS_OF_THE_DAY
    return obstacle(surgery.patient, channel, consents, clinic=surgery.patient.clinic)


def _open(surgery: Surgery, step: Step) -> "QuerySet[Reminder]":
    rows = Reminder.objects.filter(surgery=surgery, step_key=step.key, carer=None)
    return rows.filter(status__in=OPEN)


def _brought_forward(
    planned: Reminder | None, step: Step, *, by: Staff, now: datetime
) -> Reminder | None:
    """Take the planned reminder out of the plan, if no drain was faster."""
    if planned is None:
        return None
    rows = Reminder.objects.select_for_update().filter(pk=planned.pk, status__in=OPEN)
    reminder = rows.first()
    if reminder is None:
        raise CannotSendNow("It has just gone out as planned.")
    _stamp(reminder, step, by=by, now=now)
    return reminder


def _new(surgery: Surgery, step: Step, *, by: Staff, now: datetime) -> Reminder:
    """A reminder beside the plan. Its number is the second, so that it is no occurrence of one."""
    reminder = Reminder(
        surgery=surgery, step_key=step.key, occurrence=int(now.timestamp()), category=step.category
    )
    _stamp(reminder, step, by=by, now=now)
    return reminder


def _stamp(reminder: Reminder, step: Step, *, by: Staff, now: datetime) -> None:
    reminder.step, reminder.is_high_priority = step, step.is_high_priority
    reminder.status, reminder.reason = ReminderStatus.DISPATCHED, ReminderReason.NONE
    reminder.status_since, reminder.sent_by = now, by
