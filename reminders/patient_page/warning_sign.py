"""/my/warning-sign/: the signed list, whom to call, and a form that tells the clinic. (P6)

Nothing sorts what is reported: everybody is told the same, call first. "Your clinic has your
report" stands only on a page that was made from the saved row.
"""

import logging
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from clinic.models import Patient, Region
from reminders.flow.sign_reports import report_signs
from reminders.models import SignReport
from reminders.patient_page.frame import guarded, language_of, notice, numbers_of, show
from reminders.patient_page.numbers import Number, unbroken
from reminders.patient_page.opening import next_open
from reminders.patient_page.page_words import PAGE_WORDS, told_date
from reminders.patient_page.visits import IDLE, Visitor, for_visitor, visitor_of
from reminders.patient_page.warning_signs import WarningSigns, as_a_line, warning_signs
from reminders.patient_page.where_they_are import whereabouts
from reminders.rules.hours import told_hour
from reminders.rules.language import direction

logger = logging.getLogger(__name__)

AREAS = {Region.LUMBAR: "back", Region.THORACIC: "back", Region.CERVICAL: "neck"}


@dataclass(frozen=True, slots=True)
class Group:
    """One part of the list as it can be ticked: its heading, its signs, and whom it says to call.

    A sign is told twice: as it is kept, and as it is shown, with its numbers in one piece.
    """

    heading: str
    signs: tuple[tuple[str, str], ...]
    language: str
    direction: str
    number: Number | None
    rank: int


@require_http_methods(["GET", "HEAD", "POST"])
def warning_sign(request: HttpRequest) -> HttpResponse:
    """Show the list; a form that was sent becomes a report, and then a page that says so."""
    if request.method == "POST":
        return guarded(_report(request))
    return _form(request)


@for_visitor
def _form(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    context = {
        "here": "signs",
        "groups": list(groups(visitor.patient, language=visitor.language, now=visitor.now)),
        "report_id": uuid.uuid4(),
        "hides_button": True,
    }
    return show(
        request, "warning_sign.html", context, language=visitor.language, clinic=visitor.clinic
    )


def _report(request: HttpRequest) -> HttpResponse:
    """Save what was sent. However long somebody took to write it: only the visit has to hold."""
    visitor = None
    try:
        visitor = visitor_of(request, idle=None)
        if visitor is None:
            return not_saved(request, None, why="not_saved_closed")
        report = report_signs(
            visitor.visit,
            report_id=_report_id(request),
            signs=request.POST.getlist("sign"),
            words=request.POST.get("words", ""),
            language=visitor.language,
            now=visitor.now,
        )
    except Error as error:
        logger.error("a report of a warning sign was not saved: %s", type(error).__name__)
        return not_saved(request, visitor, why="not_saved")
    if visitor_of(request, idle=IDLE) is None:
        return _told(request, visitor, report)  # said here; the page itself stays closed
    response = HttpResponseRedirect(reverse("my-report", args=[report.pk]))
    response.status_code = 303
    return response


def _report_id(request: HttpRequest) -> uuid.UUID:
    """The key that the form was made with; one that is no key becomes a new one."""
    try:
        return uuid.UUID(request.POST.get("report", ""))
    except ValueError:
        return uuid.uuid4()


def not_saved(request: HttpRequest, visitor: Visitor | None, *, why: str) -> HttpResponse:
    """Say that nobody has the report, and whom to call instead."""
    return notice(
        request,
        why,
        title="not_saved_title",
        language=visitor.language if visitor else language_of(request),
        clinic=visitor.clinic if visitor else None,
        is_alarm=True,
        status=503,
    )


@for_visitor
@require_safe
def received(request: HttpRequest, visitor: Visitor, pk: uuid.UUID) -> HttpResponse:
    """Say that the clinic has the report, read from the row; another patient's is not there."""
    report = SignReport.objects.filter(pk=pk, patient=visitor.patient).first()
    if report is None:
        raise Http404
    return _told(request, visitor, report)


def _told(request: HttpRequest, visitor: Visitor, report: SignReport) -> HttpResponse:
    context = {
        "here": "signs",
        "report": report,
        "saved": _told_moment(report.reported_at, visitor, "received_at"),
        "staffed": staffed_words(visitor),
        "hides_button": True,
    }
    return show(request, "received.html", context, language=visitor.language, clinic=visitor.clinic)


def groups(patient: Patient, *, language: str, now: datetime) -> Iterator[Group]:
    """Yield the parts of the patient's list, or of every list where the region is not known."""
    clinic = patient.clinic
    surgery = whereabouts(patient, today=timezone.localdate(now, patient.tz)).surgery
    area = AREAS.get(Region(surgery.region)) if surgery else None
    lists = warning_signs(clinic, language=language)
    own = [found for found in lists if area in (None, found.area)] or lists
    numbers = [number for number in numbers_of(clinic).values() if number]
    for found in own:
        yield from _groups(found, numbers)


def _groups(found: WarningSigns, numbers: list[Number]) -> Iterator[Group]:
    for part in found.parts:
        named = [(rank, n) for rank, n in enumerate(numbers) if n.shown in part.opening]
        rank, number = named[0] if named else (len(numbers), None)
        yield Group(
            heading=unbroken(part.opening, numbers=numbers),
            signs=tuple((sign, unbroken(as_a_line(sign), numbers=numbers)) for sign in part.signs),
            language=found.language,
            direction=direction(found.language),
            number=number,
            rank=rank,
        )


def staffed_words(visitor: Visitor) -> str:
    """Say honestly whether anybody is there to read it, and when somebody is."""
    words = PAGE_WORDS[visitor.language]
    opens = next_open(visitor.clinic, now=visitor.now)
    if opens is None:
        return words["received_closed_long"]
    if opens <= visitor.now:
        return words["received_open"]
    return words["received_closed"].format(opens=_told_moment(opens, visitor, "opens_at"))


def _told_moment(moment: datetime, visitor: Visitor, which: str) -> str:
    local = timezone.localtime(moment, visitor.patient.tz)
    return PAGE_WORDS[visitor.language][which].format(
        date=told_date(local.date(), language=visitor.language),
        time=told_hour(local.time(), language=visitor.language),
    )
