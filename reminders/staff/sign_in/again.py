"""Asking again who sits here, before something dangerous: a password or a code."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http import HttpResponseRedirect as Redirect
from django.views.decorators.http import require_http_methods

from clinic.models import Staff
from reminders.staff.screen import staff_of
from reminders.staff.sign_in import session
from reminders.staff.sign_in.code import check_code
from reminders.staff.sign_in.kept_form import keep_form
from reminders.staff.sign_in.page import (
    CODE_AT_MOST,
    PASSWORD_AT_MOST,
    going_on,
    leading_to,
    page_of,
    said,
    shown,
)

Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Rest], HttpResponse]


def recently_signed_in(request: HttpRequest) -> bool:
    """True for five minutes after this person signed in, or was asked again, in this session."""
    return session.is_fresh(session.sign_in_of(request))


def ask_again(request: HttpRequest, *, back: str = "") -> HttpResponse:
    """Ask for the password or a code, then go to `back`: a page of the panel.

    Without `back` that is this page, or the page with the form that was sent here. What was sent
    is not carried out: a person who has proved who they are presses the button anew. A page that
    takes its own form finds it again with `typed_before`.
    """
    page = page_of(request)
    if request.method == "POST" and urlsplit(page).path == request.path:
        keep_form(request, page=page)
    return leading_to("sign-in-again", back=back or page)


def asks_again(view: View[Rest]) -> View[Rest]:
    """Open a view only to whoever has shown within the last five minutes that it is them."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        if not recently_signed_in(request):
            return ask_again(request)
        return view(request, *args, **kwargs)

    return guarded


@require_http_methods(["GET", "POST"])
def again_view(request: HttpRequest) -> HttpResponse:
    """The question itself. A right answer counts for five minutes."""
    mistake = ""
    if request.method == "POST":
        mistake = _mistake(request, staff_of(request))
        if not mistake:
            session.proved(request)
            return Redirect(going_on(request))
    return shown(request, "staff/sign_in/again.html", mistake=mistake)


def _mistake(request: HttpRequest, staff: Staff) -> str:
    """Return what is wrong with the password or the code; empty when it is right."""
    try:
        if code := request.POST.get("code", "").strip():
            check_code(staff, code=code[:CODE_AT_MOST])
            return ""
        password = request.POST.get("password", "")[:PASSWORD_AT_MOST]
        who = get_adapter().authenticate(request, username=staff.username, password=password)
    except ValidationError as reason:
        return " ".join(reason.messages)
    return "" if who == staff else said("again_password_wrong")
