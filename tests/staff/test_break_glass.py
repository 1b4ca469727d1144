"""Emergency access: the door, whom it is for, and what is open while the hour lasts."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from clinic.models import AccessEvent, EmergencyAccess, Role
from reminders.staff.permissions.addresses import panel_addresses
from reminders.staff.permissions.made_clinic import made_clinic
from reminders.staff.sign_in import session
from tests.factories import (
    NOON,
    AlertFactory,
    CarerFactory,
    ClinicFactory,
    PatientFactory,
    PhoneCallFactory,
    ReplyFactory,
    StaffFactory,
    SurgeryFactory,
)
from tests.staff.pages import words_of

DOOR, RECORD, END, REVIEWS = (
    reverse(f"admin:clinic_patient_emergency{name}") for name in ("", "_record", "_end", "_reviews")
)
RIGHT = {
    "record_number": "R-7001",
    "birth_date": "1957-03-03",
    "reason": "Cannot move the left foot, came in alone",
}
NOBODY = "No patient has this record number and this birth date."
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _is_on(settings):
    settings.BREAK_GLASS = True


@pytest.fixture
def riverside(db):
    return ClinicFactory(name="Riverside", urgent_phone="020 7946 0177")


@pytest.fixture
def rosa(riverside):
    return PatientFactory(
        clinic=riverside, record_number="R-7001", given_name="Rosa", family_name="Quill",
        birth_date=date(1957, 3, 3), mobile="+447700900177",
    )  # fmt: skip


def knock(browser, **typed):
    return browser.post(DOOR, {**RIGHT, **typed})


class TestTheDoor:
    def test_a_right_pair_and_a_reason_open_the_record_for_an_hour(self, browser, nurse, rosa):
        answer = knock(browser)

        assert answer.url == RECORD
        access = EmergencyAccess.objects.get()
        assert (access.patient, access.clinic, access.by) == (rosa, rosa.clinic, nurse)
        assert (access.from_clinic, access.reason) == (nurse.clinic, RIGHT["reason"])
        assert (access.at, access.until, access.ended_at) == (NOON, NOON + HOUR, None)
        assert "Rosa Quill" in words_of(browser.get(RECORD))

    @pytest.mark.parametrize("wrong", [{"birth_date": "1957-03-04"}, {"record_number": "R-700"},
                                       {"record_number": "r-7001"}])  # fmt: skip
    def test_a_wrong_birth_date_sounds_like_an_unknown_number(self, browser, rosa, wrong):
        answer = words_of(knock(browser, **wrong))

        assert NOBODY in answer
        assert "Quill" not in answer
        assert "Riverside" not in answer
        assert not EmergencyAccess.objects.exists()

    def test_a_wrong_try_stands_in_the_history_of_both_clinics(self, browser, nurse, rosa):
        knock(browser, birth_date="1957-03-04")

        tries = AccessEvent.objects.filter(kind="denied", by=nurse, patients=[rosa.pk])
        assert {event.clinic for event in tries} == {nurse.clinic, rosa.clinic}

    def test_a_number_that_nobody_has_is_kept_too(self, browser, nurse, rosa):
        knock(browser, record_number="R-1")

        event = AccessEvent.objects.get()
        assert (event.kind, event.clinic, event.patients) == ("denied", nurse.clinic, [])

    def test_a_pair_that_fits_two_patients_opens_neither(self, browser, rosa):
        PatientFactory(record_number="R-7001", birth_date=rosa.birth_date)

        assert "More than one patient fits" in words_of(knock(browser))
        assert not EmergencyAccess.objects.exists()

    def test_the_same_number_elsewhere_with_another_birth_date_does_not_matter(self, browser, rosa):
        PatientFactory(record_number="R-7001", birth_date=date(1990, 1, 1))
        PatientFactory(record_number="R-7001", birth_date=None)

        assert knock(browser).url == RECORD

    def test_ones_own_patient_is_led_to_the_ordinary_page(self, browser, own_clinic):
        own = PatientFactory(clinic=own_clinic, record_number="R-7001", birth_date=date(1957, 3, 3))

        answer = knock(browser)

        assert answer.url == reverse("admin:clinic_patient_timeline", args=[own.pk])
        assert not EmergencyAccess.objects.exists()

    @pytest.mark.parametrize("reason", ["", "urgent", "x" * 40, "aaa aaa aaa aaa aaa", " a b " * 9])
    def test_a_reason_that_says_nothing_opens_nothing(self, browser, rosa, reason):
        assert knock(browser, reason=reason).status_code == 200
        assert not EmergencyAccess.objects.exists()

    def test_after_five_wrong_tries_even_a_right_one_has_to_wait(self, browser, signed_in, rosa):
        knock(browser)  # a right one does not count
        for _ in range(5):
            knock(browser, birth_date="1957-03-04")

        assert "Too many wrong tries. Try again in 15 minutes." in words_of(knock(browser))
        assert EmergencyAccess.objects.count() == 1
        assert knock(signed_in(StaffFactory(role=Role.NURSE))).url == RECORD  # counts of their own

    @pytest.mark.parametrize("way", ["get", "post"])
    def test_nobody_who_has_not_shown_lately_who_they_are(self, browser, rosa, way):
        kept = browser.session
        kept[session.KEY] = {**kept[session.KEY], "proved": 0}
        kept.save()

        answer = getattr(browser, way)(DOOR, RIGHT)

        assert answer.url.startswith(reverse("sign-in-again"))
        assert not EmergencyAccess.objects.exists()


class TestWhoMay:
    MAY = (Role.NURSE, Role.PHYSIOTHERAPIST, Role.SURGEON)

    @pytest.mark.parametrize("role", Role)
    def test_clinicians_and_nobody_else(self, own_clinic, signed_in, rosa, role):
        browser = signed_in(StaffFactory(clinic=own_clinic, role=role))
        may = role in self.MAY

        assert (DOOR in words_of(browser.get(reverse("admin:index")))) is may
        assert browser.get(DOOR).status_code == (200 if may else 403)
        assert knock(browser).status_code == (302 if may else 403)
        assert EmergencyAccess.objects.exists() is may

    def test_not_an_operator_who_belongs_to_no_clinic(self, rosa, signed_in):
        operator = signed_in(StaffFactory(clinic=None, is_superuser=True, role=Role.SURGEON))

        assert knock(operator).status_code == 403

    def test_nobody_where_it_is_off(self, browser, rosa, settings):
        knock(browser)
        settings.BREAK_GLASS = False

        assert [browser.get(page).status_code for page in (DOOR, RECORD)] == [404, 404]
        assert [browser.post(page, RIGHT).status_code for page in (DOOR, END)] == [404, 404]
        assert "emergency" not in words_of(browser.get(reverse("admin:index")))


@pytest.fixture
def opened(browser, rosa):
    """The nurse's browser, with the record open."""
    knock(browser)
    return browser


