"""/my/messages/: what was sent to the patient, word for word, and what comes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from clinic.models import Channel, Patient
from reminders.models import Delivery, DeliveryStatus
from reminders.patient_page.advice import coming
from reminders.patient_page.frame import show
from reminders.patient_page.page_words import PAGE_WORDS, told_date
from reminders.patient_page.pauses import pause_note
from reminders.patient_page.visits import Visitor, for_visitor
from reminders.patient_page.where_they_are import whereabouts
from reminders.rules.hours import told_hour
from reminders.rules.language import direction

SHOWN_AT_MOST = 100
# What stands open; the rest is a tap away.
DAYS_OPEN = 3
COMING_OPEN = 6
# What a patient may know of: on its way, there, or not there.
SAID = {
    DeliveryStatus.ACCEPTED: "was_sent",
    DeliveryStatus.DELIVERED: "was_delivered",
    DeliveryStatus.UNDELIVERED: "was_not_delivered",
}


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it went out, and how that went, in the words of the page."""

    at: str
    channel: str
    said: str
    subject: str
    text: str
    language: str
    direction: str


@dataclass(frozen=True, slots=True)
class Day:
    """The messages of one of the patient's days."""

    told: str
    messages: tuple[Message, ...]


@for_visitor
@require_safe
def messages(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show the patient's messages, the latest first. Reads only."""
    language = visitor.language
    today = timezone.localdate(visitor.now, visitor.patient.tz)
    where = whereabouts(visitor.patient, today=today)
    days = list(_days(visitor.patient, language=language))
    ahead = coming(where, language=language, now=visitor.now)
    context = {
        "here": "messages",
        "pause_note": pause_note(where, language=language),
        "days": days[:DAYS_OPEN],
        "earlier": days[DAYS_OPEN:],
        "coming": ahead[:COMING_OPEN],
        "further": ahead[COMING_OPEN:],
    }
    return show(request, "messages.html", context, language=language, clinic=visitor.clinic)


def _days(patient: Patient, *, language: str) -> Iterator[Day]:
    """Those that the provider took, to the patient; never a carer's."""
    sent = (
        Delivery.objects.filter(patient=patient, carer=None, status__in=SAID)
        .defer("html")
        .order_by("-status_since", "-pk")[:SHOWN_AT_MOST]
    )
    tz = patient.tz
    for day, rows in groupby(sent, key=lambda row: timezone.localdate(row.status_since, tz)):
        found = tuple(
            _message(row, timezone.localtime(row.status_since, tz), language=language)
            for row in rows
        )
        yield Day(told_date(day, language=language), found)


def _message(row: Delivery, at: datetime, *, language: str) -> Message:
    words = PAGE_WORDS[language]
    return Message(
        at=told_hour(at.time(), language=language),
        channel=words[f"by_{row.channel}"],
        said=words[SAID[DeliveryStatus(row.status)]],
        subject=row.subject if row.channel == Channel.EMAIL else "",
        text=row.text.strip(),
        language=row.language,
        direction=direction(row.language),
    )
