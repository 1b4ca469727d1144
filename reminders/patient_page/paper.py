"""/my/paper/: one page to print and keep: numbers, warning signs, limits with their days, dates."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from clinic.models import Patient
from reminders.patient_page.frame import guarded, show
from reminders.patient_page.page_words import PAGE_WORDS
from reminders.patient_page.paper_content import paper_of
from reminders.patient_page.paper_pdf import written
from reminders.patient_page.visits import Visitor, for_visitor


@for_visitor
@require_safe
def paper(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show the patient's own paper. Reads only."""
    return paper_page(
        request,
        visitor.patient,
        language=visitor.language,
        now=visitor.now,
        here="paper",
        pdf=reverse("my-paper-pdf"),
    )


@for_visitor
@require_safe
def paper_file(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Return the patient's own paper as a file. Reads only."""
    return paper_pdf(visitor.patient, language=visitor.language, now=visitor.now)


def paper_page(
    request: HttpRequest,
    patient: Patient,
    *,
    language: str,
    now: datetime,
    here: str = "",
    pdf: str = "",
) -> HttpResponse:
    """Return what a discharge paper holds, laid out for paper.

    Patients and staff print the same page. `here` is its place among the patient's pages, `pdf`
    the address of the same as a file.
    """
    told = paper_of(patient, language=language, now=now)
    context = {"here": here, "has_languages": not here, "patient": patient, "paper": told,
               "pdf": pdf}  # fmt: skip
    return show(request, "paper.html", context, language=language, clinic=patient.clinic)


def paper_pdf(patient: Patient, *, language: str, now: datetime) -> HttpResponse:
    """Return the same as a file that is not kept by anything between; its name tells nothing."""
    file = written(paper_of(patient, language=language, now=now), now=now)
    response = HttpResponse(file.content, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="care.pdf"'
    return guarded(response, language=language)


def paper_name(language: str) -> str:
    """Return what staff call it, in their language or in English."""
    return PAGE_WORDS.get(language[:2], PAGE_WORDS["en"])["discharge_paper"]
