"""Behind the birth date: one patient's page, for as long as the visit and its link hold."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client

from clinic.models import PatientStatus, Role
from reminders.flow.page_door import LONGEST_VISIT
from reminders.flow.patient_links import revoke_links
from reminders.models import PatientLink, PatientVisit
from reminders.patient_page.page_words import PAGE_WORDS
from reminders.patient_page.visits import IDLE
from tests.factories import NOON, DeliveryFactory, StaffFactory, SurgeryFactory
from tests.patient_page.at_the_page import (
    BORN,
    PAGES,
    every_row,
    link_for,
    name_date,
    open_page,
    patient_with_page,
    words_of,
)

pytestmark = pytest.mark.django_db

EN = PAGE_WORDS["en"]


@pytest.fixture
def patient():
    patient = patient_with_page()
    SurgeryFactory(patient=patient)
    return patient


class TestWithoutAVisit:
    @pytest.mark.parametrize("path", [*PAGES, f"/my/warning-sign/{uuid.UUID(int=1)}/"])
    def test_a_page_says_how_to_open_it_and_shows_nothing(self, client, path):
        answer = client.get(path)

        assert answer.status_code == 403
        assert EN["closed"] in words_of(answer)

    @pytest.mark.parametrize("value", ["", "x", "a:b:c", "A" * 22, "é:1:2"])
    def test_a_cookie_that_is_made_up_opens_nothing(self, client, value):
        client.cookies["aftercare"] = value

        assert client.get("/my/").status_code == 403

    def test_a_cookie_that_is_signed_but_of_no_visit_opens_nothing(self, client, patient):
        open_page(client, patient)
        PatientVisit.objects.all().delete()

        assert client.get("/my/").status_code == 403


class TestLooking:
    @pytest.mark.parametrize("path", PAGES)
    def test_at_a_page_changes_no_row(self, client, patient, path):
        open_page(client, patient)
        before = every_row()

        assert client.get(path).status_code == 200

        assert every_row() == before

    @pytest.mark.parametrize("path", PAGES)
    def test_is_kept_by_nobody(self, client, patient, path):
        open_page(client, patient)

        answer = client.get(path)

        assert answer["Cache-Control"] == "no-store, private"
        assert "default-src 'none'" in answer["Content-Security-Policy"]


class TestAnotherPatient:
    @pytest.mark.parametrize("path", PAGES)
    def test_is_on_no_page(self, client, patient, path):
        other = patient_with_page(
            given_name="Zebedee", family_name="Otherman", clinic=patient.clinic
        )
        DeliveryFactory(
            reminder__surgery__patient=other, status="delivered", text="For somebody else"
        )
        open_page(client, patient)

        page = client.get(path).content.decode()

        for theirs in ("Zebedee", "Otherman", "For somebody else", other.mobile):
            assert theirs not in page

    def test_with_the_same_birth_date_opens_their_own_page_alone(self, client, patient):
        other = patient_with_page(given_name="Zebedee", birth_date=BORN, clinic=patient.clinic)

        open_page(client, other)

        assert "Zebedee" in words_of(client.get("/my/paper/"))

    def test_that_opens_the_page_in_the_same_browser_ends_the_view_of_the_first(
        self, client, patient
    ):
        other = patient_with_page(given_name="Zebedee")
        open_page(client, patient)
        open_page(client, other)

        assert patient.family_name not in words_of(client.get("/my/paper/"))


class TestTheEndOfAVisit:
    def test_comes_after_half_an_hour_without_a_step(self, client, patient, clock):
        open_page(client, patient)
        clock.shift(IDLE + timedelta(seconds=1))

        assert client.get("/my/").status_code == 403

    def test_is_put_off_by_each_step(self, client, patient, clock):
        open_page(client, patient)
        for _ in range(3):
            clock.shift(IDLE - timedelta(seconds=1))
            assert client.get("/my/").status_code == 200

    def test_comes_after_twelve_hours_whatever_happens(self, client, patient, clock):
        open_page(client, patient)
        step = IDLE - timedelta(seconds=1)
        for _ in range(LONGEST_VISIT // step):
            clock.shift(step)
            client.get("/my/")
        clock.shift(step)

        assert client.get("/my/").status_code == 403

    def test_comes_when_its_link_is_revoked(self, client, patient):
        open_page(client, patient)
        revoke_links(patient, by=StaffFactory(clinic=patient.clinic, role=Role.NURSE), now=NOON)

        assert client.get("/my/").status_code == 403

    def test_comes_when_its_link_expires(self, client, patient):
        open_page(client, patient)
        PatientLink.objects.update(created_at=NOON - timedelta(days=31), expires_at=NOON)

        assert client.get("/my/").status_code == 403

    @pytest.mark.parametrize("status", [PatientStatus.DECEASED, PatientStatus.ENDED])
    def test_comes_when_care_ends(self, client, patient, status):
        open_page(client, patient)
        patient.status = status
        patient.save()

        assert client.get("/my/").status_code == 403

    def test_does_not_come_when_somebody_else_locks_the_link(self, client, patient):
        row, token = link_for(patient)
        name_date(client, token)
        for _ in range(5):
            name_date(Client(), token, BORN + timedelta(days=1))

        assert PatientLink.objects.get(pk=row.pk).locked_at
        assert client.get("/my/").status_code == 200


class TestClosingThePage:
    def test_ends_the_visit_for_a_copy_of_the_cookie_too(self, client, patient):
        open_page(client, patient)
        copied = client.cookies["aftercare"].value

        answer = client.post("/my/leave/")

        assert EN["left"] in words_of(answer)
        thief = Client()
        thief.cookies["aftercare"] = copied
        assert thief.get("/my/").status_code == 403

    def test_leaves_the_link_working(self, client, patient):
        _, token = link_for(patient)
        name_date(client, token)
        client.post("/my/leave/")

        assert name_date(client, token).status_code == 302

    def test_is_not_done_by_looking(self, client, patient):
        open_page(client, patient)

        assert client.get("/my/leave/").status_code == 405
        assert client.get("/my/").status_code == 200


class TestTheCookie:
    def test_is_for_this_host_alone_and_no_script_reads_it(self, client, patient):
        open_page(client, patient)

        cookie = client.cookies["aftercare"]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie["domain"] == ""
        assert cookie["path"] == "/"

    def test_goes_by_https_alone_where_there_is_https(self, client, patient, settings):
        settings.HTTPS = True

        open_page(client, patient)

        assert client.cookies["__Host-aftercare"]["secure"]

    def test_carries_neither_the_token_nor_the_patient(self, client, patient):
        row, token = link_for(patient)
        name_date(client, token)

        kept = client.cookies["aftercare"].value
        assert token not in kept
        assert str(row.pk) != kept.split(":")[0]
