"""A clinic's own day, and the messages that then no longer fit it."""

from dataclasses import replace

import pytest

from reminders.rules.content import Anchor, RestrictionContent, RestrictionKind, StepTexts
from reminders.rules.findings import Severity
from reminders.rules.lint import lint
from reminders.rules.lint_restrictions import check_activities
from reminders.rules.restrictions import first_free_day, of_pathway
from tests.pathways.shipped import PATHWAYS, SETTINGS
from tests.pathways.shipped import SOURCES as SHIPPED_SOURCES
from tests.rules.content_builder import SETTINGS as PLAIN
from tests.rules.content_builder import SOURCES, a_pathway, a_step, a_welcome

LIFT = RestrictionContent("lift", activity="Lifting", day_from=0, day_to=42, reviewed_days=(0, 84))
BEND = replace(LIFT, key="bend", activity="Bending")
RULES = {"lift": LIFT, "bend": BEND}


def found(*steps, days):
    pathway = replace(a_pathway(a_welcome(), *steps), restriction_days=days)
    findings = lint(pathway, sources=SOURCES, settings=replace(PLAIN, restrictions=RULES))
    return {(f.rule, f.severity) for f in findings}


LIMIT = RestrictionKind.LIMIT
BLOCKS = ("contradiction", Severity.BLOCKS)
OLD = ("old_day", Severity.NOTE)


class TestTheDayOfAMessage:
    @pytest.mark.parametrize(("day", "complains"), [(20, False), (21, True), (42, True)])
    def test_is_compared_with_the_clinics_day_and_not_with_the_default(self, day, complains):
        step = a_step(day_from=20, day_to=50, permits=("lift",), restrictions=("lift",))

        assert (BLOCKS in found(step, days={"lift": day})) is complains

    @pytest.mark.parametrize(("day", "complains"), [(5, True), (6, False), (42, False)])
    def test_may_not_limit_what_the_clinic_has_freed(self, day, complains):
        step = a_step(day_from=6, day_to=42, restrictions=("lift",))

        assert (BLOCKS in found(step, days={"lift": day})) is complains

    def test_may_speak_of_a_limit_that_has_ended_by_default(self):
        assert found(a_step(day_from=60, day_to=60, restrictions=("lift",)), days={}) == set()

    @pytest.mark.parametrize(("day", "complains"), [(50, False), (51, True), (84, True)])
    def test_may_not_speak_as_if_all_were_free_where_the_clinic_still_limits_it(
        self, day, complains
    ):
        step = a_step(day_from=50, day_to=60, restrictions=("lift",))

        assert (BLOCKS in found(step, days={"lift": day})) is complains

    def test_may_speak_of_it_earlier_with_the_clinics_day_in_its_words(self):
        step = saying("No loads before day 56.", day_from=50, day_to=60)

        assert found(step, days={"lift": 56}) == set()


def saying(sms, **values):
    return a_step(
        texts={"en": StepTexts(sms=sms)}, channels=("sms",), restrictions=("lift",), **values
    )


class TestTheWordsOfAMessage:
    def test_may_name_the_clinics_day(self):
        assert found(saying("No loads before day 28."), days={"lift": 28}) == set()

    @pytest.mark.parametrize("days", [{}, {"lift": 28}])
    def test_may_not_name_another_day_as_the_clinics_own(self, days):
        assert found(saying("No loads before day 35."), days=days) == {BLOCKS}

    def test_that_name_the_default_must_be_written_anew_when_it_is_moved(self):
        assert found(saying("For the first six weeks no loads."), days={}) == set()
        assert found(saying("For the first six weeks no loads."), days={"lift": 28}) == {BLOCKS}

    def test_about_what_other_clinics_do_are_a_note(self):
        words = "Some teams say no loads for six weeks."

        assert found(saying(words), days={"lift": 28}) == {OLD}
        assert found(saying(words), days={}) == set()

    def test_that_fit_another_rule_of_the_message_are_a_note(self):
        step = replace(saying("No loads before day 42."), restrictions=("lift", "bend"))

        assert found(step, days={"lift": 28}) == {OLD}


class TestTheDaysOfAClinic:
    @pytest.mark.parametrize("day", [-1, 85])
    def test_outside_what_the_sources_support_block(self, day):
        assert ("outside_reviewed_range", Severity.BLOCKS) in found(a_step(), days={"lift": day})

    def test_of_a_rule_that_there_is_not_block(self):
        assert ("unknown_restriction", Severity.BLOCKS) in found(a_step(), days={"drive": 14})


@pytest.mark.parametrize("name", sorted(PATHWAYS))
def test_the_pack_that_ships_contradicts_none_of_its_own_days(name):
    findings = lint(PATHWAYS[name], sources=SHIPPED_SOURCES, settings=SETTINGS)

    assert not {"contradiction", "old_day"} & {finding.rule for finding in findings}


@pytest.mark.parametrize("name", sorted(PATHWAYS))
def test_a_day_that_moves_past_a_message_is_noticed_at_that_message(name):
    pathway = PATHWAYS[name]
    for rule in of_pathway(pathway, restrictions=SETTINGS.restrictions):
        if rule.reviewed_days is None:
            continue
        moved = replace(pathway, restriction_days={rule.key: rule.reviewed_days[1]})
        for step in pathway.steps:
            speaks = {*step.permits, *(step.restrictions if rule.kind is LIMIT else ())}
            is_passed = first_free_day(rule) <= step.due_days[0] < rule.reviewed_days[1]
            if rule.key in speaks and is_passed and step.anchor is Anchor.SURGERY:
                findings = check_activities(step, pathway=moved, settings=SETTINGS)
                assert "contradiction" in {finding.rule for finding in findings}, (rule.key, step)
