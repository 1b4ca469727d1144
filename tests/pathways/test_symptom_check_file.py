"""The symptom check that ships, against the table that was agreed for it, and bad files."""

import csv
from pathlib import Path

import pytest
import yaml

from reminders.pathways.fields import ContentError
from reminders.pathways.reading import CONTENT_DIR
from reminders.pathways.symptom_check import read_symptom_check
from reminders.rules.forbidden_words import found_in
from reminders.rules.gsm7 import Encoding, sms_size
from reminders.rules.readability import grade
from reminders.rules.symptom_check import Tier
from reminders.rules.wording import fill
from tests.pathways.content_files import SOURCES
from tests.pathways.shipped import SETTINGS

FACTS = list(csv.DictReader(Path(__file__).with_name("triage_facts.csv").read_text().splitlines()))
CHECK = read_symptom_check()
LANGUAGES = ("en", "es")


def of_kind(kind):
    return [pytest.param(fact, id=fact["key"]) for fact in FACTS if fact["kind"] == kind]


def region_of(row):
    return row.regions[0].value if row.regions else "both"


def written(atoms):
    numbers = {"pain_score": "{:.0f}", "day": "{:.0f}", "temp_c": "{:.1f}"}
    return " & ".join(
        f"{one.subject}{one.relation}{numbers.get(one.subject, '').format(one.value)}"
        for one in atoms
    )


class TestTheTable:
    def test_nothing_is_missing_and_nothing_was_added(self):
        assert (len(CHECK.tiers), len(CHECK.questions)) == (4, 30)
        assert (len(CHECK.rules), len(CHECK.signs)) == (36, 29)

    @pytest.mark.parametrize("fact", of_kind("tier"))
    def test_a_tier(self, fact):
        tier = CHECK.tiers[Tier(fact["key"])]

        assert (tier.text["en"], "|".join(tier.sources)) == (fact["text"], fact["sources"])

    @pytest.mark.parametrize("fact", of_kind("question"))
    def test_a_question(self, fact):
        question = CHECK.questions[fact["key"]]

        assert question.text["en"] == fact["text"]
        assert (question.code, question.kind) == (fact["code"], fact["answer"])
        assert (question.day_from, question.day_to) == (int(fact["day_from"]), int(fact["day_to"]))
        assert (region_of(question), "|".join(question.sources)) == (
            fact["region"],
            fact["sources"],
        )

    @pytest.mark.parametrize("fact", of_kind("rule"))
    def test_a_rule(self, fact):
        rule = next(rule for rule in CHECK.rules if rule.key == fact["key"])

        assert (rule.code, written(rule.all_of)) == (fact["code"], fact["all_of"])
        assert (rule.tier, str(rule.sla_minutes)) == (fact["tier"], fact["sla_minutes"])
        assert (region_of(rule), "|".join(rule.sources)) == (fact["region"], fact["sources"])

    @pytest.mark.parametrize("fact", of_kind("sign"))
    def test_a_sign(self, fact):
        sign = next(sign for sign in CHECK.signs if sign.key == fact["key"])
        later = f" to day {sign.tier_until}, then {sign.tier_later}" if sign.tier_later else ""

        assert (sign.name, sign.words["en"]) == (fact["code"], fact["text"])
        assert f"{sign.tier}{later}" == fact["tier"]
        assert (region_of(sign), "|".join(sign.sources)) == (fact["region"], fact["sources"])


