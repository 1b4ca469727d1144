"""Pages that say no: in plain words, in both languages, with what to do about it."""

import logging

import pytest
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.test import Client, RequestFactory
from django.urls import reverse

from reminders.staff import errors
from tests.factories import AlertFactory
from tests.staff.pages import words_of
from tests.staff.spoken_pages import texts_of


def test_an_address_that_leads_nowhere_says_where_to_look(browser):
    answer = browser.get("/staff/nothing/here/")

    assert answer.status_code == 404
    assert "There is nothing at this address" in words_of(answer)
    assert 'href="/staff/"' in answer.content.decode()


def test_a_page_of_another_role_says_whom_to_ask(browser):
    answer = browser.get(reverse("admin:clinic_clinic_add"))

    assert answer.status_code == 403
    assert "Your role does not open this" in words_of(answer)
    assert "Ask your manager" in words_of(answer)


def test_a_form_without_its_proof_says_that_nothing_was_saved(nurse, own_clinic):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(nurse)
    alert = AlertFactory(clinic=own_clinic)

    answer = browser.post(reverse("admin:reminders_alert_take", args=[alert.pk]))

    assert answer.status_code == 403
    assert "This page was too old to be saved" in words_of(answer)


def test_a_patients_form_without_its_proof_keeps_the_words_for_patients(db):
    answer = Client(enforce_csrf_checks=True).post("/my/leave/")

    assert answer.status_code == 403
    assert "too old to be saved" not in words_of(answer)


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        (SuspiciousOperation(), 400, "Nothing was changed. Go back"),
        (RequestDataTooBig(), 413, "Send at most 12 MB"),
    ],
)
def test_what_cannot_be_read_says_how_to_mend_it(error, status, told):
    answer = errors.bad_request(RequestFactory().post("/staff/"), error)

    assert answer.status_code == status
    assert told in words_of(answer)


def test_a_page_that_failed_gives_a_number_that_stands_in_the_log(caplog):
    with caplog.at_level(logging.ERROR):
        answer = errors.server_error(RequestFactory().get("/staff/"))

    assert answer.status_code == 500
    [record] = [r for r in caplog.records if r.name == "reminders.staff.errors"]
    assert record.args[0] in words_of(answer)
    assert len(record.args[0]) == 8


def test_a_page_that_failed_asks_no_database():
    # no database mark: a query would fail this test
    assert (
        b"Something went wrong on our side"
        in errors.server_error(RequestFactory().get("/staff/")).content
    )


def test_they_speak_spanish(browser):
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"

    words = " ".join(texts_of(browser.get("/staff/nothing/here/")))

    assert "No hay nada en esta dirección" in words
    assert "There is" not in words


@pytest.mark.parametrize("path", ["/hooks/nothing/", "/hooks/twilio/nothing/"])
def test_a_provider_gets_a_bare_status(path, db):
    answer = Client().get(path)

    assert (answer.status_code, answer.content) == (404, b"")
