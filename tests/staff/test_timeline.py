"""One patient's story as one thread: the exact words, how each ended, and what is to come."""

from datetime import timedelta

import pytest
from django.urls import reverse

from clinic.models import Channel, SurgeryStatus
from reminders.models import Audience, DeliveryReason, DeliveryStatus, ReminderReason
from tests.factories import (
    NOON,
    AlertFactory,
    AttemptFactory,
    ConsentFactory,
    DeliveryFactory,
    PatientFactory,
    ReceiptFactory,
    ReminderFactory,
    ReplyFactory,
    StepFactory,
    SurgeryFactory,
)
from tests.staff.pages import words_of


@pytest.fixture
def surgery(own_clinic):
    return SurgeryFactory(patient__clinic=own_clinic, planned_revision=1)


@pytest.fixture
def timeline(browser, surgery):
    def page():
        return browser.get(reverse("admin:clinic_patient_timeline", args=[surgery.patient_id]))

    return page


def planned(surgery, **fields):
    return ReminderFactory(surgery=surgery, **{"due_at": NOON + timedelta(days=2), **fields})


def sent(surgery, **fields):
    reminder = ReminderFactory(surgery=surgery, status="dispatched")
    return DeliveryFactory(
        reminder=reminder, **{"status": DeliveryStatus.DELIVERED, "text": "Walk a little", **fields}
    )


@pytest.mark.parametrize("unexpected", [True, False])
def test_an_unexpected_result_stands_beside_the_patient(timeline, surgery, unexpected):
    surgery.histology_unexpected = unexpected
    surgery.save()

    assert ("Unexpected specimen result" in words_of(timeline())) is unexpected


class TestWhatIsToCome:
    def test_shows_the_words_that_would_be_sent(self, timeline, surgery, own_clinic):
        planned(surgery)

        words = words_of(timeline())

        assert f"Harbourside Care: walk a little today. Questions: {own_clinic.phone}" in words
        assert "{clinic}" not in words

    def test_stands_under_its_day_of_recovery_above_todays_line(self, timeline, surgery):
        planned(surgery, step=StepFactory(intent="Climb stairs"))

        words = words_of(timeline())

        assert "Day 3</span>" in words
        assert words.index("Climb stairs") < words.index('id="today"')

    def test_says_why_this_patient_gets_it(self, timeline, surgery):
        planned(surgery, because="dural tear")

        assert "because: dural tear" in words_of(timeline())

    def test_says_for_what_a_held_message_waits(self, timeline, surgery):
        planned(surgery, status="held", reason=ReminderReason.NOT_CONFIRMED)

        words = words_of(timeline())

        assert "Held" in words
        assert "Operation not confirmed yet" in words

    def test_names_a_message_that_no_channel_can_carry(self, timeline, surgery):
        ConsentFactory(patient=surgery.patient, given=False, at=NOON)
        ConsentFactory(patient=surgery.patient, given=False, at=NOON, channel=Channel.EMAIL)
        planned(surgery)

        assert "Cannot be sent" in words_of(timeline())

    def test_says_what_is_missing_from_a_text(self, timeline, surgery):
        planned(surgery, step=StepFactory(texts=()))

        assert "has no words" in words_of(timeline())

    def test_a_task_for_staff_shows_what_to_do(self, timeline, surgery):
        step = StepFactory(audience=Audience.STAFF, staff_action="Chase the lab", channels=[])
        planned(surgery, step=step)

        words = words_of(timeline())

        assert "Staff task" in words
        assert "Chase the lab" in words


