"""/p/<token>: the birth date that opens the page behind a link. (H33, H34)

Until it fits, nothing here tells whose link it is or what the clinic treats. Looking changes no row
and sets no stamp; only a whole date that was typed and sent does.
"""

import re
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from clinic import clock
from reminders.flow.page_door import Answer, Knock, LinkState, knock, look_at
from reminders.flow.page_limits import source_of
from reminders.models import PatientLink
from reminders.patient_page.frame import LANGUAGE_COOKIE, guarded, language_of, notice, show
from reminders.patient_page.page_words import PAGE_WORDS
from reminders.patient_page.visits import keep_open, language_on_record

# A telephone may take a full stop or a bracket behind the address for a part of it.
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}(?![A-Za-z0-9_-])")
_EARLIEST_YEAR = 1900
_MONTH_FIRST = frozenset({"US"})
FIELDS = ("day", "month", "year")


@dataclass(frozen=True, slots=True)
class Field:
    """One box of the date."""

    name: str
    value: str
    width: int


@require_http_methods(["GET", "HEAD", "POST"])
def birth_date_page(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for the birth date; when it fits, open the page and leave the token behind."""
    found = _TOKEN.match(token)
    secret = found[0] if found else ""
    now = clock.now()
    state, link = look_at(secret, now=now)
    if request.method != "POST":
        return _asked(request, state, link)
    born = _typed_date(request, today=timezone.localdate(now))
    if born is None:
        return _asked(request, state, link, problem="birth_incomplete")
    answer = knock(secret, birth_date=born, source=source_of(_address(request)), now=now)
    return _answered(request, answer, link)


def _asked(
    request: HttpRequest,
    state: LinkState,
    link: PatientLink | None,
    *,
    problem: str = "",
    tries_left: int = 0,
) -> HttpResponse:
    """The form, or why there is none."""
    if link is None:
        return _notice(request, None, "dead", status=404)
    if state is LinkState.LOCKED:
        return _notice(request, link, "locked", status=403)
    language = _language(request, link)
    clinic = link.patient.clinic
    month_first = clinic.country in _MONTH_FIRST
    names = ("month", "day", "year") if month_first else FIELDS
    context = {
        "fields": [
            Field(name, request.POST.get(name, "")[:4], 4 if name == "year" else 2)
            for name in names
        ],
        "problem": PAGE_WORDS[language][problem].format(left=tries_left) if problem else "",
        "hint": PAGE_WORDS[language]["birth_hint_month_first" if month_first else "birth_hint"],
        "has_languages": True,
    }
    return show(request, "birth_date.html", context, language=language, clinic=clinic)


def _answered(request: HttpRequest, answer: Knock, link: PatientLink | None) -> HttpResponse:
    match answer.answer:
        case Answer.OPENED:
            return _opened(request, answer.secret, link)
        case Answer.WRONG:
            problem = "birth_wrong_last" if answer.tries_left == 1 else "birth_wrong"
            left = answer.tries_left
            return _asked(request, LinkState.WORKS, link, problem=problem, tries_left=left)
        case Answer.LOCKED:
            return _notice(request, link, "locked", status=403)
        case Answer.TOO_MANY:
            return _notice(request, link, "too_many", status=429)
        case Answer.DEAD:
            return _notice(request, None, "dead", status=404)


def _opened(request: HttpRequest, secret: str, link: PatientLink | None) -> HttpResponse:
    """Go on to an address without the token, so that no history and no log of ours has it."""
    response = HttpResponseRedirect(reverse("my-home"))
    keep_open(response, secret)
    language = _language(request, link)
    if link is not None and language != language_on_record(link.patient):
        response.set_cookie(
            LANGUAGE_COOKIE, language, secure=settings.HTTPS, httponly=True, samesite="Lax"
        )
    return guarded(response)


def _notice(
    request: HttpRequest, link: PatientLink | None, what: str, *, status: int
) -> HttpResponse:
    """A page that only says something; for a link that is dead it is the same for all of them."""
    clinic = link.patient.clinic if link else None
    return notice(request, what, language=_language(request, link), clinic=clinic, status=status)


def _language(request: HttpRequest, link: PatientLink | None) -> str:
    return language_of(request, otherwise=language_on_record(link.patient) if link else "")


def _typed_date(request: HttpRequest, *, today: date) -> date | None:
    """Return the whole date that was typed, or None. Figures of any script are figures."""
    typed = [request.POST.get(name, "").strip() for name in FIELDS]
    if not all(part.isdecimal() and len(part) <= 4 for part in typed):
        return None
    day, month, year = (int(part) for part in typed)
    try:
        born = date(year, month, day)
    except ValueError:
        return None
    return born if born.year >= _EARLIEST_YEAR and born <= today else None


def _address(request: HttpRequest) -> str:
    """The caller's address: what our own proxy saw, where there is one, which it writes last."""
    behind_proxy = settings.SECURE_PROXY_SSL_HEADER is not None
    seen = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return (seen if behind_proxy and seen else request.META.get("REMOTE_ADDR", "")) or "unknown"
