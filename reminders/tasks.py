"""Celery's door: read the clock, call one flow function. No ids, no logic, no Celery retries.

Each task may be lost, late or doubled without harm: the rows are the queue, and the next ring
comes within seconds.
"""

import logging
import time

from celery import shared_task
from django.conf import settings
from django.db import transaction

from clinic import clock
from clinic.celery import app
from clinic.sessions import forget_ended_sessions
from reminders.channels import channel
from reminders.flow import ladder, watch
from reminders.flow.bulk import do_agreed
from reminders.flow.deliver import deliver_queued
from reminders.flow.dispatch import dispatch_due
from reminders.flow.emergency import end_what_ran_out, tell_of_emergencies
from reminders.flow.exports import tell_of_exports
from reminders.flow.figures import count_recent
from reminders.flow.governance import review_reminders
from reminders.flow.pauses import end_due_holds
from reminders.flow.plan import plan_stale
from reminders.flow.receipts import apply_receipts
from reminders.flow.replies import read_replies
from reminders.flow.rescue import end_leases, look_up_unknown, miss_overdue
from reminders.flow.sign_in_notices import tell_of_sign_ins
from reminders.flow.silence import see_to_silence
from reminders.models import Purpose

logger = logging.getLogger(__name__)

CHANNELS = ("sms", "email")
# A drain gives its place to the others after this long; the next ring goes on.
DRAIN_SECONDS = 40.0
# Looking up shares its workers with the replies of patients; the next ring goes on.
LOOK_UP_SECONDS = 10.0
CLIMB_SECONDS = 8.0
RECEIPTS_AT_ONCE = 200
REPLIES_AT_ONCE = 100


def ring(task_name: str, **keywords: str) -> None:
    """Ring a doorbell once the transaction is committed. Never fails: the next tick rings too."""
    transaction.on_commit(lambda: ring_now(task_name, **keywords), robust=True)


def ring_now(task_name: str, **keywords: str) -> None:
    """Ring for what is committed already; asks the database nothing, and never fails either."""
    try:
        app.send_task(task_name, kwargs=keywords, expires=60, retry=False)
    except Exception as error:  # noqa: BLE001 - a hint only: a broker that is down must not fail a request
        logger.warning("doorbell %s did not ring: %s", task_name, type(error).__name__)


@shared_task(name="reminders.plan", expires=5)
def plan() -> int:
    """Every 5 s and after each change: plan whatever is stale. Returns how many were planned."""
    planned = 0
    while count := plan_stale(now=clock.now(), limit=settings.SURGERIES_PER_PLAN):
        planned += count
    if planned:
        ring("reminders.dispatch")
    return planned


@shared_task(name="reminders.holds", expires=300)
def holds() -> int:
    """Every 5 min: end the holds that end by themselves today. Returns how many."""
    ended = end_due_holds(now=clock.now())
    if ended:
        ring("reminders.plan")
    return ended


@shared_task(name="reminders.dispatch", expires=10)
def dispatch() -> int:
    """Every 10 s and after each plan: claim whatever is due. Returns how many were claimed."""
    claimed = dispatch_due(now=clock.now(), batch=settings.REMINDERS_PER_CLAIM)
    if claimed:
        ring("reminders.climb")
        for name in CHANNELS:
            ring("reminders.deliver", channel_name=name)
    return claimed


@shared_task(name="reminders.deliver", expires=60)
def deliver(channel_name: str = "") -> int:
    """Every 10 s and after each dispatch: send what is queued, by one channel or by all."""
    names = (channel_name,) if channel_name else CHANNELS
    stop_at = time.monotonic() + DRAIN_SECONDS
    return sum(deliver_queued(channel(name), now=clock.now, stop_at=stop_at) for name in names)


@shared_task(name="reminders.receipts", expires=3)
def receipts() -> int:
    """Every 3 s: apply what providers reported. Returns how many reports."""
    applied = 0
    while count := apply_receipts(now=clock.now(), limit=RECEIPTS_AT_ONCE):
        applied += count
    return applied


@shared_task(name="reminders.replies", expires=10)
def replies() -> int:
    """Every 10 s and after each message: read what patients wrote, then send the answers."""
    read = read_replies(now=clock.now(), limit=REPLIES_AT_ONCE)
    if read:
        ring("reminders.climb")
        ring("reminders.deliver", channel_name="sms")
    return read


@shared_task(name="reminders.climb", expires=10)
def climb() -> int:
    """Every 10 s and after each new alert: take the steps that are due, and tell staff at once.

    Sends the notices itself, so that they wait behind no other message. Returns how many steps.
    """
    stop_at = time.monotonic() + CLIMB_SECONDS
    steps = ladder.climb(now=clock.now(), stop_at=stop_at)
    for name in CHANNELS:
        deliver_queued(channel(name), now=clock.now, stop_at=stop_at, only=Purpose.NOTICE)
    return steps


@shared_task(name="reminders.rescue", expires=15)
def rescue() -> int:
    """Every 15 s: see to whatever stopped moving. Returns how many rows it moved."""
    moved = end_leases() + miss_overdue(now=clock.now()) + ladder.start_missing(now=clock.now())
    stop_at = time.monotonic() + LOOK_UP_SECONDS
    return moved + sum(
        look_up_unknown(channel(name), now=clock.now(), stop_at=stop_at) for name in CHANNELS
    )


@shared_task(name="reminders.silence", expires=60)
def silence() -> int:
    """Every minute: ask again what has no answer, and have silent patients called."""
    seen_to = see_to_silence(now=clock.now())
    if seen_to:
        ring("reminders.deliver")
    return seen_to


@shared_task(name="reminders.review", expires=3600)
def review() -> int:
    """Every hour: tell clinics, once a day each, which content is due for review."""
    return review_reminders(now=clock.now())


@shared_task(name="reminders.bulk", expires=10)
def bulk() -> int:
    """Every 10 s and after each yes: do what was agreed to, row by row. Returns how many rows."""
    stop_at = time.monotonic() + DRAIN_SECONDS
    done = do_agreed(now=clock.now, stop=lambda: time.monotonic() > stop_at)
    if done:
        ring("reminders.dispatch")
    return done


@shared_task(name="reminders.figures", expires=300)
def figures() -> int:
    """Every five minutes: count the messages of the last days again. Returns how many rows."""
    return count_recent(now=clock.now())


@shared_task(name="reminders.watch", expires=60)
def look_whether_sending_has_stopped() -> bool:
    """Every minute: tell the clinics by mail, past our own queue, when sending has stopped.

    Tells in the same way which files with names have left, whose way to sign in has changed, and
    who has opened a patient in an emergency.
    """
    is_told = watch.tell_when_stuck(now=clock.now())  # first: the others must not hold it up
    tell_of_exports(now=clock.now())
    tell_of_sign_ins(now=clock.now())
    end_what_ran_out(now=clock.now())
    tell_of_emergencies(now=clock.now())
    return is_told


@shared_task(name="reminders.forget", expires=3600)
def forget() -> int:
    """Every hour: forget the panel's sessions that have ended. Returns how many."""
    return forget_ended_sessions()
