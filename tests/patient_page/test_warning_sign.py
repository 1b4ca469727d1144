"""A warning sign on the patient's page: call first; told, it is an alert before it is confirmed."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from clinic.models import Region
from reminders.models import Alert, AlertKind, AlertStatus, SignReport, Tier
from reminders.patient_page.page_words import PAGE_WORDS
from tests.factories import NOON, StepFactory, StepTextFactory, SurgeryFactory
from tests.patient_page.at_the_page import open_page, patient_with_page, words_of

pytestmark = pytest.mark.django_db

EN = PAGE_WORDS["en"]
PAGE = "/my/warning-sign/"
NUMB = "you feel numb between your legs."


@pytest.fixture
def patient():
    patient = patient_with_page()
    SurgeryFactory(patient=patient)
    for key, email in {
        "d1_warning_signs": f"EMERGENCY, call {{emergency}}: {NUMB} "
        "SAME DAY, call {urgent}: a fever.",
        "cx_warning_signs": "EMERGENCY, call {emergency}: your neck swells.",
    }.items():
        step = StepFactory(key=key, version__pathway__clinic=patient.clinic, texts=())
        StepTextFactory(step=step, email=email)
    return patient


@pytest.fixture
def here(client, patient):
    """The browser of the patient, on their page."""
    open_page(client, patient)
    return client


def tell(browser, *, signs=(NUMB,), words="", key=None):
    form = {"report": str(key or uuid.uuid4()), "sign": list(signs), "words": words}
    return browser.post(PAGE, form)


class TestThePage:
    @pytest.mark.parametrize("path", ["/my/", "/my/messages/", "/my/choices/", "/my/paper/"])
    def test_is_the_first_link_of_every_other(self, here, path):
        page = here.get(path).content.decode()

        main = page[page.index("<main") :]
        assert main.index(f'href="{PAGE}"') < main.index("<h1")

    def test_has_the_numbers_to_call_before_anything_to_fill_in(self, here):
        page = here.get(PAGE).content.decode()

        assert page.index("tel:999") < page.index("tel:+442079460101") < page.index("<textarea")

    def test_lists_the_signs_of_the_patients_own_operation(self, here):
        words = words_of(here.get(PAGE))

        assert "numb between your legs" in words
        assert "Your neck swells" not in words

    def test_begins_each_with_a_capital_and_sends_it_as_it_was_signed(self, here):
        page = here.get(PAGE).content.decode()

        assert ">You feel numb between your legs.<" in page
        assert f'value="{NUMB}"' in page

    def test_lists_all_of_them_where_no_operation_is_known(self, here, patient):
        patient.surgeries.all().delete()

        words = words_of(here.get(PAGE))

        assert "numb between your legs" in words
        assert "Your neck swells" in words

    def test_of_a_neck_lists_those_of_the_neck(self, here, patient):
        patient.surgeries.update(region=Region.CERVICAL)

        assert "Your neck swells" in words_of(here.get(PAGE))


class TestAReport:
    def test_is_an_alert_and_then_a_page_that_says_so(self, here, patient):
        answer = tell(here, words="since noon")

        alert = Alert.objects.get(kind=AlertKind.WARNING_SIGN)
        assert (alert.patient, alert.tier, alert.status) == (
            patient,
            Tier.EMERGENCY,
            AlertStatus.OPEN,
        )
        assert NUMB in alert.to_do
        assert "since noon" in alert.to_do
        said = words_of(here.get(answer["Location"]))
        assert EN["received_title"] in said
        assert EN["received_open"] in said
        assert "since noon" in said

    def test_with_nothing_in_it_is_one_too(self, here):
        tell(here, signs=())

        assert "did not say which" in Alert.objects.get(kind=AlertKind.WARNING_SIGN).to_do

    def test_sent_twice_is_one(self, here):
        key = uuid.uuid4()

        first, second = tell(here, key=key), tell(here, key=key, words="again")

        assert first["Location"] == second["Location"]
        assert Alert.objects.filter(kind=AlertKind.WARNING_SIGN).count() == 1
        assert SignReport.objects.get().words == ""

    def test_whose_key_is_anothers_is_kept_under_a_key_of_its_own(self, here):
        key = uuid.uuid4()
        stranger = Client()
        open_page(stranger, patient_with_page())
        tell(stranger, key=key, words="mine alone")

        answer = tell(here, key=key)

        assert str(key) not in answer["Location"]
        assert "mine alone" not in words_of(here.get(answer["Location"]))
        assert SignReport.objects.count() == 2

    def test_of_somebody_else_is_not_there(self, here):
        stranger = Client()
        open_page(stranger, patient_with_page())
        answer = tell(stranger)

        assert here.get(answer["Location"]).status_code == 404

    def test_says_when_nobody_is_there_to_read_it(self, here, patient, clock):
        clock.move_to(NOON + timedelta(hours=10, minutes=40))
        open_page(here, patient)

        answer = tell(here)

        said = words_of(here.get(answer["Location"]))
        assert "The clinic is closed now. It opens on Wednesday 4 March at 8:30am." in said
        assert "tel:999" in here.get(answer["Location"]).content.decode()

    def test_that_took_an_hour_to_write_is_kept_all_the_same(self, here, clock):
        clock.shift(timedelta(hours=1))

        answer = tell(here)

        assert Alert.objects.filter(kind=AlertKind.WARNING_SIGN).exists()
        assert EN["received_title"] in words_of(answer)
        assert here.get("/my/").status_code == 403

    def test_too_long_is_cut_and_not_refused(self, here):
        tell(here, words="x" * 5000, signs=["y" * 900] * 100)

        report = SignReport.objects.get()
        assert (len(report.words), len(report.signs), len(report.signs[0])) == (2000, 60, 400)


class TestWhatWasNotSaved:
    def test_is_never_called_saved_when_the_page_had_closed(self, client):
        answer = tell(client)

        assert answer.status_code == 503
        assert EN["not_saved_closed"] in words_of(answer)
        assert not SignReport.objects.exists()

    def test_is_never_called_saved_when_the_database_refuses(self, here):
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE reminders_alert ADD CONSTRAINT only_replies CHECK (kind = 'reply')"
            )

        answer = tell(here)

        assert answer.status_code == 503
        assert EN["not_saved"] in words_of(answer)
        assert "tel:999" in answer.content.decode()
        assert not SignReport.objects.exists()

    def test_is_never_called_saved_when_the_form_cannot_be_trusted(self):
        answer = tell(Client(enforce_csrf_checks=True))

        assert answer.status_code == 403
        assert EN["not_saved_title"] in words_of(answer)
