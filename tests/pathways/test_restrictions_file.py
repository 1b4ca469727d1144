"""The activity calendar that ships, against the facts that were agreed for it, and bad files."""

import csv
import re
from pathlib import Path

import pytest
import yaml

from reminders.pathways.fields import ContentError
from reminders.pathways.restrictions import read_restrictions
from reminders.rules.content import RestrictionKind
from reminders.rules.forbidden_words import found_in
from reminders.rules.readability import grade
from reminders.rules.restrictions import first_free_day, holds_for, moved, rule_in
from reminders.rules.wording import placeholders, with_words
from tests.pathways.content_files import SOURCES
from tests.pathways.shipped import CALENDAR, PATHWAYS, SETTINGS

FACTS = list(
    csv.DictReader(Path(__file__).with_name("restriction_facts.csv").read_text().splitlines())
)


class TestTheCalendarThatShips:
    @pytest.mark.parametrize("fact", FACTS, ids=[fact["key"] for fact in FACTS])
    def test_each_rule_has_its_days_and_sources(self, fact):
        rule = CALENDAR[fact["key"]]

        assert "|".join(rule.sources) == fact["sources"]
        if fact["from_day"]:
            assert str(rule.day_from) == fact["from_day"]
        if fact["to_day"].isdigit():
            assert str(rule.day_to) == fact["to_day"]

    @pytest.mark.parametrize("fact", FACTS, ids=[fact["key"] for fact in FACTS])
    def test_each_rule_belongs_to_the_messages_of_the_table(self, fact):
        named = set(fact["messages"].split("|")) if fact["messages"] else set()
        of_a_fusion = {"fu_brace"}  # the table names it for every operation

        assert named <= set(CALENDAR[fact["key"]].messages) | of_a_fusion

    def test_a_default_never_lies_outside_what_the_sources_support(self):
        for rule in CALENDAR.values():
            if rule.reviewed_days:
                low, high = rule.reviewed_days
                assert low <= first_free_day(rule) <= high, rule.key

    def test_each_rule_says_how_far_the_sources_differ_and_what_the_patient_is_told(self):
        for rule in CALENDAR.values():
            assert rule.range_note, rule.key
            assert set(rule.rule) >= {"en", "es"}, rule.key

    @pytest.mark.parametrize("language", ["en", "es"])
    def test_what_the_patient_is_told_is_plain_and_fillable(self, language):
        for rule in CALENDAR.values():
            words = rule_in(rule, language=language, values=SETTINGS.longest_values)
            assert grade(words, language=language) <= SETTINGS.highest_grade, rule.key
            assert found_in(words, words=SETTINGS.blocklist[language]) == [], rule.key
            assert "{" not in words, rule.key

    @pytest.mark.parametrize("language", ["en", "es"])
    def test_what_a_patient_is_told_moves_with_the_clinics_day(self, language):
        for rule in CALENDAR.values():
            if "day" not in placeholders(rule.rule[language]) or not rule.reviewed_days:
                continue
            for day in rule.reviewed_days:
                told = rule_in(moved(rule, day=day), language=language,
                               values=SETTINGS.longest_values)  # fmt: skip
                assert re.findall(r"\d+", told) == [str(day)], rule.key

    def test_the_languages_of_a_rule_name_the_same_values(self):
        for rule in CALENDAR.values():
            named = {language: sorted(placeholders(words)) for language, words in rule.rule.items()}
            assert len(set(map(tuple, named.values()))) == 1, rule.key
            assert set(rule.title) == set(rule.rule), rule.key

    def test_a_rule_that_a_clinic_may_move_says_no_day_that_stays(self):
        for rule in CALENDAR.values():
            if rule.reviewed_days:
                said = with_words(rule.rule["en"], word="it")
                assert not re.search(r"day \d", said), rule.key

    def test_every_step_and_rule_name_each_other(self):
        said = {
            (rule, step.key)
            for pathway in PATHWAYS.values()
            for step in pathway.steps
            for rule in {*step.restrictions, *step.permits}
        }
        listed = {(rule.key, message) for rule in CALENDAR.values() for message in rule.messages}

        assert said == listed

    def test_a_permitted_activity_is_also_spoken_of(self):
        for pathway in PATHWAYS.values():
            for step in pathway.steps:
                assert set(step.permits) <= set(step.restrictions), (pathway.key, step.key)

    def test_each_pathway_has_one_rule_for_each_activity_that_sources_split(self):
        for pathway in PATHWAYS.values():
            own = [rule for rule in CALENDAR.values() if holds_for(rule, pathway=pathway)]
            stems = [rule.key.split("_")[0] for rule in own if rule.key.split("_")[0] in SPLIT]
            assert len(stems) == len(set(stems)), pathway.key


