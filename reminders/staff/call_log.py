"""A patient's calls: written down in two taps, read as a log, corrected by a further entry."""

from dataclasses import replace
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from clinic import clock
from clinic.access import visible_to
from clinic.models import Patient
from reminders.flow.calls import AlreadyCorrected, CallNote, NotACall, correct_call, record_call
from reminders.models import CONTACT, Alert, PhoneCall, Reached, Reply
from reminders.staff.call_forms import CallForm, typed_before
from reminders.staff.call_words import call_said
from reminders.staff.kept_words import kept_said
from reminders.staff.outcomes import OutcomeForm, back_to
from reminders.staff.screen import staff_of, visible_row
from reminders.staff.tries import said_moment, tries_of

MAY_ADD, MAY_VIEW = "reminders.add_phonecall", "reminders.view_phonecall"
# Older calls are in the thread.
SHOWN_AT_MOST = 200


def call_urls(wrap: Any) -> list[URLPattern]:
    """The addresses of these pages, under the patient's own."""
    return [
        path("<int:pk>/calls/", wrap(calls_view), name="clinic_patient_calls"),
        path("<int:pk>/calls/<int:call>/", wrap(correct_view), name="clinic_patient_call"),
    ]


def calls_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the log; a POST writes one call down and goes back to where the person was."""
    patient = _patient(request, pk)
    form = CallForm(_posted(request), clinic=patient.clinic)
    problem = ""
    if request.method == "POST":
        problem = _record(request, patient, form)
        if not problem:
            return HttpResponseRedirect(back_to(request, otherwise=_thread_of(patient)))
    return _page(request, patient, form=form, problem=problem, do=request.path)


def _posted(request: HttpRequest) -> QueryDict | None:
    """Return what was sent, be it nothing at all; None for a page that is only opened."""
    return request.POST if request.method == "POST" else None


def _record(request: HttpRequest, patient: Patient, form: CallForm) -> str:
    """Write the call down; return why it was not, or an empty text."""
    if not form.is_valid():
        return form.problem
    now = clock.now()
    note = _about(request, patient, form.note_at(now))
    try:
        call = record_call(patient, note, by=staff_of(request), now=now)
    except NotACall as reason:
        return kept_said(str(reason))
    messages.success(request, _said(call, patient))
    return ""


def _about(request: HttpRequest, patient: Patient, note: CallNote) -> CallNote:
    """Add the alert or reply that the form names, if it is this patient's."""
    staff = staff_of(request)
    alert = visible_to(staff, Alert.objects.filter(patient=patient)).filter(
        pk=_number(request, "alert")
    )
    reply = visible_to(staff, Reply.objects.filter(patient=patient)).filter(
        pk=_number(request, "reply")
    )
    return replace(
        note,
        alert=alert.select_related("reply", "delivery").first(),
        reply=reply.select_related("answer_to").first(),
    )


def _number(request: HttpRequest, name: str) -> int:
    typed = request.POST.get(name, "")
    return int(typed) if typed.isdecimal() and len(typed) < 18 else 0


def _said(call: PhoneCall, patient: Patient) -> str:
    if call.next_try_at is None:
        return _("Written down: {call}.").format(call=call_said(call))
    tries = tries_of([patient], now=call.noted_at).get(patient.pk)
    if tries is not None and tries.is_loud:
        said = _("Written down: {call}. Tried {number} times: it stays on the list.")
        return said.format(call=call_said(call), number=tries.count)
    moment = said_moment(call.next_try_at, patient=patient, now=call.noted_at)
    return _("Written down: {call}. Again: {moment}.").format(call=call_said(call), moment=moment)


def correct_view(request: HttpRequest, pk: int, call: int) -> HttpResponse:
    """Write a further entry in the place of this one; what was written first stays readable."""
    patient = _patient(request, pk)
    wrong = visible_row(
        request, PhoneCall.objects.filter(patient=patient).select_related("patient__clinic"), call
    )
    form = CallForm(_posted(request), clinic=patient.clinic, initial=typed_before(wrong))
    problem = ""
    if request.method == "POST":
        problem = _correct(request, wrong, form)
        if not problem:
            return HttpResponseRedirect(f"{_thread_of(patient)}#today")
    return _page(request, patient, form=form, problem=problem, wrong=wrong)


def _correct(request: HttpRequest, wrong: PhoneCall, form: CallForm) -> str:
    took_place = "never" not in request.POST
    now = clock.now()
    if took_place and not form.is_valid():
        return form.problem
    note = form.note_at(now) if took_place else _as_it_stood(wrong)
    try:
        correct_call(wrong.pk, note, by=staff_of(request), now=now, took_place=took_place)
    except NotACall as reason:
        return kept_said(str(reason))
    except AlreadyCorrected:
        return _("A further entry corrects this one already. Correct that one.")
    messages.success(request, _("Corrected. What was written first stays readable."))
    return ""


def _as_it_stood(call: PhoneCall) -> CallNote:
    return CallNote(
        reached=call.reached,
        occurred_at=call.occurred_at,
        direction=call.direction,
        outcome=call.outcome,
        note=call.note,
    )


def record_settled(
    request: HttpRequest,
    patient: Patient | None,
    form: OutcomeForm,
    *,
    alert: Alert | None = None,
    reply: Reply | None = None,
) -> None:
    """Write down the call by which something was settled, where it was settled by a call.

    `form` is valid. One call, whatever else the same talk settled. Run it where the settling is.
    """
    by, now = staff_of(request), clock.now()
    if patient is None or form.reached not in CONTACT or not by.has_perm(MAY_ADD):
        return
    note = CallNote(
        reached=Reached(form.reached),
        occurred_at=now,
        outcome=form.cleaned_data["code"],
        note=form.cleaned_data["note"],
        alert=alert,
        reply=reply,
    )
    record_call(patient, note, by=by, now=now)


def _patient(request: HttpRequest, pk: int) -> Patient:
    patient = visible_row(request, Patient.objects.select_related("clinic"), pk)
    needed = MAY_ADD if request.method == "POST" else MAY_VIEW
    if not staff_of(request).has_perm(needed):
        raise PermissionDenied
    return patient


def _thread_of(patient: Patient) -> str:
    return reverse("admin:clinic_patient_timeline", args=[patient.pk])


def _page(request: HttpRequest, patient: Patient, **context: Any) -> HttpResponse:
    calls = patient.phone_calls.select_related("by", "corrected_by", "alert")
    heading = (
        _("Correct a call")
        if context.get("wrong")
        else _("Calls: {patient}").format(patient=patient)
    )
    whole = {
        **admin.site.each_context(request),
        "heading": heading,
        "patient": patient,
        "calls": calls[:SHOWN_AT_MOST],
        "tries": tries_of([patient], now=clock.now()).get(patient.pk),
        "may_add": staff_of(request).has_perm(MAY_ADD),
        "back": _thread_of(patient),
        **context,
    }
    return render(request, "staff/calls/calls.html", whole)
