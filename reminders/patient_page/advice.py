"""The patient's plan → today's advice, and which messages come next. Signed live content only."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from clinic.models import Channel, Surgery
from reminders.flow.render import CannotRender, placeholder_values, words_for
from reminders.flow.stopped_content import stopped_content
from reminders.models import Audience, Category, Reminder, ReminderStatus
from reminders.patient_page.numbers import Number, unbroken
from reminders.patient_page.page_words import told_date
from reminders.patient_page.where_they_are import Whereabouts
from reminders.rules.language import direction
from reminders.rules.wording import Unfillable, fill

# Advice that is older than this is no answer to "what is for today?".
LATEST_FROM = timedelta(days=7)
COMING_AT_MOST = 40


@dataclass(frozen=True, slots=True)
class Advice:
    """One message as the page says it."""

    heading: str
    paragraphs: tuple[str, ...]
    language: str
    direction: str
    on: date
    when: str


def advice_of_today(
    where: Whereabouts, *, language: str, numbers: Iterable[Number]
) -> list[Advice]:
    """Return what the steps of today say; where there are none, the last one of the past days."""
    if where.surgery is None or not where.is_cared_for:
        return []
    reminders = _had(where.surgery, today=where.today)
    found = list(_readable(reminders, where.surgery, language=language, numbers=list(numbers)))
    newest = max((one.on for one in found), default=where.today)
    return [one for one in found if one.on == newest]


def coming(where: Whereabouts, *, language: str, now: datetime) -> list[Advice]:
    """Return what is planned for the patient, the nearest first: days and headings."""
    if where.surgery is None or not where.is_cared_for:
        return []
    planned = _of(where.surgery).filter(status=ReminderStatus.PLANNED, due_at__gt=now)
    nearest = planned.order_by("due_at")[:COMING_AT_MOST]
    return list(_readable(nearest, where.surgery, language=language, numbers=()))


def exercises(
    where: Whereabouts, *, language: str, numbers: Iterable[Number], now: datetime
) -> list[Advice]:
    """Return the exercises of these days: the last that the plan had, and the next two to come."""
    if where.surgery is None or not where.is_recovering:
        return []
    rows = _of(where.surgery).filter(category=Category.PHYSIO)
    sent = rows.filter(status=ReminderStatus.DISPATCHED, due_at__lte=now).order_by("-due_at")[:1]
    ahead = rows.filter(status=ReminderStatus.PLANNED, due_at__gt=now).order_by("due_at")[:2]
    found = [*sent, *ahead]
    return list(_readable(found, where.surgery, language=language, numbers=list(numbers)))


def _of(surgery: Surgery) -> "QuerySet[Reminder]":
    return (
        Reminder.objects.filter(surgery=surgery, step__audience=Audience.PATIENT)
        .select_related("step__version", "surgery__patient__clinic")
        .prefetch_related("step__texts")
    )


def _had(surgery: Surgery, *, today: date) -> "QuerySet[Reminder]":
    """What the plan has for today or had in the past days, whether it could be sent or not."""
    first, after = today - LATEST_FROM, today + timedelta(days=1)
    starts, ends = (
        datetime.combine(day, time(0), tzinfo=surgery.patient.tz) for day in (first, after)
    )
    statuses = (ReminderStatus.PLANNED, ReminderStatus.DISPATCHED)
    had = _of(surgery).filter(status__in=statuses, due_at__gte=starts, due_at__lt=ends)
    return had.order_by("-is_high_priority", "due_at")


def _readable(
    reminders: Iterable[Reminder],
    surgery: Surgery,
    *,
    language: str,
    numbers: Iterable[Number],
) -> Iterator[Advice]:
    patient = surgery.patient
    stopped = stopped_content([patient.clinic_id])
    for reminder in reminders:
        on = timezone.localdate(reminder.due_at, patient.tz)
        if stopped.reason(reminder.step, clinic_id=patient.clinic_id, today=on):
            continue
        if said := _said(reminder, surgery, numbers=numbers):
            heading, paragraphs, spoken = said
            yield Advice(
                heading=heading,
                paragraphs=paragraphs,
                language=spoken,
                direction=direction(spoken),
                on=on,
                when=told_date(on, language=language),
            )


def _said(
    reminder: Reminder, surgery: Surgery, *, numbers: Iterable[Number]
) -> tuple[str, tuple[str, ...], str] | None:
    """Heading, paragraphs and language of a step, as its mail says it; None without words."""
    patient, step = surgery.patient, reminder.step
    try:
        words = words_for(step, patient=patient, clinic=patient.clinic, channel=Channel.EMAIL)
        values = placeholder_values(
            step,
            clinic=patient.clinic,
            patient=patient,
            surgery=surgery,
            language=words.language,
            link=f"{settings.PUBLIC_URL}{reverse('my-home')}",
        )
        heading = fill(words.heading, values=values, isolate=True)
        parts = [part for part in words.email.split("\n\n") if part.strip()]
        paragraphs = [fill(part, values=values, isolate=True) for part in parts]
    except (CannotRender, Unfillable):
        return None
    shown = tuple(unbroken(part, numbers=numbers) for part in paragraphs)
    return heading, shown, words.language
