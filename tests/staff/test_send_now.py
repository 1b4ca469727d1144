"""Sending one signed message by hand: found by its words, seen as it will be, sent on a yes."""

import pytest
from django.urls import reverse

from clinic.models import Channel, Patient, Role
from reminders.flow.plan import plan_surgery
from reminders.models import Delivery, StepText
from tests.factories import (
    NOON,
    ConsentFactory,
    PathwayVersionFactory,
    StaffFactory,
    StepFactory,
    StepTextFactory,
    SurgeryFactory,
    seal_again,
)
from tests.staff.pages import fields_of, words_of


@pytest.fixture
def surgery(own_clinic):
    version = PathwayVersionFactory(pathway__clinic=own_clinic, signed=True)
    StepFactory(version=version, key="walk", day_from=5, intent="Walk more", category="physio")
    StepFactory(version=version, key="sleep", day_from=9, intent="Sleep well", category="lifestyle")
    surgery = SurgeryFactory(patient__clinic=own_clinic, patient__given_name="Rosa")
    plan_surgery(surgery.pk, now=NOON)
    return surgery


@pytest.fixture
def page(surgery):
    return reverse("admin:clinic_patient_send", args=[surgery.patient_id])


def seen(browser, page, step="walk"):
    return browser.get(page, {"step": step})


def agreed(browser, page, **changed):
    return browser.post(page, {**fields_of(seen(browser, page)), **changed}, follow=True)


class TestChoosing:
    def test_is_reached_from_the_timeline(self, browser, surgery, page):
        timeline = reverse("admin:clinic_patient_timeline", args=[surgery.patient_id])

        assert page in words_of(browser.get(timeline))

    @pytest.mark.parametrize(
        ("query", "found"),
        [("", {"walk", "sleep"}), ("SLEEP", {"sleep"}), ("little today", {"walk", "sleep"}),
         ("physio", {"walk"}), ("sleep walk questions", {"sleep"}), ("pancreas", set())],
    )  # fmt: skip
    def test_finds_a_message_by_its_words(self, browser, page, query, found):
        answer = browser.get(page, {"q": query})

        assert {one.key for one in answer.context["found"]} == found

    def test_says_what_is_missing_where_there_is_nothing(self, browser, own_clinic):
        other = SurgeryFactory(patient__clinic=own_clinic)
        Patient.objects.get(pk=other.patient_id).surgeries.all().update(status="cancelled")

        answer = browser.get(reverse("admin:clinic_patient_send", args=[other.patient_id]))

        assert "needs an operation on record" in words_of(answer)


class TestLooking:
    def test_shows_the_exact_words_and_sends_nothing(self, browser, page):
        words = words_of(seen(browser, page))

        assert "Harbourside Care: walk a little today. Questions: 020 7946 0100" in words
        assert "0 of 2 texts today" in words
        assert not Delivery.objects.exists()

    def test_shows_them_in_the_patients_language(self, browser, surgery, page):
        Patient.objects.update(language="es")
        step = surgery.reminders.get(step_key="walk").step
        StepTextFactory(step=step, language="es", sms="{clinic}: camine un poco hoy.")
        step.version.sealed = True
        seal_again(step.version)

        words = words_of(seen(browser, page))

        assert "camine un poco hoy" in words
        assert 'lang="es"' in words

    def test_names_the_planned_one_and_that_it_goes_instead(self, browser, page):
        words = words_of(seen(browser, page))

        assert "It is planned for Saturday 7 March, 09:00" in words
        assert "gets it once" in words

    def test_says_why_a_channel_or_all_of_it_may_not_go(self, browser, surgery, page):
        ConsentFactory(patient=surgery.patient, channel=Channel.EMAIL, given=False, at=NOON)
        assert "The patient opted out" in words_of(seen(browser, page))

        Patient.objects.update(status="deceased")
        answer = seen(browser, page)
        assert "The patient has died." in words_of(answer)
        assert answer.context["reasons"]


class TestSayingYes:
    def test_sends_it_and_says_so(self, browser, surgery, page):
        answer = agreed(browser, page, channel="sms")

        delivery = Delivery.objects.get()
        assert "It is on its way by text" in words_of(answer)
        assert (delivery.channel, delivery.the_reminder.step_key) == ("sms", "walk")
        assert "sent by Asha" in words_of(answer)

    def test_a_second_click_sends_no_second_one(self, browser, page):
        typed = {**fields_of(seen(browser, page)), "channel": "sms"}
        browser.post(page, typed)

        answer = browser.post(page, typed)

        assert "last 24 hours" in words_of(answer)
        assert Delivery.objects.count() == 1

    def test_words_that_have_changed_since_are_shown_again(self, browser, surgery, page):
        typed = {**fields_of(seen(browser, page)), "channel": "sms"}
        type(surgery.patient.clinic).objects.update(sender_name="Harbour Two")

        answer = browser.post(page, typed)

        assert "Look at the words" in words_of(answer)
        assert not Delivery.objects.exists()

    def test_a_channel_that_was_not_offered_sends_nothing(self, browser, page):
        agreed(browser, page, channel="pigeon")

        assert not Delivery.objects.exists()

    def test_no_word_of_it_can_be_typed(self, browser, page):
        agreed(browser, page, channel="sms", text="Come to the bar", sms="Come to the bar")

        assert not StepText.objects.filter(sms__contains="bar").exists()
        assert Delivery.objects.get().text == ""  # made from the signed words when it goes


@pytest.mark.parametrize("role", Role)
def test_clinicians_send_and_nobody_else(role, own_clinic, page, signed_in):
    browser = signed_in(StaffFactory(clinic=own_clinic, role=role))
    may = role in (Role.NURSE, Role.SURGEON, Role.PHYSIOTHERAPIST)

    assert browser.get(page).status_code == (200 if may else 403)
    assert browser.post(page, {"step": "walk", "channel": "sms"}).status_code == (
        200 if may else 403
    )
    assert not Delivery.objects.exists()


def test_a_patient_of_another_clinic_is_not_found(browser):
    other = SurgeryFactory()

    page = reverse("admin:clinic_patient_send", args=[other.patient_id])

    assert browser.get(page).status_code == 404
