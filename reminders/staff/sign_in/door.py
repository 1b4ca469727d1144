"""Every page of the panel, before it opens: is this person signed in with both factors, still?"""

import time
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from clinic.models import Staff
from reminders.staff.sign_in import session
from reminders.staff.sign_in.factor import has_second_factor
from reminders.staff.sign_in.idle import idle_words, text_words
from reminders.staff.sign_in.kept_text import keep, typed_in
from reminders.staff.sign_in.page import PANEL, leading_to, page_of
from reminders.staff.sign_in.session import Ended, SignIn

# Pages for people who are not signed in yet.
BEFORE = frozenset({"account_login", "mfa_authenticate", "sign-in-somebody-else", "panel-language"})
# What somebody may do who has given a password and has no second factor yet.
SETTING_UP = BEFORE | {"sign-in-set-up", "admin:logout"}
# What somebody may do while new recovery codes are shown.
KEEPING_CODES = SETTING_UP | {"sign-in-recovery-codes"}
# What a page asks for by itself, every few seconds: the end of its address.
LIVE = "/live/"


class Door:
    """Middleware. Lets a request through to the panel, or leads to the page that is missing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Return None to let the view answer; after the check for forged forms."""
        if not request.path.startswith(PANEL) or request.resolver_match is None:
            return None
        page = request.resolver_match.view_name
        staff = request.user
        if not isinstance(staff, Staff):
            return None if page in BEFORE else _turn_away(request)
        sign_in = session.sign_in_of(request)
        if sign_in is None or not staff.is_staff:
            return _end(request, staff)
        if ended := sign_in.ended(now=time.time()):
            return _end(request, staff, ended)
        return self._let_in(request, staff, page, sign_in)

    def _let_in(
        self, request: HttpRequest, staff: Staff, page: str, sign_in: SignIn
    ) -> HttpResponse | None:
        if not sign_in.both and page not in SETTING_UP:
            if has_second_factor(
                staff
            ):  # set up in another session, which this one knows nothing of
                return _end(request, staff)
            return leading_to("sign-in-set-up", back=page_of(request))
        if request.session.get(session.NEW_CODES) and page not in KEEPING_CODES:
            return leading_to("sign-in-recovery-codes", back=page_of(request))
        # What a page fetches by itself does not mean that somebody is there.
        if not (_is_a_script(request) and request.method in ("GET", "HEAD")):
            session.seen(request, sign_in)
        return None


def _end(request: HttpRequest, staff: Staff, ended: Ended | None = None) -> HttpResponse:
    """Sign this person out; what they had typed waits for them behind the log-in."""
    texts = typed_in(request) if ended and request.method == "POST" else []
    back = page_of(request)
    logout(request)
    keep(request, texts, staff=staff)
    match ended:
        case Ended.IDLE:
            messages.info(request, idle_words(texts))
        case Ended.TOO_LONG:
            why = _("You were signed out because this session had lasted long enough.")
            messages.info(request, f"{why} {text_words()}" if texts else why)
    return _to_log_in(request, back=back)


def _turn_away(request: HttpRequest) -> HttpResponse:
    """Lead a stranger to the log-in, and say so when something was sent."""
    if request.method == "POST" and not _is_a_script(request):
        messages.info(request, _("You were not signed in, so what you sent was not saved."))
    return _to_log_in(request, back=page_of(request))


def _to_log_in(request: HttpRequest, *, back: str) -> HttpResponse:
    """Lead to the log-in; a script is told so, since it cannot show a page."""
    response = leading_to("account_login", back=back)
    if _is_a_script(request):
        return HttpResponse(status=401, headers={"HX-Redirect": response.url})
    return response


def _is_a_script(request: HttpRequest) -> bool:
    """True for what a page asks for by itself; without https a browser does not say so."""
    said = request.headers.get("Sec-Fetch-Dest") == "empty" or "HX-Request" in request.headers
    return said or request.path.endswith(LIVE)
