"""A hold as staff make it, see it and end it; and what they agreed to is kept."""

from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError
from django.urls import reverse

from clinic.models import AfterHold, Hold, HoldKind, Patient, SurgeryStatus
from reminders.flow.plan import plan_surgery
from reminders.models import PlanAgreement, Reminder
from tests.factories import (
    NOON,
    HoldFactory,
    PathwayVersionFactory,
    PatientFactory,
    StepFactory,
    SurgeryFactory,
)
from tests.staff.pages import fields_of, words_of

TEN_DAYS = timedelta(days=10)


@pytest.fixture
def surgery(own_clinic):
    version = PathwayVersionFactory(pathway__clinic=own_clinic, signed=True)
    for day in (2, 5, 20):
        StepFactory(version=version, day_from=day, intent=f"Walk on day {day}", category="physio")
    signs = {"category": "warning_signs", "is_high_priority": True, "intent": "Warning signs"}
    StepFactory(version=version, day_from=4, day_to=42, **signs)
    surgery = SurgeryFactory(patient__clinic=own_clinic, patient__given_name="Rosa")
    plan_surgery(surgery.pk, now=NOON)
    return surgery


def page_of(surgery, step):
    return reverse("admin:clinic_surgery_step", args=[surgery.pk, step])


def agree(browser, surgery, step, **typed):
    """Type, look at the difference, say yes."""
    page = page_of(surgery, step)
    shown = browser.post(page, {**fields_of(browser.get(page)), **typed, "_agreed_to": ""})
    answer = browser.post(page, {**fields_of(shown), **typed})
    surgery.refresh_from_db()
    return shown, answer


def on_hold(browser, surgery, **typed):
    return agree(browser, surgery, "hold", **({"kind": "hospital", "hold_reason": "Fever"} | typed))


class TestHolding:
    def test_asks_why_before_it_shows_what_changes(self, browser, surgery):
        asked = words_of(browser.get(page_of(surgery, "hold")))

        assert "What changes" not in asked
        assert "Has the patient died" in asked

    def test_what_waits_follows_from_why(self, browser, surgery):
        hospital, _ = on_hold(browser, surgery)
        assert "4 held" in words_of(hospital)

    def test_warning_signs_go_on_for_somebody_abroad(self, browser, surgery):
        shown, answer = on_hold(browser, surgery, kind="away", hold_reason="In Spain")

        assert "3 held" in words_of(shown)
        assert answer.status_code == 302
        assert Hold.objects.get().began_by.username == "asha"

    def test_a_day_that_has_passed_is_refused(self, browser, surgery):
        shown, _ = on_hold(browser, surgery, until="2026-03-03")

        assert "still to come" in words_of(shown)
        assert not surgery.on_hold

    def test_a_hold_that_ends_itself_needs_a_day(self, browser, surgery):
        shown, _ = on_hold(browser, surgery, ends_itself="on")

        assert "Say on which day it ends" in words_of(shown)

    def test_the_patients_page_says_since_when_and_why(self, browser, surgery):
        on_hold(browser, surgery, until="2026-04-01")

        page = browser.get(reverse("admin:clinic_patient_timeline", args=[surgery.patient_id]))

        assert "On hold since 3 March 2026" in words_of(page)
        assert "Today asks on 1 April 2026" in words_of(page)
        assert "Messages put on hold by" in words_of(page)


