"""Every address of the panel is tried with another clinic's rows, and every link is followed.

The addresses come from the resolver, so a new page is tried without being named here.
"""

import re
from collections import deque
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from django.apps import apps
from django.contrib import admin
from django.db.models import ForeignKey
from django.urls import Resolver404, resolve, reverse

from clinic.access import PATH_TO_CLINIC
from clinic.models import AccessEvent, Role
from reminders.staff.permissions.addresses import panel_addresses
from reminders.staff.permissions.made_clinic import made_clinic, person
from tests.factories import NOON

FAR, HOME = "Elsewhere", "Ourside"
# What forms of the panel ask for, so that a step is not refused for an empty field alone.
FILLED_IN = {"do": "save", "note": "done", "reason": "done for a reason", "outcome": "answered",
             "confirm": "yes", "yes": "yes", "_save": "Save", "term": FAR.lower()}  # fmt: skip
# A list of one's own that grows whenever somebody looks.
GROWS = {"clinic.accessevent"}


@pytest.fixture(autouse=True)
def _with_emergency_access(settings):
    settings.BREAK_GLASS = True  # it opens nothing to those who have not gone through its door


@pytest.fixture
def far(db):
    return made_clinic(FAR, number=1, now=NOON)


@pytest.fixture
def home(db):
    return made_clinic(HOME, number=2, now=NOON)


@pytest.fixture(params=Role.values)
def somebody(request, home, signed_in):
    return sat_down(signed_in, person(home, request.param, mark="Somebody"))


def sat_down(signed_in, staff):
    """Their browser, which knows who sits there: one address is that of logging out."""
    browser = signed_in(staff)
    browser.person = staff
    return browser


def rows_of(clinic):
    """Every row of a clinic with every value, model by model."""
    return {
        label: list(
            apps.get_model(label).objects.filter(**{path: clinic.pk}).order_by("pk").values()
        )
        for label, path in PATH_TO_CLINIC.items()
        if label not in GROWS
    }


def says_nothing_of(mark, answer):
    content = b"".join(answer) if answer.streaming else answer.content
    location = answer.headers.get("Location", "")
    return mark.encode() not in content and mark not in location


def test_no_address_shows_or_changes_a_row_of_another_clinic(somebody, far):
    before = rows_of(far)
    # Pages that ask for no row show the same to others, and links lead there: one role is enough.
    whole = somebody.person.role == Role.SURGEON
    for address in panel_addresses(far):
        if not (address.has_row or whole):
            continue
        for answer in (somebody.get(address.path), somebody.post(address.path, FILLED_IN)):
            assert says_nothing_of(FAR, answer), address
            if address.has_row:
                assert answer.status_code in (302, 403, 404, 405), address
        if address.name == "logout":
            somebody.force_login(somebody.person)

    assert rows_of(far) == before


def test_a_row_of_another_clinic_beside_ones_own_is_refused(somebody, home, far):
    before = rows_of(far)
    own = {address.path for address in panel_addresses(home)}
    mixed = [a for a in panel_addresses(home, beside=far) if a.path not in own]

    assert mixed
    for address in mixed:
        for answer in (somebody.get(address.path), somebody.post(address.path, FILLED_IN)):
            assert answer.status_code in (403, 404, 405), address
            assert says_nothing_of(FAR, answer), address
    assert rows_of(far) == before


def test_no_filter_search_or_choice_reaches_another_clinic(signed_in, home, far):
    somebody = signed_in(person(home, Role.SURGEON, mark="Somebody"))
    rows = {label: row["id"] for label, found in rows_of(far).items() for row in found[:1]}
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        asked = [{"q": FAR.lower()}, {"id__exact": rows.get(model._meta.label_lower, 0)}]
        for field in model._meta.fields:
            if isinstance(field, ForeignKey):
                pk = rows.get(field.related_model._meta.label_lower, 0)
                asked += [{f"{field.name}__id__exact": pk}, {f"{field.name}__exact": pk}]
        for query in asked:
            assert says_nothing_of(FAR, somebody.get(reverse(name), query, follow=True)), query


def test_no_link_leads_to_another_clinic(somebody, far):
    # What a filter leaves of a list has nothing to do with a role: one role tries them all.
    filters = somebody.person.role == Role.SURGEON
    seen, to_see = set(), deque([reverse("admin:index")])
    while to_see:
        address = to_see.popleft()
        new = shapes_of(address, filters=filters) - seen
        if not new:
            continue
        seen |= new
        answer = somebody.get(address, follow=True)
        assert says_nothing_of(FAR, answer), address
        if answer.headers["Content-Type"].startswith("text/html"):
            links = re.findall(r'(?:href|hx-get)="([^"]+)"', answer.content.decode())
            to_see += [urljoin(address, unescape(link)) for link in links]

    assert len(seen) > 10


def shapes_of(address, *, filters):
    """Which page of the panel it is, once for each thing that it is asked; none for other pages.

    Filters that were each seen alone are not tried together: they grow into thousands of addresses.
    """
    parts = urlsplit(address)
    if parts.netloc or not parts.path.startswith("/staff/"):
        return set()
    try:
        route = resolve(parts.path).route
    except Resolver404:
        return set()
    asked = re.findall(r"(?:^|&)([^=&]+)=", parts.query) if filters else ()
    return {(route, ""), *((route, name) for name in asked)}


def test_whoever_is_named_on_a_page_is_named_in_the_history_of_views(home, signed_in):
    browser = sat_down(signed_in, person(home, Role.SURGEON, mark="Somebody"))
    patient = home.patients.get()
    named = 0
    for address in panel_addresses(home):
        before = AccessEvent.objects.count()
        answer = browser.get(address.path)
        if answer.status_code == 200 and says_nothing_of(patient.given_name, answer) is False:
            named += 1
            event = AccessEvent.objects.order_by("-pk").first()
            assert event is not None, address
            assert patient.pk in event.patients, address
            assert AccessEvent.objects.count() == before + 1, address
        if address.name == "logout":
            browser.force_login(browser.person)

    assert named > 8


def test_nobody_gets_in_anywhere_without_signing_in(client, home):
    for address in panel_addresses(home):
        for answer in (client.get(address.path), client.post(address.path, FILLED_IN)):
            if address.name not in ("login", "jsi18n"):
                # a script is told 401: it cannot show the page that it would be led to
                assert answer.status_code in (302, 401, 403), address
                assert says_nothing_of(HOME, answer), address
