"""A clinic and a moment → whether somebody is there, and when somebody is there next."""

from datetime import datetime, timedelta

from django.utils import timezone

from clinic.models import Clinic, Closure
from reminders.flow.record import workday_rule
from reminders.rules.timing import wall_clock_moment

LOOKS_AHEAD_DAYS = 31


def next_open(clinic: Clinic, *, now: datetime) -> datetime | None:
    """Return `now` while the clinic is open, else its next opening; None when there is none soon.

    Its hours on its working days, less the public holidays and its own closures.
    """
    is_workday = workday_rule(clinic, list(Closure.objects.filter(clinic=clinic)))
    today = timezone.localdate(now, clinic.tz)
    for ahead in range(LOOKS_AHEAD_DAYS):
        day = today + timedelta(days=ahead)
        if not is_workday(day):
            continue
        opens = wall_clock_moment(day, clinic.opens_at, tz=clinic.tz)
        closes = wall_clock_moment(day, clinic.closes_at, tz=clinic.tz)
        if now < closes:
            return max(opens, now)
    return None
