"""The questions of a check-in that ship, their words, and bad files."""

import pytest
import yaml

from reminders.pathways.check_in import read_check_in
from reminders.pathways.fields import ContentError
from reminders.pathways.reading import CONTENT_DIR
from reminders.rules.check_in import SYMPTOM_CHECK, CheckInText, ScoreKind
from reminders.rules.content import Category
from reminders.rules.forbidden_words import found_in
from reminders.rules.gsm7 import Encoding, sms_size
from reminders.rules.readability import grade
from reminders.rules.wording import fill
from tests.pathways.shipped import PATHWAYS, SETTINGS

CONTENT = read_check_in()
LANGUAGES = ("en", "es")
BY_SMS = [one for one in CONTENT.questions.values() if one.sms]


def said(question):
    wordings = [question.wording, *question.by_region.values()]
    words = [part for wording in wordings for part in (wording.text, wording.label)]
    optional = [question.unit, question.hint, question.sms]
    return [*words, *question.choices.values(), *(words for words in optional if words)]


class TestWhatShips:
    def test_pain_of_limb_and_spine_are_asked_apart(self):
        for key in ("pain_limb", "pain_spine"):
            question = CONTENT.questions[key]
            assert (question.kind, question.low, question.high) == (ScoreKind.NUMBER, 0, 10)
            assert question.worded("lumbar").text != question.worded("cervical").text

    def test_says_that_nothing_of_it_was_validated(self):
        assert "not validated" in CONTENT.note

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("key", CONTENT.questions)
    def test_a_question_is_said_in_each_language_and_reads_easily(self, key, language):
        for words in said(CONTENT.questions[key]):
            text = fill(words[language], values=SETTINGS.longest_values)
            assert found_in(text, words=SETTINGS.blocklist[language]) == []
        for wording in (CONTENT.questions[key].wording,):
            assert grade(wording.text[language], language=language) <= SETTINGS.highest_grade

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("which", CheckInText)
    def test_a_fixed_text_reads_easily(self, which, language):
        text = fill(CONTENT.texts[which][language], values=SETTINGS.longest_values)

        assert grade(text, language=language) <= SETTINGS.highest_grade

    def test_what_everybody_is_told_names_both_numbers(self):
        text = CONTENT.texts[CheckInText.RELAYED]["en"]

        assert "{urgent}" in text
        assert "{emergency}" in text

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("question", BY_SMS, ids=lambda one: one.key)
    def test_a_question_by_text_fits_one_text_after_our_thanks(self, question, language):
        opening = CONTENT.texts[CheckInText.NEXT_BY_SMS][language]
        text = fill(f"{opening} {question.sms[language]}", values=SETTINGS.longest_values)

        size = sms_size(text)

        assert (size.encoding, size.parts) == (Encoding.GSM7, 1)

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("question", BY_SMS, ids=lambda one: one.key)
    def test_a_text_names_no_part_of_the_body_unless_the_patient_agreed(self, question, language):
        private = found_in(question.sms[language], words=SETTINGS.private_words[language])

        assert question.sms_detailed or private == []

    def test_each_check_in_after_the_operation_asks_for_warning_signs_first(self):
        for pathway in PATHWAYS.values():
            check_ins = [s for s in pathway.steps if s.category is Category.CHECK_IN and s.replies]
            asked = [step.questions for step in check_ins if step.day_from > 0]
            assert asked
            assert {questions[0] for questions in asked} == {SYMPTOM_CHECK}

    def test_each_check_in_by_text_has_questions_on_its_page(self):
        for pathway in PATHWAYS.values():
            without = [
                step.key
                for step in pathway.steps
                if step.category is Category.CHECK_IN and step.replies and not step.questions
            ]
            assert without == []


class TestBadFiles:
    @pytest.fixture
    def data(self):
        return yaml.safe_load((CONTENT_DIR / "check_in.yaml").read_text())

    def read(self, folder, data):
        (folder / "sources.yaml").write_text((CONTENT_DIR / "sources.yaml").read_text())
        (folder / "check_in.yaml").write_text(yaml.safe_dump(data, allow_unicode=True))
        return read_check_in(folder)

    @pytest.mark.parametrize(
        ("key", "change", "says"),
        [
            ("pain_limb", {"high": 0}, "whole number"),
            ("pain_limb", {"low": 10}, "more than"),
            ("pain_limb", {"kind": "free_text"}, "number, choice"),
            ("pain_limb", {"instead_by_sms": "pain_spine"}, "no question that any text"),
            ("pain_limb", {"instead_by_sms": "nothing"}, "no question that any text"),
            ("pain_limb", {"sources": []}, "at least one"),
            ("pain_limb", {"sources": ["NOWHERE"]}, "sources.yaml"),
            ("pain_limb", {"thoracic": {}}, "unknown field"),
            ("pain_limb", {"words": {"text": {"es": "x"}, "label": {"en": "x"}}}, '"en"'),
            ("wound", {"choices": {"dry": {"en": "Dry"}}}, "at least two"),
            ("wound", {"choices": {}}, "lines"),
            ("wound", {"sms": {"en": "How is it?"}}, "number only"),
            ("wound", {"low": 0}, "unknown field"),
        ],
    )
    def test_a_mistake_is_refused_with_its_place(self, tmp_path, data, key, change, says):
        data["questions"][key] |= change

        with pytest.raises(ContentError) as refused:
            self.read(tmp_path, data)

        assert key in str(refused.value)
        assert says in str(refused.value)

    def test_the_symptom_check_is_no_question_here(self, tmp_path, data):
        data["questions"][SYMPTOM_CHECK] = data["questions"]["wound"]

        with pytest.raises(ContentError, match="use another key"):
            self.read(tmp_path, data)

    def test_a_day_like_any_other_asks_only_what_there_is(self, tmp_path, data):
        data["any_day"] = ["weather"]

        with pytest.raises(ContentError, match="weather"):
            self.read(tmp_path, data)

    @pytest.mark.parametrize("part", ["version", "note", "texts", "any_day", "questions"])
    def test_a_missing_part_is_refused(self, tmp_path, data, part):
        del data[part]

        with pytest.raises(ContentError, match="missing"):
            self.read(tmp_path, data)
