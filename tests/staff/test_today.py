"""Today: what waits is counted right and has its next action; what stops sending is loud."""

from datetime import timedelta

import pytest
from django.urls import reverse

from clinic.models import Role, SurgeryStatus
from reminders.models import AlertKind, AlertStatus, ReplyStatus, Tier
from tests.factories import (
    NOON,
    AlertFactory,
    DeliveryFactory,
    PathwayVersionFactory,
    PatientFactory,
    ReminderFactory,
    ReplyFactory,
    StaffFactory,
    SurgeryFactory,
)
from tests.ready_clinics import manager_of, ready_clinic
from tests.staff.pages import words_of


@pytest.fixture
def today(browser):
    return lambda: browser.get(reverse("admin:index"))


@pytest.fixture
def patient(own_clinic):
    return SurgeryFactory(patient__clinic=own_clinic, patient__given_name="Rosa").patient


@pytest.fixture
def live(own_clinic, released):
    return PathwayVersionFactory(pathway__clinic=own_clinic, signed=True)


class TestWhomToCallFirst:
    def test_an_emergency_stands_above_an_older_routine_alert(self, today, patient):
        AlertFactory(
            patient=patient, tier=Tier.ROUTINE, opened_at=NOON - timedelta(days=1),
            act_before=NOON - timedelta(hours=1), summary="Rebook",
        )  # fmt: skip
        AlertFactory(patient=patient, tier=Tier.EMERGENCY, summary="Cannot pass water")

        words = words_of(today())

        assert words.index("Cannot pass water") < words.index("Rebook")

    def test_names_patient_day_of_recovery_age_and_telephone(self, today, patient):
        AlertFactory(patient=patient, opened_at=NOON - timedelta(minutes=35))

        words = words_of(today())

        assert "Rosa" in words
        assert "day 1" in words
        assert "35 min" in words
        assert f"tel:{patient.mobile}" in words

    def test_says_what_is_overdue(self, today, patient):
        AlertFactory(patient=patient, act_before=NOON - timedelta(minutes=1))

        assert "overdue" in words_of(today())

    def test_counts_every_open_alert_and_no_closed_one(self, today, own_clinic, nurse):
        AlertFactory.create_batch(15, patient__clinic=own_clinic)
        AlertFactory(
            patient__clinic=own_clinic, status=AlertStatus.CLOSED, closed_by=nurse, outcome="Called"
        )

        page = today()

        assert page.context["calls"].total == 15
        assert "15 same day" in words_of(page)
        assert "5 more alerts" in words_of(page)

    def test_a_patient_is_one_call_however_many_alerts_there_are(self, today, patient):
        AlertFactory(patient=patient, summary="Missed two check-ins")
        AlertFactory(patient=patient, tier=Tier.EMERGENCY, summary="Cannot pass water")
        AlertFactory(patient=patient, tier=Tier.ROUTINE, summary="Rebook")

        (call,) = today().context["calls"].items

        assert call.first.row.summary == "Cannot pass water"
        assert [other.row.summary for other in call.others] == ["Missed two check-ins", "Rebook"]

    def test_an_operation_that_waits_to_be_confirmed_is_one_tap_away(self, today, own_clinic):
        surgery = SurgeryFactory(patient__clinic=own_clinic, status=SurgeryStatus.PLANNED)
        AlertFactory(patient=surgery.patient)

        page = today()

        (call,) = page.context["calls"].items
        assert call.to_confirm == surgery
        link = reverse("admin:clinic_surgery_step", args=[surgery.pk, "confirm"])
        assert words_of(page).count(link) == 2  # beside the alert, and in its own list

    def test_two_alerts_of_unknown_senders_are_two_calls(self, today, own_clinic):
        AlertFactory.create_batch(2, patient=None, clinic=own_clinic)

        assert len(today().context["calls"].items) == 2

    def test_counts_safety_messages_that_reached_nobody(self, today, patient):
        AlertFactory(patient=patient, kind=AlertKind.NOT_REACHED)

        assert "1 safety message reached nobody" in words_of(today())

    def test_an_auditor_sees_the_alert_but_no_button(self, own_clinic, patient, signed_in):
        AlertFactory(patient=patient)
        auditor = signed_in(StaffFactory(clinic=own_clinic, role=Role.AUDITOR))

        words = words_of(auditor.get(reverse("admin:index")))

        assert "A reply that may be urgent" in words
        assert "I have it" not in words


class TestTheOtherLists:
    def test_a_reply_waits_with_its_words(self, today, patient):
        ReplyFactory(by=patient, patient=patient, text="Is this normal?")
        ReplyFactory(by=patient, patient=patient, status=ReplyStatus.UNDERSTOOD, text="Thanks")

        words = words_of(today())

        assert "Is this normal?" in words
        assert "Thanks" not in words

    def test_a_reply_that_raised_an_alert_stands_with_it_and_is_still_counted(self, today, patient):
        reply = ReplyFactory(by=patient, patient=patient, text="I cannot pass water")
        AlertFactory(patient=patient, reply=reply)

        page = today()

        assert words_of(page).count("I cannot pass water") == 1
        assert "1 waiting, 1 of them above" in words_of(page)

    def test_a_reply_from_nobody_we_know_is_there_too(self, today, own_clinic):
        stranger = PatientFactory.build(clinic=own_clinic, mobile="+447700900321", consented=())
        ReplyFactory(by=stranger, clinic=own_clinic, text="Who is this?")

        words = words_of(today())

        assert "Who is this?" in words
        assert "matches nobody, or several" in words

    def test_an_operation_asks_to_be_confirmed_from_its_day_on(self, today, own_clinic):
        for days in (-1, 0, 1):
            SurgeryFactory(
                patient__clinic=own_clinic,
                status=SurgeryStatus.PLANNED,
                surgery_date=(NOON + timedelta(days=days)).date(),
            )

        assert today().context["operations"].total == 2

    def test_a_contact_that_no_longer_works_is_named(self, today, own_clinic):
        PatientFactory(clinic=own_clinic, given_name="Piotr", mobile_failed_at=NOON)

        assert "Piotr" in words_of(today())

    def test_empty_lists_say_what_to_expect(self, today, own_clinic):
        words = words_of(today())

        assert "Nobody has to be called." in words
        assert "Every reply has been dealt with." in words
        assert "All confirmed." in words


