"""The rota of one week, drawn day by day: who is on duty, and the hours in which nobody is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clinic.models import Clinic, Staff
from reminders.models import DutyShift
from reminders.rules.rota import gaps
from reminders.rules.timing import ONE_DAY, wall_clock_moment

DAYS = 7
BAR_WIDTH = 960
HUES = 6


@dataclass(frozen=True, slots=True)
class Part:
    """A shift, or hours without one, as far as it lies within a day; in the bar's own units."""

    shift: DutyShift | None
    x: float
    width: float
    lane: int
    hours: str
    hue: int = 0
    may_end: bool = False
    is_over: bool = False

    @property
    def y(self) -> int:
        return self.lane * 14


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the week."""

    day: date
    is_today: bool
    parts: tuple[Part, ...]
    lanes: int
    now_x: float | None

    @property
    def height(self) -> int:
        return self.lanes * 14

    @property
    def has_gap(self) -> bool:
        return any(part.shift is None and not part.is_over for part in self.parts)


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from a Monday on, with the weeks beside it."""

    days: tuple[Day, ...]
    before: date
    after: date
    gaps: int

    @property
    def first(self) -> date:
        return self.days[0].day

    @property
    def last(self) -> date:
        return self.days[-1].day


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def week_of(clinic: Clinic, *, monday: date, now: datetime) -> Week:
    """Return the week that begins on this Monday, on the clinic's wall; one query."""
    start = wall_clock_moment(monday, time(0), tz=clinic.tz)
    end = wall_clock_moment(monday + DAYS * ONE_DAY, time(0), tz=clinic.tz)
    rows = DutyShift.objects.filter(clinic=clinic, ends_at__gt=start, starts_at__lt=end)
    shifts = list(rows.select_related("staff").order_by("starts_at", "pk"))
    hues = {pk: place % HUES + 1 for place, pk in enumerate(sorted({s.staff_id for s in shifts}))}
    days = tuple(
        _day(monday + place * ONE_DAY, shifts, hues, tz=clinic.tz, now=now) for place in range(DAYS)
    )
    return Week(
        days,
        before=monday - DAYS * ONE_DAY,
        after=monday + DAYS * ONE_DAY,
        gaps=sum(day.has_gap for day in days),
    )


def _day(
    day: date, shifts: Sequence[DutyShift], hues: dict[int, int], *, tz: ZoneInfo, now: datetime
) -> Day:
    start = wall_clock_moment(day, time(0), tz=tz)
    end = wall_clock_moment(day + ONE_DAY, time(0), tz=tz)
    own = [s for s in shifts if s.starts_at < end and s.ends_at > start]
    scale = BAR_WIDTH / (end - start).total_seconds()

    def part(begins: datetime, ends: datetime, *, lane: int, shift: DutyShift | None) -> Part:
        first, last = max(begins, start), min(ends, end)
        return Part(
            shift,
            x=round((first - start).total_seconds() * scale, 1),
            width=round((last - first).total_seconds() * scale, 1),
            lane=lane,
            hours=hours_said(begins, ends, day=day, tz=tz),
            hue=hues[shift.staff_id] if shift else 0,
            may_end=bool(shift and ends > now),
            is_over=last <= now,
        )

    lanes = _lanes(own)
    free = gaps(((s.starts_at, s.ends_at) for s in own), start=start, end=end)
    parts = [part(s.starts_at, s.ends_at, lane=lanes[s.pk], shift=s) for s in own]
    parts += [part(*span, lane=0, shift=None) for span in free]
    is_today = timezone.localdate(now, tz) == day
    return Day(
        day,
        is_today,
        tuple(sorted(parts, key=lambda each: (each.x, each.lane))),
        lanes=max(lanes.values(), default=0) + 1,
        now_x=round((now - start).total_seconds() * scale, 1) if is_today else None,
    )


def _lanes(shifts: Iterable[DutyShift]) -> dict[int, int]:
    """Put shifts that run at the same time beneath each other; shift to lane."""
    ends: list[datetime] = []
    lanes = {}
    for shift in shifts:
        free = next((n for n, until in enumerate(ends) if until <= shift.starts_at), len(ends))
        ends[free : free + 1] = [shift.ends_at]
        lanes[shift.pk] = free
    return lanes


def hours_said(begins: datetime, ends: datetime, *, day: date, tz: ZoneInfo) -> str:
    """Say a span's hours as they stand beside a day: "08:00 to 20:00", "20:00 to Wed 08:00"."""
    return _("{start} to {end}").format(
        start=_hour(begins, day=day, tz=tz), end=_hour(ends, day=day, tz=tz)
    )


def _hour(moment: datetime, *, day: date, tz: ZoneInfo) -> str:
    local = timezone.localtime(moment, tz)
    if local.date() == day + ONE_DAY and local.time() == time(0):
        return _("midnight")
    return date_format(local, "H:i" if local.date() == day else "D H:i")


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Somebody who is on duty now, and until when."""

    staff: Staff
    until: str


def on_duty_now(clinic: Clinic, *, now: datetime) -> list[OnDuty]:
    """Return who is on duty at this moment, the longest staying first."""
    today = timezone.localdate(now, clinic.tz)
    shifts = DutyShift.objects.at(now).filter(clinic=clinic).select_related("staff")
    return [
        OnDuty(shift.staff, _hour(shift.ends_at, day=today, tz=clinic.tz))
        for shift in shifts.order_by("-ends_at", "pk")
    ]
