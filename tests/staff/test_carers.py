"""A patient's carers in the panel: added with two yeses, changed, and told no more."""

import pytest
from django.urls import reverse

from clinic.access import ROLE_PERMISSIONS
from clinic.models import Carer, CarerConsent, Channel, ConsentSource, Role
from reminders.models import ReminderStatus
from tests.factories import (
    CarerFactory,
    ClinicFactory,
    DeliveryFactory,
    PatientFactory,
    ReminderFactory,
    ReplyFactory,
    StaffFactory,
    SurgeryFactory,
)
from tests.staff.pages import fields_of, words_of

BEN = {
    "name": "Ben Ibáñez",
    "relation": "partner",
    "mobile": "07700 900456",
    "email": "ben@example.com",
    "language": "es",
    "channels": "both",
    "said_yes_to": ["sms", "email"],
}


@pytest.fixture
def rosa(own_clinic):
    return PatientFactory(clinic=own_clinic, given_name="Rosa", family_name="Ibáñez")


@pytest.fixture
def ben(rosa):
    return CarerFactory(patient=rosa, name="Ben", relation="partner")


def add_page(patient):
    return reverse("admin:clinic_carer_add", args=[patient.pk])


def page_of(carer):
    return reverse("admin:clinic_carer_change", args=[carer.patient_id, carer.pk])


def timeline_of(patient):
    return reverse("admin:clinic_patient_timeline", args=[patient.pk])


class TestAdding:
    def add(self, browser, rosa, **changes):
        page = browser.get(add_page(rosa))
        return browser.post(add_page(rosa), {**fields_of(page), **BEN, **changes})

    def test_writes_down_both_yeses_and_who_took_them(self, browser, nurse, rosa):
        self.add(browser, rosa)

        ben = Carer.objects.get()
        assert (ben.patient, ben.mobile, ben.language) == (rosa, "+447700900456", "es")
        assert ben.allowed_by == nurse
        assert "May we tell this person" in ben.allowed_wording
        words = CarerConsent.objects.filter(carer=ben)
        assert {word.channel for word in words} == set(Channel)
        assert {(w.given, w.source, w.recorded_by) for w in words} == {
            (True, ConsentSource.STAFF, nurse)
        }

    def test_needs_the_carers_own_yes(self, browser, rosa):
        answer = self.add(browser, rosa, said_yes_to=[])

        assert "Ask the carer first" in words_of(answer)
        assert not Carer.objects.exists()

    def test_needs_an_address_for_what_they_said_yes_to(self, browser, rosa):
        answer = self.add(browser, rosa, mobile="")

        assert "There is no address for one of these." in words_of(answer)
        assert not Carer.objects.exists()

    def test_needs_what_the_patient_was_asked(self, browser, rosa):
        self.add(browser, rosa, allowed_wording="")

        assert not Carer.objects.exists()

    def test_a_number_that_cannot_be_is_refused(self, browser, rosa):
        self.add(browser, rosa, mobile="12")

        assert not Carer.objects.exists()

    def test_the_patients_pages_lead_there_and_to_each_carer(self, browser, rosa, ben):
        for name in ("timeline", "change"):
            page = browser.get(reverse(f"admin:clinic_patient_{name}", args=[rosa.pk]))
            assert f'href="{add_page(rosa)}"' in page.content.decode()
            assert f'href="{page_of(ben)}"' in page.content.decode()


class TestChanging:
    def do(self, browser, carer, do, **values):
        page = browser.get(page_of(carer))
        return browser.post(page_of(carer), {**fields_of(page), **values, "do": do})

    def test_a_new_number_is_kept_and_on_record(self, browser, ben):
        self.do(browser, ben, "record", mobile="07700 900789")

        ben.refresh_from_db()
        assert ben.mobile == "+447700900789"
        assert ben.history.count() == 2

    def test_a_no_of_the_carer_is_written_down_in_the_name_of_whoever_heard_it(
        self, browser, nurse, ben
    ):
        self.do(browser, ben, "word", channel="sms", given="no", wording="Too many texts")

        word = CarerConsent.objects.in_force([ben.pk]).get(channel="sms")
        assert (word.given, word.recorded_by, word.wording) == (False, nurse, "Too many texts")
        assert "Too many texts" in words_of(browser.get(page_of(ben)))

    def test_an_end_has_a_name_and_a_reason_and_can_be_read(self, browser, nurse, ben):
        self.do(browser, ben, "end", why="Rosa asked for it")

        ben.refresh_from_db()
        assert (ben.ended_by, ben.ended_why) == (nurse, "Rosa asked for it")
        assert "Rosa asked for it" in words_of(browser.get(page_of(ben)))

    def test_an_end_without_a_reason_is_none(self, browser, ben):
        self.do(browser, ben, "end", why="")

        ben.refresh_from_db()
        assert ben.ended_at is None

    def test_what_no_form_offers_is_refused(self, browser, ben):
        assert browser.post(page_of(ben), {"do": "else"}).status_code == 404


class TestSeeing:
    def test_the_timeline_says_what_went_to_the_carer(self, browser, rosa, ben):
        surgery = SurgeryFactory(patient=rosa, planned_revision=1)
        reminder = ReminderFactory(
            surgery=surgery, carer=ben, status=ReminderStatus.DISPATCHED, step__audience="carer"
        )
        DeliveryFactory(
            reminder=reminder, carer=ben, status="delivered", text="How you can help", language="en"
        )

        words = words_of(browser.get(timeline_of(rosa)))

        assert "How you can help" in words
        assert f"to the carer {ben}" in words

    def test_the_timeline_and_the_replies_say_what_the_carer_wrote(self, browser, rosa, ben):
        reply = ReplyFactory(by=rosa, carer=ben, sender=ben.mobile, text="May she sit?")

        assert f"The carer {ben} wrote" in words_of(browser.get(timeline_of(rosa)))
        screen = browser.get(reverse("admin:reminders_reply_change", args=[reply.pk]))
        assert f"written by the carer {ben}" in words_of(screen)


class TestWho:
    @pytest.mark.parametrize("role", Role)
    def test_a_role_adds_and_changes_when_and_only_when_it_may(
        self, role, own_clinic, signed_in, rosa, ben
    ):
        browser = signed_in(StaffFactory(clinic=own_clinic, role=role))
        may = ROLE_PERMISSIONS[role]

        assert (browser.get(add_page(rosa)).status_code == 200) is ("clinic.add_carer" in may)
        assert (browser.get(page_of(ben)).status_code == 200) is ("clinic.view_carer" in may)
        answer = browser.post(page_of(ben), {"do": "end", "why": "because"})
        ben.refresh_from_db()
        assert (ben.ended_at is not None) is ("clinic.change_carer" in may)
        assert answer.status_code == (302 if "clinic.change_carer" in may else 403)

    def test_no_page_of_another_clinics_carer_opens(self, browser):
        stranger = CarerFactory(patient__clinic=ClinicFactory(), name="Elsewhere")

        for answer in (
            browser.get(page_of(stranger)),
            browser.get(add_page(stranger.patient)),
            browser.post(page_of(stranger), {"do": "end", "why": "because"}),
        ):
            assert answer.status_code == 404
            assert "Elsewhere" not in answer.content.decode()

    def test_a_carer_does_not_open_under_another_patient(self, browser, own_clinic, ben):
        other = PatientFactory(clinic=own_clinic)

        page = reverse("admin:clinic_carer_change", args=[other.pk, ben.pk])

        assert browser.get(page).status_code == 404
