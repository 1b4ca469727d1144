"""/p/<token>: neutral until the birth date fits, and no row for whoever only looks."""

from datetime import timedelta

import pytest
from django.test import Client

from clinic.models import PatientStatus
from reminders.models import Alert, AlertKind, LinkPurpose, PageTry, PatientLink, PatientVisit
from reminders.models.patient_link import TRIES_AT_MOST
from reminders.patient_page.page_words import PAGE_WORDS
from tests.factories import NOON, ClinicFactory, SurgeryFactory
from tests.patient_page.at_the_page import (
    BORN,
    every_row,
    link_for,
    name_date,
    open_page,
    patient_with_page,
    words_of,
)

pytestmark = pytest.mark.django_db

WRONG = BORN + timedelta(days=1)
EN = PAGE_WORDS["en"]


@pytest.fixture
def patient():
    patient = patient_with_page(given_name="Wilhelmina", family_name="Quillfeather")
    SurgeryFactory(patient=patient)
    return patient


@pytest.fixture
def token(patient):
    return link_for(patient)[1]


class TestLooking:
    @pytest.mark.parametrize("ending", ["", "/", ".", ")", "?lang=es"])
    def test_asks_for_the_birth_date(self, client, token, ending):
        page = client.get(f"/p/{token}{ending}")

        assert page.status_code == 200
        assert 'name="year"' in page.content.decode()

    def test_changes_no_row(self, client, token):
        before = every_row()

        for method in ("get", "head", "options"):
            getattr(client, method)(f"/p/{token}")

        assert every_row() == before

    def test_tells_neither_who_it_is_for_nor_what_was_done(self, client, token, patient):
        page = client.get(f"/p/{token}").content.decode()

        for told in (patient.given_name, patient.family_name, patient.record_number, "operation"):
            assert told not in page

    def test_has_the_emergency_number_before_anything_else(self, client, token):
        page = client.get(f"/p/{token}").content.decode()

        assert page.index('href="tel:999"') < page.index("<main")

    def test_asks_in_the_order_of_the_country(self, client):
        patient = patient_with_page(clinic=ClinicFactory(country="US", subdivision="NY"))

        page = client.get(f"/p/{link_for(patient)[1]}").content.decode()

        assert page.index('name="month"') < page.index('name="day"') < page.index('name="year"')


class TestAScanner:
    @pytest.mark.parametrize(
        "posted",
        [
            {},
            {"day": "", "month": "", "year": ""},
            {"day": "31", "month": "2", "year": "1950"},
            {"day": "1", "month": "1", "year": "50000"},
            {"day": "27", "month": "3", "year": "1850"},
            {"day": "27", "month": "3", "year": "2950"},
            {"day": "x", "month": "y", "year": "z"},
            {"day": "27\0", "month": "3", "year": "1950"},
        ],
        ids=str,
    )
    def test_that_posts_without_a_whole_birth_date_changes_no_row(self, client, token, posted):
        before = every_row()

        answer = client.post(f"/p/{token}", posted)

        assert every_row() == before
        assert EN["birth_incomplete"] in words_of(answer)

    def test_that_posts_without_having_loaded_the_form_changes_no_row(self, token):
        before = every_row()

        answer = Client(enforce_csrf_checks=True).post(f"/p/{token}")

        assert answer.status_code == 403
        assert EN["no_cookies"] in words_of(answer)
        assert every_row() == before


class TestTheRightDate:
    def test_opens_the_page_at_an_address_without_the_token(self, client, token, patient):
        answer = name_date(client, token)

        assert answer["Location"] == "/my/"
        assert token not in str(client.cookies)
        assert client.get("/my/").status_code == 200

    def test_may_be_typed_in_arabic_figures(self, client, token):
        typed = {"day": "٢٧", "month": "٠٣", "year": "١٩٥٠"}

        assert client.post(f"/p/{token}", typed).status_code == 302

    def test_opens_it_in_a_second_browser_too(self, client, token):
        name_date(client, token)

        assert name_date(Client(), token).status_code == 302

    def test_keeps_of_the_visit_a_hash_alone(self, client, token):
        name_date(client, token)

        secret = client.cookies["aftercare"].value.split(":")[0]
        assert PatientVisit.objects.get().token_hash not in client.cookies["aftercare"].value
        assert secret not in str(vars(PatientVisit.objects.get()))


