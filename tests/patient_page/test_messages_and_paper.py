"""The patient's messages word for word, and the paper that says what the discharge paper says."""

import re
from datetime import date, timedelta

import pytest

from clinic.models import Channel
from reminders.channels.base import HIDDEN
from reminders.models import DeliveryStatus
from reminders.pathways.restrictions import read_restrictions
from reminders.patient_page.page_words import PAGE_WORDS
from tests.factories import (
    NOON,
    OPERATED_ON,
    DeliveryFactory,
    PathwayVersionFactory,
    ReminderFactory,
    StepFactory,
    StepTextFactory,
    SurgeryFactory,
)
from tests.patient_page.at_the_page import open_page, patient_with_page, signed_with, words_of

pytestmark = pytest.mark.django_db

EN = PAGE_WORDS["en"]


@pytest.fixture
def patient():
    return patient_with_page(given_name="Wilhelmina", family_name="Quillfeather")


@pytest.fixture
def operation(patient):
    return SurgeryFactory(
        patient=patient, discharge_date=OPERATED_ON + timedelta(days=1), planned_revision=1
    )


@pytest.fixture
def here(client, patient):
    open_page(client, patient)
    return client


def sent(operation, text, *, days_ago=0, **more):
    at = NOON - timedelta(days=days_ago)
    fields = {"status": DeliveryStatus.DELIVERED, "text": text, "status_since": at, "queued_at": at}
    reminder = ReminderFactory(surgery=operation, status="dispatched", due_at=at)
    return DeliveryFactory(reminder=reminder, **{**fields, **more})


class TestMessages:
    def test_stand_there_as_they_went_out_the_latest_first(self, here, operation):
        sent(operation, "Walk a little today.", days_ago=1)
        sent(operation, "Walk some more.")

        words = words_of(here.get("/my/messages/"))

        assert words.index("Walk some more.") < words.index("Walk a little today.")
        assert re.search(r"Text · [^·]+ · delivered Walk some more\.", words)

    def test_show_no_link_that_would_open_the_page(self, here, operation):
        sent(operation, f"Your page: https://care.example.org/p/{HIDDEN}")

        page = here.get("/my/messages/").content.decode()

        assert not re.search(r"/p/[\w-]{10}", page)
        assert EN["link_hidden"] in page

    @pytest.mark.parametrize(
        "status",
        sorted(
            set(DeliveryStatus)
            - {DeliveryStatus.ACCEPTED, DeliveryStatus.DELIVERED, DeliveryStatus.UNDELIVERED}
        ),
    )
    def test_that_never_left_are_not_there(self, here, operation, status):
        sent(operation, "Never left", status=status)

        assert "Never left" not in words_of(here.get("/my/messages/"))

    def test_of_a_mail_have_its_subject(self, here, operation):
        sent(operation, "The whole mail", channel=Channel.EMAIL, subject="A message")

        words = words_of(here.get("/my/messages/"))

        assert "Email" in words
        assert words.index("A message") < words.index("The whole mail")

    def test_have_the_coming_ones_beside_them(self, here, operation):
        step = StepFactory(version__pathway__clinic=operation.patient.clinic, texts=())
        StepTextFactory(step=step, heading="Stairs")
        ReminderFactory(surgery=operation, step=step, due_at=NOON + timedelta(days=1))

        assert "Wednesday 4 March Stairs" in words_of(here.get("/my/messages/"))

    def test_of_many_days_stay_a_hundred_and_cost_no_more_queries(
        self, here, operation, django_assert_max_num_queries
    ):
        for day in range(20):
            sent(operation, f"Day {day}", days_ago=day)

        with django_assert_max_num_queries(20):
            here.get("/my/messages/")


class TestThePaper:
    def test_names_the_patient_the_days_and_the_numbers(self, here, operation):
        words = words_of(here.get("/my/paper/"))

        for told in (
            "Wilhelmina Quillfeather",
            "27 March 1950",
            "2 March 2026",
            "3 March 2026",
            "Emergency: 999",
            "Same-day help: 020 7946 0101",
            "Questions: 020 7946 0100",
            "Monday to Friday",
        ):
            assert told in words

    def test_lists_the_signed_warning_signs_of_the_operation(self, here, operation):
        step = StepFactory(
            key="d1_warning_signs", version__pathway__clinic=operation.patient.clinic, texts=()
        )
        StepTextFactory(step=step, email="EMERGENCY, call {emergency}: you can not pass water.")

        assert "EMERGENCY, call 999: You can not pass water." in words_of(here.get("/my/paper/"))

    def test_gives_each_limit_its_day(self, here, operation):
        clinic = operation.patient.clinic
        PathwayVersionFactory(pathway__clinic=clinic, head=signed_with("walk", "drive"))
        lifts: date = OPERATED_ON + timedelta(days=read_restrictions()["drive"].day_to)

        words = words_of(here.get("/my/paper/"))

        assert f"Driving : From {lifts:%A} {lifts.day} {lifts:%B}" in words
        assert "Walking Short walks" in words

    def test_says_when_it_was_made_for_its_days_may_move(self, here, operation):
        assert "Made on 3 March 2026" in words_of(here.get("/my/paper/"))
