"""What each answer says may run, and that no page of ours carries a script or a style in itself."""

import re
from pathlib import Path

import pytest

from clinic.models import Role
from clinic.page_safety import hash_of
from reminders.flow.letter_styles import AS_SENT, SCHEMES, Styles, allowed_styles
from reminders.flow.mails import Section, mail_of
from reminders.staff.content.look import in_scheme
from tests.factories import ClinicFactory, StaffFactory
from tests.signing_in import SignedIn

TEMPLATES = Path(__file__).parents[1] / "templates"
# Mails are read elsewhere, where style has to stand in the mail.
PAGES = [path for path in TEMPLATES.rglob("*.html") if path.parent.name != "messages"]
ADDRESSES = (
    "/staff/",
    "/staff/login/",
    "/staff/clinic/patient/",
    "/staff/password_change/",
    "/staff/jsi18n/",
    "/staff/autocomplete/",
    "/health",
    "/nowhere/",
    "/hooks/twilio/inbound/",
    "/my/",
    "/p/unknown/",
    "/u/unknown/",
    "/c/unknown/",
    "/calendar/unknown/care.ics",
)


@pytest.fixture
def browser(db):
    client = SignedIn()
    client.force_login(StaffFactory(role=Role.SURGEON))
    return client


def directives(answer):
    parts = (part.split() for part in answer["Content-Security-Policy"].split(";"))
    return {name: values for name, *values in parts}


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_answer_lets_anything_run_that_is_not_a_file_of_ours(browser, address):
    policy = directives(browser.get(address))

    assert policy["default-src"] == ["'none'"]
    assert policy.get("script-src", ["'self'"]) == ["'self'"]
    assert policy["frame-ancestors"] == policy["base-uri"] == ["'none'"]
    assert policy["form-action"] in (["'self'"], ["'none'"])
    allowed = {value for values in policy.values() for value in values}
    assert not {value for value in allowed if "://" in value or value in ("*", "https:")}
    assert not {value for value in allowed if value in ("'unsafe-inline'", "'unsafe-eval'")}


@pytest.mark.parametrize("address", ["/health", "/staff/jsi18n/"])
def test_what_is_no_page_may_load_and_send_nothing(browser, address):
    policy = directives(browser.get(address))

    assert policy.keys() <= {
        "default-src", "form-action", "base-uri", "frame-ancestors", "object-src"
    }  # fmt: skip
    assert set(map(tuple, policy.values())) == {("'none'",)}


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_answer_may_be_guessed_at_framed_or_told_where_it_came_from(browser, address):
    answer = browser.get(address)

    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] in ("same-origin", "strict-origin", "no-referrer")
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]


@pytest.mark.parametrize(
    "address", ["/staff/", "/staff/clinic/patient/", "/staff/password_change/"]
)
def test_no_page_of_the_panel_is_kept_by_anybody(browser, address):
    assert "no-store" in browser.get(address)["Cache-Control"]


@pytest.mark.parametrize("address", ["/p/unknown/", "/my/", "/c/unknown/"])
def test_on_a_patients_page_no_script_runs_at_all(browser, address):
    policy = directives(browser.get(address))

    assert policy.keys() == {
        "default-src", "style-src", "img-src", "form-action", "base-uri", "frame-ancestors"
    }  # fmt: skip
    assert policy["style-src"] == ["'self'"]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_template_writes_a_script_or_a_style_into_the_page(path):
    text = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", "", path.read_text(encoding="utf-8"), flags=re.S)

    assert not re.search(r"<script(?![^>]*\ssrc=)|<style\b|\sstyle=|\son[a-z]+=|javascript:", text)
    assert not re.search(r"\shx-on|\sx-html=", text)


@pytest.mark.parametrize("scheme", [None, False, True], ids=["as sent", "light", "dark"])
@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_each_style_of_a_mail_is_among_those_that_its_page_allows(db, scheme, language):
    clinic = ClinicFactory(phone="020 7946 0123", emergency_phone="112", country="GB")
    section = Section("Walking", ("Call 112 or 020 7946 0123.", "Walk."))
    html = mail_of([section, section], subject="-", clinic=clinic, language=language).html

    found = Styles()
    found.feed(html if scheme is None else in_scheme(html, is_dark=scheme))

    assert found.attributes
    assert found.elements
    allowed = allowed_styles()
    assert set(map(hash_of, found.attributes)) <= set(allowed["style-src-attr"])
    assert set(map(hash_of, found.elements)) <= set(allowed["style-src-elem"])


def test_a_style_that_a_text_brought_along_is_not_allowed(db):
    assert AS_SENT in SCHEMES
    assert hash_of("background: url(https://elsewhere.example.com)") not in {
        value for values in allowed_styles().values() for value in values
    }
