"""Setting up a second factor: scan or type the secret, prove it with a code, keep the codes."""

from allauth.mfa.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.http import HttpResponseRedirect as Redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clinic.models import Staff
from reminders.models import SignInChange
from reminders.staff.screen import staff_of
from reminders.staff.sign_in import limits, session
from reminders.staff.sign_in.again import ask_again, recently_signed_in
from reminders.staff.sign_in.factor import (
    drawing,
    has_second_factor,
    new_secret,
    recovery_codes,
    set_up,
    step_of,
)
from reminders.staff.sign_in.notices import tell
from reminders.staff.sign_in.page import CODE_AT_MOST, going_on, shown

# The secret that is being set up, encrypted, until a code has proved it.
PENDING = "new_second_factor"
IN_GROUPS_OF = 4


@require_http_methods(["GET", "POST"])
def set_up_view(request: HttpRequest) -> HttpResponse:
    """Give the person an authenticator: the first right after the password, or another one."""
    staff = staff_of(request)
    has_one = has_second_factor(staff)
    if has_one and not recently_signed_in(request):
        return ask_again(request)
    secret = _pending_secret(request)
    mistake = ""
    if request.method == "POST":
        step, mistake = _proved(request, staff, secret=secret)
        if step is not None:
            return _keep(request, staff, secret=secret, step=step)
    return shown(
        request,
        "staff/sign_in/set_up.html",
        drawing=drawing(staff, secret=secret),
        secret=_in_groups(secret),
        mistake=mistake,
        has_one=has_one,
    )


@require_http_methods(["GET", "POST"])
def recovery_codes_view(request: HttpRequest) -> HttpResponse:
    """Show the new recovery codes until the person says that they are kept, and never again."""
    if not request.session.get(session.NEW_CODES):
        return Redirect(reverse("sign-in-own"))
    if request.method == "POST":
        del request.session[session.NEW_CODES]
        return Redirect(going_on(request))
    return shown(
        request, "staff/sign_in/recovery_codes.html", codes=recovery_codes(staff_of(request))
    )


def _pending_secret(request: HttpRequest) -> str:
    adapter = get_adapter()
    if kept := request.session.get(PENDING):
        return str(adapter.decrypt(kept))
    secret = new_secret()
    request.session[PENDING] = adapter.encrypt(secret)
    return secret


def _proved(request: HttpRequest, staff: Staff, *, secret: str) -> tuple[int | None, str]:
    """Return the step of the typed code, or what is wrong with it."""
    try:
        limits.code_try(request, staff)
    except limits.TooManyTries as too_many:
        return None, limits.in_words(too_many)
    step = step_of(secret, code=request.POST.get("code", "")[:CODE_AT_MOST])
    if step is None:
        return None, _(
            "This code does not fit. Type the six digits that the app shows now. If they never"
            " fit, check that the clock of the telephone sets itself."
        )
    limits.forget_code_tries(request, staff)
    return step, ""


def _keep(request: HttpRequest, staff: Staff, *, secret: str, step: int) -> HttpResponse:
    set_up(staff, secret=secret, step=step)
    tell(staff, SignInChange.FACTOR_SET, by=staff)
    del request.session[PENDING]
    request.session[session.NEW_CODES] = True
    session.completed(request)
    return Redirect(f"{reverse('sign-in-recovery-codes')}?next={going_on(request)}")


def _in_groups(secret: str) -> str:
    return " ".join(secret[n : n + IN_GROUPS_OF] for n in range(0, len(secret), IN_GROUPS_OF))