class TestTheDaysMessages:
    def test_each_message_counts_once_by_hour(self, today, own_clinic):
        sent = ReminderFactory(surgery__patient__clinic=own_clinic, status="dispatched")
        for channel in ("sms", "email"):
            DeliveryFactory(reminder=sent, channel=channel)
        for hours in (1, 3, 24):
            ReminderFactory(
                surgery__patient__clinic=own_clinic, due_at=NOON + timedelta(hours=hours)
            )

        hours = today().context["hours"]

        assert (hours.gone, hours.coming) == (1, 2)
        counts = {bar.hour: (bar.gone, bar.coming) for bar in hours.bars}
        assert (counts[12], counts[13], counts[15]) == ((1, 0), (0, 1), (0, 1))


class TestWhatStopsSending:
    def test_says_nothing_when_all_is_well(self, released, signed_in):
        clinic = ready_clinic(live_since=NOON)

        page = signed_in(manager_of(clinic)).get(reverse("admin:index"))

        assert page.context["banners"] == []

    def test_a_database_that_nobody_released(self, today, own_clinic):
        PathwayVersionFactory(pathway__clinic=own_clinic)

        assert "Sending has not been released" in words_of(today())

    def test_missing_numbers_are_named(self, today, own_clinic, live):
        own_clinic.urgent_phone = ""
        own_clinic.save()

        words = words_of(today())

        assert "numbers are missing" in words
        assert "the number for same-day help" in words

    def test_a_stopped_clinic(self, today, own_clinic, live):
        own_clinic.sending_stopped_at = NOON
        own_clinic.save()

        assert "Sending is stopped" in words_of(today())

    def test_messages_that_are_stuck(self, today, own_clinic, live):
        ReminderFactory(surgery__patient__clinic=own_clinic, due_at=NOON - timedelta(minutes=26))

        assert "the oldest has waited 26 minutes" in words_of(today())

    def test_no_pathway_is_live(self, today, released):
        assert "No pathway is live" in words_of(today())

    def test_content_that_has_to_be_looked_at_soon(self, today, live):
        live.safety_review_by = (NOON + timedelta(days=12)).date()
        live.save()

        assert "has to be looked at again by 15 March 2026" in words_of(today())


class TestSomebodyWithoutAMailAddress:
    @pytest.fixture
    def unreachable(self, nurse):
        nurse.email = ""
        nurse.save()

    def test_is_told_so_on_arriving_and_whom_to_ask(self, unreachable, today):
        words = words_of(today())

        assert "There is no mail address for you" in words
        assert "Ask the operator of this panel to enter one." in words

    def test_who_can_enter_it_is_led_to_their_own_record(self, db, signed_in):
        operator = StaffFactory(clinic=None, is_superuser=True, email="")

        words = words_of(signed_in(operator).get(reverse("admin:index")))

        assert reverse("admin:clinic_staff_change", args=[operator.pk]) in words

    def test_everybody_else_is_told_nothing_of_it(self, today):
        assert "There is no mail address for you" not in words_of(today())

    @pytest.mark.parametrize(("email", "is_named"), [("", True), ("asha@example.org", False)])
    def test_is_named_where_staff_are_listed(self, nurse, signed_in, email, is_named):
        nurse.email = email
        nurse.save()
        manager = signed_in(StaffFactory(clinic=nurse.clinic, role=Role.MANAGER))

        words = words_of(manager.get(reverse("admin:clinic_staff_changelist")))

        assert ("no mail address" in words) is is_named


def test_only_an_operator_without_a_clinic_is_told_that_times_are_utc(browser, signed_in):
    operator = signed_in(StaffFactory(clinic=None, is_superuser=True))
    patients = reverse("admin:clinic_patient_changelist")

    assert "times are in UTC" in words_of(operator.get(patients))
    assert "times are in UTC" not in words_of(browser.get(patients))


def test_every_page_says_what_this_is_and_what_it_is_not(today):
    words = words_of(today())

    assert "Not a monitoring or triage device. Check urgent replies by phone." in words
    assert "It does not diagnose, monitor, triage or advise on treatment." in words


def test_every_page_of_a_demo_clinic_says_so(browser, own_clinic):
    own_clinic.is_demo = True
    own_clinic.save()

    for page in ("index", "clinic_patient_changelist", "reminders_pathwayversion_changelist"):
        words = words_of(browser.get(reverse(f"admin:{page}")))
        assert "Demo clinic." in words
        assert "signed by demo clinicians" in words
        assert "/demo/phones/" in words


def test_a_real_clinic_is_not_called_a_demo(today):
    assert "Demo clinic." not in words_of(today())
