"""The cookie of a visit: who sits there, for how long still, and what a page does without one.

The row in the database is the visit; the cookie names it by a secret and carries, signed, when it
was last used. So looking at a page writes no row, and half an hour without a step closes it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import update_wrapper
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse

from clinic import clock
from clinic.models import Clinic, Patient
from reminders.flow.page_door import LONGEST_VISIT, visit_of
from reminders.models import PatientVisit
from reminders.patient_page.frame import guarded, language_of, notice
from reminders.patient_page.page_words import PAGE_WORDS
from reminders.rules.language import language_of as choose_language

IDLE = timedelta(minutes=30)
_SIGNER = TimestampSigner(salt="reminders.patient_page.visits")

Rest = ParamSpec("Rest")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who sits at the page, in which language, and the moment of this request."""

    visit: PatientVisit
    secret: str
    language: str
    now: datetime

    @property
    def patient(self) -> Patient:
        return self.visit.link.patient

    @property
    def clinic(self) -> Clinic:
        return self.patient.clinic


View = Callable[Concatenate[HttpRequest, Rest], HttpResponse]
OwnView = Callable[Concatenate[HttpRequest, Visitor, Rest], HttpResponse]


def cookie_name() -> str:
    """The prefix makes browsers hold it to this host, the whole of it and https."""
    return "__Host-aftercare" if settings.HTTPS else "aftercare"


def for_visitor(view: OwnView[Rest]) -> View[Rest]:
    """Let the view be seen by whoever has opened their page, and hand it the visitor."""

    def guarded_view(
        request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs
    ) -> HttpResponse:
        visitor = visitor_of(request, idle=IDLE)
        if visitor is None:
            return closed(request)
        response = view(request, visitor, *args, **kwargs)
        if not response.cookies.get(cookie_name()):
            keep_open(response, visitor.secret)
        return guarded(response)

    update_wrapper(guarded_view, view)
    return guarded_view


def visitor_of(request: HttpRequest, *, idle: timedelta | None) -> Visitor | None:
    """Return who sits there, or None; with `idle` None however long ago the last step was.

    Writes nothing.
    """
    try:
        secret = _SIGNER.unsign(request.COOKIES.get(cookie_name(), ""), max_age=idle)
    except BadSignature:  # of which an old signature is a kind
        return None
    now = clock.now()
    visit = visit_of(secret, now=now)
    if visit is None:
        return None
    language = language_of(request, otherwise=language_on_record(visit.link.patient))
    return Visitor(visit, secret, language, now)


def language_on_record(patient: Patient) -> str:
    """Return the language for this patient's page, as for their messages."""
    found = choose_language(PAGE_WORDS, patient=patient.language, clinic=patient.clinic.language)
    return found or "en"


def keep_open(response: HttpResponse, secret: str) -> None:
    """Put the cookie on the response, stamped with this moment of the machine's clock."""
    response.set_cookie(
        cookie_name(),
        _SIGNER.sign(secret),
        max_age=LONGEST_VISIT,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def forget(response: HttpResponse) -> None:
    """Take the cookie away."""
    response.set_cookie(
        cookie_name(), "", max_age=0, secure=settings.HTTPS, httponly=True, samesite="Lax"
    )


def closed(request: HttpRequest) -> HttpResponse:
    """Say that the page is closed, and how to open it. Tells nothing about anybody."""
    return notice(request, "closed", language=language_of(request), status=403)
