"""The big switch: everything of one clinic stops at once, with a reason, until somebody resumes."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import clock
from clinic.models import Clinic
from reminders.flow.stop import resume_sending, stop_sending
from reminders.staff.outcomes import back_to
from reminders.staff.screen import staff_of, visible_row
from reminders.tasks import ring

# What each number is for, where it is missing.
NUMBERS = {
    "phone": gettext_lazy("the telephone number for questions"),
    "urgent_phone": gettext_lazy("the number for same-day help"),
    "emergency_phone": gettext_lazy("the emergency number"),
}


def sending_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop or resume the sending of one clinic; whoever sees to patients may stop it."""
    clinic = visible_row(request, Clinic.objects.all(), pk)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    stop = request.POST.get("do") == "stop"
    if not may_stop(request) or (not stop and not may_resume(request)):
        raise PermissionDenied
    if stop:
        _stop(request, clinic)
    else:
        resume_sending(clinic.pk, by=staff_of(request), now=clock.now())
        ring("reminders.dispatch")
        messages.success(request, _("{clinic} is sending again.").format(clinic=clinic))
    return HttpResponseRedirect(back_to(request, otherwise=reverse("admin:index")))


def _stop(request: HttpRequest, clinic: Clinic) -> None:
    reason = request.POST.get("reason", "").strip()
    if not reason:
        messages.error(request, _("Nothing is stopped yet. Say why, in a few words."))
        return
    stop_sending(clinic.pk, by=staff_of(request), reason=reason, now=clock.now())
    messages.warning(
        request,
        _("Sending is stopped for {clinic}. Nothing more goes out.").format(clinic=clinic),
    )


def may_stop(request: HttpRequest) -> bool:
    """Anybody who acts for patients: stopping harms less than going on in error."""
    staff = staff_of(request)
    return staff.has_perm("reminders.change_alert") or staff.has_perm("clinic.change_clinic")


def may_resume(request: HttpRequest) -> bool:
    return staff_of(request).has_perm("clinic.change_clinic")
