"""The pathways that are based on another, against the differences that were agreed for them.

Two neck steps stand a day later than agreed (22, not 21), so that nobody gets four texts a day.
"""

import csv
from pathlib import Path

import pytest

from reminders.rules.content import Category, Channel
from reminders.rules.lint import Severity, lint
from reminders.rules.wording import fill
from tests.pathways.shipped import PATHWAYS, SETTINGS, SOURCES

FACTS = list(
    csv.DictReader(Path(__file__).with_name("composed_facts.csv").read_text().splitlines())
)
BASE = PATHWAYS["lumbar_hemilaminectomy"]
NECK = PATHWAYS["cervical_hemilaminectomy"]
FUSION = PATHWAYS["lumbar_laminectomy_fusion"]
DROPPED_WITH_FUSION = {"d6_lifting", "d42_build_up", "d14_driving", "d45_low_impact", "d85_sport"}


def keys(pathway):
    return {step.key for step in pathway.steps}


@pytest.mark.parametrize("fact", FACTS, ids=[fact["key"] for fact in FACTS])
class TestAgreedDifferences:
    def test_a_step_has_its_days_conditions_and_sources(self, fact):
        step = PATHWAYS[fact["pathway"]].step(fact["key"])
        days, _, last = fact["day"].partition(" to ")

        assert ";".join(str(day) for day in step.due_days) == days
        assert last in ("", str(step.day_to))
        assert ";".join("|".join(group) for group in step.requires) == fact["needs"]
        assert "|".join(step.sources) == fact["sources"]

    def test_it_stands_in_for_what_it_replaces(self, fact):
        replaced = set(filter(None, fact["replaces"].split("|")))

        assert replaced <= keys(BASE)
        assert not replaced & keys(PATHWAYS[fact["pathway"]])


class TestShared:
    def test_what_is_for_both_regions_is_kept_for_the_neck(self):
        for_both = {step.key for step in BASE.steps if not step.regions}

        assert for_both <= keys(NECK)

    def test_nothing_of_the_lower_back_is_left_for_the_neck(self):
        assert not [step.key for step in NECK.steps if step.regions]

    def test_what_a_fusion_rules_out_is_gone(self):
        assert not DROPPED_WITH_FUSION & keys(FUSION)

    def test_work_and_exercise_wait_longer_after_a_fusion(self):
        days = {key: FUSION.step(key).day_from for key in ("d43_manual_work", "d28_exercises")}

        assert days == {"d43_manual_work": 85, "d28_exercises": 42}

    @pytest.mark.parametrize("key", sorted(PATHWAYS))
    def test_a_check_in_is_the_same_question_on_the_same_day_everywhere(self, key):
        asked = {s.key: s.due_days for s in BASE.steps if s.category is Category.CHECK_IN}

        assert asked == {
            s.key: s.due_days for s in PATHWAYS[key].steps if s.category is Category.CHECK_IN
        }

    @pytest.mark.parametrize("key", sorted(PATHWAYS))
    def test_staff_tasks_are_there_for_every_operation(self, key):
        tasks = {step.key for step in BASE.steps if not step.is_sent}

        assert tasks <= keys(PATHWAYS[key])
        assert len(tasks) == 5


class TestEveryPathway:
    @pytest.mark.parametrize("key", sorted(PATHWAYS))
    def test_no_finding_stands_against_review(self, key):
        findings = lint(PATHWAYS[key], sources=SOURCES, settings=SETTINGS)

        assert [finding for finding in findings if finding.severity is Severity.BLOCKS] == []

    @pytest.mark.parametrize("key", sorted(PATHWAYS))
    def test_it_ships_as_a_draft_and_says_so(self, key):
        assert PATHWAYS[key].review_status == "needs clinician review"
        assert PATHWAYS[key].version.endswith("-draft")

    @pytest.mark.parametrize("key", sorted(PATHWAYS))
    def test_every_text_can_be_filled(self, key):
        for step in PATHWAYS[key].steps:
            for texts in step.texts.values():
                for text in filter(None, (texts.sms, texts.sms_detailed, texts.email)):
                    assert "{" not in fill(text, values=SETTINGS.longest_values), step.key

    @pytest.mark.parametrize("key", sorted(PATHWAYS))
    def test_steps_stand_in_the_order_of_their_days(self, key):
        steps = PATHWAYS[key].steps
        days = [step.day_from for step in steps if step.anchor.value == "surgery_date"]

        assert days == sorted(days)

    @pytest.mark.parametrize("key", sorted(PATHWAYS))
    def test_a_private_step_never_goes_by_text(self, key):
        for step in PATHWAYS[key].steps:
            assert step.privacy.value != "P2" or Channel.SMS not in step.channels


class TestHowOftenItComesBack:
    def email(self, pathway, step, language="en"):
        return PATHWAYS[pathway].step(step).texts[language].email

    def test_each_operation_hears_only_its_own_figures(self):
        disc, canal = "5 to 18 in 100", "16 in 100"

        after_disc = self.email("lumbar_microdiscectomy", "d100_if_it_returns")
        after_room = self.email("lumbar_microdiscectomy", "ht_if_it_returns")
        after_laminectomy = self.email("lumbar_laminectomy", "d100_if_it_returns")
        after_fusion = self.email("lumbar_laminectomy_fusion", "d100_if_it_returns")

        assert (disc in after_disc, canal in after_disc) == (True, False)
        assert (disc in after_room, canal in after_room) == (False, True)
        assert (disc in after_laminectomy, canal in after_laminectomy) == (False, True)
        assert (disc in after_fusion, canal in after_fusion) == (False, False)

    def test_exactly_one_of_the_two_fits_an_operation(self):
        pathway = PATHWAYS["lumbar_microdiscectomy"]
        first = set(pathway.step("d100_if_it_returns").procedures)
        second = set(pathway.step("ht_if_it_returns").procedures)

        assert first | second == set(pathway.procedures)
        assert not first & second
