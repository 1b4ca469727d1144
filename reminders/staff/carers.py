"""A patient's carers: add one, note what they allow, correct an address, tell them no more."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from clinic import clock
from clinic.models import Carer, CarerConsent, Channel, ConsentSource, Patient, Staff
from clinic.models.carer import record_carer_consent
from reminders.flow.carers import end_carer
from reminders.staff.carer_forms import CarerForm, CarerWordForm, EndForm, NewCarerForm
from reminders.staff.screen import staff_of, visible_row
from reminders.tasks import ring


def carer_urls(wrap: Any) -> list[URLPattern]:
    """The addresses of these pages, under the patient's own."""
    return [
        path("<int:pk>/carers/add/", wrap(add_view), name="clinic_carer_add"),
        path("<int:pk>/carers/<int:carer>/", wrap(carer_view), name="clinic_carer_change"),
    ]


def add_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a carer, once the patient and the carer have both said yes."""
    patient = _patient(request, pk, permission="clinic.add_carer")
    form = NewCarerForm(request.POST or None, instance=Carer(patient=patient))
    if request.method == "POST" and form.is_valid():
        carer = _add(form, by=staff_of(request), now=clock.now())
        _tell_notes(request, carer)
        messages.success(
            request, _("{carer} is told from now on, beside the patient.").format(carer=carer)
        )
        return HttpResponseRedirect(_thread_of(patient))
    context = {"heading": _("Add a carer"), "patient": patient, "form": form}
    return _page(request, context)


@transaction.atomic
def _add(form: NewCarerForm, *, by: Staff, now: datetime) -> Carer:
    carer: Carer = form.save(commit=False)
    carer.allowed_at, carer.allowed_by = now, by
    carer.save()
    for channel in form.cleaned_data["said_yes_to"]:
        _write_word(
            carer, channel, given=True, wording=form.cleaned_data["wording"], by=by, now=now
        )
    ring("reminders.plan")
    return carer


def carer_view(request: HttpRequest, pk: int, carer: int) -> HttpResponse:
    """Show one carer; a form each for the record, for what they allow, and for the end."""
    patient = _patient(request, pk, permission="clinic.view_carer")
    row = visible_row(request, patient.carers.select_related("patient__clinic"), carer)
    do = request.POST.get("do", "") if request.method == "POST" else ""
    if request.method == "POST" and not staff_of(request).has_perm("clinic.change_carer"):
        raise PermissionDenied
    forms: dict[str, BaseForm] = {
        "record": CarerForm(request.POST if do == "record" else None, instance=row),
        "word": CarerWordForm(request.POST if do == "word" else None),
        "end": EndForm(request.POST if do == "end" else None),
    }
    if do and do not in forms:
        raise Http404
    if do and forms[do].is_valid():
        _do(request, do, row, forms[do])
        return HttpResponseRedirect(request.path)
    context = {
        "heading": str(row),
        "patient": patient,
        "carer": row,
        "forms": forms,
        "words": [(w, word_source(w)) for w in row.consents.select_related("recorded_by")],
        "may_change": staff_of(request).has_perm("clinic.change_carer"),
    }
    return _page(request, context)


def word_source(word: CarerConsent) -> str:
    """Say where a carer's word came from; the sources' own names speak of the patient."""
    if word.source == ConsentSource.REPLY:
        return _("The carer's own message")
    if word.source == ConsentSource.LINK:
        return _("The link in a mail")
    return word.get_source_display()


def _do(request: HttpRequest, do: str, carer: Carer, form: BaseForm) -> None:
    by, now = staff_of(request), clock.now()
    if do == "record" and isinstance(form, CarerForm):
        form.save()
        _tell_notes(request, carer)
        messages.success(request, _("Saved."))
    elif do == "word":
        said = form.cleaned_data
        _write_word(
            carer, said["channel"], given=said["given"], wording=said["wording"], by=by, now=now
        )
        messages.success(request, _("Written down."))
    else:
        end_carer(carer.pk, by=by, why=form.cleaned_data["why"], now=now)
        messages.success(request, _("{carer} is told no more.").format(carer=carer))
    ring("reminders.plan")


def _write_word(
    carer: Carer, channel: str, *, given: bool, wording: str, by: Staff, now: datetime
) -> None:
    record_carer_consent(
        carer,
        channel=Channel(channel),
        given=given,
        at=now,
        source=ConsentSource.STAFF,
        wording=wording,
        recorded_by=by,
    )


def _patient(request: HttpRequest, pk: int, *, permission: str) -> Patient:
    patient = visible_row(request, Patient.objects.select_related("clinic"), pk)
    if not staff_of(request).has_perm(permission):
        raise PermissionDenied
    return patient


def _tell_notes(request: HttpRequest, carer: Carer) -> None:
    said: Iterable[Any] = getattr(carer, "notes", {}).values()
    for verdict in said:
        for words in (*verdict.fixes, *verdict.warnings):
            messages.info(request, words)


def _thread_of(patient: Patient) -> str:
    return reverse("admin:clinic_patient_timeline", args=[patient.pk])


def _page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    back = _thread_of(context["patient"])
    whole = {**admin.site.each_context(request), **context, "back": back}
    return render(request, "staff/patients/carer.html", whole)
