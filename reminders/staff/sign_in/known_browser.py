"""A cookie that says in which browsers a person has signed in before.

It opens nothing. It only keeps a person's own browser apart from strangers when wrong passwords
are counted. One browser may be known for several people: wards share computers.
"""

import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from clinic.models import Staff

COOKIE = "aftercare_known"
SALT = "reminders.staff.known-browser"
AGE_SECONDS = 180 * 24 * 60 * 60
PEOPLE_AT_MOST = 20


def known_browser(request: HttpRequest, *, username: str) -> str:
    """Return this browser's own mark if the person has signed in here before, else nothing."""
    kept = _read(request)
    return str(kept["mark"]) if _mark_of(username) in kept["people"] else ""


def remember(request: HttpRequest, response: HttpResponse, *, staff: Staff) -> None:
    """Note in the browser that this person has signed in there with both factors."""
    kept = _read(request)
    person = _mark_of(staff.username)
    people = [person, *(one for one in kept["people"] if one != person)][:PEOPLE_AT_MOST]
    response.set_cookie(
        COOKIE,
        signing.dumps({"mark": kept["mark"] or secrets.token_hex(8), "people": people}, salt=SALT),
        max_age=AGE_SECONDS,
        path="/staff/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> dict[str, Any]:
    try:
        kept: dict[str, Any] = signing.loads(
            request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=AGE_SECONDS
        )
    except signing.BadSignature:
        return {"mark": "", "people": []}
    return kept


def _mark_of(username: str) -> str:
    return salted_hmac(SALT, username.strip().lower()).hexdigest()[:20]