class TestItsWords:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_everything_is_said_in_each_language(self, language):
        said = [
            CHECK.lead_in,
            *(tier.text for tier in CHECK.tiers.values()),
            *(question.text for question in CHECK.questions.values()),
            *(sign.words for sign in CHECK.signs),
            *(sign.to_do for sign in CHECK.signs),
        ]

        for words in said:
            text = fill(words[language], values=SETTINGS.longest_values)
            assert "{" not in text
            assert found_in(text, words=SETTINGS.blocklist[language]) == []

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("tier", Tier)
    def test_a_tier_text_travels_as_plain_text_and_reads_easily(self, tier, language):
        text = CHECK.tiers[tier].text[language]

        assert sms_size(fill(text, values=SETTINGS.longest_values)).encoding is Encoding.GSM7
        assert grade(text, language=language) <= SETTINGS.highest_grade

    def test_a_tier_names_the_number_to_call_and_no_illness(self):
        assert "{emergency}" in CHECK.tiers[Tier.EMERGENCY].text["en"]
        assert "{urgent}" in CHECK.tiers[Tier.SAME_DAY].text["en"]
        for tier in CHECK.tiers.values():
            for language, text in tier.text.items():
                assert found_in(text, words=SETTINGS.private_words[language]) == []

    def test_each_answer_that_is_an_emergency_is_called_within_a_quarter_of_an_hour(self):
        assert {r.sla_minutes for r in CHECK.rules if r.tier is Tier.EMERGENCY} == {15}


class TestBadFiles:
    @pytest.fixture
    def data(self):
        return yaml.safe_load((CONTENT_DIR / "symptom_check.yaml").read_text())

    def read(self, folder, data):
        (folder / "sources.yaml").write_text((CONTENT_DIR / "sources.yaml").read_text())
        (folder / "symptom_check.yaml").write_text(yaml.safe_dump(data, allow_unicode=True))
        return read_symptom_check(folder)

    @pytest.mark.parametrize(
        ("part", "key", "change", "says"),
        [
            ("rules", "R01", {"all_of": ["Q01=no"]}, "Qnn=yes"),
            ("rules", "R01", {"all_of": ["Q77=yes"]}, "no question"),
            ("rules", "R01", {"all_of": ["Q18=yes"]}, "no question"),
            ("rules", "R01", {"all_of": ["weight>=90"]}, "no question"),
            ("rules", "R01", {"all_of": []}, "is none"),
            ("rules", "R01", {"tier": "NONE"}, "NONE"),
            ("rules", "R01", {"tier": "SOON"}, "EMERGENCY"),
            ("rules", "R01", {"sla_minutes": 0}, "whole number"),
            ("rules", "R01", {"sources": ["NOWHERE"]}, "sources.yaml"),
            ("rules", "R01", {"sources": []}, "at least one"),
            ("rules", "R01", {"lowers": True}, "unknown field"),
            ("questions", "Q01", {"answer": "free_text"}, "yes_no_unsure"),
            ("questions", "Q01", {"text": {"es": "Hola"}}, '"en"'),
            ("questions", "Q01", {"day_from": -8}, "whole number"),
            ("signs", "W27", {"tier_later": None}, "tier_later"),
            ("signs", "W01", {"tier_until": 14}, "belong together"),
            ("tiers", "NONE", {"text": "fine"}, "lines"),
        ],
    )
    def test_a_mistake_is_refused_with_its_place(self, tmp_path, data, part, key, change, says):
        data[part][key] |= change

        with pytest.raises(ContentError) as refused:
            self.read(tmp_path, data)

        assert key in str(refused.value)
        assert says in str(refused.value)

    @pytest.mark.parametrize("part", ["tiers", "questions", "rules", "signs", "version"])
    def test_a_missing_part_is_refused(self, tmp_path, data, part):
        del data[part]

        with pytest.raises(ContentError, match="missing"):
            self.read(tmp_path, data)

    def test_a_tier_without_a_text_is_refused(self, tmp_path, data):
        del data["tiers"]["ROUTINE"]

        with pytest.raises(ContentError, match="ROUTINE has no text"):
            self.read(tmp_path, data)

    def test_a_source_that_is_gone_is_missed(self, tmp_path, data):
        (tmp_path / "symptom_check.yaml").write_text(yaml.safe_dump(data))
        (tmp_path / "sources.yaml").write_text(SOURCES)

        with pytest.raises(ContentError, match=r"sources\.yaml"):
            read_symptom_check(tmp_path)
