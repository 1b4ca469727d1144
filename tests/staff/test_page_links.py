"""The links to a patient's own page, as staff send and revoke them from the timeline."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from clinic.access import ROLE_PERMISSIONS
from clinic.models import Role
from reminders.models import Delivery, LinkPurpose, PatientLink, Purpose
from reminders.models.patient_link import new_link
from tests.factories import NOON, PatientFactory, StaffFactory, SurgeryFactory
from tests.patient_page.at_the_page import open_page
from tests.staff.pages import words_of

BORN = date(1950, 3, 27)


@pytest.fixture
def patient(own_clinic):
    return PatientFactory(clinic=own_clinic, birth_date=BORN)


@pytest.fixture
def press(browser, patient):
    def button(do, *, by=browser, whose=patient):
        address = reverse("admin:clinic_patient_page_link", args=[whose.pk, do])
        return by.post(address, follow=True)

    return button


def link_of(patient, **more):
    row, _ = new_link(patient, purpose=LinkPurpose.PAGE, now=NOON)
    for name, value in more.items():
        setattr(row, name, value)
    row.save()
    return row


def timeline_of(browser, patient):
    return words_of(browser.get(reverse("admin:clinic_patient_timeline", args=[patient.pk])))


class TestANewLink:
    def test_is_queued_and_stands_on_the_timeline(self, press, patient):
        page = words_of(press("send"))

        delivery = Delivery.objects.get()
        assert (delivery.patient, delivery.purpose) == (patient, Purpose.PAGE_LINK)
        assert "A new link is on its way" in page
        assert "A new link to the patient" in page

    def test_that_cannot_go_says_why(self, press, patient):
        patient.birth_date = None
        patient.save()

        assert "There is no birth date on record" in words_of(press("send"))
        assert not Delivery.objects.exists()

    def test_is_never_sent_by_looking(self, browser, patient):
        answer = browser.get(reverse("admin:clinic_patient_page_link", args=[patient.pk, "send"]))

        assert answer.status_code == 405
        assert not Delivery.objects.exists()


class TestRevoking:
    def test_ends_every_link_in_the_name_of_whoever_did_it(self, press, patient, nurse):
        link_of(patient)
        link_of(patient)

        page = words_of(press("revoke"))

        assert "2 links are revoked." in page
        assert set(PatientLink.objects.values_list("revoked_by", flat=True)) == {nurse.pk}
        assert "No link has been sent" in page


class TestWhatTheTimelineSays:
    def test_counts_the_links_that_open_the_page(self, browser, patient):
        link_of(patient)
        link_of(patient, revoked_at=NOON)
        link_of(patient, created_at=NOON - timedelta(days=31), expires_at=NOON)

        assert "1 link opens it" in timeline_of(browser, patient)

    def test_says_when_the_only_one_is_locked(self, browser, patient):
        link_of(patient, tries=5, locked_at=NOON)

        assert "The link is locked" in timeline_of(browser, patient)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("do", ["send", "revoke"])
def test_a_role_presses_it_when_and_only_when_it_keeps_the_record(
    role, do, press, own_clinic, signed_in
):
    staff = StaffFactory(clinic=own_clinic, role=role)

    answer = press(do, by=signed_in(staff))

    may = "clinic.change_patient" in ROLE_PERMISSIONS[role]
    assert (answer.status_code == 200) is may


def test_nobody_reaches_a_patient_of_another_clinic(press):
    stranger = PatientFactory(birth_date=BORN)

    assert press("send", whose=stranger).status_code == 404
    assert not Delivery.objects.exists()


class TestTheDischargePaper:
    def test_is_the_very_page_that_the_patient_prints(self, browser, patient):
        SurgeryFactory(patient=patient)
        own = Client()
        open_page(own, patient)

        printed = browser.get(reverse("admin:clinic_patient_paper", args=[patient.pk]))

        assert paper_of(printed) == paper_of(own.get("/my/paper/"))
        assert patient.family_name in paper_of(printed)

    def test_is_in_the_language_that_is_asked_for(self, browser, patient):
        page = browser.get(reverse("admin:clinic_patient_paper", args=[patient.pk]), {"lang": "ar"})

        assert 'dir="rtl"' in page.content.decode()

    def test_of_another_clinic_is_not_there(self, browser):
        stranger = PatientFactory(birth_date=BORN)

        page = browser.get(reverse("admin:clinic_patient_paper", args=[stranger.pk]))

        assert page.status_code == 404


def paper_of(page):
    """The sheet itself, without what stands around it."""
    html = page.content.decode()
    return html[html.index('<div class="paper">') : html.index("</main>")]
