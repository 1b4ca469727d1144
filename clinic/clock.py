"""The one clock of the business. Only doors read it; everything behind them is told `now`.

Outside the demo it is the machine's clock. In the demo (and in the soak run, which is a demo
without people) it runs ahead by the offset kept in `DemoClock`, so that a year can pass in
minutes. Leases and time-outs never use it: they are about processes, not about patients.
"""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection

from clinic.models.demo_clock import DemoClock

AHEAD_SECONDS = "SELECT ahead_seconds FROM clinic_democlock WHERE id = %s"


def now() -> datetime:
    """Return the moment it is for the clinic, aware and in UTC."""
    return datetime.now(UTC) + demo_offset()


def demo_offset() -> timedelta:
    """Return how far the demo clock runs ahead; zero wherever real patients are."""
    if not settings.DEMO:
        return timedelta()
    with connection.cursor() as cursor:  # as it stands: the demo asks all the time
        cursor.execute(AHEAD_SECONDS, [DemoClock.ONLY])
        found = cursor.fetchone()
    return timedelta(seconds=found[0] if found else 0)


class ClockCannotMove(Exception):
    """The clock is the real one, or it was asked to run backwards."""


def move_demo_clock_to(moment: datetime) -> None:
    """Set the demo clock to `moment`. Running it twice changes nothing.

    Raises ClockCannotMove outside the demo and for a moment that has passed.
    """
    if not settings.DEMO:
        raise ClockCannotMove("Only the demo clock can be moved; DEMO is false.")
    if moment < now():
        raise ClockCannotMove(f"{moment.isoformat()} has passed; the clock only moves forward.")
    ahead = (moment - datetime.now(UTC)).total_seconds()
    if not DemoClock.objects.filter(pk=DemoClock.ONLY).update(ahead_seconds=ahead):
        DemoClock.objects.update_or_create(pk=DemoClock.ONLY, defaults={"ahead_seconds": ahead})
