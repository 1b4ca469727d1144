"""The paper that a patient takes home: the page that they print themselves, printed by staff."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from clinic import clock
from clinic.models import Patient
from reminders.patient_page.paper import paper_page, paper_pdf
from reminders.patient_page.visits import language_on_record
from reminders.patient_page.words import LANGUAGES
from reminders.staff.screen import visible_row


@require_safe
def discharge_paper_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the paper in the patient's language, or in the one that `?lang=` asks for."""
    patient, language = _patient(request, pk)
    address = reverse("admin:clinic_patient_paper_pdf", args=[pk])
    pdf = f"{address}?lang={language}"
    return paper_page(request, patient, language=language, now=clock.now(), pdf=pdf)


@require_safe
def discharge_paper_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the same paper as a PDF, in the same language."""
    patient, language = _patient(request, pk)
    return paper_pdf(patient, language=language, now=clock.now())


def _patient(request: HttpRequest, pk: int) -> tuple[Patient, str]:
    patient = visible_row(request, Patient.objects.select_related("clinic"), pk)
    if not request.user.has_perm("clinic.view_patient"):
        raise PermissionDenied
    asked = request.GET.get("lang", "")
    return patient, asked if asked in LANGUAGES else language_on_record(patient)
