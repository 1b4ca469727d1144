"""Today looks again by itself: the same sections as the page, and nothing when nothing is new."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from clinic.models import Role
from reminders.models import AlertKind, Tier
from tests.factories import NOON, AlertFactory, PatientFactory, StaffFactory, SurgeryFactory
from tests.staff.pages import words_of

LIVE = "/staff/reminders/delivery/today/live/"


@pytest.fixture
def patient(own_clinic):
    return SurgeryFactory(patient__clinic=own_clinic, patient__given_name="Rosa").patient


def parts_of(page):
    return set(re.findall(r'data-part="([\w-]+)"', page.content.decode()))


def again(browser, answer):
    return browser.get(LIVE, headers={"If-None-Match": answer["ETag"]})


def test_what_is_looked_at_again_is_what_the_page_shows(browser, patient):
    AlertFactory(patient=patient, summary="Cannot pass water")

    page, fresh = browser.get(reverse("admin:index")), browser.get(LIVE)

    assert parts_of(page) == parts_of(fresh)
    assert "Cannot pass water" in words_of(fresh)


def test_nothing_is_sent_while_nothing_has_changed(browser, patient):
    AlertFactory(patient=patient)

    same = again(browser, browser.get(LIVE))

    assert (same.status_code, same.content) == (304, b"")


@pytest.mark.parametrize(
    "news",
    [
        lambda patient: AlertFactory(patient=patient, tier=Tier.EMERGENCY),
        lambda patient: AlertFactory(patient=patient, kind=AlertKind.SILENT),
        lambda patient: PatientFactory(clinic=patient.clinic, mobile_failed_at=NOON),
    ],
)
def test_whatever_is_new_is_sent(browser, patient, news):
    before = browser.get(LIVE)

    news(patient)

    assert again(browser, before).status_code == 200


def test_an_age_that_grows_is_news(browser, patient, time_machine):
    AlertFactory(patient=patient, opened_at=NOON)
    before = browser.get(LIVE)

    time_machine.move_to(NOON + timedelta(minutes=1))

    assert again(browser, before).status_code == 200


def test_another_clinics_alert_is_no_news(browser, patient):
    before = browser.get(LIVE)

    AlertFactory()

    assert again(browser, before).status_code == 304


def test_a_form_in_a_section_leads_back_to_the_page_and_not_to_the_section(browser, patient):
    AlertFactory(patient=patient)

    assert f'name="next" value="{reverse("admin:index")}"' in words_of(browser.get(LIVE))


def test_it_is_kept_in_no_cache(browser):
    assert "no-store" in browser.get(LIVE)["Cache-Control"]


def test_looking_again_keeps_nobody_signed_in(browser, settings, time_machine):
    browser.get(reverse("admin:index"))
    for minutes in range(1, int(settings.SIGN_OUT_WHEN_IDLE.total_seconds() // 60) + 1):
        time_machine.move_to(NOON + timedelta(minutes=minutes))
        answer = browser.get(LIVE)

    assert answer.status_code == 401


def test_whoever_is_not_signed_in_is_told_so_and_led_nowhere(db):
    assert Client().get(LIVE).status_code == 401


def test_every_role_that_sees_today_sees_it_live(own_clinic, signed_in):
    for role in Role:
        person = signed_in(StaffFactory(clinic=own_clinic, role=role))

        assert person.get(LIVE).status_code == 200