class TestWhatWas:
    def test_shows_the_text_as_it_was_sent_not_as_it_would_be_now(self, timeline, surgery):
        sent(surgery, text="The old words")

        assert "The old words" in words_of(timeline())

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"status": DeliveryStatus.DELIVERED}, "Delivered"),
            ({"status": DeliveryStatus.ACCEPTED}, "Sent, no receipt yet"),
            ({"status": DeliveryStatus.QUEUED}, "Waiting to be sent"),
            ({"status": DeliveryStatus.QUEUED, "attempts_made": 1}, "Will be tried again"),
            ({"status": DeliveryStatus.UNKNOWN}, "Not known whether it arrived"),
            (
                {"status": DeliveryStatus.SKIPPED, "failure_reason": DeliveryReason.OPTED_OUT},
                "The patient opted out",
            ),
            ({"status": DeliveryStatus.EXPIRED}, "Not sent: too late"),
        ],
    )
    def test_says_how_it_ended_in_plain_words(self, fields, said, timeline, surgery):
        sent(surgery, **fields)

        assert said in words_of(timeline())

    def test_tells_each_try_and_receipt_at_the_patients_hour(self, timeline, surgery):
        surgery.patient.zone = "Europe/Madrid"
        surgery.patient.save()
        attempt = AttemptFactory(delivery=sent(surgery), status="accepted")
        ReceiptFactory(attempt=attempt, received_at=NOON + timedelta(minutes=1))

        words = words_of(timeline())

        assert "3 Mar, 13:00: the provider took it" in words
        assert "13:01 reached the phone" in words

    def test_names_step_and_version(self, timeline, surgery):
        delivery = sent(surgery)
        step = delivery.reminder.step

        assert f"{step.key}, version {step.version.number}" in words_of(timeline())

    def test_a_reply_stands_with_its_own_words_and_cannot_carry_a_script(self, timeline, surgery):
        ReplyFactory(by=surgery.patient, patient=surgery.patient, text="<script>alert(1)</script>")

        words = words_of(timeline())

        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in words
        assert "<script>alert(1)" not in words

    def test_an_open_alert_is_on_top_and_on_the_thread(self, timeline, surgery):
        AlertFactory(patient=surgery.patient, summary="Call her")

        page = timeline()

        assert [alert.summary for alert in page.context["open_alerts"]] == ["Call her"]
        assert words_of(page).count("Call her") == 2

    def test_a_withdrawn_consent_is_a_turning_point(self, timeline, surgery):
        ConsentFactory(
            patient=surgery.patient, given=False, at=NOON, source="reply", wording="STOP"
        )

        words = words_of(timeline())

        assert "Text stopped: the patient&#x27;s own message" in words
        assert "“STOP”" in words
        assert "The patient opted out" in words  # beside the number


def test_what_fell_out_of_the_plan_is_folded_away_with_its_reason(timeline, surgery):
    planned(surgery, status="cancelled", reason=ReminderReason.SURGERY_MOVED)

    page = timeline()

    assert "1 left out of the plan" in words_of(page)
    assert "The operation was moved" in words_of(page)
    assert page.context["thread"].coming_count == 0


def test_days_are_counted_from_the_operation_before_them(browser, own_clinic):
    patient = PatientFactory(clinic=own_clinic)
    SurgeryFactory(patient=patient, surgery_date="2025-10-01")
    SurgeryFactory(patient=patient, surgery_date="2026-03-02")
    SurgeryFactory(patient=patient, surgery_date="2026-03-03", status=SurgeryStatus.CANCELLED)
    ReplyFactory(by=patient, patient=patient, received_at="2025-10-13T10:00Z")

    words = words_of(browser.get(reverse("admin:clinic_patient_timeline", args=[patient.pk])))

    assert "Day 12</span>" in words
    assert "<strong>Day 1</strong>" in words


def test_a_patient_without_an_operation_is_told_what_to_do(browser, own_clinic):
    patient = PatientFactory(clinic=own_clinic)

    words = words_of(browser.get(reverse("admin:clinic_patient_timeline", args=[patient.pk])))

    assert "Record an operation" in words


class TestTheLanguage:
    def test_says_how_many_messages_are_in_the_patients_own(self, timeline, surgery):
        speak(surgery.patient, "ar")
        planned(surgery, step=StepFactory(texts=("en", "ar")))
        planned(surgery, step=StepFactory(texts=("en",)))
        planned(surgery, step=StepFactory(texts=("en",)))

        assert "1 of 3 messages to come are in Arabic; the rest are in English." in words_of(
            timeline()
        )

    def test_asks_for_an_interpreter_where_the_clinic_speaks_another(self, timeline, surgery):
        assert "interpreter for calls" not in words_of(timeline())

        speak(surgery.patient, "ar")

        assert "interpreter for calls" in words_of(timeline())

    def test_says_nothing_where_every_message_is_in_their_own(self, timeline, surgery):
        speak(surgery.patient, "ar")
        planned(surgery, step=StepFactory(texts=("en", "ar")))

        assert "messages to come are in" not in words_of(timeline())

    def test_marks_an_arabic_message_as_such(self, timeline, surgery):
        speak(surgery.patient, "ar")
        planned(surgery, step=StepFactory(texts=("ar",)))

        assert 'dir="rtl" lang="ar"' in words_of(timeline())


def speak(patient, language):
    patient.language = language
    patient.save()
