"""A person's own page: their second factor, new recovery codes, and an end to all sessions."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.http import HttpResponseRedirect as Redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reminders.models import SignInChange
from reminders.staff.screen import staff_of
from reminders.staff.sign_in import session
from reminders.staff.sign_in.again import asks_again
from reminders.staff.sign_in.factor import (
    recovery_codes,
    renew_recovery_codes,
    sign_out_everywhere,
)
from reminders.staff.sign_in.notices import tell
from reminders.staff.sign_in.page import shown


@require_safe
def own_view(request: HttpRequest) -> HttpResponse:
    """What protects one's own account, and what one can do about it."""
    codes_left = len(recovery_codes(staff_of(request)))
    return shown(
        request,
        "staff/sign_in/own.html",
        heading=_("Your sign-in"),
        title=_("Your sign-in"),
        codes_left=codes_left,
    )


@require_POST
@asks_again
def new_codes_view(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes and show them; the old ones end."""
    staff = staff_of(request)
    renew_recovery_codes(staff)
    tell(staff, SignInChange.CODES_RENEWED, by=staff)
    request.session[session.NEW_CODES] = True
    return Redirect(f"{reverse('sign-in-recovery-codes')}?next={reverse('sign-in-own')}")


@require_POST
def everywhere_view(request: HttpRequest) -> HttpResponse:
    """End all of one's sessions but this one."""
    kept = sign_out_everywhere(staff_of(request))
    update_session_auth_hash(request, kept)
    messages.success(request, _("You are signed out everywhere else."))
    return Redirect(reverse("sign-in-own"))
