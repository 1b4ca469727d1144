"""The counted rows of a clinic → totals, by week, by pathway and by message."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Aggregate, DurationField, ExpressionWrapper, F, QuerySet, Sum
from django.db.models.functions import Least, TruncWeek

from clinic.models import Clinic, Consent, ConsentSource, Patient
from reminders.flow.figures import FIGURES, local_days
from reminders.models import Alert, DayFigures, Step
from reminders.rules.shares import FEWEST, Share
from reminders.staff.numbers.period import Period

COUNTED = (*FIGURES, "parts")
NOTHING: Mapping[str, int] = dict.fromkeys(COUNTED, 0)
# A word in a table that was imported is no word of a patient to us.
SAID_TO_US = (
    ConsentSource.STAFF,
    ConsentSource.REPLY,
    ConsentSource.LINK,
    ConsentSource.PROVIDER,
)
MESSAGES_SHOWN = 15


class Within(Aggregate):
    """The time within which this part of the rows was done, as `percentile_cont` has it."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(part)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True, slots=True)
class Acted:
    """How soon staff acted on alerts: half of them, nine of ten; None for fewer than FEWEST."""

    opened: int
    acted: int
    median: timedelta | None = None
    ninety: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Followed:
    """One message, and how often a patient turned to the clinic in the two days after it."""

    step_key: str
    intent: str
    pathway: int | None
    share: Share


def counted(clinic: Clinic, period: Period) -> "QuerySet[DayFigures]":
    rows = DayFigures.objects.filter(clinic=clinic, day__gte=period.first, day__lte=period.last)
    if period.pathway:
        rows = rows.filter(pathway=period.pathway)
    if period.channel:
        rows = rows.filter(channel=period.channel)
    return rows.order_by()


def _sums() -> dict[str, Any]:
    return {f"all_{name}": Sum(name) for name in COUNTED}


def _bare(row: Mapping[str, Any]) -> dict[str, int]:
    return {name: row[f"all_{name}"] or 0 for name in COUNTED}


def totals(rows: "QuerySet[DayFigures]") -> Mapping[str, int]:
    return _bare(rows.aggregate(**_sums()))


def by(rows: "QuerySet[DayFigures]", field: str) -> dict[Any, dict[str, int]]:
    """Return the sums for each value of a field."""
    return {row[field]: _bare(row) for row in rows.values(field).annotate(**_sums())}


def by_week(rows: "QuerySet[DayFigures]") -> dict[date, dict[str, int]]:
    return by(rows.annotate(week=TruncWeek("day")), "week")


def opted_out(clinic: Clinic, period: Period) -> "QuerySet[Patient]":
    """Return the patients who said no more on at least one channel in these days."""
    return Patient.objects.filter(pk__in=_said_no(clinic, period).values("patient"))


def opted_out_by_week(clinic: Clinic, period: Period) -> dict[date, int]:
    """Count, for each week, the patients who said no more in it."""
    said = _said_no(clinic, period)
    weeks = said.annotate(week=TruncWeek("at", tzinfo=clinic.tz)).order_by()
    found: dict[date, int] = {}
    for week, _patient in weeks.values_list("week", "patient").distinct():
        found[week.date()] = found.get(week.date(), 0) + 1
    return found


def _said_no(clinic: Clinic, period: Period) -> "QuerySet[Consent]":
    start, end = local_days(clinic, first=period.first, last=period.last)
    said = Consent.objects.filter(
        patient__clinic=clinic, given=False, source__in=SAID_TO_US, at__gte=start, at__lt=end
    )
    return said.filter(channel=period.channel) if period.channel else said


def alerts_opened(clinic: Clinic, period: Period) -> "QuerySet[Alert]":
    start, end = local_days(clinic, first=period.first, last=period.last)
    return Alert.objects.filter(clinic=clinic, opened_at__gte=start, opened_at__lt=end)


def _timed(rows: "QuerySet[Alert]") -> "QuerySet[Any]":
    first = Least("acknowledged_at", "closed_at")
    took: Any = ExpressionWrapper(first - F("opened_at"), output_field=DurationField())
    timed: QuerySet[Any] = rows.annotate(took=took).filter(took__isnull=False).order_by()
    return timed


def acted(clinic: Clinic, period: Period) -> Acted:
    opened = alerts_opened(clinic, period)
    timed = _timed(opened)
    done = timed.count()
    if done < FEWEST:
        return Acted(opened.count(), done)
    found = timed.aggregate(median=Within("took", part=0.5), ninety=Within("took", part=0.9))
    return Acted(opened.count(), done, found["median"], found["ninety"])


def acted_by_week(clinic: Clinic, period: Period) -> dict[date, Acted]:
    """Return the times for each week in which enough alerts were acted on."""
    timed = _timed(alerts_opened(clinic, period)).annotate(
        week=TruncWeek("opened_at", tzinfo=clinic.tz)
    )
    rows = timed.values("week").annotate(
        done=Sum(1), median=Within("took", part=0.5), ninety=Within("took", part=0.9)
    )
    return {
        row["week"].date(): Acted(row["done"], row["done"], row["median"], row["ninety"])
        for row in rows
        if row["done"] >= FEWEST
    }


def followed(clinic: Clinic, rows: "QuerySet[DayFigures]") -> list[Followed]:
    """Return the messages after which patients most often turn to the clinic.

    Those that went out often enough for a share come first, the highest share on top.
    """
    named = rows.filter(settled__gt=0).values("step_key", "pathway")
    sums: Iterable[Mapping[str, Any]] = named.annotate(**_sums())
    found = [
        (row["step_key"], row["pathway"], Share(row["all_followed"], row["all_settled"]))
        for row in sums
    ]
    found.sort(key=lambda one: (one[2].percent is None, -one[2].part / one[2].whole, one[0]))
    shown = found[:MESSAGES_SHOWN]
    said = _intents(clinic, {key for key, _, _ in shown})
    return [Followed(key, said.get(key, key), pathway, share) for key, pathway, share in shown]


def _intents(clinic: Clinic, keys: set[str]) -> dict[str, str]:
    """Return what each message is for, in the words of its newest version."""
    steps = Step.objects.filter(key__in=keys, version__pathway__clinic=clinic)
    return dict(steps.order_by("version__number").values_list("key", "intent"))
