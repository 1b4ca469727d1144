"""The weeks behind the demo clinic → the messages that they brought.

Nothing is written by hand: the demo clock walks from one moment at which something is due to the
next, and each stage that has something to do is done by the code of production, here and now.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as wall_time
from functools import partial

from clinic import clock
from clinic.models import Channel, Clinic, DemoClock, HoldKind, Patient, Staff, Surgery
from reminders.channels import channel
from reminders.channels.base import DeliveryNews, StatusEvent
from reminders.demo.answering import answer_check_ins, write
from reminders.demo.calls import log_calls
from reminders.demo.cast import PATIENTS
from reminders.demo.duty import tell_staff
from reminders.demo.walk import first_due, only_walker, work_at
from reminders.flow.alerts import close
from reminders.flow.deliver import deliver_queued
from reminders.flow.dispatch import dispatch_due
from reminders.flow.pauses import NewHold, begin_hold
from reminders.flow.plan import plan_stale
from reminders.flow.receipts import apply_receipts, store_receipt
from reminders.flow.rescue import miss_overdue
from reminders.flow.silence import next_silence, see_to_silence
from reminders.models import (
    Alert,
    AlertStatus,
    Attempt,
    AttemptStatus,
    Delivery,
    DeliveryStatus,
)

OPEN_ALERT_DAYS = 3
DRAIN_SECONDS = 60.0
# Through the days that a visitor reads hour by hour, what is due goes out when it is due, or so
# long after what went before. In the weeks before them a morning's messages go out together.
STRIDE, LONG_STRIDE = timedelta(minutes=45), timedelta(hours=3)
READ_CLOSELY = timedelta(days=7)
# From then on a day's check-in is answered; before it would be asked again.
LUNCH = wall_time(12, 30)
# What patients wrote, by record number: how many hours ago, and the words.
WROTE = (
    ("D-0006", 20, "Is it normal that my foot tingles a bit in the evening?"),
    ("D-0001", 5, "Thank you"),
)


def walk_to_today(clinic: Clinic) -> None:
    """Walk to the real moment; nothing is left to do once the demo clock has got there.

    Broken off at any moment, it is picked up by the next call. A second walker does nothing.
    """
    with only_walker() as alone:
        if not alone or clock.demo_offset() >= timedelta():  # the present has begun
            return
        behind = _Behind(clinic, now=clock.now())
        behind.see_to_everything()  # what is not planned yet could be due first
        for moment, act in _stops(clinic, today=datetime.now(UTC)):
            if behind.walk(until=moment):
                act()
                behind.see_to_everything()
        behind.walk(until=datetime.now(UTC))
        _start_the_present(clinic)
        behind.see_to_everything()


def _stops(clinic: Clinic, *, today: datetime) -> list[tuple[datetime, Callable[[], None]]]:
    """Where the walk stops for what patients write of their own accord."""
    stops: list[tuple[datetime, Callable[[], None]]] = []
    for record_number, hours_ago, words in WROTE:
        patient = Patient.objects.get(clinic=clinic, record_number=record_number)
        stops.append((today - timedelta(hours=hours_ago), partial(write, patient, words)))
    return sorted(stops, key=lambda stop: stop[0])


@dataclass(slots=True)
class _Behind:
    """The clinic at one moment of the weeks behind; only this walk moves its clock."""

    clinic: Clinic
    now: datetime
    silence_at: datetime | None = None  # when a question that has no answer is seen to next

    def walk(self, *, until: datetime) -> bool:
        """Walk to a moment that may have passed already; True when the clock moved."""
        if self.now >= until:
            return False
        while self.now < until:
            self.now = self._next_moment(until=until)
            clock.move_demo_clock_to(self.now)
            self.see_to_everything()
        return True

    def _next_moment(self, *, until: datetime) -> datetime:
        firsts = (first_due(self.now), self.silence_at)
        first = min((moment for moment in firsts if moment is not None), default=until)
        is_read = first > datetime.now(UTC) - READ_CLOSELY
        return min(max(first, self.now + STRIDE) if is_read else first + LONG_STRIDE, until)

    def see_to_everything(self) -> None:
        """What the workers do: plan, claim, send, climb, and hear what arrived."""
        moved = self._answers()
        work = work_at(self.now)
        while work.plan and plan_stale(now=self.now, limit=100):
            pass
        if work.rescue:
            miss_overdue(now=self.now)
        if work.climb or work.climb_again:
            tell_staff()
        if self.silence_at and self.silence_at <= self.now:
            moved += see_to_silence(now=self.now) + 1  # seen to or answered, there is a next one
        moved += dispatch_due(now=self.now, batch=100) if work.plan or work.dispatch else 0
        if moved or work.deliver:
            self._send()
            self.silence_at = next_silence(now=self.now)

    def _answers(self) -> int:
        local = self.now.astimezone(self.clinic.tz)
        return answer_check_ins(self.clinic, now=self.now) if local.time() >= LUNCH else 0

    def _send(self) -> None:
        queued = Delivery.objects.filter(
            status=DeliveryStatus.QUEUED, next_try_at__lte=self.now
        ).values_list("channel", flat=True)
        stop_at = time.monotonic() + DRAIN_SECONDS
        for name in sorted(set(queued)):
            deliver_queued(channel(name), now=lambda: self.now, stop_at=stop_at)
        for attempt in Attempt.objects.filter(
            status=AttemptStatus.ACCEPTED,
            delivery__channel=Channel.SMS,
            delivery__status=DeliveryStatus.ACCEPTED,
        ):
            store_receipt(_arrived(attempt), now=self.now)
        apply_receipts(now=self.now, limit=1_000)


def _arrived(attempt: Attempt) -> StatusEvent:
    """The report that the stand-in would send if our web server were up already."""
    return StatusEvent(
        provider=attempt.provider,
        event_key=f"{attempt.provider_id}:delivered",
        provider_id=attempt.provider_id,
        reference=attempt.pk,
        status=DeliveryNews.DELIVERED,
        code="",
        raw={"MessageStatus": "delivered", "MessageSid": attempt.provider_id},
    )


def _start_the_present(clinic: Clinic) -> None:
    DemoClock.objects.filter(pk=DemoClock.ONLY).update(ahead_seconds=0)
    _tidy_up(clinic)
    nurse = Staff.objects.get(clinic=clinic, username="nurse")
    log_calls(clinic, by=nurse, now=clock.now())
    for character in PATIENTS:
        if character.hold_reason:
            surgery = Surgery.objects.get(
                patient__clinic=clinic, patient__record_number=character.record_number
            )
            hold = NewHold(HoldKind.HOSPITAL, character.hold_reason)
            begin_hold(surgery, hold, by=nurse, now=clock.now())


def _tidy_up(clinic: Clinic) -> None:
    """The ward has done most of what it was asked to do: only the last days' tasks are open."""
    nurse = Staff.objects.get(clinic=clinic, username="nurse")
    old = Alert.objects.filter(
        clinic=clinic, opened_at__lt=clock.now() - timedelta(days=OPEN_ALERT_DAYS)
    ).exclude(status=AlertStatus.CLOSED)
    for alert in old:
        close(alert.pk, by=nurse, outcome="Done on the ward.", now=clock.now())
