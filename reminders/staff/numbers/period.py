"""Which days a page of numbers is about, and what it is narrowed to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from clinic.models import Channel, Clinic
from reminders.models import Pathway

WEEKS_OFFERED = (4, 12, 26, 52)
WEEKS_SHOWN = 12
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Local days of the clinic, both ends included."""

    first: date
    last: date
    pathway: Pathway | None = None
    channel: str = ""

    @property
    def weeks(self) -> list[date]:
        """The Mondays of the weeks that these days touch."""
        monday, weeks = self.first - timedelta(days=self.first.weekday()), []
        while monday <= self.last:
            weeks.append(monday)
            monday += timedelta(weeks=1)
        return weeks


def last_weeks(clinic: Clinic, asked: Mapping[str, str], *, today: date) -> Period:
    """Return the last whole weeks and the one that runs, as the page's address asks for them."""
    told = asked.get("weeks", "")
    count = int(told) if told.isdecimal() and int(told) in WEEKS_OFFERED else WEEKS_SHOWN
    monday = today - timedelta(days=today.weekday())
    return Period(
        first=monday - timedelta(weeks=count - 1),
        last=today,
        pathway=_pathway(clinic, asked.get("pathway", "")),
        channel=asked.get("channel", "") if asked.get("channel") in Channel else "",
    )


def _pathway(clinic: Clinic, told: str) -> Pathway | None:
    if not told.isdecimal():
        return None
    return Pathway.objects.filter(clinic=clinic, pk=told).first()


def month_of(asked: str, *, today: date) -> Period:
    """Return the month that is asked for as 2026-03; the last whole one for anything else."""
    try:
        first = date.fromisoformat(f"{asked}-01")
    except ValueError:
        first = date.max
    if first > today:
        first = (today.replace(day=1) - ONE_DAY).replace(day=1)
    next_month = (first + timedelta(days=31)).replace(day=1)
    return Period(first=first, last=min(next_month - ONE_DAY, today))
