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
    """The clock is the real one, or there is nowhere that it could go."""


def move_demo_clock_to(moment: datetime) -> None:
    """Move the demo clock on to `moment`. Running it twice changes nothing.

    It only moves forward: it runs while a walker looks for the moment that comes next, and one
    that has passed by then changes nothing. Raises ClockCannotMove outside the demo.
    """
    if not settings.DEMO:
        raise ClockCannotMove("Only the demo clock can be moved; DEMO is false.")
    ahead = (moment - datetime.now(UTC)).total_seconds()
    behind = DemoClock.objects.filter(pk=DemoClock.ONLY, ahead_seconds__lt=ahead)
    if not behind.update(ahead_seconds=ahead):
        DemoClock.objects.get_or_create(pk=DemoClock.ONLY, defaults={"ahead_seconds": ahead})
