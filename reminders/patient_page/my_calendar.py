"""/my/calendar/: the patient's dates as a file, or as an address that their calendar reads again.

An address is told once, on the page that made it, and can be stopped here or by staff.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.views.decorators.http import require_http_methods, require_safe

from reminders.flow.own_calendar import (
    TooManyAddresses,
    calendar_link,
    calendar_links,
    calendar_of_patient,
    revoke_calendar,
)
from reminders.patient_page.frame import show
from reminders.patient_page.own_calendar import calendar_answer
from reminders.patient_page.visits import Visitor, for_visitor


@for_visitor
@require_http_methods(["GET", "HEAD", "POST"])
def my_calendar(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show the ways there are; make an address, or stop those that were made."""
    match request.method, request.POST.get("do", ""):
        case "POST", "make":
            return _made(request, visitor)
        case "POST", "stop":
            revoke_calendar(visitor.patient, now=visitor.now)
            return _page(request, visitor, is_stopped=True)
        case "POST", _:
            return HttpResponseBadRequest()
    return _page(request, visitor)


@for_visitor
@require_safe
def my_calendar_file(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Return the calendar as it is now, for a program that takes files. Writes nothing."""
    return calendar_answer(request, calendar_of_patient(visitor.patient, now=visitor.now))


def _made(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    try:
        address = calendar_link(visitor.patient, now=visitor.now)
    except TooManyAddresses:
        return _page(request, visitor, is_full=True)
    # programs open this kind of address themselves, and read it over https
    subscribe = f"webcal:{address.partition(':')[2]}"
    return _page(request, visitor, address=address, subscribe=subscribe)


def _page(request: HttpRequest, visitor: Visitor, **more: Any) -> HttpResponse:
    is_followed = calendar_links(visitor.patient, now=visitor.now) > 0
    context = {"here": "calendar", "is_followed": is_followed, **more}
    return show(
        request, "my_calendar.html", context, language=visitor.language, clinic=visitor.clinic
    )
