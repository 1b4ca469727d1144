"""The recovery picture in the panel: bars, today, and a clinician who releases a limit."""

from datetime import timedelta

import pytest
from django.urls import reverse

from clinic.models import Role
from reminders.flow.plan import plan_surgery
from reminders.models import ChangeKind, PlanAgreement, RestrictionChange
from tests.factories import NOON, OPERATED_ON, ClinicFactory, StaffFactory, SurgeryFactory
from tests.flow.versions import WALK, a_live_version
from tests.rules.content_builder import a_step
from tests.staff.pages import fields_of, words_of


@pytest.fixture
def surgery(own_clinic):
    a_live_version(own_clinic, WALK)
    return SurgeryFactory(patient__clinic=own_clinic, surgery_date=OPERATED_ON - timedelta(days=20))


def address(surgery):
    return reverse("admin:clinic_surgery_recovery", args=[surgery.pk])


def decide(browser, surgery, **typed):
    values = {"key": "swim", "kind": "released", "reason": "Healed"} | typed
    shown = browser.post(address(surgery), values, follow=True)
    if "differences" not in shown.context:
        return shown
    return browser.post(address(surgery), fields_of(shown), follow=True)


class TestThePage:
    def test_shows_what_is_allowed_what_not_yet_and_today(self, browser, surgery):
        page = browser.get(address(surgery))
        words = words_of(page)

        assert "Day 21" in words or "day 21" in words
        assert "day 28, 10 Mar 2026" in words
        assert "ac-days-today" in words
        assert "swim" in {row.shown.key for row in page.context["held"]}
        assert "shower" in {row.shown.key for row in page.context["over"]}
        assert "walk" in {row.shown.key for row in page.context["advice"]}

    def test_is_reached_from_the_timeline_and_from_the_operation(self, browser, surgery):
        for page in (
            reverse("admin:clinic_patient_timeline", args=[surgery.patient_id]),
            reverse("admin:clinic_surgery_change", args=[surgery.pk]),
        ):
            assert address(surgery) in words_of(browser.get(page))

    def test_says_why_there_is_nothing(self, browser, own_clinic):
        words = words_of(browser.get(address(SurgeryFactory(patient__clinic=own_clinic))))

        assert "There is no signed pathway for this operation" in words

    def test_of_another_clinic_does_not_open(self, browser):
        other = SurgeryFactory(patient__clinic=ClinicFactory())

        assert browser.get(address(other)).status_code == 404
        assert decide(browser, other).status_code == 404


class TestADecision:
    def test_is_kept_with_who_and_why(self, browser, nurse, surgery):
        words = words_of(decide(browser, surgery, reason="Swims with her physio"))

        change = RestrictionChange.objects.get()
        assert (change.by, change.at, change.kind) == (nurse, NOON, ChangeKind.RELEASED)
        assert "Swims with her physio" in words
        assert "The clinic's calendar says day 28." in words

    def test_sets_another_day(self, browser, surgery):
        words = words_of(decide(browser, surgery, kind="new_day", day="40"))

        assert "day 40, 22 Mar 2026" in words

    @pytest.mark.parametrize(
        ("says", "typed"),
        [
            ("Why", {"reason": ""}),
            ("Name the first free day", {"kind": "new_day"}),
            ("First free day", {"kind": "new_day", "day": "soon"}),
            ("Select a valid choice", {"kind": "anything"}),
        ],
    )
    def test_that_cannot_be_is_refused_in_its_place(self, browser, surgery, says, typed):
        page = decide(browser, surgery, **typed)

        [row] = [row for row in page.context["held"] if row.problem]
        assert row.shown.key == "swim"
        assert says in row.problem
        assert not RestrictionChange.objects.exists()

    @pytest.mark.parametrize("role", [Role.RECEPTION, Role.MANAGER, Role.AUDITOR])
    def test_is_not_for_others_who_may_look(self, own_clinic, surgery, signed_in, role):
        other = signed_in(StaffFactory(clinic=own_clinic, role=role))

        assert "Decide it in my name" not in words_of(other.get(address(surgery)))
        assert decide(other, surgery).status_code == 403
        assert not RestrictionChange.objects.exists()


class TestWhatTheDecisionChanges:
    """A message that says that swimming may start waits when a clinician holds swimming back."""

    SWIM = a_step(key="d28_swim", day_from=28, day_to=40, permits=("swim",))
    LATER = {"key": "swim", "kind": "new_day", "day": "60", "reason": "The wound is slow"}

    @pytest.fixture
    def surgery(self, own_clinic):
        a_live_version(own_clinic, WALK, self.SWIM)
        surgery = SurgeryFactory(patient__clinic=own_clinic)
        plan_surgery(surgery.pk, now=NOON)
        return surgery

    def test_is_shown_before_it_is_decided(self, browser, surgery):
        shown = browser.post(address(surgery), self.LATER)

        assert "1 held" in words_of(shown)
        assert not RestrictionChange.objects.exists()

    def test_is_decided_as_it_was_shown_and_kept(self, browser, surgery, nurse):
        shown = browser.post(address(surgery), self.LATER)
        browser.post(address(surgery), fields_of(shown))

        kept = PlanAgreement.objects.get()
        assert (kept.what, kept.by, kept.counts["holds"]) == ("limit", nurse, 1)
        assert RestrictionChange.objects.get().first_free_day == 60
