"""Patients are found however one writes them, judged as in the import, and never deleted."""

from datetime import date

import pytest
from django.urls import reverse

from clinic.models import Channel, Consent, Patient, Role
from reminders.flow.alerts import raise_alerts
from reminders.flow.consent import opted_out
from reminders.models import Alert
from tests.factories import NOON, PatientFactory, StaffFactory, SurgeryFactory
from tests.staff.pages import fields_of, words_of

PATIENTS = "admin:clinic_patient_changelist"


def listed(browser, **query):
    page = browser.get(reverse(PATIENTS), query)
    return {patient.given_name for patient in page.context["cl"].result_list}


@pytest.fixture
def rosa(own_clinic):
    return PatientFactory(
        clinic=own_clinic,
        given_name="Rosa",
        family_name="Ibáñez",
        record_number="H-4711",
        mobile="+447700900123",
    )


@pytest.fixture
def _others(own_clinic):
    PatientFactory.create_batch(3, clinic=own_clinic, mobile="+447700900777", given_name="Other")


@pytest.mark.usefixtures("_others")
class TestFinding:
    @pytest.mark.parametrize(
        "written",
        ["rosa", "Ibáñez", "rosa ibáñez", "h-4711", "4711", "+447700900123", "07700 900123",
         "07700-900 123", "900123"],
    )  # fmt: skip
    def test_by_name_record_number_or_mobile(self, written, browser, rosa):
        assert listed(browser, q=written) == {"Rosa"}

    def test_by_status(self, browser, rosa):
        Patient.objects.filter(pk=rosa.pk).update(status="on_hold")

        assert listed(browser, status__exact="on_hold") == {"Rosa"}

    def test_by_language(self, browser, rosa):
        Patient.objects.filter(pk=rosa.pk).update(language="es")

        assert listed(browser, language="es") == {"Rosa"}

    @pytest.mark.parametrize(
        ("operated_on", "within", "is_found"),
        [
            (date(2026, 2, 24), "7", True),
            (date(2026, 2, 23), "7", False),
            (date(2026, 3, 3), "7", True),
            (date(2026, 3, 4), "7", False),
            (date(2026, 3, 4), "coming", True),
        ],
    )
    def test_by_the_days_since_the_operation(self, operated_on, within, is_found, browser, rosa):
        SurgeryFactory(patient=rosa, surgery_date=operated_on)

        assert ("Rosa" in listed(browser, operated=within)) is is_found

    def test_by_a_contact_that_no_longer_works(self, browser, rosa):
        Patient.objects.filter(pk=rosa.pk).update(email_failed_at=NOON)

        assert listed(browser, contact="failed") == {"Rosa"}

    def test_an_empty_list_says_what_to_do(self, browser):
        page = words_of(browser.get(reverse(PATIENTS), {"q": "nobody"}))

        assert "ac-empty" in page


class TestTheList:
    def test_shows_the_day_of_recovery(self, browser, rosa):
        SurgeryFactory(patient=rosa, surgery_date=date(2026, 2, 19))

        assert "Day 12" in words_of(browser.get(reverse(PATIENTS)))

    def test_shows_that_messages_wait_because_the_operation_is_on_hold(self, browser, rosa):
        SurgeryFactory(patient=rosa, on_hold=True, hold_reason="Back in hospital")

        page = words_of(browser.get(reverse(PATIENTS)))

        assert 'ac-pill-warn">On hold</span></span><small>Back in hospital</small>' in page
        assert '">Active</span>' not in page

    def test_shows_that_messages_go_on_when_only_an_earlier_operation_is_on_hold(
        self, browser, rosa
    ):
        SurgeryFactory(
            patient=rosa, surgery_date=date(2025, 3, 2), on_hold=True, hold_reason="Abroad"
        )
        SurgeryFactory(patient=rosa)

        assert '">Active</span>' in words_of(browser.get(reverse(PATIENTS)))

    @pytest.mark.parametrize("status", ["ended", "deceased"])
    def test_says_first_that_care_has_ended(self, status, browser, rosa):
        SurgeryFactory(patient=rosa, on_hold=True, hold_reason="Back in hospital")
        Patient.objects.filter(pk=rosa.pk).update(status=status)

        assert "Back in hospital" not in words_of(browser.get(reverse(PATIENTS)))

    def test_leads_to_the_timeline(self, browser, rosa):
        page = words_of(browser.get(reverse(PATIENTS)))

        assert reverse("admin:clinic_patient_timeline", args=[rosa.pk]) in page


