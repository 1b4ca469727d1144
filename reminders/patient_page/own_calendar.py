"""/calendar/<token>/care.ics: a patient's appointments and messages in their own calendar.

A subscription reads it again and again, so it costs an ETag where nothing has changed. A link that
was revoked, has run out or never was gets one and the same answer.
"""

import hashlib
from datetime import UTC

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe
from icalendar import Calendar
from icalendar import Event as Entry

from clinic import clock
from reminders.flow.own_calendar import (
    Event,
    OwnCalendar,
    calendar_of_patient,
    patient_of_calendar,
)

HEADERS = {
    "Cache-Control": "private, no-cache",
    "Content-Disposition": 'inline; filename="care.ics"',
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
READ_AGAIN = "PT6H"
GONE = "This calendar is not there any more. Please call your clinic.\n"


@require_safe
def calendar_page(request: HttpRequest, token: str) -> HttpResponse:
    """Return the calendar, or 304 where the reader has it already, or 410. Writes nothing."""
    now = clock.now()
    patient = patient_of_calendar(token, now=now)
    if patient is None:
        response = HttpResponse(GONE, status=410, content_type="text/plain; charset=utf-8")
        response["Cache-Control"] = "private, no-store"
        return response
    return calendar_answer(request, calendar_of_patient(patient, now=now))


def calendar_answer(request: HttpRequest, calendar: OwnCalendar) -> HttpResponse:
    """Return the file as a calendar reader takes it, or 304 when it has the same already."""
    content = calendar_file(calendar)
    etag = quote_etag(hashlib.sha256(content).hexdigest()[:32])
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    for name, value in {**HEADERS, "ETag": etag}.items():
        response[name] = value
    answer = get_conditional_response(request, etag=etag, response=response)
    return answer if isinstance(answer, HttpResponse) else response


def calendar_file(calendar: OwnCalendar) -> bytes:
    """Return the calendar as a file of RFC 5545, with the time zones that it needs.

    The same record gives the same bytes all day long.
    """
    file = Calendar()
    file.add("prodid", "-//Aftercare//EN")
    file.add("version", "2.0")
    file.add("calscale", "GREGORIAN")
    file.add("x-wr-calname", calendar.name)
    file.add("x-published-ttl", READ_AGAIN)
    for event in calendar.events:
        file.add_component(_entry(event, calendar))
    file.add_missing_timezones()
    return bytes(file.to_ical())


def _entry(event: Event, calendar: OwnCalendar) -> Entry:
    entry = Entry()
    entry.add("uid", event.uid)
    entry.add("dtstamp", calendar.since.astimezone(UTC))
    entry.add("sequence", event.sequence)
    entry.add("summary", event.title)
    entry.add("dtstart", event.starts)
    entry.add("dtend", event.starts + event.lasts)
    entry.add("status", "TENTATIVE" if event.is_tentative else "CONFIRMED")
    entry.add("transp", "OPAQUE" if event.is_busy else "TRANSPARENT")
    entry.add("class", "PRIVATE")
    return entry
