"""What a change does to the plan is shown before it is applied, and nothing else happens then."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from clinic.models import Indication, Role, SurgeryStatus
from reminders.flow.plan import plan_surgery
from reminders.models import Reminder
from tests.factories import (
    NOON,
    OPERATED_ON,
    PathwayVersionFactory,
    StaffFactory,
    StepFactory,
    SurgeryFactory,
)
from tests.staff.pages import fields_of, words_of


@pytest.fixture
def pathway(own_clinic):
    version = PathwayVersionFactory(pathway__clinic=own_clinic, signed=True)
    for day in (2, 5, 9):
        StepFactory(version=version, day_from=day, intent=f"Walk on day {day}")
    StepFactory(version=version, day_from=3, intent="Lie flat", requires=[["durotomy"]])
    return version


@pytest.fixture
def surgery(own_clinic, pathway):
    surgery = SurgeryFactory(patient__clinic=own_clinic)
    plan_surgery(surgery.pk, now=NOON)
    surgery.refresh_from_db()
    return surgery


def planned_days(surgery):
    return [
        (r.due_at.date() - OPERATED_ON).days
        for r in Reminder.objects.filter(surgery=surgery, status="planned")
    ]


def step_page(surgery, step):
    return reverse("admin:clinic_surgery_step", args=[surgery.pk, step])


class TestTheFormOfAnOperation:
    @pytest.fixture
    def page(self, surgery):
        return reverse("admin:clinic_surgery_change", args=[surgery.pk])

    def test_shows_what_would_change_and_changes_nothing(self, browser, surgery, page):
        answer = browser.post(page, {**fields_of(browser.get(page)), "durotomy": "on"})

        surgery.refresh_from_db()
        assert "1 new" in words_of(answer)
        assert "Lie flat" in words_of(answer)
        assert not surgery.durotomy
        assert planned_days(surgery) == [2, 5, 9]

    def test_does_what_was_shown_once_staff_agree(self, browser, surgery, page):
        shown = browser.post(page, {**fields_of(browser.get(page)), "durotomy": "on"})
        answer = browser.post(page, fields_of(shown))

        surgery.refresh_from_db()
        assert answer.status_code == 302
        assert surgery.durotomy
        assert planned_days(surgery) == [2, 3, 5, 9]
        assert surgery.planned_revision == surgery.revision

    def test_shows_again_what_has_become_another_difference_meanwhile(
        self, browser, surgery, page, pathway
    ):
        shown = browser.post(page, {**fields_of(browser.get(page)), "durotomy": "on"})
        StepFactory(version=pathway, day_from=4, intent="Drink", requires=[["durotomy"]])

        answer = browser.post(page, fields_of(shown))

        surgery.refresh_from_db()
        assert "is not what you saw" in words_of(answer)
        assert "2 new" in words_of(answer)
        assert not surgery.durotomy

    def test_asks_nothing_when_no_message_changes(self, browser, surgery, page):
        answer = browser.post(page, {**fields_of(browser.get(page)), "levels": "L4/5"})

        surgery.refresh_from_db()
        assert answer.status_code == 302
        assert surgery.levels == "L4/5"

    def test_keeps_a_history_of_the_change_that_was_agreed_to_only(self, browser, surgery, page):
        before = surgery.history.count()
        shown = browser.post(page, {**fields_of(browser.get(page)), "durotomy": "on"})
        assert surgery.history.count() == before

        browser.post(page, fields_of(shown))

        assert surgery.history.first().history_user.username == "asha"


class TestWhatHappensToAnOperation:
    def agree(self, browser, surgery, step, **typed):
        page = step_page(surgery, step)
        shown = browser.post(page, {**fields_of(browser.get(page)), **typed, "_agreed_to": ""})
        answer = browser.post(page, {**fields_of(shown), **typed})
        surgery.refresh_from_db()
        return shown, answer

    @pytest.fixture
    def planned_surgery(self, own_clinic, pathway):
        surgery = SurgeryFactory(patient__clinic=own_clinic, status=SurgeryStatus.PLANNED)
        plan_surgery(surgery.pk, now=NOON)
        return surgery

    def test_confirming_releases_what_was_held(self, browser, planned_surgery):
        assert planned_days(planned_surgery) == []

        shown, answer = self.agree(browser, planned_surgery, "confirm")

        assert "3 released" in words_of(shown)
        assert answer.status_code == 302
        assert planned_surgery.status == SurgeryStatus.CONFIRMED
        assert planned_days(planned_surgery) == [2, 5, 9]

    def test_one_look_and_one_yes_are_enough(self, browser, planned_surgery):
        page = step_page(planned_surgery, "confirm")

        browser.post(page, fields_of(browser.get(page)))

        planned_surgery.refresh_from_db()
        assert planned_surgery.status == SurgeryStatus.CONFIRMED

    def test_an_operation_cannot_be_confirmed_for_a_day_to_come(self, browser, planned_surgery):
        _shown, answer = self.agree(browser, planned_surgery, "confirm", surgery_date="2026-03-20")

        assert "This day has not come yet" in words_of(answer)
        assert planned_surgery.status == SurgeryStatus.PLANNED

    def test_moving_shows_old_and_new_times(self, browser, planned_surgery):
        shown, answer = self.agree(browser, planned_surgery, "move", surgery_date="2026-03-12")

        assert "3 move" in words_of(shown)
        assert "Wed 4 Mar 2026, 09:00" in words_of(shown)
        assert "Sat 14 Mar 2026, 09:00" in words_of(shown)
        assert answer.status_code == 302
        assert planned_surgery.surgery_date == date(2026, 3, 12)

    def test_looking_at_a_move_writes_nothing(self, browser, planned_surgery):
        page = step_page(planned_surgery, "move")
        typed = {**fields_of(browser.get(page)), "surgery_date": "2026-03-12"}

        browser.post(page, typed)

        planned_surgery.refresh_from_db()
        assert planned_surgery.surgery_date == OPERATED_ON

    def test_a_hold_needs_a_reason(self, browser, surgery):
        _shown, answer = self.agree(browser, surgery, "hold", kind="hospital", hold_reason=" ")

        assert "This field is required" in words_of(answer)
        assert not surgery.on_hold

    def test_held_messages_go_on_when_they_are_released(self, browser, surgery):
        self.agree(browser, surgery, "hold", kind="hospital", hold_reason="Back in hospital")
        assert surgery.on_hold
        assert planned_days(surgery) == []

        self.agree(browser, surgery, "resume")

        assert not surgery.on_hold
        assert surgery.hold_reason == ""
        assert planned_days(surgery) == [2, 5, 9]

    def test_calling_off_cancels_everything(self, browser, planned_surgery):
        shown, _answer = self.agree(browser, planned_surgery, "cancel")

        assert "3 cancelled" in words_of(shown)
        assert planned_surgery.status == SurgeryStatus.CANCELLED

    def test_what_is_no_longer_possible_says_so(self, browser, surgery):
        answer = browser.post(step_page(surgery, "confirm"), follow=True)

        assert "no longer possible" in words_of(answer)

    def test_only_a_clinician_approves_a_plan_after_a_tumour(
        self, own_clinic, pathway, signed_in, browser, nurse
    ):
        surgery = SurgeryFactory(patient__clinic=own_clinic, indication=Indication.TUMOUR)
        plan_surgery(surgery.pk, now=NOON)
        reception = signed_in(StaffFactory(clinic=own_clinic, role=Role.RECEPTION))

        assert reception.get(step_page(surgery, "approve")).status_code == 403
        self.agree(browser, surgery, "approve")

        assert surgery.plan_approved_by == nurse


class TestTheFormOfAPatient:
    @pytest.fixture
    def page(self, surgery):
        return reverse("admin:clinic_patient_change", args=[surgery.patient_id])

    def test_a_death_shows_what_is_cancelled_and_then_cancels_it(self, browser, surgery, page):
        shown = browser.post(page, {**fields_of(browser.get(page)), "status": "deceased"})
        assert "3 cancelled" in words_of(shown)
        assert planned_days(surgery) == [2, 5, 9]

        browser.post(page, fields_of(shown))

        surgery.patient.refresh_from_db()
        assert surgery.patient.status == "deceased"
        assert planned_days(surgery) == []

    def test_a_hold_needs_a_reason(self, browser, surgery, page):
        answer = browser.post(page, {**fields_of(browser.get(page)), "status": "on_hold"})

        assert "Say why" in words_of(answer)

    def test_another_number_is_saved_without_a_question(self, browser, surgery, page):
        typed = {**fields_of(browser.get(page)), "mobile": "07700 900555"}

        assert browser.post(page, typed).status_code == 302

        surgery.patient.refresh_from_db()
        assert surgery.patient.mobile == "+447700900555"


def test_a_new_operation_is_planned_at_once_and_says_so(browser, own_clinic, pathway, surgery):
    page = f"{reverse('admin:clinic_surgery_add')}?patient={surgery.patient_id}"
    typed = fields_of(browser.get(page))

    day = (NOON + timedelta(days=6)).date()
    answer = browser.post(page, {**typed, "surgery_date": f"{day:%d/%m/%Y}"}, follow=True)

    assert "3 new" in words_of(answer)
    assert Reminder.objects.exclude(surgery=surgery).count() == 3
