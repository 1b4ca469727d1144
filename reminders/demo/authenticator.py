"""The demo's authenticator: the six digits of each log-in, so that nobody needs a telephone.

Only the demo has this page. Elsewhere a secret leaves its owner's telephone as little as the
page that shows it once.
"""

import time
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clinic.models import Staff
from reminders.staff.sign_in.factor import code_of, new_secret, secret_of, set_up

SECONDS_A_CODE = 30


@dataclass(frozen=True, slots=True)
class LogIn:
    """Whose digits these are, and what they are at this moment."""

    name: str
    work: str
    username: str
    code: str


def give_authenticators() -> None:
    """Give everybody without a second factor one; run again it changes nothing."""
    without = Staff.objects.filter(is_active=True, authenticator__isnull=True)
    for staff in without:
        set_up(staff, secret=new_secret(), step=0)


@require_safe
def authenticator_page(request: HttpRequest) -> HttpResponse:
    """Show everybody's digits of this moment, and for how long they hold."""
    step, gone = divmod(int(time.time()), SECONDS_A_CODE)
    kept = Authenticator.objects.filter(type=Authenticator.Type.TOTP, user__is_active=True)
    log_ins = [_log_in(one, step=step) for one in kept.select_related("user").order_by("pk")]
    shown = {"log_ins": log_ins, "seconds_left": SECONDS_A_CODE - gone}
    return render(request, "demo/authenticator.html", shown)


def _log_in(kept: Authenticator, *, step: int) -> LogIn:
    staff = kept.user
    return LogIn(
        name=str(staff),
        work="Operator" if staff.is_superuser else str(staff.get_role_display()),
        username=staff.username,
        code=code_of(secret_of(kept), step=step),
    )
