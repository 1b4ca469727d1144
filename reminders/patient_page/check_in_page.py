"""/my/check-in/: the questions of a check-in, what follows the answers, and all answers so far.

However long somebody took to answer, only the visit has to hold; and "your answers are saved"
stands only on a page that was made from the saved row.
"""

import logging
import uuid

from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from reminders.models import CheckIn
from reminders.patient_page.check_in import CheckInPage, page_after, page_to_fill_in, take_form
from reminders.patient_page.frame import guarded, language_of, notice, numbers_of, show
from reminders.patient_page.numbers import Number
from reminders.patient_page.visits import IDLE, Visitor, for_visitor, visitor_of
from reminders.rules.check_in import Mode
from reminders.rules.language import direction
from reminders.rules.symptom_check import Tier

logger = logging.getLogger(__name__)

# Which numbers stand as buttons under what is told; in the mode relay both, for everybody alike.
CALLS = {Tier.EMERGENCY: ("emergency",), Tier.SAME_DAY: ("urgent",)}
RELAYED = ("emergency", "urgent")


@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request: HttpRequest) -> HttpResponse:
    """Show the form; one that was sent becomes a check-in, or the form again with its errors."""
    if request.method == "POST":
        return guarded(_take(request))
    return _form(request)


@for_visitor
def _form(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    page = page_to_fill_in(visitor.patient, language=visitor.language, now=visitor.now)
    return _shown(request, visitor, page)


def _take(request: HttpRequest) -> HttpResponse:
    visitor = None
    try:
        visitor = visitor_of(request, idle=None)
        if visitor is None:
            return _not_saved(request, None, why="not_saved_closed")
        page = take_form(
            visitor.patient, posted=request.POST, language=visitor.language, now=visitor.now
        )
    except Error as error:
        logger.error("a check-in was not saved: %s", type(error).__name__)
        return _not_saved(request, visitor, why="not_saved")
    if page.done is None or visitor_of(request, idle=IDLE) is None:
        return _shown(request, visitor, page)
    response = HttpResponseRedirect(reverse("my-check-in-done", args=[page.done.key]))
    response.status_code = 303
    return response


@for_visitor
@require_safe
def check_in_done(request: HttpRequest, visitor: Visitor, key: uuid.UUID) -> HttpResponse:
    """Say what follows a check-in, read from the row; another patient's is not there."""
    rows = CheckIn.objects.filter(patient=visitor.patient, submitted_at__isnull=False)
    done = rows.filter(key=key).select_related("patient__clinic").first()
    if done is None:
        raise Http404
    page = page_after(done, language=visitor.language, now=visitor.now)
    return _shown(request, visitor, page)


def _shown(request: HttpRequest, visitor: Visitor, page: CheckInPage) -> HttpResponse:
    context = {
        "here": "check_in",
        "check_in": page,
        "asked_in": page.language,
        "asked_direction": direction(page.language),
        "calls": list(_calls(visitor, page.done)),
    }
    return show(request, "check_in.html", context, language=visitor.language, clinic=visitor.clinic)


def _calls(visitor: Visitor, done: CheckIn | None) -> list[tuple[str, Number]]:
    """The numbers to put as buttons under what the patient was told, with their kinds."""
    if done is None:
        return []
    names = RELAYED if done.mode == Mode.RELAY else CALLS.get(Tier(done.tier or Tier.NONE), ())
    numbers = numbers_of(visitor.clinic)
    named = ((f"is-{name}", numbers[name]) for name in names)
    return [(kind, number) for kind, number in named if number is not None]


def _not_saved(request: HttpRequest, visitor: Visitor | None, *, why: str) -> HttpResponse:
    """Say that nobody has the answers, and whom to call instead."""
    return notice(
        request,
        why,
        title="answers_not_saved_title",
        language=visitor.language if visitor else language_of(request),
        clinic=visitor.clinic if visitor else None,
        is_alarm=True,
        status=503,
    )
