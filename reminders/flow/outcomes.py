"""Answers of a provider → the states of attempts and deliveries: T2 of a send.

Every write is guarded by the attempt's number, so an echo, a late answer or a worker that lost
its lease cannot overwrite what was learned since.
"""

import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction

from reminders.channels.base import Outcome, SendResult
from reminders.flow.claim import OnTheWire
from reminders.flow.failure import after_failure, mirror_refusals
from reminders.models import Attempt, AttemptStatus, Delivery, DeliveryReason, DeliveryStatus

ATTEMPT_STATUS = {
    Outcome.ACCEPTED: AttemptStatus.ACCEPTED,
    Outcome.NOT_SENT: AttemptStatus.NOT_SENT,
    Outcome.REFUSED: AttemptStatus.REFUSED,
    Outcome.UNKNOWN: AttemptStatus.UNKNOWN,
}
# A lease may have run out before a definite answer was written; the answer still counts.
STILL_OPEN = (DeliveryStatus.SENDING, DeliveryStatus.UNKNOWN)
LONGEST_DETAIL = 300


def write_outcomes(answers: Iterable[tuple[OnTheWire, SendResult]], *, now: datetime) -> None:
    """Write what came of a batch of sends, then do what failures ask for. Twice is once."""
    failed: list[int] = []
    answers = list(answers)
    with transaction.atomic():
        for send, result in answers:
            _write_attempt(send.attempt, result)
            if _write_delivery(send.delivery, result, now=now) in FAILED:
                failed.append(send.delivery.pk)
        mirror_refusals([(send.delivery, result) for send, result in answers], now=now)
        after_failure(failed, now=now)


FAILED = frozenset({DeliveryStatus.REFUSED, DeliveryStatus.EXPIRED})


def _write_attempt(attempt: Attempt, result: SendResult) -> None:
    ended = datetime.now(UTC)
    unknown = result.outcome is Outcome.UNKNOWN
    Attempt.objects.filter(
        pk=attempt.pk, status__in=(AttemptStatus.STARTED, AttemptStatus.UNKNOWN)
    ).update(
        status=ATTEMPT_STATUS[result.outcome],
        provider_id=result.provider_id,
        code=result.code[:60],
        detail=result.detail[:LONGEST_DETAIL],
        ended_at=ended,
        look_up_at=ended + settings.UNKNOWN_LOOK_UP_AFTER if unknown else None,
    )


def _write_delivery(delivery: Delivery, result: SendResult, *, now: datetime) -> str:
    """Move the delivery on, unless it has moved already; return the status that was meant."""
    changes = delivery_changes(delivery, result, now=now)
    moved = Delivery.objects.filter(
        pk=delivery.pk, attempts_made=delivery.attempts_made, status__in=STILL_OPEN
    ).update(status_since=now, **changes)
    return str(changes["status"]) if moved else ""


def delivery_changes(delivery: Delivery, result: SendResult, *, now: datetime) -> dict[str, object]:
    """Return the columns that a result changes on its delivery."""
    code = result.code[:60]
    match result.outcome:
        case Outcome.ACCEPTED:
            return {
                "status": DeliveryStatus.ACCEPTED,
                "segments": result.segments or delivery.segments,
                "failure_reason": "",
                "failure_code": "",
            }
        case Outcome.REFUSED:
            return {
                "status": DeliveryStatus.REFUSED,
                "failure_reason": refusal_reason(result),
                "failure_code": code,
            }
        case Outcome.UNKNOWN:
            return {
                "status": DeliveryStatus.UNKNOWN,
                "failure_reason": DeliveryReason.ANSWER_LOST,
                "failure_code": code,
            }
        case Outcome.NOT_SENT:
            return _retry(delivery, result, now=now)
    raise AssertionError(result.outcome)


def refusal_reason(result: SendResult) -> str:
    """Return the reason that staff read for a refusal."""
    if result.blocked:
        return DeliveryReason.OPTED_OUT
    return DeliveryReason.BAD_ADDRESS if result.bad_address else DeliveryReason.REFUSED


def _retry(delivery: Delivery, result: SendResult, *, now: datetime) -> dict[str, object]:
    next_try = now + retry_wait(delivery.attempts_made, result.retry_after_seconds)
    if next_try > delivery.not_after:
        return {
            "status": DeliveryStatus.EXPIRED,
            "failure_reason": DeliveryReason.TOO_LATE,
            "failure_code": result.code[:60],
        }
    return {
        "status": DeliveryStatus.QUEUED,
        "next_try_at": next_try,
        "failure_code": result.code[:60],
    }


def retry_wait(attempts_made: int, retry_after_seconds: int | None) -> timedelta:
    """Return how long to wait: doubling, spread, and never less than was asked for."""
    steps = min(max(attempts_made - 1, 0), 10)
    longest: timedelta = min(settings.RETRY_AFTER * 2**steps, settings.RETRY_AFTER_AT_MOST)
    spread = longest * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, guards nothing
    return max(spread, timedelta(seconds=retry_after_seconds or 0))
