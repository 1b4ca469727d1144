"""Questions that nobody answered → asked once more, then a call. An answer ends both.

A question that has no answer after some hours is asked again, once. When that brings none either,
the patient is on today's list of calls: for the same day where no receipt says that any of it
arrived, because then nobody knows whether the patient can be reached at all.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from clinic.models import Channel, PatientStatus, SurgeryStatus
from reminders.flow.alerts import new_alert, raise_alerts
from reminders.flow.dispatch import new_delivery
from reminders.flow.questions import answered_by_text, answered_on_a_form
from reminders.models import (
    Alert,
    AlertKind,
    Category,
    Delivery,
    DeliveryStatus,
    Meaning,
    Purpose,
    Reminder,
    ReminderStatus,
    Reply,
    Tier,
)

ASK_AGAIN_AFTER = timedelta(hours=6)
# "No answer in 24 h: task to phone once", in the first week; later 48 h (pathway, staff actions).
FIRST_WEEK_DAYS = 8
CALL_AFTER_EARLY, CALL_AFTER = timedelta(hours=24), timedelta(hours=48)
# Sent as late as its step allows, and called about later than this, it would be about another day.
LOOK_BACK = timedelta(days=5)
MOST_AT_ONCE = 1_000
ON_ITS_WAY = (DeliveryStatus.ACCEPTED, DeliveryStatus.DELIVERED, DeliveryStatus.UNKNOWN)
# Who writes these has said nothing that a person reads.
NO_WORD = (Meaning.THANKS, Meaning.TAP_BACK, Meaning.AUTOMATIC)
SUMMARY, SUMMARY_TWICE = "No answer: {message}", "No answer, asked twice: {message}"
CALL_ONCE = "Call the patient once."
NO_RECEIPT = "No receipt says that a message arrived. Call the patient today and check the number."


@dataclass(frozen=True, slots=True)
class Silence:
    """A question that went out and has no answer, and its messages."""

    reminder: Reminder
    messages: tuple[Delivery, ...]

    @property
    def asked_at(self) -> datetime:
        return min(m.queued_at for m in self.messages if m.purpose == Purpose.REMINDER)

    @property
    def was_asked_again(self) -> bool:
        return any(m.purpose == Purpose.AGAIN for m in self.messages)

    @property
    def has_receipt(self) -> bool:
        return any(m.status == DeliveryStatus.DELIVERED for m in self.messages)

    @property
    def ask_again_at(self) -> datetime:
        return self.asked_at + ASK_AGAIN_AFTER

    @property
    def call_at(self) -> datetime:
        is_early = self.reminder.due_at.date() < self._first_week_ends()
        return self.asked_at + (CALL_AFTER_EARLY if is_early else CALL_AFTER)

    def _first_week_ends(self) -> date:
        return self.reminder.surgery.surgery_date + timedelta(days=FIRST_WEEK_DAYS)


def see_to_silence(*, now: datetime) -> int:
    """Ask again what has no answer, and put who stays silent on the list of calls.

    Returns how many questions were asked again or called about. Twice is once, and any number of
    workers may do so.
    """
    silent = list(_silent(now, where=_may_be_time(now)))
    again = [one for one in silent if not one.was_asked_again and _is_time_to_ask(one, now)]
    calls = [one for one in silent if one.call_at <= now]
    Delivery.objects.bulk_create((_again(one, now=now) for one in again), ignore_conflicts=True)
    raise_alerts([_call(one, now=now) for one in calls])
    return len(again) + len(calls)


def next_silence(*, now: datetime) -> datetime | None:
    """Return when the next question is asked again or called about, if nobody answers it."""
    moments = (
        moment
        for one in _silent(now, where=Q())
        for moment in (one.call_at, *(() if one.was_asked_again else (one.ask_again_at,)))
        if moment > now
    )
    return min(moments, default=None)


def _is_time_to_ask(silence: Silence, now: datetime) -> bool:
    return silence.ask_again_at <= now < silence.call_at


def _may_be_time(now: datetime) -> Q:
    """A condition that leaves out what can wait, so that a look costs what there is to do."""
    early = Q(due_at__lte=now - CALL_AFTER_EARLY) & Q(
        surgery__surgery_date__gt=now.date() - LOOK_BACK - timedelta(days=FIRST_WEEK_DAYS + 1)
    )
    again = Q(due_at__lte=now - ASK_AGAIN_AFTER) & ~_has_message(purpose=Purpose.AGAIN)
    return again | early | Q(due_at__lte=now - CALL_AFTER)


def _has_message(**which: object) -> Exists:
    return Exists(Delivery.objects.filter(reminder=OuterRef("pk"), **which))


def _silent(now: datetime, *, where: Q) -> Iterator[Silence]:
    """The questions of the last days that have no answer, and about which nobody calls yet."""
    unanswered = (
        Reminder.objects.filter(
            where,
            _has_message(purpose=Purpose.REMINDER, status__in=ON_ITS_WAY),
            ~answered_by_text("pk"),
            ~answered_on_a_form("pk"),
            ~Exists(Alert.objects.filter(kind=AlertKind.SILENT, reminder=OuterRef("pk"))),
            category=Category.CHECK_IN,
            status=ReminderStatus.DISPATCHED,
            due_at__gt=now - LOOK_BACK,
            due_at__lte=now,
            carer=None,
            surgery__on_hold=False,
            surgery__patient__status=PatientStatus.ACTIVE,
        )
        .exclude(step__replies=[], step__questions=[])
        .exclude(surgery__status=SurgeryStatus.CANCELLED)
        .select_related("step", "surgery__patient__clinic")
        .prefetch_related("deliveries")
        .order_by("due_at", "pk")[:MOST_AT_ONCE]
    )
    yield from _never_written(Silence(r, _on_their_way(r)) for r in unanswered)


def _on_their_way(reminder: Reminder) -> tuple[Delivery, ...]:
    return tuple(d for d in reminder.deliveries.all() if _may_arrive(d))


def _may_arrive(delivery: Delivery) -> bool:
    """What was asked again counts as asked, whatever became of it."""
    return delivery.purpose == Purpose.AGAIN or delivery.status in ON_ITS_WAY


def _never_written(silences: Iterable[Silence]) -> Iterator[Silence]:
    """Leave out patients who wrote since they were asked: a person reads that."""
    asked = list(silences)
    if not asked:
        return
    first = min(one.asked_at for one in asked)
    patients = {one.reminder.surgery.patient_id for one in asked}
    replies = Reply.objects.filter(patient__in=patients, received_at__gte=first)
    said = replies.exclude(meaning__in=NO_WORD).order_by("received_at")
    written = dict(said.values_list("patient_id", "received_at"))  # the last one of each
    for one in asked:
        last = written.get(one.reminder.surgery.patient_id)
        if last is None or last < one.asked_at:
            yield one


def _again(silence: Silence, *, now: datetime) -> Delivery:
    """The same question by one channel, a text where there was one; no more use when we call."""
    asked = [m for m in silence.messages if m.purpose == Purpose.REMINDER]
    channel = min((m.channel for m in asked), key=lambda c: c != Channel.SMS)
    delivery = new_delivery(silence.reminder, channel, now=now)
    delivery.purpose, delivery.is_high_priority = Purpose.AGAIN, False
    delivery.not_after = silence.call_at
    return delivery


def _call(silence: Silence, *, now: datetime) -> Alert:
    reminder = silence.reminder
    patient, step = reminder.surgery.patient, reminder.step
    summary = SUMMARY_TWICE if silence.was_asked_again else SUMMARY
    return new_alert(
        patient.clinic,
        kind=AlertKind.SILENT,
        tier=Tier.ROUTINE if silence.has_receipt else Tier.SAME_DAY,
        cause=f"silent:{reminder.pk}",
        summary=summary.format(message=step.intent),
        to_do=(step.staff_action or CALL_ONCE) if silence.has_receipt else NO_RECEIPT,
        patient=patient,
        reminder=reminder,
        now=now,
    )
