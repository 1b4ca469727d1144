"""Today's messages by hour of the clinic's day: gone out, and still to come."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import ExtractHour
from django.utils import timezone

from clinic.access import visible_to
from clinic.models import Staff
from reminders.models import Audience, Delivery, Purpose, Reminder, ReminderStatus

CHART_HEIGHT = 72
BAR_STEP, BAR_WIDTH = 26, 18
# The hours that the chart always shows; it grows when something lies outside.
FIRST_HOUR, LAST_HOUR = 8, 19


@dataclass(frozen=True, slots=True)
class Bar:
    """One hour of the chart, in the units of its drawing."""

    hour: int
    gone: int
    coming: int
    x: int
    gone_height: int
    coming_height: int

    @property
    def gone_y(self) -> int:
        return CHART_HEIGHT - self.gone_height

    @property
    def coming_y(self) -> int:
        return self.gone_y - self.coming_height

    @property
    def label_x(self) -> float:
        return self.x + BAR_WIDTH / 2

    @property
    def has_label(self) -> bool:
        return self.hour % 3 == 0


@dataclass(frozen=True, slots=True)
class Hours:
    """The chart of one day. Messages are counted once, by whichever channel they go."""

    bars: tuple[Bar, ...]
    gone: int
    coming: int
    now_x: float

    @property
    def width(self) -> int:
        return len(self.bars) * BAR_STEP

    height: int = CHART_HEIGHT


def hours_of(staff: Staff, *, now: datetime) -> Hours:
    """Count what this person's clinic sends today; reads one day from two indexes."""
    tz = staff.clinic.tz if staff.clinic else ZoneInfo("UTC")
    today = timezone.localdate(now, tz)
    start = datetime.combine(today, time(0), tzinfo=tz).astimezone(UTC)
    end = datetime.combine(today + timedelta(days=1), time(0), tzinfo=tz).astimezone(UTC)
    gone = _by_hour(_gone(staff, start, end), "queued_at", tz)
    coming = _by_hour(_coming(staff, start, end), "due_at", tz)
    return _drawn(gone, coming, now=timezone.localtime(now, tz))


def _gone(staff: Staff, start: datetime, end: datetime) -> "QuerySet[Delivery]":
    deliveries = Delivery.objects.filter(
        queued_at__gte=start, queued_at__lt=end, purpose=Purpose.REMINDER
    )
    return visible_to(staff, deliveries).order_by()


def _coming(staff: Staff, start: datetime, end: datetime) -> "QuerySet[Reminder]":
    # each priority by itself: then the index of planned reminders is read for one day only
    day = Q(due_at__gte=start, due_at__lt=end)
    reminders = Reminder.objects.filter(
        Q(day, is_high_priority=True) | Q(day, is_high_priority=False),
        status=ReminderStatus.PLANNED,
        step__audience__in=(Audience.PATIENT, Audience.CARER),
    )
    return visible_to(staff, reminders).order_by()


def _by_hour(
    rows: "QuerySet[Delivery] | QuerySet[Reminder]", field: str, tz: ZoneInfo
) -> Counter[int]:
    hours = rows.values_list(ExtractHour(field, tzinfo=tz)).annotate(
        Count("reminder" if field == "queued_at" else "pk", distinct=True)
    )
    return Counter({int(hour): count for hour, count in hours})


def _drawn(gone: Counter[int], coming: Counter[int], *, now: datetime) -> Hours:
    used = [*gone, *coming, FIRST_HOUR, LAST_HOUR]
    hours = range(min(used), max(used) + 1)
    highest = max((gone[hour] + coming[hour] for hour in hours), default=0) or 1
    bars = tuple(
        Bar(
            hour=hour,
            gone=gone[hour],
            coming=coming[hour],
            x=place * BAR_STEP + (BAR_STEP - BAR_WIDTH) // 2,
            gone_height=round(gone[hour] / highest * CHART_HEIGHT),
            coming_height=round(coming[hour] / highest * CHART_HEIGHT),
        )
        for place, hour in enumerate(hours)
    )
    now_x = (now.hour + now.minute / 60 - hours.start) * BAR_STEP
    return Hours(bars, gone.total(), coming.total(), max(0.0, min(now_x, len(hours) * BAR_STEP)))
