"""A call with a patient → a record that stays; a silent patient is off the list until the next try.

A try that reaches nobody quiets no alert but those about silence: whatever else stands open goes on
climbing until a named person takes it and closes it (promise P6).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction

from clinic.models import Channel, Patient, Staff
from reminders.flow.alerts import acknowledge, raise_alerts
from reminders.flow.failure import mark_address_failed
from reminders.models import (
    CONTACT,
    Alert,
    AlertKind,
    AlertStatus,
    CallAbout,
    Delivery,
    DeliveryStatus,
    Direction,
    PhoneCall,
    Reached,
    Reply,
)
from reminders.rules.next_try import TRIES_THEN_LOUD

# A patient who rings so soon after a message may be ringing because of it: our own convention.
FOLLOWS_WITHIN = timedelta(hours=48)
# Nobody is tried more often without a decision; looking further back would tell nothing.
MOST_TRIES = 10
ARRIVED = (DeliveryStatus.ACCEPTED, DeliveryStatus.DELIVERED, DeliveryStatus.UNKNOWN)
ABOUT = {
    AlertKind.SILENT: CallAbout.SILENCE,
    AlertKind.NOT_REACHED: CallAbout.UNDELIVERED,
    AlertKind.CONTACT: CallAbout.UNDELIVERED,
    AlertKind.REPLY: CallAbout.REPLY,
}


class NotACall(Exception):
    """What was written down is no call that can have happened; the message says why."""


class AlreadyCorrected(Exception):
    """Another entry corrects this call already."""


@dataclass(frozen=True, slots=True)
class CallNote:
    """What a person writes down about one call. `alert` or `reply` is what it was about."""

    reached: str
    occurred_at: datetime
    direction: str = Direction.OUT
    outcome: str = ""
    note: str = ""
    next_try_at: datetime | None = None
    alert: Alert | None = None
    reply: Reply | None = None


@transaction.atomic
def record_call(patient: Patient, note: CallNote, *, by: Staff, now: datetime) -> PhoneCall:
    """Write the call down, and do what it asks for: put silence off, use a wrong number no more.

    Raises NotACall when it cannot have happened. Twice is two calls: that is what a log is.
    """
    _refuse_nonsense(patient, note, now=now)
    call = _row(patient, note, by=by, now=now)
    call.save(force_insert=True)
    _put_off(patient, note, by=by, now=now)
    _see_to_the_number(patient, note, now=now)
    return call


@transaction.atomic
def correct_call(
    call_id: int, note: CallNote, *, by: Staff, now: datetime, took_place: bool = True
) -> PhoneCall:
    """Write a further entry that stands in the place of this call; the first one stays readable.

    The new entry is about the same alert, reply and message. Raises AlreadyCorrected and NotACall.
    """
    wrong = PhoneCall.objects.select_for_update(of=("self",)).select_related("patient__clinic")
    first = wrong.get(pk=call_id)
    if PhoneCall.objects.filter(corrects=first).exists():
        raise AlreadyCorrected(f"call {first.pk} has been corrected already")
    note = replace(note, alert=first.alert, reply=first.reply)
    _refuse_nonsense(first.patient, note, now=now)
    call = _row(first.patient, note, by=by, now=now)
    call.delivery, call.about = first.delivery, first.about
    call.corrects, call.took_place = first, took_place
    call.save(force_insert=True)
    if took_place:
        _put_off(first.patient, note, by=by, now=now)
        _see_to_the_number(first.patient, note, now=now)
    _use_the_number_again(first, note, took_place=took_place)
    return call


def _refuse_nonsense(patient: Patient, note: CallNote, *, now: datetime) -> None:
    if note.occurred_at > now:
        raise NotACall("A call that is to come cannot be written down.")
    spoke = note.reached in CONTACT
    if note.direction == Direction.IN and not spoke:
        raise NotACall("Whoever called us was the patient, or a carer.")
    if spoke and not (note.outcome or note.note.strip()):
        raise NotACall("Say what came of it: choose a code, or write a note.")
    for about in (note.alert, note.reply):
        if about is not None and about.patient_id not in (None, patient.pk):
            raise NotACall("That is about another patient.")


def _row(patient: Patient, note: CallNote, *, by: Staff, now: datetime) -> PhoneCall:
    return PhoneCall(
        patient=patient,
        by=by,
        occurred_at=note.occurred_at,
        noted_at=now,
        direction=note.direction,
        reached=note.reached,
        about=_about(note),
        outcome=note.outcome,
        note=note.note.strip()[:300],
        next_try_at=note.next_try_at,
        alert=note.alert,
        reply=note.reply or (note.alert.reply if note.alert else None),
        delivery=_message_before(patient, note),
    )


def _about(note: CallNote) -> str:
    if note.alert is not None:
        return ABOUT.get(AlertKind(note.alert.kind), CallAbout.ALERT)
    return CallAbout.REPLY if note.reply is not None else CallAbout.OWN


def _message_before(patient: Patient, note: CallNote) -> Delivery | None:
    """Return the message that the call follows, where something says which one that is."""
    sent = Delivery.objects.filter(patient=patient, carer=None, status__in=ARRIVED)
    if note.alert is not None:
        reply = note.alert.reply
        about = note.alert.delivery or (reply.answer_to if reply else None)
        if about is None and note.alert.reminder_id is not None:
            about = sent.filter(reminder=note.alert.reminder_id).first()
        return about
    if note.reply is not None:
        return note.reply.answer_to
    if note.direction == Direction.IN:
        since = note.occurred_at - FOLLOWS_WITHIN
        return sent.filter(queued_at__range=(since, note.occurred_at)).first()
    return None


def _put_off(patient: Patient, note: CallNote, *, by: Staff, now: datetime) -> None:
    """Let the open alerts about this patient's silence wait for the next try, in hand till then.

    A call without a next try ends the waiting: they are on the list again, or get closed. After
    three tries without a contact nothing waits out of sight any more.
    """
    is_loud = _tries(patient) >= TRIES_THEN_LOUD
    until = None if is_loud else note.next_try_at
    takes = note.direction == Direction.OUT and by.has_perm("reminders.change_alert")
    silent = Alert.objects.filter(patient=patient, kind=AlertKind.SILENT)
    still = silent.exclude(status=AlertStatus.CLOSED).select_for_update()
    for waiting in still.order_by("pk"):
        alert = acknowledge(waiting.pk, by=by, now=now) if takes else waiting
        alert.try_again_at = until
        if alert.raise_again_at and until:
            alert.raise_again_at = max(alert.raise_again_at, until)
        alert.save(update_fields=["try_again_at", "raise_again_at"])


def tries_since_contact(newest_first: Iterable[PhoneCall]) -> Iterator[PhoneCall]:
    """Keep the calls after the last one with somebody who can say how the patient is."""
    for call in newest_first:
        if call.is_contact:
            return
        yield call


def _tries(patient: Patient) -> int:
    calls = PhoneCall.objects.standing().filter(patient=patient)
    return len(list(tries_since_contact(calls.order_by("-occurred_at", "-pk")[:MOST_TRIES])))


def _see_to_the_number(patient: Patient, note: CallNote, *, now: datetime) -> None:
    if note.reached == Reached.WRONG_NUMBER and patient.mobile:
        raise_alerts([mark_address_failed(patient, Channel.SMS, now=now)])


def _use_the_number_again(first: PhoneCall, note: CallNote, *, took_place: bool) -> None:
    """It was not the wrong number after all: what that entry stopped, its correction starts."""
    still_wrong = took_place and note.reached == Reached.WRONG_NUMBER
    if first.reached == Reached.WRONG_NUMBER and not still_wrong:
        stopped = Patient.objects.filter(pk=first.patient_id, mobile_failed_at=first.noted_at)
        stopped.update(mobile_failed_at=None)
