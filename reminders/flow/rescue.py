"""Whatever stopped moving → back into the flow, or to a person. Promises P1 and P7."""

import contextlib
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from reminders.channels.base import Channel, LookUp, Outgoing, Sighting
from reminders.flow.alerts import raise_alerts
from reminders.flow.dispatch import not_reached
from reminders.flow.failure import after_failure, send_over_other_channel
from reminders.flow.notices import notices_failed
from reminders.models import (
    Attempt,
    AttemptStatus,
    Delivery,
    DeliveryReason,
    DeliveryStatus,
    Reminder,
    ReminderReason,
    ReminderStatus,
)

# A message whose worker died this often is what kills workers; it goes to a person.
DEATHS_AT_MOST = 3
# A provider that says twice that it has nothing of ours has nothing of ours.
LOOK_UPS_NEEDED = 2
LATE_GRACE = timedelta(minutes=5)
# What a reminder that waited too long is called afterwards, where that is another word.
REASONS_OF_MISSED: dict[str, str] = {
    "": ReminderReason.TOO_LATE,
    ReminderReason.SURGERY_ON_HOLD: ReminderReason.WHILE_HELD,
}


def end_leases(*, limit: int = 500) -> int:
    """Call attempts whose worker did not come back unknown; return how many.

    The lease is on the machine's clock. The worker may have sent the message or not: nobody
    knows, so it is looked up before anything else is done.
    """
    moment = datetime.now(UTC)
    with transaction.atomic():
        lost = list(
            Attempt.objects.filter(status=AttemptStatus.STARTED, lease_until__lt=moment)
            .select_for_update(skip_locked=True)
            .values_list("pk", "delivery_id", "number")[:limit]
        )
        Attempt.objects.filter(pk__in=[pk for pk, _, _ in lost]).update(
            status=AttemptStatus.UNKNOWN,
            code="lease",
            detail="The worker stopped before it could write the answer.",
            look_up_at=moment + settings.UNKNOWN_LOOK_UP_AFTER,
            ended_at=moment,
        )
        for _, delivery_id, number in lost:
            Delivery.objects.filter(
                pk=delivery_id, attempts_made=number, status=DeliveryStatus.SENDING
            ).update(status=DeliveryStatus.UNKNOWN, failure_reason=DeliveryReason.ANSWER_LOST)
    return len(lost)


def look_up_unknown(
    channel: Channel, *, now: datetime, limit: int = 50, stop_at: float = float("inf")
) -> int:
    """Ask the provider about attempts in doubt; return how many were asked about.

    Found: accepted. Absent twice, some minutes apart: it was not sent, and is tried again if
    that is still of use. Cannot tell: the step's own rule (DESIGN 3). Nothing is asked after
    `stop_at` (monotonic), nor while another worker asks: a provider that hangs holds one worker
    for a while, and no two book the same text.
    """
    with _alone(f"look-up {channel.name}") as alone:
        return _look_up(channel, now=now, limit=limit, stop_at=stop_at) if alone else 0


