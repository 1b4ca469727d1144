"""What a patient answered over time, and the form on which a nurse takes answers down."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clinic import clock
from clinic.models import Patient, SymptomCheckMode
from reminders.flow.answers import numbers_of
from reminders.flow.check_in_history import history_of
from reminders.flow.check_ins import (
    AnotherPatientsForm,
    CheckInForm,
    current_operation,
    form_for,
    submit,
)
from reminders.models import CheckInBy
from reminders.pathways.check_in import shipped_check_in
from reminders.pathways.symptom_check import shipped_symptom_check
from reminders.rules.check_in_answers import Filled, fill_in
from reminders.rules.check_in_fields import form_parts
from reminders.rules.check_in_words import words_in
from reminders.rules.language import direction
from reminders.staff.alerts import may_act
from reminders.staff.screen import staff_of, visible_row
from reminders.staff.shipped_words import shipped_said

# Used where the panel's language is not one in which check-ins have words.
OTHERWISE = "en"


@require_safe
def check_ins_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the answers of one patient since the operation: as charts, as a table, one by one."""
    patient = _patient(request, pk)
    now = clock.now()
    language = _language()
    context = _context(request, patient) | {
        "history": history_of(
            patient, surgery=current_operation(patient, now=now), language=language
        ),
        "may_enter": may_act(request) and form_for(patient, now=now) is not None,
        "is_sorting": patient.clinic.symptom_check_mode == SymptomCheckMode.TRIAGE,
    }
    return render(request, "staff/check_ins/check_ins.html", context)


def enter_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a check-in down by telephone. GET shows the form; POST keeps it, once."""
    patient = _patient(request, pk)
    if not may_act(request):
        raise PermissionDenied
    form = form_for(patient, now=clock.now())
    back = reverse("admin:clinic_patient_check_ins", args=[patient.pk])
    if form is None:
        messages.warning(request, _("There is no operation to ask about yet."))
        return HttpResponseRedirect(back)
    if request.method != "POST":
        return _form_page(request, form, given={}, filled=None, key=uuid4())
    given = {name: str(value) for name, value in request.POST.items()}
    filled = fill_in(
        form.sheet, given=given, content=shipped_check_in(), check=shipped_symptom_check()
    )
    key = _key(given)
    if not filled.is_accepted:
        return _form_page(request, form, given=given, filled=filled, key=key)
    return _keep(request, form, filled, key=key, back=back)


def _keep(
    request: HttpRequest, form: CheckInForm, filled: Filled, *, key: UUID, back: str
) -> HttpResponse:
    try:
        check_in = submit(
            form,
            filled,
            key=key,
            by=CheckInBy.STAFF,
            language=form.patient.language,
            now=clock.now(),
            recorded_by=staff_of(request),
        )
    except AnotherPatientsForm as error:
        raise PermissionDenied from error
    messages.success(request, _("The check-in is saved."))
    if check_in.told:
        messages.warning(
            request, _("Tell the patient: {words}").format(words=" ".join(check_in.told.split()))
        )
    return HttpResponseRedirect(back)


def _form_page(
    request: HttpRequest,
    form: CheckInForm,
    *,
    given: dict[str, str],
    filled: Filled | None,
    key: UUID,
) -> HttpResponse:
    language, patient = form.patient.language, form.patient
    check, values = shipped_symptom_check(), numbers_of(patient.clinic)
    parts = form_parts(
        form.sheet,
        check=check,
        language=language,
        values=values,
        given=given,
        problems=filled.problems if filled else {},
    )
    context = _context(request, patient) | {
        "heading": _("A check-in by telephone"),
        "parts": parts,
        "key": key,
        "lead_in": parts.lead_in,
        "asked": words_in(language),
        "asked_in": language,
        "asked_direction": direction(language),
        "step": shipped_said(form.reminder.step.intent) if form.reminder else "",
    }
    return render(request, "staff/check_ins/enter.html", context)


def _patient(request: HttpRequest, pk: int) -> Patient:
    patient = visible_row(request, Patient.objects.select_related("clinic"), pk)
    if not request.user.has_perm("clinic.view_patient"):
        raise PermissionDenied
    return patient


def _context(request: HttpRequest, patient: Patient) -> dict[str, Any]:
    return {
        **admin.site.each_context(request),
        "heading": _("Check-ins of {person}").format(person=patient),
        "patient": patient,
        "words": {
            **words_in(_language()),
            "chart": _("Answers over time"),
            "chart_none": _("No check-in has been answered yet."),
        },
    }


def _language() -> str:
    return get_language() or OTHERWISE


def _key(given: dict[str, str]) -> UUID:
    """The form's own key; a new one where somebody took it out of the form."""
    try:
        return UUID(given.get("form_key", ""))
    except ValueError:
        return uuid4()
