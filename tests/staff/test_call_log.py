"""The call log in the panel: two taps, whose it is, what is shown where, and corrections."""

from datetime import timedelta

import pytest
from django.urls import reverse

from clinic.models import Role
from reminders.models import Alert, AlertKind, AlertStatus, PhoneCall, Reached
from tests.factories import (
    NOON,
    AlertFactory,
    CarerFactory,
    PatientFactory,
    PhoneCallFactory,
    ReplyFactory,
    StaffFactory,
    SurgeryFactory,
)
from tests.staff.pages import fields_of, words_of

TODAY = "/staff/"


@pytest.fixture
def patient(own_clinic):
    return SurgeryFactory(patient__clinic=own_clinic, patient__given_name="Rosa").patient


def calls_page(patient):
    return reverse("admin:clinic_patient_calls", args=[patient.pk])


def thread(browser, patient):
    return words_of(browser.get(reverse("admin:clinic_patient_timeline", args=[patient.pk])))


class TestTwoTaps:
    @pytest.mark.parametrize(
        ("tap", "reached", "again"),
        [
            ("nobody:soon", Reached.NOBODY, NOON + timedelta(hours=2)),
            ("voicemail:next_day", Reached.VOICEMAIL, NOON + timedelta(hours=22)),
            ("wrong_number:", Reached.WRONG_NUMBER, None),
        ],
    )
    def test_write_the_try_down_and_lead_back_to_today(
        self, browser, nurse, patient, tap, reached, again
    ):
        alert = AlertFactory(patient=patient, kind=AlertKind.SILENT)

        answer = browser.post(calls_page(patient), {"quick": tap, "next": TODAY, "alert": alert.pk})

        call = PhoneCall.objects.get()
        assert answer.url == TODAY
        assert (call.by, call.reached, call.next_try_at) == (nurse, reached, again)
        assert call.alert == alert

    def test_take_a_silent_patient_off_the_list_until_then(self, browser, patient):
        AlertFactory(patient=patient, kind=AlertKind.SILENT)

        answer = browser.post(
            calls_page(patient), {"quick": "nobody:soon", "next": TODAY}, follow=True
        )

        assert answer.context["silent"].total == 0
        assert answer.context["silent"].later_total == 1
        assert "called and nobody answered. Again: 14:00." in words_of(answer)

    def test_leave_whoever_was_tried_three_times_on_the_list(self, browser, patient):
        AlertFactory(patient=patient, kind=AlertKind.SILENT)
        for hours in (2, 1):
            at = NOON - timedelta(hours=hours)
            PhoneCallFactory(patient=patient, reached="nobody", occurred_at=at, noted_at=NOON)

        answer = browser.post(
            calls_page(patient), {"quick": "nobody:soon", "next": TODAY}, follow=True
        )

        assert answer.context["silent"].total == 1
        assert "Tried 3 times: it stays on the list." in words_of(answer)

    def test_stand_on_today_beside_an_alert_a_reply_and_silence(self, browser, patient):
        AlertFactory(patient=patient)
        ReplyFactory(by=patient, patient=patient)
        AlertFactory(patient=patient, kind=AlertKind.SILENT)

        assert words_of(browser.get(TODAY)).count('value="nobody:next_day"') == 3


class TestWhoseCall:
    @pytest.mark.parametrize("role", Role)
    def test_is_written_by_those_who_may(self, own_clinic, patient, signed_in, role):
        person = StaffFactory(clinic=own_clinic, role=role)

        answer = signed_in(person).post(calls_page(patient), {"quick": "nobody:soon"})

        assert (answer.status_code == 302) is (role != Role.AUDITOR)
        assert PhoneCall.objects.exists() is (role != Role.AUDITOR)

    def test_another_clinics_patient_cannot_be_found(self, browser):
        page = calls_page(PatientFactory())

        assert browser.get(page).status_code == 404
        assert browser.post(page, {"quick": "nobody:soon"}).status_code == 404

    def test_another_patients_alert_is_not_taken_for_this_ones(self, browser, patient):
        strange = AlertFactory(patient=PatientFactory(clinic=patient.clinic))

        browser.post(calls_page(patient), {"quick": "nobody:soon", "alert": strange.pk})

        assert PhoneCall.objects.get().alert is None

    def test_another_patients_reply_is_not_taken_for_this_ones(self, browser, patient):
        other = PatientFactory(clinic=patient.clinic)
        strange = ReplyFactory(by=other, patient=other)

        browser.post(calls_page(patient), {"quick": "nobody:soon", "reply": strange.pk})

        assert PhoneCall.objects.get().reply is None


