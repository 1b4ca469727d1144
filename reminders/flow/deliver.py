"""Queued deliveries → attempts → what the provider said. Promises P2, P3 and P9.

A batch is as large as the connections that carry it, so what a crash leaves unknown is at most
what was on the wire. The calls happen outside any transaction.
"""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from functools import lru_cache

from django.conf import settings

from reminders.channels.base import Channel, Outcome, SendResult
from reminders.flow.claim import Batch, OnTheWire, claim_batch
from reminders.flow.failure import after_failure
from reminders.flow.outcomes import write_outcomes
from reminders.models.instance import sending_is_released

Clock = Callable[[], datetime]


def deliver_queued(channel: Channel, *, now: Clock, stop_at: float, only: str = "") -> int:
    """Send whatever is queued for this channel; return how many messages were put on the wire.

    `only` sends what is for this purpose and leaves the rest. `stop_at` is on the monotonic clock:
    no batch begins after it, the rest waits for the next call. Any number of workers may run this
    at once. A database that nobody released for sending sends nothing (promise P9).
    """
    sent = 0
    while time.monotonic() < stop_at and sending_is_released():
        batch = deliver_batch(channel, now=now, limit=settings.SEND_CONNECTIONS, only=only)
        sent += len(batch.sends)
        if batch.looked_at < settings.SEND_CONNECTIONS:  # nothing more is due
            break
    return sent


def deliver_batch(channel: Channel, *, now: Clock, limit: int, only: str = "") -> Batch:
    """Claim one batch, call the provider for all of it at once, and write what it said."""
    batch = claim_batch(
        channel.name,
        provider=channel.provider,
        post_timeout_seconds=channel.post_timeout_seconds,
        now=now(),
        limit=limit,
        only=only,
    )
    if batch.ended:
        after_failure([delivery.pk for delivery in batch.ended], now=now())
    calls: list[tuple[OnTheWire, Future[SendResult]]] = [
        (send, _lines().submit(_send, channel, send)) for send in batch.sends
    ]
    answers = [(part, call.result()) for send, call in calls for part in send.parts]
    if answers:
        write_outcomes(answers, now=now())
    return batch


def _send(channel: Channel, send: OnTheWire) -> SendResult:
    if time.monotonic() > send.give_up_at:
        return SendResult(Outcome.NOT_SENT, code="lease", detail="The worker was paused too long.")
    return channel.send(send.message)


@lru_cache(maxsize=1)
def _lines() -> ThreadPoolExecutor:
    """The threads of this process, each with its own kept connections."""
    return ThreadPoolExecutor(max_workers=settings.SEND_CONNECTIONS, thread_name_prefix="send")
