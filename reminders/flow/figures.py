"""Deliveries → counted rows for each day, and the list behind each number.

A number and its list come from the same condition, so that they cannot differ by more than what
happened since the last count. Days are the clinic's: a message of Sunday 23:30 on its wall is
Sunday's.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from clinic.models import Channel, Clinic
from reminders.flow.questions import QUESTION_OPEN_FOR, answered_by_text, answered_on_a_form
from reminders.models import (
    Alert,
    AlertKind,
    Category,
    DayFigures,
    Delivery,
    DeliveryStatus,
    Direction,
    FiguresCounted,
    Meaning,
    PhoneCall,
    Purpose,
    Reply,
)

# What is counted again at each turn: an answer is tied to its question for up to 14 days.
RECENT = timedelta(days=15)
# One statement counts so many days at once; a year at a time would keep a worker busy too long.
DAYS_AT_ONCE = 31
FOLLOWED_WITHIN = timedelta(hours=48)
TOOK = (DeliveryStatus.ACCEPTED, DeliveryStatus.DELIVERED, DeliveryStatus.UNDELIVERED)
GAVE_UP = (DeliveryStatus.REFUSED, DeliveryStatus.SKIPPED, DeliveryStatus.EXPIRED)
OF_A_PLAN = Q(purpose__in=(Purpose.REMINDER, Purpose.AGAIN))
# A reply that a person has to read, and an alert that a patient's own words or answers raised.
NEEDS_A_PERSON = (Meaning.UNCLEAR, Meaning.URGENT, Meaning.HELP)
RAISED_BY_PATIENTS = (AlertKind.REPLY, AlertKind.WARNING_SIGN, AlertKind.CHECK_IN)
FIGURES = (
    "sent", "delivered", "undelivered", "failed", "asked", "answered", "silent", "still_open",
    "settled", "followed", "texts",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Behind:
    """Which messages a number counts: local days, and what it is narrowed to."""

    figure: str
    first: date
    last: date
    pathway: int | None = None
    channel: str = ""
    step_key: str = ""


def conditions(*, now: datetime) -> Mapping[str, Q | Exists]:
    """Return, for each figure, which deliveries it counts. Each definition stands on the page."""
    sent = OF_A_PLAN & Q(status__in=TOOK)
    first = sent & Q(purpose=Purpose.REMINDER) & ~Exists(_earlier())
    is_question = Q(reminder__category=Category.CHECK_IN) | ~Q(reminder__step__replies=[])
    question = first & is_question
    asked = question & Q(queued_at__lte=now - QUESTION_OPEN_FOR)
    answered = answered_by_text("reminder") | answered_on_a_form("reminder")
    settled = first & Q(queued_at__lte=now - FOLLOWED_WITHIN)
    return {
        "sent": sent,
        "delivered": OF_A_PLAN & Q(status=DeliveryStatus.DELIVERED, channel=Channel.SMS),
        "undelivered": OF_A_PLAN & Q(status=DeliveryStatus.UNDELIVERED, channel=Channel.SMS),
        "failed": OF_A_PLAN & Q(status__in=GAVE_UP),
        "asked": asked,
        "answered": asked & Q(answered),
        "silent": asked & ~Q(answered),
        "still_open": question & Q(queued_at__gt=now - QUESTION_OPEN_FOR),
        "settled": settled,
        "followed": settled & _is_followed(),
        "texts": Q(channel=Channel.SMS, status__in=TOOK),
    }


def _earlier() -> QuerySet[Delivery]:
    """The same message by another channel, sent before: a message is asked about once."""
    same = Delivery.objects.filter(reminder=OuterRef("reminder"), pk__lt=OuterRef("pk"))
    return same.filter(purpose=Purpose.REMINDER, status__in=TOOK)


def _is_followed() -> Q:
    """A call of the patient, a reply for a person or a sign that was reported, within 48 hours."""
    until = OuterRef("queued_at") + FOLLOWED_WITHIN
    after = OuterRef("queued_at")
    same = {"patient": OuterRef("patient")}
    calls = PhoneCall.objects.standing().filter(
        **same, direction=Direction.IN, occurred_at__gt=after, occurred_at__lte=until
    )
    replies = Reply.objects.filter(
        **same, meaning__in=NEEDS_A_PERSON, received_at__gt=after, received_at__lte=until
    )
    alerts = Alert.objects.filter(
        **same, kind__in=RAISED_BY_PATIENTS, opened_at__gt=after, opened_at__lte=until
    )
    return Q(Exists(calls)) | Q(Exists(replies)) | Q(Exists(alerts))


def messages_behind(clinic: Clinic, behind: Behind, *, now: datetime) -> QuerySet[Delivery]:
    """Return the messages that a number counts."""
    rows = _queued(clinic, first=behind.first, last=behind.last)
    rows = rows.filter(conditions(now=now)[behind.figure])
    if behind.pathway:
        rows = rows.filter(reminder__step__version__pathway=behind.pathway)
    if behind.channel:
        rows = rows.filter(channel=behind.channel)
    if behind.step_key:
        rows = rows.filter(reminder__step_key=behind.step_key)
    return rows


def _queued(clinic: Clinic, *, first: date, last: date) -> QuerySet[Delivery]:
    start, end = local_days(clinic, first=first, last=last)
    return Delivery.objects.filter(clinic=clinic, queued_at__gte=start, queued_at__lt=end)


def local_days(clinic: Clinic, *, first: date, last: date) -> tuple[datetime, datetime]:
    """Return the moments at which the first of these local days begins and the last one ends."""
    day_after = last + timedelta(days=1)
    return (
        datetime.combine(first, time.min, tzinfo=clinic.tz),
        datetime.combine(day_after, time.min, tzinfo=clinic.tz),
    )


def count_recent(*, now: datetime) -> int:
    """Count the last days of every clinic again, and what was never counted; return the rows."""
    return sum(count_clinic(clinic, now=now) for clinic in Clinic.objects.all())


def count_clinic(clinic: Clinic, *, now: datetime, everything: bool = False) -> int:
    """Count the recent days of one clinic, or all of its days; return how many rows that made.

    Counting twice, or from the beginning, makes the same rows. Two at once take turns.
    """
    today = timezone.localdate(now, clinic.tz)
    first = _first_day(clinic, today=today, everything=everything)
    made = 0
    while first <= today:
        last = min(first + timedelta(days=DAYS_AT_ONCE - 1), today)
        made += _count(clinic, first=first, last=last, now=now)
        first = last + timedelta(days=1)
    FiguresCounted.objects.update_or_create(clinic=clinic, defaults={"at": now})
    return made


def _first_day(clinic: Clinic, *, today: date, everything: bool) -> date:
    counted = FiguresCounted.objects.filter(clinic=clinic).first()
    if counted is not None and not everything:
        return timezone.localdate(counted.at, clinic.tz) - RECENT
    oldest = Delivery.objects.filter(clinic=clinic).aggregate(at=Min("queued_at"))["at"]
    return timezone.localdate(oldest, clinic.tz) if oldest else today


@transaction.atomic
def _count(clinic: Clinic, *, first: date, last: date, now: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('figures'), %s)", [clinic.pk])
    DayFigures.objects.filter(clinic=clinic, day__gte=first, day__lte=last).delete()
    rows = DayFigures.objects.bulk_create(_counted(clinic, first=first, last=last, now=now))
    return len(rows)


def _counted(clinic: Clinic, *, first: date, last: date, now: datetime) -> Iterator[DayFigures]:
    counts: dict[str, Any] = {
        f"count_{name}": Count("pk", filter=which) for name, which in conditions(now=now).items()
    }
    texts = Q(channel=Channel.SMS, status__in=TOOK)
    grouped = (
        _queued(clinic, first=first, last=last)
        .annotate(
            local_day=TruncDate("queued_at", tzinfo=clinic.tz),
            of_category=Coalesce("reminder__category", F("purpose")),
            of_pathway=F("reminder__step__version__pathway"),
            of_step=F("reminder__step_key"),
        )
        .order_by()
        .values("local_day", "of_pathway", "of_step", "of_category", "channel")
        .annotate(**counts, count_parts=Coalesce(Sum("segments", filter=texts), 0))
    )
    rows: Iterable[Mapping[str, Any]] = grouped
    for row in rows:
        yield DayFigures(
            clinic=clinic,
            day=row["local_day"],
            pathway_id=row["of_pathway"],
            step_key=row["of_step"] or "",
            category=row["of_category"],
            channel=row["channel"],
            **{name: row[f"count_{name}"] for name in (*FIGURES, "parts")},
        )
