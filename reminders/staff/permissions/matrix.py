"""Who may open what, and act where: each address of the panel tried as each role.

The views are called as they stand, with rows of a clinic made for it, and everything they write is
undone. So the table says what the code does, not what somebody wrote about it.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.contrib import admin
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest
from django.test import RequestFactory
from django.test.utils import override_settings
from django.urls import resolve
from django.utils import translation

from clinic.models import Role, Staff
from reminders.flow.letter_styles import allowed_styles
from reminders.staff.permissions.addresses import Address, other_routes, panel_addresses
from reminders.staff.permissions.made_clinic import made_clinic, person
from reminders.staff.sign_in import session

Asked = dict[str, bool]
SEE, ACT = "see", "act"
# Pages that only show, and answer a form that is sent there as if they were opened.
ONLY_SHOWN = ("changelist", "history", "index", "search", "autocomplete", "jsi18n", "app_list",
              "timeline", "done")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One address, and what each role may do there: see, act, both or nothing."""

    name: str
    route: str
    word: str
    may: Mapping[str, frozenset[str]] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Matrix:
    """The whole table, and the addresses beside it that are everybody's own account."""

    rows: tuple[Row, ...]
    everybody: tuple[str, ...]


def matrix(*, now: datetime) -> Matrix:
    """Try every address as every role of a made clinic; nothing that it writes stays."""
    with transaction.atomic(), translation.override("en-gb"), _nothing_drawn():
        clinic = made_clinic("Made", number=0, now=now)
        people = {role: person(clinic, role, mark="Tried") for role in Role.values}
        rows = tuple(
            Row(
                name=address.name,
                route=address.route,
                word=address.word,
                may=_roles(people, address),
            )
            for address in panel_addresses(clinic)
        )
        transaction.set_rollback(True)
    return Matrix(rows=rows, everybody=tuple(other_routes()))


@contextmanager
def _nothing_drawn() -> Iterator[None]:
    """Let pages come out empty for a moment, menu and all: who is let in is decided before."""
    allowed_styles()  # kept by whoever asks first, and that must not be a page without words
    # Emergency access is tried as where an installation has it.
    with override_settings(BREAK_GLASS=True,
                           TEMPLATES=[{"BACKEND": f"{__package__}.blank.Blank", "DIRS": [],
                                       "APP_DIRS": False, "OPTIONS": {}}]):  # fmt: skip
        vars(admin.site)["each_context"] = lambda request: {}
        try:
            yield
        finally:
            del vars(admin.site)["each_context"]


def _roles(people: Mapping[str, Staff], address: Address) -> dict[str, frozenset[str]]:
    """Return what each role may at one address."""
    may: dict[str, set[str]] = {role: set() for role in people}
    methods = {SEE: "GET"} if address.name.endswith(ONLY_SHOWN) else {SEE: "GET", ACT: "POST"}
    for what, method in methods.items():
        known: list[tuple[Asked, bool]] = []
        for role, staff in people.items():
            if _known_or_tried(staff, address, method=method, known=known):
                may[role].add(what)
    return {role: frozenset(found) for role, found in may.items()}


def _known_or_tried(
    staff: Staff, address: Address, *, method: str, known: list[tuple[Asked, bool]]
) -> bool:
    """Try the address, unless a colleague of whom it asked the same got the same answers before.

    What a view asks is each permission, one after the other; roles are nothing else (ADR 5).
    """
    for asked, was_let_in in known:
        if all(staff.has_perm(name) is answer for name, answer in asked.items()):
            return was_let_in
    asked = {}
    has_perm = staff.has_perm

    def noted(name: str, obj: object = None) -> bool:
        return asked.setdefault(name, has_perm(name))

    vars(staff)["has_perm"] = noted
    try:
        is_let_in = _is_let_in(staff, address, method=method)
    finally:
        del vars(staff)["has_perm"]
    known.append((asked, is_let_in))
    return is_let_in


def _is_let_in(staff: Staff, address: Address, *, method: str) -> bool:
    """True unless the view refuses this person, knows no such page, or takes no such request."""
    request = _request(staff, address, method=method)
    try:
        with transaction.atomic():
            try:
                match = resolve(address.path)
                request.resolver_match = match
                answer = match.func(request, *match.args, **match.kwargs)
            finally:
                transaction.set_rollback(True)
    except (PermissionDenied, Http404):
        return False
    return answer.status_code not in (403, 404, 405)


def _request(staff: Staff, address: Address, *, method: str) -> HttpRequest:
    """As the person would send it: signed in with both factors a moment ago, an empty form."""
    host = settings.ALLOWED_HOSTS[0].lstrip(".").replace("*", "localhost")
    factory = RequestFactory(SERVER_NAME=host)
    form = {"csrfmiddlewaretoken": "empty otherwise"}
    ask = factory.post if method == "POST" else factory.get
    request = ask(address.path, form if method == "POST" else {}, secure=settings.HTTPS)
    request.user = staff
    moment = time.time()
    request.session = SessionStore()
    request.session[session.KEY] = {"at": moment, "seen": moment, "proved": moment, "both": True}
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
    return request
