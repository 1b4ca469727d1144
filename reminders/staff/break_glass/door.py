"""The door: an exact record number, a birth date and a reason. Nothing is searched or suggested."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http import HttpResponseRedirect as Redirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from clinic import clock
from clinic.access_history import refuse_all
from clinic.models import Patient
from clinic.models.emergency_access import LONGEST_REASON, SHORTEST_REASON
from clinic.seen import Seen
from reminders.flow.emergency import open_record
from reminders.staff.break_glass.whom import KEY, in_emergencies, open_access
from reminders.staff.screen import staff_of
from reminders.staff.sign_in.again import asks_again
from reminders.staff.sign_in.kept_form import typed_before
from reminders.staff.sign_in.limits import TooManyTries, emergency_try, in_words
from reminders.tasks import ring

RECORD = "admin:clinic_patient_emergency_record"
# Fewer than this are no words: "aaaa aaaa aaaa aaaa".
FEWEST_WORDS, FEWEST_LETTERS = 2, 6


class DoorForm(forms.Form):
    """What somebody knows who has this patient in front of them, and why they need the record."""

    record_number = forms.CharField(
        label=gettext_lazy("Record number at the other clinic"),
        help_text=gettext_lazy("Exactly as it stands on their papers."),
        max_length=40,
        widget=forms.TextInput(attrs={"class": "ac-input", "autocomplete": "off"}),
    )
    birth_date = forms.DateField(
        label=gettext_lazy("Birth date"),
        widget=forms.DateInput(
            attrs={"class": "ac-input", "type": "date", "autocomplete": "off"}, format="%Y-%m-%d"
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why you need it now"),
        help_text=gettext_lazy("One sentence. It is kept, and the other clinic reads it."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"class": "ac-input", "rows": 3}),
    )

    def clean_reason(self) -> str:
        reason = " ".join(self.cleaned_data["reason"].split())
        letters = {sign for sign in reason.lower() if sign.isalpha()}
        says_little = len(reason.split()) < FEWEST_WORDS or len(letters) < FEWEST_LETTERS
        if len(reason) < SHORTEST_REASON or says_little:
            raise ValidationError(
                _("Say in a few words why you need the record now: 15 characters or more.")
            )
        return reason


@dataclass(frozen=True, slots=True)
class Found:
    """Whom the two fit, and everybody with that number, each with their clinic."""

    fit: Seen
    same_number: Seen


def find(record_number: str, birth_date: date) -> Found:
    """Look in all clinics for an exact number; a patient without a birth date is never found.

    Reads columns, not records: whoever is only tried has not been seen.
    """
    rows = Patient.objects.order_by("pk").filter(record_number=record_number)
    born = list(rows.values_list("pk", "clinic", "birth_date"))
    return Found(
        fit={pk: clinic for pk, clinic, born_on in born if born_on == birth_date},
        same_number={pk: clinic for pk, clinic, _born in born},
    )


@require_http_methods(["GET", "POST"])
@in_emergencies
@asks_again
def door_view(request: HttpRequest) -> HttpResponse:
    """Ask for the three; a right pair opens the record, or one's own patient's own page."""
    now = clock.now()
    if request.method == "GET" and open_access(request, now=now):
        return Redirect(reverse(RECORD))
    sent = request.POST if request.method == "POST" else None
    form = DoorForm(sent, initial=typed_before(request))
    if form.is_valid() and (opened := _opened(request, form, now=now)):
        return opened
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Emergency access"),
        "heading": _("Emergency access"),
        "crumb": _("Patients"),
        "opts": Patient._meta,
        "form": form,
        "shows_demo": settings.DEMO,
    }
    return render(request, "staff/break_glass/door.html", context)


def _opened(request: HttpRequest, form: DoorForm, *, now: datetime) -> Redirect | None:
    """Lead to what was asked for, or say on the form why not; wrong tries count and are kept."""
    staff = staff_of(request)
    try:
        tries = emergency_try(request, staff)
    except TooManyTries as too_many:
        refuse_all(request, {})
        form.add_error(None, in_words(too_many))
        return None
    found = find(form.cleaned_data["record_number"], form.cleaned_data["birth_date"])
    if len(found.fit) != 1:
        refuse_all(request, found.same_number)
        form.add_error(None, _why_not(found))
        return None
    tries.give_back()
    [(pk, clinic)] = found.fit.items()
    if clinic == staff.clinic_id:
        messages.info(request, _("This patient is of your own clinic: no emergency is needed."))
        return Redirect(reverse("admin:clinic_patient_timeline", args=[pk]))
    patient = Patient.objects.get(pk=pk)
    access = open_record(patient, by=staff, reason=form.cleaned_data["reason"], now=now)
    request.session[KEY] = access.pk
    ring("reminders.watch")
    return Redirect(reverse(RECORD))


def _why_not(found: Found) -> str:
    """Say why nothing opens: a wrong birth date and an unknown number sound the same."""
    if found.fit:
        return _("More than one patient fits, so none is opened. Call the clinic that operated.")
    return _("No patient has this record number and this birth date. Compare both, or call.")