SPLIT = {"lift", "bend", "desk", "manual", "physio", "shower", "work"}
GOOD = {
    "activity": "Driving",
    "title": {"en": "Driving"},
    "from_day": 0,
    "to_day": 14,
    "range": [3, 42],
    "range_note": "It differs.",
    "rule": {"en": "Do not drive."},
    "sources": ["SRC"],
    "messages": ["walk"],
}


class TestFiles:
    def read(self, folder, rule, *, key="drive"):
        (folder / "sources.yaml").write_text(SOURCES)
        (folder / "restrictions.yaml").write_text(yaml.safe_dump({key: rule}))
        return read_restrictions(folder)[key]

    def test_a_rule_is_read(self, tmp_path):
        rule = self.read(tmp_path, GOOD)

        assert (rule.day_from, rule.day_to, rule.reviewed_days) == (0, 14, (3, 42))
        assert rule.kind is RestrictionKind.LIMIT

    def test_an_end_in_words_needs_no_day(self, tmp_path):
        words = {key: GOOD[key] for key in GOOD if key not in ("to_day", "range")}

        assert self.read(tmp_path, {**words, "until": "as set"}).day_to is None

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            ({"colour": "red"}, "unknown field colour"),
            ({"kind": "wish"}, "limit, start, advice"),
            ({"to_day": -1}, "swap"),
            ({"from_day": "0"}, "whole number"),
            ({"to_day": 731}, "whole number"),
            ({"until": "as set"}, "keep one"),
            ({"range": [15, 42]}, "outside"),
            ({"range": [3, 13]}, "outside"),
            ({"range": [42, 3]}, "two days"),
            ({"range": [3]}, "two days"),
            ({"range": [True, 42]}, "two days"),
            ({"range": "3-42"}, "two days"),
            ({"rule": {"es": "No conduzca."}}, '"en"'),
            ({"rule": {"en": "No.", "xx": "No."}}, "unknown field xx"),
            ({"rule": "Do not drive."}, "lines"),
            ({"rule": {"en": "No {link}."}}, "{link}"),
            ({"title": {"es": "Conducir"}}, '"en"'),
            ({"sources": []}, "at least one"),
            ({"sources": ["NOWHERE"]}, "not in sources.yaml"),
            ({"regions": ["moon"]}, "lumbar"),
            ({"kind": "start", "range": [3, 42]}, "outside"),
        ],
    )
    def test_a_bad_rule_is_refused_with_its_name_and_remedy(self, tmp_path, change, says):
        with pytest.raises(ContentError) as refused:
            self.read(tmp_path, {**GOOD, **change})

        assert str(refused.value).startswith("restrictions.yaml, restriction drive")
        assert says in str(refused.value)

    def test_a_day_in_the_words_of_a_rule_without_one_is_refused(self, tmp_path):
        words = {key: GOOD[key] for key in GOOD if key not in ("to_day", "range")}
        endless = {**words, "until": "as set", "rule": {"en": "Not before day {day}."}}

        with pytest.raises(ContentError, match="no day ends it"):
            self.read(tmp_path, endless)

    def test_a_limit_without_any_end_is_refused(self, tmp_path):
        endless = {key: GOOD[key] for key in GOOD if key not in ("to_day", "range")}

        with pytest.raises(ContentError, match="until"):
            self.read(tmp_path, endless)

    def test_a_key_that_is_no_name_is_refused(self, tmp_path):
        with pytest.raises(ContentError, match="a-z"):
            self.read(tmp_path, GOOD, key="Drive!")
