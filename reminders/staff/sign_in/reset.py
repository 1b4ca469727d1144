"""Taking away somebody's second factor: for a lost telephone, by somebody else, on the record."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http import HttpResponseRedirect as Redirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from clinic.models import Staff
from reminders.models import SignInChange
from reminders.staff.screen import staff_of, visible_row
from reminders.staff.sign_in import limits
from reminders.staff.sign_in.again import asks_again
from reminders.staff.sign_in.factor import has_second_factor, reset_second_factor
from reminders.staff.sign_in.notices import tell


def may_reset(request: HttpRequest, other: Staff) -> bool:
    """True for those who run the clinic, and never for oneself."""
    staff = staff_of(request)
    return staff.has_perm("clinic.reset_second_factor") and staff.pk != other.pk


@asks_again
def reset_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what happens, and do it once that is confirmed."""
    other = visible_row(request, Staff.objects.all(), pk)
    if not may_reset(request, other):
        raise PermissionDenied
    if request.method == "POST":
        reset_second_factor(other)
        tell(other, SignInChange.FACTOR_RESET, by=staff_of(request))
        limits.forget_code_tries(request, other)
        messages.success(
            request,
            _(
                "The second factor of {person} is reset. They set up a new one at the next log-in."
            ).format(person=other),
        )
        return Redirect(reverse("admin:clinic_staff_changelist"))
    heading = _("Reset the second factor of {person}").format(person=other)
    shown = {
        **admin.site.each_context(request),
        "title": heading,
        "heading": heading,
        "other": other,
        "has_one": has_second_factor(other),
    }
    return render(request, "staff/sign_in/reset.html", shown)
