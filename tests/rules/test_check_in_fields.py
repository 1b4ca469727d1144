"""The fields of a check-in's form: emergencies first, nothing lost, each error with its words."""

import pytest

from reminders.pathways.check_in import read_check_in
from reminders.pathways.symptom_check import read_symptom_check
from reminders.rules.check_in import Mode, sheet
from reminders.rules.check_in_answers import Problem, fill_in
from reminders.rules.check_in_fields import form_parts
from reminders.rules.check_in_words import WORDS

CONTENT, CHECK = read_check_in(), read_symptom_check()
VALUES = {"urgent": "020 7946 0101", "emergency": "999", "fever": "38 C"}
ASKED = ("symptom_check", "pain_limb", "pain_spine", "wound", "walk_minutes")


def parts(*, mode=Mode.TRIAGE, language="en", values=VALUES, **given):
    asked = sheet(ASKED, mode=mode, region="lumbar", day=7, content=CONTENT, check=CHECK)
    filled = fill_in(asked, given=given, content=CONTENT, check=CHECK)
    return form_parts(
        asked, check=CHECK, language=language, values=values, given=given,
        problems=filled.problems if given else {},
    )  # fmt: skip


def field(form, key):
    return next(one for one in (*form.now, *form.others, *form.scores) if one.key == key)


def test_what_needs_help_now_is_asked_first():
    form = parts()

    assert form.now[0].key == "Q01"
    assert "Q09" not in {one.key for one in form.now}
    assert [one.key for one in form.scores][:2] == ["pain_limb", "pain_spine"]


def test_an_empty_form_has_no_errors_and_nothing_chosen():
    form = parts()

    assert form.errors == []
    assert not any(option.is_chosen for option in form.now[0].options)


def test_what_was_typed_is_shown_again():
    form = parts(Q09="no", pain_limb="a lot", wound="dry_closed")

    assert field(form, "pain_limb").value == "a lot"
    assert [o.value for o in field(form, "wound").options if o.is_chosen] == ["dry_closed"]
    assert [o.value for o in field(form, "Q09").options if o.is_chosen] == ["no"]


def test_an_error_names_its_question_and_what_to_write():
    form = parts(pain_limb="12")

    assert "from 0 to 10" in field(form, "pain_limb").error
    assert "leg" in field(form, "pain_limb").error
    assert field(form, "Q09").error.startswith("Choose an answer to: Do you have a fever of 38 C")


def test_a_temperature_may_be_left_out_and_is_in_celsius():
    one = field(parts(), "Q30")

    assert (one.is_optional, one.unit, one.options) == (True, "°C", ())


@pytest.mark.parametrize("language", ["es", "es-MX"])
def test_questions_are_asked_in_the_patients_language(language):
    form = parts(language=language)

    assert "orinar" in form.now[0].question
    assert [option.words for option in form.now[0].options] == ["Sí", "No", "No sé"]


def test_each_language_has_all_the_words_and_each_problem_its_own():
    assert {frozenset(words) for words in WORDS.values()} == {frozenset(WORDS["en"])}
    assert {problem.value for problem in Problem} <= set(WORDS["en"])