class TestTheForm:
    def fill(self, browser, patient, **words):
        typed = {"direction": "out", "reached": "patient", "code": "Nothing to do", **words}
        return browser.post(calls_page(patient), typed)

    def test_sent_with_nothing_in_it_says_what_is_missing(self, browser, patient):
        answer = browser.post(calls_page(patient), {})

        assert answer.status_code == 200
        assert not PhoneCall.objects.exists()

    def test_takes_a_call_of_this_morning_by_the_clinics_wall(self, browser, patient):
        self.fill(browser, patient, at="2026-03-03T09:15", note="Wound is dry")

        call = PhoneCall.objects.get()
        assert call.occurred_at == NOON.replace(hour=9, minute=15)
        assert (call.outcome, call.note) == ("Nothing to do", "Wound is dry")

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            ({"code": ""}, "Say what came of it: choose a code, or write a note."),
            ({"at": "2026-03-03T12:01"}, "A call that is to come cannot be written down."),
            ({"direction": "in", "reached": "nobody"}, "Whoever called us was the patient"),
            ({"reached": "the cat"}, "Whom did you reach"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_what_was_typed(self, browser, patient, words, said):
        answer = self.fill(browser, patient, note="" if "code" in words else "Kept", **words)

        assert said in words_of(answer)
        assert fields_of(answer)["note"] == ("" if "code" in words else "Kept")
        assert not PhoneCall.objects.exists()


class TestWhatWasSettledByACall:
    def close(self, browser, alert, **words):
        page = reverse("admin:reminders_alert_close", args=[alert.pk])
        return browser.post(page, {"code": "", "note": "", **words})

    def test_is_a_call_when_the_code_says_so(self, browser, patient):
        reply = ReplyFactory(by=patient, patient=patient)
        alert = AlertFactory(patient=patient, reply=reply)

        self.close(browser, alert, code="Spoke to the patient: no concern", note="Slept well")

        call = PhoneCall.objects.get()  # one, though alert and reply are both settled
        assert (call.alert, call.reply, call.reached) == (alert, reply, Reached.PATIENT)
        assert (call.outcome, call.note) == ("Spoke to the patient: no concern", "Slept well")

    def test_is_one_call_however_many_alerts_it_settled(self, browser, patient):
        first, second = AlertFactory.create_batch(2, patient=patient)

        self.close(browser, first, note="All well", by_phone="carer", also=[second.pk])

        assert PhoneCall.objects.get().reached == Reached.CARER
        assert not Alert.objects.exclude(status=AlertStatus.CLOSED).exists()

    def test_is_no_call_otherwise(self, browser, patient):
        self.close(browser, AlertFactory(patient=patient), code="Will be seen at the clinic")
        self.close(browser, AlertFactory(patient=None, clinic=patient.clinic), by_phone="patient",
                   note="Nobody we know")  # fmt: skip

        assert not PhoneCall.objects.exists()

    def test_of_a_reply_is_a_call_once(self, browser, patient):
        reply = ReplyFactory(by=patient, patient=patient)
        page = reverse("admin:reminders_reply_deal_with", args=[reply.pk])

        for _ in range(2):
            browser.post(page, {"code": "Spoke to the patient: no concern", "note": ""})

        assert PhoneCall.objects.get().reply == reply

    def test_of_a_carers_reply_is_a_call_about_the_patient(self, browser, patient):
        carer = CarerFactory(patient=patient)
        reply = ReplyFactory(by=patient, carer=carer, patient=None)
        page = reverse("admin:reminders_reply_deal_with", args=[reply.pk])

        browser.post(page, {"code": "", "note": "Told her", "by_phone": "carer"})

        assert PhoneCall.objects.get().patient == patient

    def test_is_said_once_in_the_thread(self, browser, patient):
        self.close(browser, AlertFactory(patient=patient), code="Spoke to the patient: no concern")

        assert thread(browser, patient).count("Spoke to the patient: no concern<") <= 1


class TestTheThread:
    def test_tells_who_called_whom_and_what_came_of_it(self, browser, nurse, patient):
        PhoneCallFactory(patient=patient, by=nurse, outcome="Nothing to do", note="Slept well")

        words = thread(browser, patient)

        assert f"{nurse} called and spoke to the patient" in words
        assert "Nothing to do. Slept well" in words

    def test_shows_a_corrected_entry_beside_the_one_that_counts(self, browser, patient):
        first = PhoneCallFactory(patient=patient, reached="nobody")
        page = reverse("admin:clinic_patient_call", args=[patient.pk, first.pk])
        fields = fields_of(browser.get(page))

        browser.post(page, {**fields, "reached": "voicemail"})

        words = thread(browser, patient)
        assert "corrected by a further entry" in words
        assert "corrects an earlier entry" in words
        assert PhoneCall.objects.standing().get().reached == Reached.VOICEMAIL

    def test_an_entry_is_taken_back_without_being_lost(self, browser, patient):
        first = PhoneCallFactory(patient=patient)
        page = reverse("admin:clinic_patient_call", args=[patient.pk, first.pk])

        browser.post(page, {"never": "1"})

        assert not PhoneCall.objects.standing().exists()
        assert "there was no such call" in thread(browser, patient)

    def test_another_patients_call_cannot_be_corrected_from_here(self, browser, patient):
        strange = PhoneCallFactory(patient=PatientFactory(clinic=patient.clinic))

        page = reverse("admin:clinic_patient_call", args=[patient.pk, strange.pk])

        assert browser.post(page, {"never": "1"}).status_code == 404
