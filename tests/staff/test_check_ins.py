"""Check-ins in the panel: answers over time, a form for the telephone, and the clinic's mode."""

from datetime import timedelta

import pytest
from django.urls import reverse

from clinic.models import Role, SymptomCheckMode
from reminders.models import Alert, CheckIn, ReminderStatus, Tier
from tests.factories import NOON, PatientFactory, ReminderFactory, StaffFactory, SurgeryFactory
from tests.staff.pages import fields_of, words_of

DAY = timedelta(days=1)


@pytest.fixture
def patient(own_clinic):
    """Somebody whose check-in of day 7 went out this morning, at a clinic that sorts answers."""
    own_clinic.symptom_check_mode = SymptomCheckMode.TRIAGE
    own_clinic.symptom_check_responsible = StaffFactory(clinic=own_clinic, role=Role.SURGEON)
    own_clinic.save()
    patient = PatientFactory(clinic=own_clinic, given_name="Rosa")
    surgery = SurgeryFactory(patient=patient, surgery_date=NOON.date() - 7 * DAY)
    ReminderFactory(
        surgery=surgery,
        step__questions=["symptom_check", "pain_limb", "pain_spine", "wound"],
        status=ReminderStatus.DISPATCHED,
        due_at=NOON - timedelta(hours=2),
    )
    return patient


def page_of(patient, name="clinic_patient_check_ins"):
    return reverse(f"admin:{name}", args=[patient.pk])


def form_of(patient):
    return page_of(patient, "clinic_patient_enter_check_in")


def all_well(browser, patient, **changed):
    """The form as it stands there, with no to every sign."""
    page = browser.get(form_of(patient))
    fields = fields_of(page)
    signs = {f"Q{number:02}": "no" for number in range(1, 30)}
    return fields | signs | {"pain_limb": "2", "pain_spine": "1"} | changed


class TestOnTheTelephone:
    def test_a_nurse_takes_answers_down_and_reads_out_what_to_do(self, browser, nurse, patient):
        answer = browser.post(form_of(patient), all_well(browser, patient, Q12="yes"), follow=True)

        check_in = CheckIn.objects.get()
        assert (check_in.by, check_in.recorded_by) == ("staff", nurse)
        assert "Tell the patient: Please call 020 7946 0101 today" in words_of(answer)
        assert Alert.objects.get().tier == Tier.SAME_DAY

    def test_the_form_sent_twice_is_one_check_in(self, browser, patient):
        fields = all_well(browser, patient)

        for _ in range(2):
            browser.post(form_of(patient), fields)

        assert CheckIn.objects.count() == 1

    def test_nothing_is_lost_when_something_is_wrong(self, browser, patient):
        page = browser.post(form_of(patient), all_well(browser, patient, pain_limb="lots"))

        assert fields_of(page)["pain_limb"] == "lots"
        assert fields_of(page)["Q09"] == "no"
        assert "Write a number for" in words_of(page)
        assert not CheckIn.objects.exists()

    def test_the_form_is_in_the_patients_language(self, browser, patient):
        patient.language = "es"
        patient.save()

        assert "¿Le cuesta orinar" in words_of(browser.get(form_of(patient)))

    def test_opening_the_form_changes_nothing(self, browser, patient):
        browser.get(form_of(patient))

        assert not CheckIn.objects.exists()

    @pytest.mark.parametrize("role", [Role.RECEPTION, Role.MANAGER, Role.AUDITOR])
    def test_only_clinicians_take_answers_down(self, role, own_clinic, signed_in, patient):
        other = signed_in(StaffFactory(clinic=own_clinic, role=role))

        assert other.get(form_of(patient)).status_code == 403
        assert form_of(patient) not in words_of(other.get(page_of(patient)))

    def test_without_an_operation_there_is_nothing_to_ask(self, browser, own_clinic):
        patient = PatientFactory(clinic=own_clinic)

        answer = browser.get(form_of(patient), follow=True)

        assert "no operation to ask about" in words_of(answer)

    def test_nobody_takes_down_answers_of_another_clinics_patient(self, browser):
        stranger = SurgeryFactory().patient

        assert browser.get(form_of(stranger)).status_code == 404
        assert browser.get(page_of(stranger)).status_code == 404


class TestTheAnswers:
    def test_are_drawn_and_told(self, browser, patient):
        browser.post(form_of(patient), all_well(browser, patient, Q03="unsure", pain_limb="7"))

        words = words_of(browser.get(page_of(patient)))

        assert "<polyline" in words
        assert "Leg pain" in words
        assert "numb or odd in a new way" in words
        assert "EMERGENCY" in words

    def test_of_nobody_are_an_empty_page_that_says_so(self, browser, patient):
        assert "No check-in has been answered yet" in words_of(browser.get(page_of(patient)))

    def test_are_a_link_away_from_the_timeline_and_stand_in_it(self, browser, patient):
        browser.post(form_of(patient), all_well(browser, patient))

        words = words_of(browser.get(reverse("admin:clinic_patient_timeline", args=[patient.pk])))

        assert page_of(patient) in words
        assert "Check-in by telephone" in words


class TestTheMode:
    @pytest.fixture
    def lead(self, own_clinic):
        return StaffFactory(clinic=own_clinic, role=Role.SURGEON)

    def save(self, browser, clinic, **changed):
        page = reverse("admin:clinic_clinic_change", args=[clinic.pk])
        return browser.post(page, fields_of(browser.get(page)) | changed, follow=True)

    def test_is_off_until_somebody_chooses(self, own_clinic):
        assert own_clinic.symptom_check_mode == SymptomCheckMode.OFF

    def test_comes_with_the_notice_about_medical_devices(self, signed_in, lead, own_clinic):
        page = signed_in(lead).get(reverse("admin:clinic_clinic_change", args=[own_clinic.pk]))

        assert "may become its manufacturer" in words_of(page)

    def test_sorts_only_in_somebodys_name(self, signed_in, lead, own_clinic):
        browser = signed_in(lead)

        page = self.save(browser, own_clinic, symptom_check_mode="triage")
        own_clinic.refresh_from_db()
        assert "Name who is responsible" in words_of(page)
        assert own_clinic.symptom_check_mode == SymptomCheckMode.OFF

        self.save(
            browser, own_clinic, symptom_check_mode="triage",
            symptom_check_responsible=str(lead.pk),
        )  # fmt: skip
        own_clinic.refresh_from_db()
        assert own_clinic.symptom_check_mode == SymptomCheckMode.TRIAGE

    def test_names_a_colleague_of_the_own_clinic(self, signed_in, lead, own_clinic):
        stranger = StaffFactory()

        self.save(
            signed_in(lead), own_clinic, symptom_check_mode="triage",
            symptom_check_responsible=str(stranger.pk),
        )  # fmt: skip

        own_clinic.refresh_from_db()
        assert own_clinic.symptom_check_responsible is None

    def test_asks_for_no_signs_while_there_is_no_number_to_call(self, signed_in, lead, own_clinic):
        page = self.save(
            signed_in(lead), own_clinic, symptom_check_mode="relay", emergency_phone=""
        )

        own_clinic.refresh_from_db()
        assert "Give the numbers" in words_of(page)
        assert own_clinic.symptom_check_mode == SymptomCheckMode.OFF