class TestGoingOn:
    @pytest.fixture
    def browser(self, nurse, signed_in, surgery):
        on_hold(signed_in(nurse), surgery)
        with time_machine.travel(NOON + TEN_DAYS, tick=False):
            yield signed_in(nurse)

    def test_either_way_is_shown_before_it_is_done(self, browser, surgery):
        go_on = browser.get(page_of(surgery, "resume"))
        typed = {**fields_of(go_on), "then": "shift"}
        shift = browser.post(page_of(surgery, "resume"), typed)

        assert "2 released, 2 missed" in words_of(go_on)
        assert "4 released" in words_of(shift)
        surgery.refresh_from_db()
        assert surgery.on_hold

    def test_both_ways_stand_whole_on_the_form_and_one_is_chosen(self, browser, surgery):
        page = browser.get(page_of(surgery, "resume"))

        assert words_of(page).count('type="radio" name="then"') == len(AfterHold)
        assert fields_of(page)["then"] == AfterHold.GO_ON

    def test_a_shift_is_done_as_it_was_shown(self, browser, surgery):
        _, answer = agree(browser, surgery, "resume", then="shift")

        assert answer.status_code == 302
        assert Hold.objects.get().shifted_days == 10
        assert Reminder.objects.filter(shifted_days=10, status="planned").count() == 3

    def test_a_second_tab_changes_nothing(self, browser, surgery):
        page = page_of(surgery, "resume")
        tabs = [fields_of(browser.get(page)) for _ in range(2)]
        browser.post(page, tabs[0])

        answer = browser.post(page, {**tabs[1], "then": "shift"}, follow=True)

        assert "no longer possible" in words_of(answer)
        assert Hold.objects.get().shifted_days == 0


class TestToday:
    def test_names_a_hold_whose_day_has_come(self, browser, surgery):
        HoldFactory(surgery=surgery, ended_at=None, until=NOON.date(), reason="In Spain")

        words = words_of(browser.get(reverse("admin:index")))

        assert "Holds to decide" in words
        assert "In Spain" in words
        assert page_of(surgery, "resume") in words

    def test_is_loud_about_one_that_was_forgotten(self, browser, surgery):
        HoldFactory(surgery=surgery, ended_at=None, began_at=NOON - timedelta(days=14))

        words = words_of(browser.get(reverse("admin:index")))

        assert "1 plan has been on hold for two weeks or more" in words
        assert "for 14 days" in words

    @pytest.mark.parametrize(
        "quiet",
        [
            {"began_at": NOON - timedelta(days=13)},
            {"began_at": NOON - timedelta(days=90), "until": NOON.date() + timedelta(days=1)},
            {"began_at": NOON - timedelta(days=90), "ended_at": NOON},
            {"until": NOON.date(), "ends_itself": True},
        ],
    )
    def test_is_quiet_about_the_others(self, browser, surgery, quiet):
        HoldFactory(surgery=surgery, **({"ended_at": None} | quiet))

        assert "Holds to decide" not in words_of(browser.get(reverse("admin:index")))

    def test_names_nobody_of_another_clinic_and_no_operation_called_off(self, browser, own_clinic):
        HoldFactory(ended_at=None, began_at=NOON - timedelta(days=60))
        HoldFactory(
            ended_at=None,
            began_at=NOON - timedelta(days=60),
            surgery__patient__clinic=own_clinic,
            surgery__status=SurgeryStatus.CANCELLED,
        )

        assert "Holds to decide" not in words_of(browser.get(reverse("admin:index")))

    def test_names_nobody_whose_care_is_over(self, browser, surgery):
        HoldFactory(surgery=surgery, ended_at=None, began_at=NOON - timedelta(days=60))
        Patient.objects.update(status="ended")

        assert "Holds to decide" not in words_of(browser.get(reverse("admin:index")))

    def test_names_the_longest_waiting_first_and_counts_the_others(self, browser, own_clinic):
        for days in range(20, 28):
            HoldFactory(
                surgery__patient__clinic=own_clinic, ended_at=None,
                began_at=NOON - timedelta(days=days),
            )  # fmt: skip

        holds = browser.get(reverse("admin:index")).context["holds"]

        assert [item.why for item in holds.items] == [f"for {n} days" for n in range(27, 21, -1)]
        assert (holds.total, holds.more, holds.forgotten) == (8, 2, 8)


