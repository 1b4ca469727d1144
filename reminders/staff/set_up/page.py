"""Set-up: what a clinic lacks before it may write to patients, and the button that puts it live."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clinic import clock
from clinic.models import Clinic
from reminders.flow.going_live import NotReady, go_live, may_go_live
from reminders.staff.duty.page import clinic_at
from reminders.staff.screen import staff_of
from reminders.staff.sending_switch import may_resume, may_stop
from reminders.staff.set_up.parts import parts_of
from reminders.staff.set_up.words import PARTS_SAID
from reminders.tasks import ring

VIEW = "reminders.view_ladder"


@require_safe
def own_set_up_view(request: HttpRequest) -> HttpResponse:
    """Lead to the set-up of one's own clinic; an operator chooses the clinic first."""
    own = staff_of(request).clinic_id
    if own is not None:
        return HttpResponseRedirect(reverse("admin:clinic_clinic_set_up", args=[own]))
    messages.info(request, _("Choose a clinic; its page leads to its set-up."))
    return HttpResponseRedirect(reverse("admin:clinic_clinic_changelist"))


@require_safe
def set_up_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Show every part with what it lacks. Nothing is kept of having looked."""
    clinic = clinic_at(request, pk, permission=VIEW)
    staff, now = staff_of(request), clock.now()
    parts = parts_of(clinic, now=now)
    heading = _("Set-up")
    return render(
        request,
        "staff/set_up/set_up.html",
        {
            **admin.site.each_context(request),
            "heading": heading,
            "title": heading,
            "of_clinic": clinic,
            "tz": clinic.tz,
            "parts": parts,
            "done": sum(part.is_done for part in parts),
            "missing": [part for part in parts if not part.is_done],
            "may_change": staff.has_perm("clinic.change_clinic"),
            "may_go_live": may_go_live(clinic, by=staff),
            "may_stop": may_stop(request),
            "may_resume": may_resume(request),
        },
    )


def go_live_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the clinic live in the name of whoever asks; refuse while anything is missing."""
    clinic = clinic_at(request, pk, permission=VIEW)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    staff = staff_of(request)
    if not may_go_live(clinic, by=staff):
        raise PermissionDenied
    try:
        go_live(clinic.pk, by=staff, now=clock.now())
    except NotReady as refused:
        named = ", ".join(str(PARTS_SAID[one.part].title) for one in refused.missing)
        messages.error(request, _("Not live: something is missing in {parts}.").format(parts=named))
    else:
        ring("reminders.dispatch")
        messages.success(
            request, _("{clinic} is live. Messages go out from now on.").format(clinic=clinic)
        )
    return HttpResponseRedirect(_address(clinic))


def _address(clinic: Clinic) -> str:
    return reverse("admin:clinic_clinic_set_up", args=[clinic.pk])
