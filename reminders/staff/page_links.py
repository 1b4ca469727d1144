"""The links to a patient's own page: what is out there, a new one, and an end to all of them."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http import HttpResponseRedirect as Redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic import clock
from clinic.models import Patient
from reminders.flow.message_links import has_own_page
from reminders.flow.patient_links import CannotSendLink, links_out, revoke_links, send_new_link
from reminders.staff.kept_words import kept_said
from reminders.staff.screen import staff_of, visible_row
from reminders.staff.words import Said
from reminders.tasks import ring


def page_link_view(request: HttpRequest, pk: int, do: str) -> HttpResponse:
    """Send this patient a new link, or revoke those that are out; then back to the timeline."""
    patient = visible_row(request, Patient.objects.select_related("clinic"), pk)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not may_change_links(request):
        raise PermissionDenied
    match do:
        case "send":
            _send(request, patient)
        case "revoke":
            _revoke(request, patient)
        case _:
            raise Http404
    return Redirect(reverse("admin:clinic_patient_timeline", args=[patient.pk]))


def may_change_links(request: HttpRequest) -> bool:
    """True for whoever keeps the record: a link goes to the address that stands there."""
    return staff_of(request).has_perm("clinic.change_patient")


def page_said(patient: Patient, *, now: datetime) -> Said:
    """Say whether the patient has a page, and how many links open it at this moment."""
    if not has_own_page(patient):
        reason = _("No page: there is no birth date") if not patient.birth_date else _("No page")
        return Said(reason, "quiet")
    out = links_out(patient, now=now)
    if out.locked and not out.working:
        return Said(_("The link is locked"), "warn")
    if not out.working:
        return Said(_("No link has been sent"), "quiet")
    links = ngettext("%(number)d link opens it", "%(number)d links open it", out.working)
    return Said(links % {"number": out.working}, "good")


def _send(request: HttpRequest, patient: Patient) -> None:
    try:
        delivery = send_new_link(patient, now=clock.now())
    except CannotSendLink as reason:
        messages.warning(request, kept_said(str(reason)))
        return
    ring("reminders.deliver", channel_name=delivery.channel)
    way = delivery.get_channel_display()
    messages.success(request, _("A new link is on its way ({channel}).").format(channel=way))


def _revoke(request: HttpRequest, patient: Patient) -> None:
    revoked = revoke_links(patient, by=staff_of(request), now=clock.now())
    said = ngettext("%(number)d link is revoked.", "%(number)d links are revoked.", revoked)
    messages.success(request, said % {"number": revoked})
