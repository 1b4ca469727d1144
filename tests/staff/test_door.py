"""No page of the panel opens before both factors: every address of the resolver is tried."""

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.urls.resolvers import RegexPattern

from reminders.staff.sign_in.door import BEFORE, SETTING_UP
from tests.factories import StaffFactory
from tests.signing_in import SignedIn, with_second_factor

# The admin's own log-in has the address of ours, which comes first.
OTHERS = {"admin:login"}
A_VALUE = {"int": "1", "str": "x", "slug": "x", "path": "1", "uuid": "0" * 32}


def addresses(patterns, *, prefix="/", place=()):
    """Yield the name and an address of every page, with something in each place of the path."""
    for one in patterns:
        if isinstance(one.pattern, RegexPattern):
            yield "", f"{prefix}1/anything/"
            continue
        path = str(one.pattern)
        for converter, name in _places(path):
            path = path.replace(f"<{converter}{name}>", A_VALUE.get(converter.rstrip(":"), "x"))
        if isinstance(one, URLPattern):
            space = ":".join([*place, one.name or ""])
            yield space, f"{prefix}{path}"
        else:
            inside = (*place, one.namespace) if one.namespace else place
            yield from addresses(one.url_patterns, prefix=f"{prefix}{path}", place=inside)


def _places(path):
    for part in path.split("<")[1:]:
        inside = part.split(">")[0]
        converter, colon, name = inside.rpartition(":")
        yield converter + colon, name


def panel():
    every = addresses(get_resolver().url_patterns)
    return sorted({(name, address) for name, address in every if address.startswith("/staff/")})


PANEL = panel()


def test_there_are_pages_to_try():
    assert len(PANEL) > 80


def led_to(answer):
    """Where an answer leads; a script, which cannot show a page, is told beside a 401."""
    return answer.headers.get("HX-Redirect" if answer.status_code == 401 else "Location", "")


@pytest.mark.parametrize("method", ["get", "post"])
class TestEveryPage:
    def test_leads_a_stranger_to_the_log_in(self, method, db):
        browser = Client()

        opened = {
            address
            for name, address in PANEL
            if name not in BEFORE | OTHERS
            and not led_to(getattr(browser, method)(address)).startswith(reverse("account_login"))
        }

        assert opened == set()

    def test_leads_whoever_gave_only_a_password_to_the_set_up(self, method, own_clinic):
        browser = SignedIn()
        browser.force_login(StaffFactory(clinic=own_clinic), both=False)

        opened = {
            address
            for name, address in PANEL
            if name not in SETTING_UP | OTHERS
            and not getattr(browser, method)(address)
            .headers.get("Location", "")
            .startswith(reverse("sign-in-set-up"))
        }

        assert opened == set()


def test_nobody_gets_in_with_a_session_that_was_not_signed_in_our_way(nurse):
    with_second_factor(nurse)
    browser = Client()
    browser.force_login(nurse)

    assert browser.get("/staff/").url.startswith(reverse("account_login"))


def test_a_script_is_told_that_the_session_is_over_and_is_given_no_page(db):
    answer = Client().get("/staff/", headers={"Sec-Fetch-Dest": "empty"})

    assert answer.status_code == 401
    assert answer.content == b""