class TestTheForm:
    @pytest.fixture
    def typed(self, browser):
        page = browser.get(reverse("admin:clinic_patient_add"))
        return {
            **fields_of(page),
            "record_number": "H-1",
            "given_name": "Ana",
            "family_name": "Example",
            "mobile": "07700 900200",
            "email": "ana@example.com",
            "birth_date": "12/04/1961",
        }

    def add(self, browser, typed):
        return browser.post(reverse("admin:clinic_patient_add"), typed, follow=True)

    def test_a_new_patient_belongs_to_ones_own_clinic(self, browser, typed, own_clinic):
        self.add(browser, typed)

        patient = Patient.objects.get()
        assert (patient.clinic, patient.mobile) == (own_clinic, "+447700900200")

    def test_a_bad_value_is_refused_with_what_to_do(self, browser, typed):
        answer = self.add(browser, {**typed, "mobile": "12"})

        assert not Patient.objects.exists()
        assert "errornote" in words_of(answer)

    def test_a_record_number_that_is_there_already_is_refused(self, browser, typed, rosa):
        answer = self.add(browser, {**typed, "record_number": rosa.record_number})

        assert "There is already a patient with this record number." in words_of(answer)
        assert Patient.objects.count() == 1

    def test_what_was_put_right_is_said(self, browser, typed):
        answer = self.add(browser, typed)

        assert "Mobile:" in words_of(answer)

    def test_a_consent_carries_the_name_and_the_moment(self, browser, typed, nurse):
        consent = {
            "consents-TOTAL_FORMS": "1", "consents-INITIAL_FORMS": "0",
            "consents-0-channel": "sms", "consents-0-given": "yes",
            "consents-0-wording": "May we text you?",
        }  # fmt: skip

        self.add(browser, {**typed, **consent})

        kept = Consent.objects.get()
        assert (kept.given, kept.recorded_by, kept.at, kept.source) == (True, nurse, NOON, "staff")

    @pytest.mark.parametrize(
        ("role", "status", "told"),
        [
            (Role.NURSE, "closed", "The patient stopped our texts"),
            (Role.RECEPTION, "open", "The patient stopped our texts, and started them again"),
        ],
    )
    def test_a_new_yes_settles_the_alert_about_the_stop(
        self, role, status, told, own_clinic, rosa, signed_in
    ):
        raise_alerts([opted_out(rosa, channel=Channel.SMS, by="1", now=NOON)])
        somebody = StaffFactory(clinic=own_clinic, role=role)
        browser = signed_in(somebody)
        page = reverse("admin:clinic_patient_change", args=[rosa.pk])
        typed = fields_of(browser.get(page))
        kept = int(typed["consents-INITIAL_FORMS"])

        browser.post(page, {
            **typed, "consents-TOTAL_FORMS": kept + 1, f"consents-{kept}-channel": "sms",
            f"consents-{kept}-given": "yes", f"consents-{kept}-wording": "They called us.",
            f"consents-{kept}-patient": rosa.pk,
        })  # fmt: skip

        alert = Alert.objects.get()
        assert (alert.status, alert.summary) == (status, told)
        assert alert.closed_by == (somebody if status == "closed" else None)

    def test_a_consent_that_was_given_is_never_changed_or_removed(self, browser, rosa):
        page = reverse("admin:clinic_patient_change", args=[rosa.pk])
        before = list(Consent.objects.values())
        first = rosa.consents.first()

        browser.post(page, {
            **fields_of(browser.get(page)),
            "consents-TOTAL_FORMS": "1", "consents-INITIAL_FORMS": "1",
            "consents-0-id": first.pk, "consents-0-patient": rosa.pk,
            "consents-0-channel": "sms", "consents-0-given": "no", "consents-0-wording": "x",
            "consents-0-DELETE": "on",
        })  # fmt: skip

        assert list(Consent.objects.values()) == before

    def test_the_history_says_who_changed_what(self, browser, rosa):
        page = reverse("admin:clinic_patient_change", args=[rosa.pk])
        browser.post(page, {**fields_of(browser.get(page)), "given_name": "Rosalia"})

        words = words_of(browser.get(reverse("admin:clinic_patient_history", args=[rosa.pk])))

        assert "<del>Rosa</del>" in words
        assert "<ins>Rosalia</ins>" in words
        assert "Asha" in words


@pytest.mark.parametrize("role", Role)
def test_nobody_deletes_a_patient(role, own_clinic, rosa, signed_in):
    somebody = signed_in(StaffFactory(clinic=own_clinic, role=role))

    answer = somebody.post(reverse("admin:clinic_patient_delete", args=[rosa.pk]), {"post": "yes"})

    assert answer.status_code == 403
    assert Patient.objects.filter(pk=rosa.pk).exists()


def test_not_even_an_operator_deletes_a_patient(rosa, signed_in):
    operator = signed_in(StaffFactory(clinic=None, is_superuser=True))

    answer = operator.post(reverse("admin:clinic_patient_delete", args=[rosa.pk]), {"post": "yes"})

    assert answer.status_code == 403
