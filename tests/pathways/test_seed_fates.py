"""The table of the seed statements: what it names is there, and what is wrong is stopped."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from clinic.models import Surgery
from reminders.pathways.fields import ContentError
from reminders.pathways.reading import CONTENT_DIR
from reminders.pathways.seed_fates import as_markdown, read_seed_fates
from reminders.pathways.symptom_check import read_symptom_check
from reminders.rules.forbidden_words import found_in
from reminders.rules.lint import lint
from tests.pathways.shipped import PATHWAYS, SETTINGS, SOURCES

PROJECT = CONTENT_DIR.parents[1]
FATES = read_seed_fates()
EVERY = pytest.mark.parametrize("fate", FATES, ids=[fate.key for fate in FATES])
BLOCKED = [pytest.param(fate, id=fate.key) for fate in FATES if fate.blocked]
STEPS = {step.key: step for pathway in PATHWAYS.values() for step in pathway.steps}
CHECK = read_symptom_check()
IN_THE_CHECK = {
    *CHECK.questions,
    *(rule.key for rule in CHECK.rules),
    *(sign.key for sign in CHECK.signs),
}
RECORDED = {field.name for field in Surgery._meta.get_fields()}
NEVER = "A2 A14 A15 A22 A23 A24 A26 A27 A29 A30 A31 A33 A34 A35 A36 A38 A39 B1 B15 B27 B29 B33 B35"


def test_each_of_the_75_statements_has_its_fate():
    expected = [f"A{n}" for n in range(1, 40)] + [f"B{n}" for n in range(1, 37)]

    assert [fate.key for fate in FATES] == expected


def test_what_may_never_be_sent_is_what_was_agreed():
    assert [fate.key for fate in FATES if fate.never_send] == NEVER.split()


@EVERY
class TestWhatTheTableNames:
    def test_its_messages_are_for_patients_and_have_words(self, fate):
        for key in fate.messages:
            assert STEPS[key].for_patients
            assert {"en", "es"} <= set(STEPS[key].texts)

    def test_its_fields_are_recorded_of_an_operation(self, fate):
        assert set(fate.fields) <= RECORDED

    def test_its_tasks_are_for_staff(self, fate):
        assert not any(STEPS[key].for_patients for key in fate.staff_steps)

    def test_its_signs_and_questions_are_in_the_symptom_check(self, fate):
        assert set(fate.symptom_check) <= IN_THE_CHECK

    def test_its_rule_stands_in_the_file_that_keeps_it(self, fate):
        if fate.rule:
            assert fate.rule.by in (PROJECT / fate.rule.kept_in).read_text()


@pytest.mark.parametrize("fate", BLOCKED)
class TestWhatIsStopped:
    def test_each_of_its_words_is_on_the_blocklist(self, fate):
        assert set(fate.blocked) <= {word.word for word in SETTINGS.blocklist["en"]}

    def test_the_statement_as_it_was_written_is_stopped_by_one_of_them(self, fate):
        stopping = {word.word for word in found_in(fate.as_written, words=SETTINGS.blocklist["en"])}

        assert stopping & set(fate.blocked)

    @pytest.mark.parametrize("field", ["sms", "sms_detailed", "subject", "heading", "email"])
    def test_the_linter_stops_it_in_every_text(self, fate, field):
        base = PATHWAYS["lumbar_hemilaminectomy"]
        step = base.step("d120_keep_going")
        words = {"en": replace(step.texts["en"], **{field: fate.as_written})}
        pathway = replace(base, steps=(replace(step, texts=words),))

        findings = lint(pathway, sources=SOURCES, settings=SETTINGS)

        assert ("blocklist", field) in {(finding.rule, finding.field) for finding in findings}


class TestTheDocument:
    DOCUMENT = PROJECT / "docs/content/seed_statements.md"

    def test_it_is_the_table_as_the_data_has_it(self):
        advice = "Write it anew from manage.py lint_content --seed-table"

        assert self.DOCUMENT.read_text() == as_markdown(FATES), advice

    def test_it_has_a_line_for_each_statement(self):
        assert len(re.findall(r"^\| [AB]\d+ \|", self.DOCUMENT.read_text(), re.M)) == 75


class TestBadFiles:
    GOOD = {"statement": "A", "verdict": "Right", "fields": ["side"]}

    @pytest.mark.parametrize(
        ("fate", "says"),
        [
            ({"statement": "A", "verdict": "Right"}, "no fate"),
            ({**GOOD, "never_send": True}, "needs"),
            ({**GOOD, "blocked": ["x"]}, "belong together"),
            ({**GOOD, "as_written": "x"}, "belong together"),
            ({**GOOD, "colour": "red"}, "unknown field"),
            ({**GOOD, "rule": {"says": "x", "kept_in": "y"}}, '"by"'),
            ({**GOOD, "fields": "side"}, "must be a list"),
        ],
    )
    def test_a_fate_that_says_nothing_is_refused(self, tmp_path, fate, says):
        Path(tmp_path / "seed_fates.yaml").write_text(yaml.safe_dump({"A1": fate}))

        with pytest.raises(ContentError) as refused:
            read_seed_fates(tmp_path)

        assert "statement A1" in str(refused.value)
        assert says in str(refused.value)