class TestWhileItLasts:
    def test_the_page_says_what_helps_and_that_it_is_recorded(self, opened, rosa):
        SurgeryFactory(patient=rosa, levels="L4/5", durotomy=True)
        AlertFactory(patient=rosa, summary="A reply that may be urgent")
        ReplyFactory(by=rosa, patient=rosa, text="My foot is numb")
        PhoneCallFactory(patient=rosa, outcome="Told to come in")
        CarerFactory(patient=rosa, name="Ben Quill")

        page = words_of(opened.get(RECORD))

        assert "Emergency access until 13:00" in page
        for said in ("+447700900177", "020 7946 0177", "3 March 1957", "L4/5", "Dural tear",
                     "A reply that may be urgent", "My foot is numb", "Told to come in",
                     "Ben Quill", RIGHT["reason"], "Everything here is recorded"):  # fmt: skip
            assert said in page, said

    def test_it_is_only_for_reading_and_leads_nowhere_else(self, opened, rosa):
        SurgeryFactory(patient=rosa)
        ReplyFactory(by=rosa, patient=rosa)

        page = opened.get(RECORD).content.decode()

        assert opened.post(RECORD, {"given_name": "X"}).status_code == 405
        own = page.partition("bg-banner")[2].partition("</main>")[0]
        assert re.findall(r'action="([^"]*)"', own) == [END]
        assert not [to for to in re.findall(r'href="([^"]*)"', own) if not to.startswith("tel:")]

    def test_every_other_page_of_that_clinic_stays_closed(self, browser):
        far = made_clinic("Elsewhere", number=1, now=NOON)
        patient = far.patients.get()
        pair = {"record_number": patient.record_number, "birth_date": patient.birth_date}
        assert knock(browser, **pair).url == RECORD

        pages = [one for one in panel_addresses(far) if one.has_row and "/clinic/" in one.path]
        for address in pages:
            answer = browser.get(address.path)
            assert answer.status_code in (302, 403, 404, 405), address
            assert b"Elsewhere" not in answer.content, address
        assert len(pages) > 20
        assert "Elsewhere" in words_of(browser.get(RECORD))

    def test_after_sixty_minutes_it_leads_back_to_the_door(self, opened, settings):
        settings.SIGN_OUT_WHEN_IDLE = timedelta(hours=2)
        with time_machine.travel(NOON + HOUR - timedelta(seconds=1), tick=False):
            assert opened.get(RECORD).status_code == 200
        with time_machine.travel(NOON + HOUR, tick=False):
            answer = opened.get(RECORD)

        assert answer.url == DOOR

    def test_a_button_ends_it_at_once(self, opened):
        with time_machine.travel(NOON + timedelta(minutes=5), tick=False):
            opened.post(END)

            assert opened.get(RECORD).url == DOOR
        assert EmergencyAccess.objects.get().ended_at == NOON + timedelta(minutes=5)

    def test_it_ends_with_the_session_and_is_in_no_other(self, opened, nurse, signed_in):
        assert signed_in(nurse).get(RECORD).url == DOOR

        opened.post(reverse("admin:logout"))
        opened.force_login(nurse)

        assert opened.get(RECORD).url == DOOR

    def test_another_person_cannot_go_on_with_it(self, opened, own_clinic):
        kept = opened.session["emergency_access"]
        opened.force_login(StaffFactory(clinic=own_clinic, role=Role.SURGEON))
        session = opened.session
        session["emergency_access"] = kept
        session.save()

        assert opened.get(RECORD).url == DOOR

    def test_each_look_stands_in_both_histories_as_an_emergency(self, opened, nurse, rosa):
        opened.get(RECORD)
        opened.get(RECORD)

        looks = AccessEvent.objects.filter(kind="emergency", by=nurse, patients=[rosa.pk])
        assert looks.filter(clinic=rosa.clinic).count() == 2
        assert looks.filter(clinic=nurse.clinic).count() == 2
