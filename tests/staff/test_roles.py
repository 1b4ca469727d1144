"""Which role opens which screen, and the stop button."""

import pytest
from django.urls import reverse

from clinic.access import ROLE_PERMISSIONS
from clinic.models import Clinic, Role, Staff
from tests.factories import NOON, ClinicFactory, PatientFactory, StaffFactory, SurgeryFactory
from tests.staff.pages import fields_of, words_of

SCREENS = {
    "clinic_patient": "clinic.view_patient",
    "clinic_surgery": "clinic.view_surgery",
    "reminders_alert": "reminders.view_alert",
    "reminders_reply": "reminders.view_reply",
    "reminders_delivery": "reminders.view_delivery",
    "reminders_pathwayversion": "reminders.view_pathwayversion",
    "clinic_clinic": "clinic.view_clinic",
    "clinic_staff": "clinic.view_staff",
}
ADDS = {"clinic_patient": "clinic.add_patient", "clinic_surgery": "clinic.add_surgery"}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("screen", SCREENS)
def test_a_role_opens_a_screen_when_and_only_when_it_may(role, screen, own_clinic, signed_in):
    browser = signed_in(StaffFactory(clinic=own_clinic, role=role))

    answer = browser.get(reverse(f"admin:{screen}_changelist"), follow=True)
    menu = words_of(browser.get(reverse("admin:index")))

    may = SCREENS[screen] in ROLE_PERMISSIONS[role]
    assert (answer.status_code == 200) is may
    assert (f'href="{reverse(f"admin:{screen}_changelist")}"' in menu) is may


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("screen", ADDS)
def test_a_role_adds_when_and_only_when_it_may(role, screen, own_clinic, signed_in):
    browser = signed_in(StaffFactory(clinic=own_clinic, role=role))

    answer = browser.get(reverse(f"admin:{screen}_add"))

    assert (answer.status_code == 200) is (ADDS[screen] in ROLE_PERMISSIONS[role])


def test_an_auditor_reads_a_record_and_changes_nothing(own_clinic, signed_in):
    auditor = signed_in(StaffFactory(clinic=own_clinic, role=Role.AUDITOR))
    patient = PatientFactory(clinic=own_clinic, given_name="Rosa")
    page = reverse("admin:clinic_patient_change", args=[patient.pk])

    assert auditor.get(page).status_code == 200
    assert auditor.post(page, {"given_name": "X"}).status_code == 403
    patient.refresh_from_db()
    assert patient.given_name == "Rosa"


def test_an_auditor_changes_no_operation(own_clinic, signed_in):
    auditor = signed_in(StaffFactory(clinic=own_clinic, role=Role.AUDITOR))
    surgery = SurgeryFactory(patient__clinic=own_clinic)

    answer = auditor.get(reverse("admin:clinic_surgery_step", args=[surgery.pk, "hold"]))

    assert answer.status_code == 403


def test_an_operator_sees_all_clinics_and_adds_patients_to_none(signed_in, own_clinic):
    operator = signed_in(StaffFactory(clinic=None, is_superuser=True))
    PatientFactory(clinic=own_clinic, family_name="Here")
    PatientFactory(family_name="There")

    words = words_of(operator.get(reverse("admin:clinic_patient_changelist")))

    assert "Here" in words
    assert "There" in words
    assert operator.get(reverse("admin:clinic_patient_add")).status_code == 403
    assert operator.get(reverse("admin:index")).status_code == 200


def test_a_manager_makes_nobody_an_operator(own_clinic, signed_in):
    manager = StaffFactory(clinic=own_clinic, role=Role.MANAGER)
    page = reverse("admin:clinic_staff_change", args=[manager.pk])

    answer = signed_in(manager).post(page, {"is_superuser": "on", "role": "surgeon"})

    assert answer.status_code == 403
    assert not Staff.objects.get(pk=manager.pk).is_superuser


class TestTheStopButton:
    def press(self, browser, clinic, do):
        page = reverse("admin:clinic_clinic_sending", args=[clinic.pk])
        answer = browser.post(page, {"do": do, "reason": "A wrong text"}, follow=True)
        clinic.refresh_from_db()
        return answer

    def test_a_nurse_stops_sending_and_every_page_says_so(self, browser, own_clinic):
        self.press(browser, own_clinic, "stop")

        assert own_clinic.sending_stopped_at == NOON
        page = browser.get(reverse("admin:clinic_patient_changelist"))
        assert "Sending is stopped" in words_of(page)

    def test_whoever_runs_the_clinic_resumes_it(self, browser, own_clinic, signed_in):
        self.press(browser, own_clinic, "stop")
        assert self.press(browser, own_clinic, "resume").status_code == 403

        surgeon = signed_in(StaffFactory(clinic=own_clinic, role=Role.SURGEON))
        self.press(surgeon, own_clinic, "resume")

        assert own_clinic.sending_stopped_at is None

    def test_an_auditor_stops_nothing(self, own_clinic, signed_in):
        auditor = signed_in(StaffFactory(clinic=own_clinic, role=Role.AUDITOR))

        assert self.press(auditor, own_clinic, "stop").status_code == 403


class TestTheClinic:
    @pytest.fixture
    def surgeon(self, own_clinic, signed_in):
        return signed_in(StaffFactory(clinic=own_clinic, role=Role.SURGEON))

    def test_the_menu_leads_straight_to_ones_own(self, surgeon, own_clinic):
        ClinicFactory()

        answer = surgeon.get(reverse("admin:clinic_clinic_changelist"))

        assert answer.url == reverse("admin:clinic_clinic_change", args=[own_clinic.pk])

    def test_its_numbers_are_entered_here(self, surgeon, own_clinic):
        Clinic.objects.update(urgent_phone="")
        page = reverse("admin:clinic_clinic_change", args=[own_clinic.pk])
        shown = surgeon.get(page)
        assert "Missing: the number for same-day help" in words_of(shown)

        surgeon.post(page, {**fields_of(shown), "urgent_phone": "020 7946 0199"})

        own_clinic.refresh_from_db()
        assert own_clinic.urgent_phone == "020 7946 0199"

    def test_a_closure_is_added_beside_it(self, surgeon, own_clinic):
        page = reverse("admin:clinic_clinic_change", args=[own_clinic.pk])
        closure = {
            "closures-TOTAL_FORMS": "1", "closures-INITIAL_FORMS": "0",
            "closures-0-first_day": "24/12/2026", "closures-0-last_day": "27/12/2026",
        }  # fmt: skip

        surgeon.post(page, {**fields_of(surgeon.get(page)), **closure})

        assert str(own_clinic.closures.get()) == "2026-12-24 to 2026-12-27"