@contextlib.contextmanager
def _alone(work: str) -> Iterator[bool]:
    """Yield whether nobody else does this work now. A lock that ends with the connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [work])
        (alone,) = cursor.fetchone()
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [work])


def _look_up(channel: Channel, *, now: datetime, limit: int, stop_at: float) -> int:
    moment = datetime.now(UTC)
    doubtful = Attempt.objects.filter(
        status=AttemptStatus.UNKNOWN, look_up_at__lte=moment, delivery__channel=channel.name
    ).select_related(
        "delivery__clinic",
        "delivery__reminder__step",
        "delivery__reminder__surgery__patient__clinic",
    )
    asked = 0
    for attempt in doubtful.order_by("look_up_at", "pk")[:limit]:
        if time.monotonic() >= stop_at:
            break
        asked += 1
        # The call is outside any transaction; the write below is guarded by the attempt's state.
        answer = channel.find(_as_sent(attempt), since=attempt.started_at - timedelta(minutes=5))
        with transaction.atomic():
            _settle(attempt, answer, now=now, moment=moment)
    return asked


def _as_sent(attempt: Attempt) -> Outgoing:
    delivery = attempt.delivery
    return Outgoing(
        reference=attempt.pk,
        to=delivery.address,
        sender=delivery.clinic.sms_sender,
        body=delivery.text,
        subject=delivery.subject,
    )


def _settle(attempt: Attempt, answer: LookUp, *, now: datetime, moment: datetime) -> None:
    still = Attempt.objects.select_for_update().filter(pk=attempt.pk, status=AttemptStatus.UNKNOWN)
    if not still.exists():
        return
    looked_up = attempt.looked_up + 1
    if answer.sighting is Sighting.FOUND and (ours := _not_anothers(answer, attempt)) is not None:
        still.update(status=AttemptStatus.ACCEPTED, provider_id=ours, look_up_at=None)
        _move(attempt, now=now, status=DeliveryStatus.ACCEPTED, failure_reason="")
    elif looked_up < LOOK_UPS_NEEDED:
        still.update(looked_up=looked_up, look_up_at=moment + settings.UNKNOWN_LOOK_UP_AFTER)
    elif answer.sighting is not Sighting.CANNOT_TELL:
        still.update(status=AttemptStatus.NOT_SENT, looked_up=looked_up, look_up_at=None)
        _try_again(attempt, now=now)
    else:
        still.update(looked_up=looked_up, look_up_at=None)
        _leave_unknown(attempt, now=now)


def _not_anothers(answer: LookUp, attempt: Attempt) -> str | None:
    """Return the id of a message that no other attempt has booked; None when there is none.

    Equal texts to one number, as of two patients with one telephone, look alike to the provider.
    """
    seen = (answer.provider_id, *answer.others)
    booked = set(
        Attempt.objects.filter(provider=attempt.provider, provider_id__in=filter(None, seen))
        .exclude(pk=attempt.pk)
        .values_list("provider_id", flat=True)
    )
    return next((provider_id for provider_id in seen if provider_id not in booked), None)


def _try_again(attempt: Attempt, *, now: datetime) -> None:
    delivery = attempt.delivery
    if attempt.code == "lease" and attempt.number >= DEATHS_AT_MOST:
        _move(
            attempt,
            now=now,
            status=DeliveryStatus.REFUSED,
            failure_reason=DeliveryReason.KILLED_WORKERS,
        )
        after_failure([delivery.pk], now=now)
    elif now > delivery.not_after:
        _move(
            attempt,
            now=now,
            status=DeliveryStatus.EXPIRED,
            failure_reason=DeliveryReason.TOO_LATE,
        )
        after_failure([delivery.pk], now=now)
    else:
        _move(attempt, now=now, status=DeliveryStatus.QUEUED, next_try_at=now, failure_reason="")


def _leave_unknown(attempt: Attempt, *, now: datetime) -> None:
    """Nobody can tell: never again on this channel; a message that matters goes by the other."""
    reminder = attempt.delivery.reminder
    notices_failed([attempt.delivery_id], now=now)
    if reminder is None or not reminder.is_high_priority:
        return
    others = reminder.deliveries.exclude(pk=attempt.delivery_id)
    arrived = others.filter(status__in=(DeliveryStatus.ACCEPTED, DeliveryStatus.DELIVERED))
    if arrived.exists() or send_over_other_channel(attempt.delivery, now=now):
        return
    raise_alerts([not_reached(reminder, now=now)])


def _move(attempt: Attempt, *, now: datetime, **changes: object) -> None:
    Delivery.objects.filter(
        pk=attempt.delivery_id, attempts_made=attempt.number, status=DeliveryStatus.UNKNOWN
    ).update(status_since=now, **changes)


def miss_overdue(*, now: datetime, limit: int = 500) -> int:
    """Give reminders that nothing claimed in time their final state; return how many.

    Held for longer than they were of use, or planned at a clinic that stopped sending. What
    matters goes to a person.
    """
    with transaction.atomic():
        overdue = list(
            Reminder.objects.open()
            .filter(not_after__lt=now - LATE_GRACE)
            .select_related("step", "surgery__patient__clinic")
            .order_by("not_after")
            .select_for_update(of=("self",), skip_locked=True)[:limit]
        )
        if not overdue:
            return 0
        for reminder in overdue:
            reminder.status, reminder.status_since = ReminderStatus.MISSED, now
            reminder.reason = REASONS_OF_MISSED.get(reminder.reason, reminder.reason)
        Reminder.objects.bulk_update(overdue, ["status", "status_since", "reason"])
        raise_alerts(
            not_reached(r, now=now) for r in overdue if r.is_high_priority and not _is_stopped(r)
        )
    return len(overdue)


def _is_stopped(reminder: Reminder) -> bool:
    return reminder.reason in (ReminderReason.DECEASED, ReminderReason.CARE_ENDED)
