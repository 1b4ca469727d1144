"""The check-in on the patient's page: asked, taken once, told what follows, and seen over time."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from clinic.models import SymptomCheckMode
from reminders.flow.replies import read_replies
from reminders.models import Alert, CheckIn, DeliveryStatus, ReminderStatus, Tier
from reminders.patient_page.page_words import PAGE_WORDS
from tests.factories import (
    NOON,
    DeliveryFactory,
    ReminderFactory,
    ReplyFactory,
    StaffFactory,
    SurgeryFactory,
)
from tests.patient_page.at_the_page import every_row, open_page, patient_with_page, words_of
from tests.staff.pages import fields_of

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
PAGE = "/my/check-in/"
CODES = [{"code": "1", "meaning": "no_new_problem", "action": "none"}]

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient():
    """Somebody whose check-in of day 7 went out this morning, at a clinic that sorts answers."""
    patient = patient_with_page()
    in_mode(patient, SymptomCheckMode.TRIAGE)
    surgery = SurgeryFactory(
        patient=patient, surgery_date=NOON.date() - 7 * DAY, planned_revision=1
    )
    ReminderFactory(
        surgery=surgery,
        step__category="check_in",
        step__questions=["symptom_check", "pain_limb", "pain_spine", "wound"],
        step__replies=CODES,
        status=ReminderStatus.DISPATCHED,
        due_at=NOON - 2 * HOUR,
    )
    return patient


def in_mode(patient, mode):
    clinic = patient.clinic
    clinic.symptom_check_mode = mode
    clinic.symptom_check_responsible = StaffFactory(clinic=clinic)
    clinic.save()


@pytest.fixture
def here(client, patient):
    """The browser of the patient, on their page."""
    open_page(client, patient)
    return client


def all_well(browser, **changed):
    """The form as it stands there, with no to every sign and little pain."""
    fields = fields_of(browser.get(PAGE))
    signs = {f"Q{number:02}": "no" for number in range(1, 30)}
    return fields | signs | {"pain_limb": "2", "pain_spine": "1"} | changed


def hand_in(browser, **changed):
    return browser.post(PAGE, all_well(browser, **changed), follow=True)


class TestTheForm:
    def test_asks_what_the_check_in_asks(self, here):
        words = words_of(here.get(PAGE))

        assert "How bad is the worst pain in your leg today?" in words
        assert "How is your wound?" in words

    def test_is_a_step_away_from_home(self, here):
        assert f'href="{PAGE}"' in here.get("/my/").content.decode()

    def test_changes_nothing_by_being_looked_at(self, here):
        before = every_row()

        here.get(PAGE)

        assert every_row() == before

    def test_says_who_reads_the_answers(self, here, patient):
        assert "not a person, choose what you read next" in words_of(here.get(PAGE))
        in_mode(patient, SymptomCheckMode.RELAY)
        assert "Nobody sorts these answers" in words_of(here.get(PAGE))

    def test_asks_for_no_signs_in_the_mode_off(self, here, patient):
        in_mode(patient, SymptomCheckMode.OFF)

        page = words_of(here.get(PAGE))

        assert "Signs that need help now" not in page
        assert "How you are" in page

    def test_says_beside_an_emergency_sign_what_to_do_at_once(self, here):
        assert '<p class="check-in-act"' in here.get(PAGE).content.decode()

    def test_is_in_the_patients_language(self, here):
        page = here.get(f"{PAGE}?lang=es")

        assert "¿Cómo está la herida?" in words_of(page)

    def test_is_marked_as_english_where_its_words_have_no_other(self, here):
        page = here.get(f"{PAGE}?lang=ar").content.decode()

        assert '<html lang="ar" dir="rtl">' in page
        assert '<div class="check-in" lang="en" dir="ltr">' in page

    def test_is_not_there_while_messages_wait_for_a_person(self, here, patient):
        patient.surgeries.update(on_hold=True)

        assert "There is nothing to answer yet." in words_of(here.get(PAGE))

    def test_is_not_there_for_whoever_has_not_opened_the_page(self, client):
        assert client.get(PAGE).status_code == 403


class TestAnswers:
    def test_are_kept_once_and_followed_by_the_fixed_text(self, here, patient):
        page = hand_in(here)

        check_in = CheckIn.objects.get()
        assert (check_in.patient, check_in.by, check_in.day) == (patient, "page", 7)
        assert check_in.answers.get(question="pain_limb").number == 2
        assert page.redirect_chain == [(f"{PAGE}{check_in.key}/", 303)]
        assert "Your answers are saved" in words_of(page)
        assert not Alert.objects.exists()

    def test_sent_twice_are_one_check_in(self, here):
        fields = all_well(here)

        pages = [here.post(PAGE, fields, follow=True) for _ in range(2)]

        assert CheckIn.objects.count() == 1
        assert pages[0].redirect_chain == pages[1].redirect_chain

    def test_of_danger_are_an_alert_and_a_number_to_tap(self, here):
        page = hand_in(here, Q03="unsure")

        assert Alert.objects.get().tier == Tier.EMERGENCY
        assert "call-card is-emergency" in page.content.decode()

    def test_of_danger_are_taken_although_something_else_is_wrong(self, here):
        hand_in(here, Q03="yes", pain_limb="lots")

        assert Alert.objects.get().tier == Tier.EMERGENCY

    def test_that_are_passed_on_show_everybody_the_same(self, here, patient):
        in_mode(patient, SymptomCheckMode.RELAY)

        pages = [words_of(hand_in(here, **changed)) for changed in ({}, {"Q03": "yes"})]

        told = [page.split("Your answers over time")[0] for page in pages]
        assert told[0] == told[1]
        assert "Nobody has sorted them" in told[0]
        assert Alert.objects.count() == 2

    def test_that_are_wrong_come_back_as_they_were_typed(self, here):
        page = here.post(PAGE, all_well(here, pain_limb="lots"))

        assert fields_of(page)["pain_limb"] == "lots"
        assert fields_of(page)["Q09"] == "no"
        assert "Write a number for" in words_of(page)
        assert not CheckIn.objects.filter(submitted_at__isnull=False).exists()

    def test_are_taken_however_long_they_took_to_give(self, here, clock):
        fields = all_well(here)
        clock.move_to(NOON + HOUR)

        here.post(PAGE, fields)

        assert CheckIn.objects.filter(submitted_at__isnull=False).count() == 1

    def test_are_not_said_to_be_saved_when_they_are_not(self, here):
        fields = all_well(here)
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE reminders_checkinanswer ADD CHECK (raw = '') NOT VALID")

        page = here.post(PAGE, fields)

        assert page.status_code == 503
        assert PAGE_WORDS["en"]["answers_not_saved_title"] in words_of(page)

    def test_of_somebody_else_cannot_be_read(self, here):
        other = patient_with_page()
        SurgeryFactory(patient=other)
        open_page(browser := Client(), other)
        hand_in(browser)

        assert here.get(f"{PAGE}{CheckIn.objects.get().key}/").status_code == 404
        assert here.get(f"{PAGE}{uuid.uuid4()}/").status_code == 404

    def test_given_by_text_are_drawn_on_the_page(self, here, patient):
        asked = patient.surgeries.get().reminders.get()
        sent_at = NOON - 2 * HOUR
        DeliveryFactory(reminder=asked, status=DeliveryStatus.DELIVERED, queued_at=sent_at)
        for minute, words in enumerate(("1", "6")):
            at = NOON + timedelta(minutes=minute)
            ReplyFactory(by=patient, text=words, received_at=at)
            read_replies(now=at, limit=5)
            patient.deliveries.filter(purpose="answer").update(status=DeliveryStatus.DELIVERED)

        page = here.get(PAGE)

        assert "<polyline" in page.content.decode()
        assert "by text" in words_of(page)
