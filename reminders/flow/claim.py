"""Queued deliveries → attempts on the wire: T1 of a send, one short transaction.

Locks the deliveries and holds the patients' and operations' rows against change, reads the record
again, renders from that one read, writes the attempt and its lease, and commits before any call.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import formataddr
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from clinic.models import Channel
from reminders.channels.base import ATTEMPTS_HEADER, Outgoing
from reminders.flow.check_ins import open_checks
from reminders.flow.letters import NO_LINK, Letter, Ready, letters_of
from reminders.flow.mails import Rendered
from reminders.flow.message_links import new_message_link
from reminders.flow.patient_links import new_link_words
from reminders.flow.permit import Verdict, permit
from reminders.flow.questions import answered_among
from reminders.flow.reach import address_of, consents_for
from reminders.flow.render import CannotRender, words_of
from reminders.flow.rows import update_rows
from reminders.flow.sending_tests import test_words
from reminders.flow.stopped_content import stopped_content
from reminders.models import (
    Attempt,
    Delivery,
    DeliveryReason,
    DeliveryStatus,
    PatientLink,
    Purpose,
)

WAIT_FOR_EDIT = timedelta(seconds=5)
LONGEST_VALIDITY_SECONDS = 36_000  # the provider's own limit (Messages resource, ValidityPeriod)
# What a delivery depends on, in the order of _Held.
HOLD = (
    "SELECT id FROM clinic_patient WHERE id IN"
    " (SELECT patient_id FROM reminders_delivery WHERE id = ANY(%s))",
    "SELECT id FROM clinic_carer WHERE id IN"
    " (SELECT carer_id FROM reminders_delivery WHERE id = ANY(%s))",
    "SELECT id FROM clinic_surgery WHERE id IN"
    " (SELECT r.surgery_id FROM reminders_reminder r JOIN reminders_delivery d"
    "  ON d.reminder_id = r.id WHERE d.id = ANY(%s))",
)
DECIDED = [
    "status", "failure_reason", "status_since", "next_try_at", "attempts_made", "address",
    "language", "subject", "text", "html", "segments",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class OnTheWire:
    """One claimed send. `give_up_at` is on the monotonic clock: later than that it is not begun.

    `others` go out in the same mail, and end as it does.
    """

    delivery: Delivery
    attempt: Attempt
    message: Outgoing
    give_up_at: float
    others: tuple["OnTheWire", ...] = ()

    @property
    def parts(self) -> tuple["OnTheWire", ...]:
        return (self, *self.others)


@dataclass(frozen=True, slots=True)
class Batch:
    """What one claim took: the sends, and how many rows it looked at in all."""

    sends: list[OnTheWire]
    looked_at: int
    ended: list[Delivery]


def claim_batch(
    channel: str,
    *,
    provider: str,
    post_timeout_seconds: float,
    now: datetime,
    limit: int,
    only: str = "",
) -> Batch:
    """Claim up to `limit` queued deliveries of one channel and put them on the wire.

    Any number of workers may call this at once. What the record forbids ends here with its
    reason; what must wait gets its next moment. The lease runs on the machine's clock. `only`
    takes what is for this purpose and leaves the rest.
    """
    with transaction.atomic():
        deliveries, held = _locked(channel, now=now, limit=limit, only=only)
        if not deliveries:  # most looks find nothing: they cost one query, not ten
            return Batch([], looked_at=0, ended=[])
        consents = consents_for(d.recipient for d in deliveries if d.recipient)
        stopped = stopped_content({d.clinic_id for d in deliveries})
        answered = answered_among(d.reminder_id for d in deliveries if d.purpose == Purpose.AGAIN)
        at_check_in = open_checks({d.patient_id for d in deliveries if d.patient_id}, now=now)
        ready: list[Ready] = []
        for delivery in deliveries:
            if held.covers(delivery):
                verdict = permit(
                    delivery,
                    consents=consents,
                    stopped=stopped,
                    answered=answered,
                    at_check_in=at_check_in,
                    now=now,
                )
            else:  # somebody is changing the record: that delays its own patient, nobody else
                verdict = Verdict(DeliveryStatus.QUEUED, next_try_at=now + WAIT_FOR_EDIT)
            said = _decide(delivery, verdict, now=now)
            if said is not None:
                ready.append(said)
        letters = letters_of(ready, now=now)
        sends = [_put_on_wire(one, provider, now, post_timeout_seconds) for one in letters]
        PatientLink.objects.bulk_create(link for one in letters for link in one.links)
        Attempt.objects.bulk_create(part.attempt for send in sends for part in send.parts)
        update_rows(deliveries, DECIDED)
    ended = [d for d in deliveries if d.status in (DeliveryStatus.SKIPPED, DeliveryStatus.EXPIRED)]
    return Batch(sends, looked_at=len(deliveries), ended=ended)


@dataclass(frozen=True, slots=True)
class _Held:
    """The people and operations that we hold against change until the attempt is written."""

    patients: frozenset[int]
    carers: frozenset[int]
    surgeries: frozenset[int]

    def covers(self, delivery: Delivery) -> bool:
        """True when everything that a delivery depends on is held."""
        reminder = delivery.reminder
        return (
            (delivery.patient_id is None or delivery.patient_id in self.patients)
            and (delivery.carer_id is None or delivery.carer_id in self.carers)
            and (reminder is None or reminder.surgery_id in self.surgeries)
        )


def _locked(channel: str, *, now: datetime, limit: int, only: str) -> tuple[list[Delivery], _Held]:
    waiting = Delivery.objects.sendable(now, channel=channel, only=only)
    waiting = waiting.select_for_update(skip_locked=True)
    rows = list(waiting.values_list("pk", "patient_id")[:limit])
    ids = [pk for pk, _ in rows]
    if not ids:
        return [], _Held(frozenset(), frozenset(), frozenset())
    if channel == Channel.EMAIL and rows:
        beside = waiting.filter(patient__in={patient for _, patient in rows}).exclude(pk__in=ids)
        ids += beside.filter(is_high_priority=False).values_list("pk", flat=True)[:limit]
    held = _hold(ids)
    deliveries = list(
        Delivery.objects.filter(pk__in=ids)
        .select_related(
            "clinic", "patient", "carer", "reminder__surgery", "reminder__step__version", "reply"
        )
        .prefetch_related("reminder__step__texts")
        .order_by("-is_high_priority", "next_try_at", "pk")
    )  # fmt: skip
    for delivery in deliveries:
        _share(delivery)
    return deliveries, held


def _share(delivery: Delivery) -> None:
    """Let all that a delivery leads to share its patient and clinic, instead of reading them again.

    They are wide rows, and this is the read that every message costs.
    """
    patient, reminder = delivery.patient, delivery.reminder
    if patient is not None and patient.clinic_id == delivery.clinic_id:
        patient.clinic = delivery.clinic
    if patient is not None and reminder is not None and reminder.surgery.patient_id == patient.pk:
        reminder.surgery.patient = patient


def _hold(delivery_ids: list[int]) -> _Held:
    """Hold what these deliveries depend on: an edit waits for the attempt, or we wait for it."""
    with connection.cursor() as cursor:
        return _Held(*(_hold_rows(cursor, query, delivery_ids) for query in HOLD))


def _hold_rows(cursor: CursorWrapper, query: str, delivery_ids: list[int]) -> frozenset[int]:
    cursor.execute(f"{query} ORDER BY id FOR SHARE SKIP LOCKED", [delivery_ids])
    return frozenset(pk for (pk,) in cursor.fetchall())


def _decide(delivery: Delivery, verdict: Verdict, *, now: datetime) -> Ready | None:
    """Write the verdict into the delivery; return the words when it is to be sent."""
    if verdict.status == DeliveryStatus.QUEUED:
        delivery.next_try_at = verdict.next_try_at or now
        return None
    delivery.status, delivery.failure_reason = verdict.status, verdict.reason
    delivery.status_since = now
    if verdict.status != DeliveryStatus.SENDING:
        return None
    try:
        return _ready(delivery, now=now)
    except CannotRender as reason:
        delivery.status = DeliveryStatus.SKIPPED
        delivery.failure_reason = DeliveryReason.TEXT_INCOMPLETE
        delivery.failure_code = str(reason)[:60]
        return None


def _ready(delivery: Delivery, *, now: datetime) -> Ready:
    """The words, and the link that they may carry: every attempt has one of its own."""
    if delivery.purpose in (Purpose.ANSWER, Purpose.NOTICE):
        # An answer was put into words when the reply was read, a notice when its step was taken:
        # neither has placeholders left.
        words = (delivery.subject, delivery.text, delivery.html, delivery.language)
        return Ready(delivery, Rendered(*words, delivery.segments), NO_LINK)
    if delivery.purpose == Purpose.TEST:
        return Ready(delivery, *test_words(delivery))
    patient, reminder = delivery.the_patient, delivery.reminder
    delivery.address = address_of(delivery.carer or patient, delivery.channel)
    link = new_message_link(
        patient, clinic=patient.clinic, carer=delivery.carer, reminder=reminder, now=now
    )
    if delivery.purpose == Purpose.PAGE_LINK:
        return Ready(delivery, new_link_words(patient, channel=delivery.channel, link=link), link)
    said = words_of(
        delivery.the_reminder.step,
        patient=patient,
        carer=delivery.carer,
        clinic=patient.clinic,
        surgery=delivery.the_reminder.surgery,
        channel=delivery.channel,
        link=link.address,
        may_be_repeat=delivery.may_be_repeat,
        asked_again=delivery.purpose == Purpose.AGAIN,
        is_moved=delivery.the_reminder.shifted_days > 0,
    )
    return Ready(delivery, said, link)


def _put_on_wire(
    letter: Letter, provider: str, now: datetime, post_timeout_seconds: float
) -> OnTheWire:
    attempts = [_new_attempt(delivery, provider, now) for delivery in letter.deliveries]
    message = outgoing(letter, attempts, now=now)
    lease_seconds = settings.SEND_LEASE.total_seconds()
    # A worker that was paused longer than this must not begin: its lease may be another's.
    give_up_at = time.monotonic() + lease_seconds - post_timeout_seconds - 1
    first, *others = (
        OnTheWire(attempt.delivery, attempt, message, give_up_at) for attempt in attempts
    )
    return replace(first, others=tuple(others))


def _new_attempt(delivery: Delivery, provider: str, now: datetime) -> Attempt:
    delivery.attempts_made += 1
    return Attempt(
        id=uuid4(),
        delivery=delivery,
        number=delivery.attempts_made,
        provider=provider,
        started_at=now,
        lease_until=datetime.now(UTC) + settings.SEND_LEASE,
    )


def outgoing(letter: Letter, attempts: Sequence[Attempt], *, now: datetime) -> Outgoing:
    """Return the message as the channel takes it; its reference is the first attempt's."""
    delivery, attempt, words = letter.deliveries[0], attempts[0], letter.words
    headers = dict(letter.headers)
    if len(attempts) > 1:
        headers[ATTEMPTS_HEADER] = ", ".join(str(one.pk) for one in attempts)
    left = int((delivery.not_after - now).total_seconds())
    return Outgoing(
        reference=attempt.pk,
        to=delivery.address,
        sender=_sender(delivery),
        body=words.text,
        subject=words.subject,
        html=words.html,
        headers=headers,
        valid_seconds=min(max(left, 1), LONGEST_VALIDITY_SECONDS),
        status_url=f"{settings.PUBLIC_URL}/hooks/twilio/status/{attempt.pk}/",
    )


def _sender(delivery: Delivery) -> str:
    clinic = delivery.clinic
    if delivery.channel == Channel.SMS:
        return clinic.sms_sender
    return formataddr((clinic.sender_name, clinic.email_sender or settings.DEFAULT_FROM_EMAIL))
