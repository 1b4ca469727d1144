"""Who is told of an alert at the demo clinic: its ladder, its rota, and the notices so far."""

import time
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from datetime import time as wall_time
from typing import Any

from clinic import clock
from clinic.models import Channel, Clinic, Staff
from reminders.channels import channel
from reminders.flow.deliver import deliver_queued
from reminders.flow.ladder import climb
from reminders.flow.ladder_writing import write_ladder
from reminders.flow.rota import add_shifts
from reminders.models import (
    Delivery,
    DeliveryStatus,
    How,
    Purpose,
    Rung,
    RungHours,
    Tier,
    Whom,
)
from reminders.rules.rota import Span
from reminders.rules.timing import ONE_DAY, wall_clock_moment

NIGHT_ENDS, NIGHT_BEGINS, LEAVES_EARLY = wall_time(8), wall_time(20), wall_time(16)
DAYS_BEFORE, DAYS_AFTER = 7, 21
# Somebody leaves early then, so that the rota has a gap to see.
GAP_AFTER_DAYS = 3
SEND_SECONDS = 60.0


def put_on_duty(
    clinic: Clinic, staff: Mapping[str, Staff], *, today: datetime, now: datetime
) -> None:
    """Write the clinic's ladder, and who is on duty around `today`; `now` is when it is written."""
    write_ladder(
        clinic,
        rungs=_rungs(staff),
        repeat_minutes=10,
        raise_again_minutes=60,
        by=staff["surgeon"],
        now=now,
    )
    _write_rota(clinic, staff, first=today.astimezone(clinic.tz).date(), now=now)


def _rungs(staff: Mapping[str, Staff]) -> list[Rung]:
    emergency: dict[str, Any] = {"tiers": [Tier.EMERGENCY]}
    return [
        Rung(after_minutes=0, whom=Whom.ON_DUTY, how=How.SMS, **emergency),
        Rung(
            after_minutes=10, whom=Whom.PERSON, staff=staff["surgeon"], how=How.SMS, **emergency
        ),
        Rung(
            after_minutes=20,
            whom=Whom.ADDRESS,
            label="Hospital switchboard, ask for the spinal surgeon on call",
            address="020 7946 0109",
            how=How.PHONE,
            **emergency,
        ),
        Rung(
            after_minutes=30, whom=Whom.ROLE, role="nurse", how=How.EMAIL,
            hours=RungHours.STAFFED, tiers=[Tier.SAME_DAY],
        ),
    ]  # fmt: skip


def _write_rota(clinic: Clinic, staff: Mapping[str, Staff], *, first: date, now: datetime) -> None:
    """Write the rota: days are the physiotherapist's, nights the nurse's."""
    days = [first + place * ONE_DAY for place in range(-DAYS_BEFORE, DAYS_AFTER)]
    early = first + GAP_AFTER_DAYS * ONE_DAY
    by_day = [
        _span(clinic, day, NIGHT_ENDS, LEAVES_EARLY if day == early else NIGHT_BEGINS)
        for day in days
    ]
    by_night = [_span(clinic, day, NIGHT_BEGINS, NIGHT_ENDS, nights=1) for day in days]
    for name, spans in (("physio", by_day), ("nurse", by_night)):
        add_shifts(clinic, staff=staff[name], spans=spans, by=staff["surgeon"], now=now)


def _span(clinic: Clinic, day: date, start: wall_time, end: wall_time, *, nights: int = 0) -> Span:
    ends_on = day + timedelta(days=nights)
    return (
        wall_clock_moment(day, start, tz=clinic.tz),
        wall_clock_moment(ends_on, end, tz=clinic.tz),
    )


def tell_staff() -> None:
    """What the workers do about alerts, done here and now: climb, and send the notices."""
    climb(now=clock.now())
    if not Delivery.objects.filter(purpose=Purpose.NOTICE, status=DeliveryStatus.QUEUED).exists():
        return
    stop_at = time.monotonic() + SEND_SECONDS
    for name in Channel:
        deliver_queued(channel(name), now=clock.now, stop_at=stop_at, only=Purpose.NOTICE)
