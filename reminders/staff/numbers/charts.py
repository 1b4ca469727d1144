"""Numbers by week as drawings, each with the table that says the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clinic.models import Channel, Clinic
from reminders.models import DayFigures
from reminders.rules.shares import FEWEST
from reminders.rules.week_bars import Bars, week_bars
from reminders.staff.numbers import reading
from reminders.staff.numbers.period import Period

AN_HOUR = timedelta(hours=1)
TWO_DAYS = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing by week with the table that says the same."""

    title: str
    names: tuple[str, ...]
    bars: Bars
    rows: tuple[tuple[date, tuple[str, ...]], ...]
    meaning: str


def number(value: int) -> str:
    return str(intcomma(value))


def took(time: timedelta | None) -> str:
    """Say how long something took, in one unit."""
    if time is None:
        return "–"
    if time < AN_HOUR:
        return _("{number} min").format(number=round(time.total_seconds() / 60))
    if time < TWO_DAYS:
        return _("{number} h").format(number=round(time.total_seconds() / 3600))
    return _("{number} days").format(number=round(time.total_seconds() / 86_400))


def charts_of(clinic: Clinic, period: Period, rows: "QuerySet[DayFigures]") -> list[Chart]:
    weeks, by_week = period.weeks, reading.by_week(rows)
    texts = reading.by_week(rows.filter(channel=Channel.SMS))
    mails = reading.by_week(rows.filter(channel=Channel.EMAIL))
    stopped = reading.opted_out_by_week(clinic, period)

    def of(found: Mapping[date, Mapping[str, int]], *names: str) -> list[list[int]]:
        return [[found.get(week, reading.NOTHING)[name] for name in names] for week in weeks]

    channels = [[a, b] for [a], [b] in zip(of(texts, "sent"), of(mails, "sent"), strict=True)]
    return [
        _chart(_("Messages sent"), (_("texts"), _("mails")), weeks, channels,
               _("Messages of a plan, by the week in which they were due to go.")),
        _chart(_("Questions"), (_("answered"), _("no answer"), _("still open")), weeks,
               of(by_week, "answered", "silent", "still_open"),
               _("By the week in which they were asked.")),
        _chart(_("Followed by a call, a reply or a sign"), (_("messages"),), weeks,
               of(by_week, "followed"), _("By the week of the message.")),
        _chart(_("Patients who opted out"), (_("patients"),), weeks,
               [[stopped.get(week, 0)] for week in weeks], _("By the week in which they said so.")),
        _times(clinic, period),
        _chart(_("Parts of texts"), (_("parts"),), weeks, of(by_week, "parts"),
               _("What the provider counts and asks money for.")),
    ]  # fmt: skip


def _chart(
    title: str,
    names: tuple[str, ...],
    weeks: Sequence[date],
    numbers: Sequence[Sequence[int]],
    meaning: str,
) -> Chart:
    rows = tuple(
        (week, tuple(number(n) for n in row)) for week, row in zip(weeks, numbers, strict=True)
    )
    return Chart(title, names, week_bars(weeks, numbers), rows, meaning)


def _times(clinic: Clinic, period: Period) -> Chart:
    """Hours; the second part of a bar goes on from the median to where nine of ten were done."""
    found, weeks = reading.acted_by_week(clinic, period), period.weeks
    hours, rows = [], []
    for week in weeks:
        one = found.get(week)
        if one is None or one.median is None or one.ninety is None:
            hours.append([0.0, 0.0])
            rows.append((week, ("–", "–")))
            continue
        median, ninety = one.median / AN_HOUR, one.ninety / AN_HOUR
        hours.append([median, ninety - median])
        rows.append((week, (took(one.median), took(one.ninety))))
    return Chart(
        _("Time to staff action, in hours"),
        (_("half within"), _("nine of ten within")),
        week_bars(weeks, hours),
        tuple(rows),
        _("By the week of the alert. Weeks with fewer than {number} stay empty.").format(
            number=FEWEST
        ),
    )
