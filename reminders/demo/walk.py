"""The demo clock's walk: from one moment at which something is due to the next, never past one.

So a whole recovery unfolds in minutes through the real planner, workers and channels, and no
message is late only because the clock jumped over it.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from datetime import time as wall_time
from typing import NamedTuple

from django.db import connection
from django.db.models import Exists

from clinic import clock
from clinic.models import Clinic, DemoClock, Surgery
from reminders.flow.rescue import LATE_GRACE
from reminders.flow.silence import next_silence
from reminders.models import (
    Alert,
    AlertStatus,
    AlertStep,
    AlertStepStatus,
    Delivery,
    DeliveryStatus,
    Reminder,
    ReminderStatus,
)
from reminders.rules.timing import ONE_DAY, wall_clock_moment
from reminders.tasks import ring

# Late enough for the morning's messages to have come.
MORNING = wall_time(10, 15)
# The clinic is closed, and only the ladder of an alert still tells anybody.
NIGHT = wall_time(22, 40)
WALK_LOCK = 7_420_001  # one walker at a time, by an advisory lock of PostgreSQL
DRAIN_SECONDS = 20.0
POLL_SECONDS = 0.1


def next_morning(clinic: Clinic, *, now: datetime) -> datetime:
    """Return tomorrow at a quarter past ten, on the clinic's wall."""
    tomorrow = now.astimezone(clinic.tz).date() + timedelta(days=1)
    return wall_clock_moment(tomorrow, MORNING, tz=clinic.tz)


def tonight(clinic: Clinic, *, now: datetime) -> datetime:
    """Return when it is next twenty to eleven at night, on the clinic's wall."""
    today = now.astimezone(clinic.tz).date()
    night = wall_clock_moment(today, NIGHT, tz=clinic.tz)
    return night if night > now else wall_clock_moment(today + ONE_DAY, NIGHT, tz=clinic.tz)


def in_ten_minutes(clinic: Clinic, *, now: datetime) -> datetime:
    """Return the moment ten minutes on: an alert that nobody takes has climbed by then."""
    return now + timedelta(minutes=10)


WAYS = {"morning": next_morning, "night": tonight, "minutes": in_ten_minutes}


def start_walk(*, now: datetime, way: str = "morning") -> datetime:
    """Ask the workers to walk on, by one of WAYS; return where to. Pressed twice, it is once."""
    row, _ = DemoClock.objects.get_or_create(pk=DemoClock.ONLY)
    if row.walking_to is None or row.walking_to <= now:
        clinic = Clinic.objects.order_by("pk").first()
        if clinic is None:
            raise clock.ClockCannotMove("There is no clinic yet. Run `manage.py seed_demo`.")
        row.walking_to = WAYS.get(way, next_morning)(clinic, now=now)
        row.save(update_fields=["walking_to"])
    ring("demo.walk")
    return row.walking_to


def walk(*, until: datetime, drain: Callable[[], None], stop_at: float, stride: timedelta) -> bool:
    """Move the clock to `until`, draining now and at each moment at which something is due.

    Moments closer together than `stride` are taken as one, the later. `stop_at` is on the
    monotonic clock. Returns True once all that is due at `until` is done; False when the time is
    up before, and at once for a second walker.
    """
    with only_walker() as alone:
        if not alone:
            return False
        drain()  # what is not planned yet could be due first
        while (now := clock.now()) < until:
            if time.monotonic() >= stop_at:
                return False
            clock.move_demo_clock_to(next_moment(now, until=until, stride=stride))
            drain()
        return True


def next_moment(now: datetime, *, until: datetime, stride: timedelta) -> datetime:
    """Return when something is due next, and `until` if that comes first."""
    firsts = (first_due(now), next_silence(now=now))
    first = min((found for found in firsts if found is not None), default=until)
    if first >= until:
        return until
    return min(max(first, now + stride), until)


def first_due(now: datetime) -> datetime | None:
    """Return when a reminder, a message or a step of an alert is due next, but for silence."""
    reminder = (
        Reminder.objects.filter(status=ReminderStatus.PLANNED, due_at__gt=now)
        .order_by("due_at")
        .values_list("due_at", flat=True)
    )
    delivery = (
        Delivery.objects.filter(status=DeliveryStatus.QUEUED, next_try_at__gt=now)
        .order_by("next_try_at")
        .values_list("next_try_at", flat=True)
    )
    # A repeat is not waited for: an alert that nobody takes would stop the walk all night.
    step = (
        AlertStep.objects.filter(status=AlertStepStatus.WAITING, due_at__gt=now, repeat=0)
        .order_by("due_at")
        .values_list("due_at", flat=True)
    )
    firsts = (reminder.first(), delivery.first(), step.first())
    return min((found for found in firsts if found is not None), default=None)


class Work(NamedTuple):
    """What there is to do at a moment, by the task that does it."""

    plan: bool
    dispatch: bool
    rescue: bool
    climb: bool
    climb_again: bool
    deliver: bool


def work_at(now: datetime) -> Work:
    """Return what is stale, due, overdue, to be climbed or queued; one question for all of it."""
    steps = AlertStep.objects.filter(status=AlertStepStatus.WAITING, due_at__lte=now)
    queued = Delivery.objects.filter(status=DeliveryStatus.QUEUED, next_try_at__lte=now)
    forgotten = Alert.objects.filter(status=AlertStatus.ACKNOWLEDGED, raise_again_at__lte=now)
    everything = (
        Exists(Surgery.objects.stale()),
        Exists(Reminder.objects.due(now)),
        Exists(Reminder.objects.open().filter(not_after__lt=now - LATE_GRACE)),
        Exists(steps),
        Exists(forgotten),
        Exists(queued),
    )
    # Hung on a table that has a row wherever there is work at all.
    row = Clinic.objects.order_by().values_list(*everything).first()
    return Work(*row) if row else Work(*(False for _ in everything))


def wait_for_workers(*, seconds: float = DRAIN_SECONDS) -> None:
    """Ring and wait until the workers have nothing left that is due, or for so many seconds."""
    work = work_at(clock.now())
    if work.rescue:
        ring("reminders.rescue")
    if work.climb or work.climb_again:
        ring("reminders.climb")
    # A plan rings for dispatch itself.
    ring("reminders.plan" if work.plan else "reminders.dispatch")
    ring("reminders.silence")
    give_up = time.monotonic() + seconds
    while not is_drained(clock.now()) and time.monotonic() < give_up:
        time.sleep(POLL_SECONDS)


def is_drained(now: datetime) -> bool:
    """True when nothing is stale, due, overdue, queued for now or on the wire."""
    sending = Delivery.objects.filter(status=DeliveryStatus.SENDING)
    return not any(work_at(now)) and not sending.exists()


@contextmanager
def only_walker() -> Iterator[bool]:
    """Say whether nobody else walks, and keep it so."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [WALK_LOCK])
        row = cursor.fetchone()
        got = bool(row and row[0])
        try:
            yield got
        finally:
            if got:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [WALK_LOCK])