class TestAPatientOnHoldByTheirStatus:
    def held(self, own_clinic, *, since, **more):
        return PatientFactory(
            clinic=own_clinic, status="on_hold", hold_reason="Wrong number?", held_since=since,
            **more,
        )  # fmt: skip

    def test_is_loud_once_forgotten_and_decided_on_the_record(self, browser, own_clinic):
        patient = self.held(own_clinic, since=NOON - timedelta(days=14), family_name="Quill")

        words = words_of(browser.get(reverse("admin:index")))

        assert "1 plan has been on hold for two weeks or more" in words
        assert "Quill" in words
        assert "Wrong number?" in words
        assert reverse("admin:clinic_patient_change", args=[patient.pk]) + "#id_status" in words
        assert reverse("admin:clinic_patient_changelist") + "?status__exact=on_hold" in words

    def test_is_not_named_before_nor_in_another_clinic(self, browser, own_clinic):
        self.held(own_clinic, since=NOON - timedelta(days=13))
        PatientFactory(status="on_hold", held_since=NOON - timedelta(days=60))

        assert "Holds to decide" not in words_of(browser.get(reverse("admin:index")))

    def test_of_which_nobody_knows_since_when_counts_from_its_record(self, browser, own_clinic):
        self.held(own_clinic, since=None, created_at=NOON - timedelta(days=20))

        assert "for 20 days" in words_of(browser.get(reverse("admin:index")))

    def test_stands_beside_plans_on_hold(self, browser, surgery, own_clinic):
        HoldFactory(surgery=surgery, ended_at=None, began_at=NOON - timedelta(days=30))
        self.held(own_clinic, since=NOON - timedelta(days=20))

        words = words_of(browser.get(reverse("admin:index")))

        assert "2 plans have been on hold for two weeks or more" in words

    def test_begins_on_the_form_and_ends_there(self, browser, own_clinic):
        patient = PatientFactory(clinic=own_clinic)
        page = reverse("admin:clinic_patient_change", args=[patient.pk])

        since = []
        for status in ("on_hold", "active"):
            typed = {**fields_of(browser.get(page)), "status": status, "hold_reason": "Unclear"}
            browser.post(page, typed)
            patient.refresh_from_db()
            since.append(patient.held_since)

        assert since == [NOON, None]


class TestWhatWasAgreedTo:
    def test_is_kept_with_who_and_each_message(self, browser, surgery, nurse):
        on_hold(browser, surgery)

        kept = PlanAgreement.objects.get()
        assert (kept.what, kept.by, kept.counts) == ("hold", nurse, {"holds": 4})
        assert {row["intent"] for row in kept.difference["holds"]} >= {"Warning signs"}

    def test_looking_alone_keeps_nothing(self, browser, surgery):
        typed = {"kind": HoldKind.AWAY, "hold_reason": "Abroad", "then": "go_on"}
        browser.post(page_of(surgery, "hold"), typed)

        assert not PlanAgreement.objects.exists()

    def test_stands_in_the_history_of_the_operation(self, browser, surgery):
        on_hold(browser, surgery)

        page = browser.get(reverse("admin:clinic_surgery_history", args=[surgery.pk]))

        assert "Messages put on hold" in words_of(page)
        assert "Shown and agreed to: 4 held" in words_of(page)
        assert "Walk on day 20" in words_of(page)

    def test_is_never_changed(self, browser, surgery):
        on_hold(browser, surgery)

        with pytest.raises(DatabaseError, match="never changed"):
            PlanAgreement.objects.update(counts={})

    def test_of_the_patients_record_is_kept_for_each_operation(self, browser, surgery):
        page = reverse("admin:clinic_patient_change", args=[surgery.patient_id])
        typed = {**fields_of(browser.get(page)), "status": "on_hold", "hold_reason": "Unclear"}
        shown = browser.post(page, typed)
        browser.post(page, fields_of(shown))

        assert PlanAgreement.objects.get().what == "patient"