class TestAWrongDate:
    def test_says_how_many_tries_are_left(self, client, token):
        said = words_of(name_date(client, token, WRONG))

        assert EN["birth_wrong"].format(left=4) in said

    def test_locks_the_link_at_the_fifth_and_tells_staff_once(self, client, token, patient):
        answers = [name_date(client, token, WRONG) for _ in range(TRIES_AT_MOST + 2)]

        assert [a.status_code for a in answers] == [200, 200, 200, 200, 403, 403, 403]
        assert EN["locked"] in words_of(answers[-1])
        alert = Alert.objects.get(kind=AlertKind.PAGE)
        assert alert.patient == patient
        assert "birth date" in alert.to_do

    def test_locked_even_the_right_one_opens_nothing(self, client, token):
        for _ in range(TRIES_AT_MOST):
            name_date(client, token, WRONG)

        assert name_date(client, token).status_code == 403
        assert client.get("/my/").status_code == 403

    def test_is_not_forgotten_by_a_right_one(self, client, token):
        name_date(client, token, WRONG)
        name_date(client, token)

        assert PatientLink.objects.get().tries == 1

    def test_locks_no_other_link_of_the_patient(self, client, token, patient):
        for _ in range(TRIES_AT_MOST):
            name_date(client, token, WRONG)

        assert name_date(client, link_for(patient)[1]).status_code == 302


class TestALinkThatDoesNotWork:
    """Whatever the reason is, the answer is one and the same."""

    @pytest.fixture(
        params=["unknown", "expired", "revoked", "another purpose", "care ended", "no birth date"]
    )
    def dead(self, request, patient):
        purpose = LinkPurpose.CALENDAR if request.param == "another purpose" else LinkPurpose.PAGE
        _, token = link_for(patient, purpose=purpose)
        match request.param:
            case "unknown":
                return "A" * 22
            case "expired":
                PatientLink.objects.update(created_at=NOON - timedelta(days=31), expires_at=NOON)
            case "revoked":
                PatientLink.objects.update(revoked_at=NOON)
            case "care ended":
                patient.status = PatientStatus.ENDED
                patient.save()
            case "no birth date":
                patient.birth_date = None
                patient.save()
        return token

    def test_says_what_to_do_and_nothing_else(self, client, dead):
        looked, knocked = client.get(f"/p/{dead}"), name_date(client, dead)

        assert looked.status_code == knocked.status_code == 404
        assert looked.content == knocked.content == client.get(f"/p/{'B' * 22}").content
        assert EN["dead"] in words_of(looked)

    def test_opens_nothing(self, client, dead):
        name_date(client, dead)

        assert client.get("/my/").status_code == 403

    @pytest.mark.parametrize("odd", ["short", "a b", "%00", "é", "x" * 500])
    def test_may_look_like_anything(self, client, odd):
        assert client.get(f"/p/{odd}").status_code == 404


class TestTooManyTries:
    def test_from_one_address_wait_whatever_the_link(self, client, token):
        for _ in range(20):
            name_date(client, "A" * 22)

        answer = name_date(client, token)

        assert answer.status_code == 429
        assert EN["too_many"] in words_of(answer)

    def test_do_not_hold_up_another_address(self, client, token):
        for _ in range(20):
            name_date(client, "A" * 22)

        assert name_date(Client(REMOTE_ADDR="203.0.113.9"), token).status_code == 302

    def test_are_forgotten_after_a_quarter_of_an_hour(self, client, token, clock):
        for _ in range(20):
            name_date(client, "A" * 22)
        clock.shift(timedelta(minutes=15))

        assert name_date(client, token).status_code == 302

    def test_of_one_household_count_together(self, token):
        for last in range(20):
            name_date(Client(REMOTE_ADDR=f"2001:db8:0:1::{last + 1:x}"), "A" * 22)

        answer = name_date(Client(REMOTE_ADDR="2001:db8:0:1:ffff::1"), token)

        assert answer.status_code == 429

    def test_cannot_be_blamed_on_others_without_a_proxy(self, client, token):
        for last in range(20):
            header = f"198.51.100.{last}"
            client.post(
                f"/p/{'A' * 22}",
                {"day": "1", "month": "1", "year": "1950"},
                headers={"X-Forwarded-For": header},
            )

        assert name_date(client, token).status_code == 429

    def test_keep_no_address(self, client):
        name_date(client, "A" * 22)

        assert "127.0.0.1" not in str(list(PageTry.objects.values()))


class TestWhatEveryAnswerSays:
    @pytest.fixture(params=["form", "wrong", "dead", "home", "closed", "csrf"])
    def answer(self, request, client, token, patient):
        match request.param:
            case "form":
                return client.get(f"/p/{token}")
            case "wrong":
                return name_date(client, token, WRONG)
            case "dead":
                return client.get(f"/p/{'A' * 22}")
            case "home":
                open_page(client, patient)
                return client.get("/my/")
            case "closed":
                return client.get("/my/")
            case "csrf":
                return Client(enforce_csrf_checks=True).post(f"/p/{token}")

    def test_nothing_is_kept_and_nothing_comes_from_elsewhere(self, answer):
        assert answer["Cache-Control"] == "no-store, private"
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert "script-src" not in answer["Content-Security-Policy"]  # so: none
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "noindex" in answer["X-Robots-Tag"]

    def test_the_address_goes_to_nobody(self, answer):
        assert answer["Referrer-Policy"] == "strict-origin"

    def test_no_script_and_no_style_stands_in_it(self, answer):
        page = answer.content.decode()

        assert "<script" not in page
        assert "<style" not in page
        assert " style=" not in page
        assert "http://" not in page
        assert "https://" not in page
