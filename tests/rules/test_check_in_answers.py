"""What a filled-in check-in means: read exactly, or complained about; never in a report's way."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders.pathways.check_in import read_check_in
from reminders.pathways.symptom_check import read_symptom_check
from reminders.rules.check_in import Mode, asked_by_sms, sheet
from reminders.rules.check_in_answers import Problem, fill_in, what_is_told
from reminders.rules.symptom_check import Outcome, Tier

CONTENT, CHECK = read_check_in(), read_symptom_check()
VALUES = {
    "clinic": "Harbourside Care",
    "phone": "020 7946 0100",
    "urgent": "020 7946 0101",
    "emergency": "999",
    "fever": "38 C",
}


def a_sheet(*keys, mode=Mode.TRIAGE, region="lumbar", day=7):
    asked = keys or ("symptom_check", "pain_limb", "pain_spine", "walk_minutes", "wound")
    return sheet(asked, mode=mode, region=region, day=day, content=CONTENT, check=CHECK)


def all_well(asked):
    """No to every sign, and pain of 2."""
    signs = {sign.key: "no" for sign in asked.signs if not sign.kind.is_number}
    return signs | {score.key: "2" for score in asked.scores if score.counts_as}


def fill(asked, **answers):
    return fill_in(asked, given=all_well(asked) | answers, content=CONTENT, check=CHECK)


def read(filled, key):
    return next(answer for answer in filled.answers if answer.question == key)


class TestWhatIsAsked:
    def test_no_sign_is_asked_where_the_clinic_has_it_off(self):
        assert a_sheet(mode=Mode.OFF).signs == ()
        assert [score.key for score in a_sheet(mode=Mode.OFF).scores][:1] == ["pain_limb"]

    @pytest.mark.parametrize("mode", [Mode.RELAY, Mode.TRIAGE])
    def test_an_emergency_is_asked_for_first(self, mode):
        assert a_sheet(mode=mode).signs[0].key == "Q01"

    def test_no_sign_is_asked_by_a_step_that_does_not_name_them(self):
        assert a_sheet("pain_limb").signs == ()

    def test_pain_is_not_asked_a_third_time(self):
        assert "pain_score" not in {sign.code for sign in a_sheet().signs}
        assert "pain_score" in {sign.code for sign in a_sheet("symptom_check").signs}

    def test_the_neck_is_asked_about_the_neck(self):
        keys = {sign.key for sign in a_sheet(region="cervical").signs}

        assert "Q23" in keys
        assert "Q23" not in {sign.key for sign in a_sheet().signs}

    def test_a_question_that_is_no_more_is_left_out(self):
        assert a_sheet("weather").scores == ()

    def test_the_question_for_texts_is_on_no_page(self):
        assert a_sheet("pain_worst").scores == ()


class TestWhatTextsAsk:
    def test_name_the_part_of_the_body_only_where_the_patient_agreed(self):
        keys = ("symptom_check", "pain_limb", "pain_spine", "walk_minutes")

        detailed = asked_by_sms(keys, detailed=True, content=CONTENT)
        neutral = asked_by_sms(keys, detailed=False, content=CONTENT)

        assert [one.key for one in detailed] == ["pain_limb", "pain_spine"]
        assert [one.key for one in neutral] == ["pain_worst"]

    def test_is_nothing_where_the_step_asks_for_no_pain(self):
        assert asked_by_sms(("symptom_check",), detailed=True, content=CONTENT) == ()


class TestNumbers:
    @pytest.mark.parametrize(
        ("typed", "number"),
        [("7", "7"), (" 7 ", "7"), ("7,5", "7.5"), ("7.5", "7.5"), ("７", "7"), ("٧", "7"),
         ("0", "0"), ("10", "10"), ("6.25", "6.3")],
    )  # fmt: skip
    def test_are_read_however_they_are_typed(self, typed, number):
        filled = fill(a_sheet(), pain_limb=typed)

        assert read(filled, "pain_limb").number == Decimal(number)
        assert filled.problems == {}

    @pytest.mark.parametrize(
        ("typed", "problem"),
        [("11", Problem.OUT_OF_BOUNDS), ("-1", Problem.NO_NUMBER), ("a lot", Problem.NO_NUMBER),
         ("1e1", Problem.NO_NUMBER), ("5 6", Problem.NO_NUMBER), ("", Problem.MISSING),
         ("\x00", Problem.MISSING), ("99999999999", Problem.NO_NUMBER)],
    )  # fmt: skip
    def test_that_are_none_are_said_to_be_wrong_and_kept_as_they_were(self, typed, problem):
        filled = fill(a_sheet(), pain_limb=typed)

        assert filled.problems == {"pain_limb": problem}
        assert not filled.is_accepted
        kept = [a.raw for a in filled.answers if a.question == "pain_limb"]
        assert kept == [raw for raw in [typed.strip("\x00")] if raw]

    def test_of_minutes_may_carry_their_unit(self):
        assert read(fill(a_sheet(), walk_minutes="20 min"), "walk_minutes").number == 20

    def test_that_nobody_has_to_give_may_be_left_out(self):
        assert fill(a_sheet(), walk_minutes="").problems == {}

    @pytest.mark.parametrize(("typed", "wrong"), [("36,8 °C", False), ("101", True), ("", False)])
    def test_of_a_temperature_are_celsius(self, typed, wrong):
        filled = fill(a_sheet(), Q30=typed)

        assert ("Q30" in filled.problems) is wrong


class TestSigns:
    def test_each_must_be_answered(self):
        assert fill(a_sheet(), Q09="").problems == {"Q09": Problem.MISSING}

    def test_not_sure_counts_as_yes(self):
        assert fill(a_sheet(), Q03="unsure").outcome.tier is Tier.EMERGENCY

    def test_a_word_of_another_form_is_no_answer(self):
        assert fill(a_sheet(), Q09="maybe").problems == {"Q09": Problem.NO_CHOICE}

    def test_the_worst_of_the_pains_counts(self):
        outcome = fill(a_sheet(), pain_limb="3", pain_spine="9").outcome

        assert (outcome.tier, outcome.rules) == (Tier.SAME_DAY, ("R29",))

    @pytest.mark.parametrize("mode", [Mode.OFF, Mode.RELAY])
    def test_are_sorted_in_the_mode_triage_only(self, mode):
        assert fill(a_sheet(mode=mode), pain_limb="10").outcome is None


class TestAReport:
    def test_of_an_emergency_is_taken_with_everything_else_left_out(self):
        filled = fill_in(a_sheet(), given={"Q02": "yes"}, content=CONTENT, check=CHECK)

        assert filled.is_accepted
        assert filled.outcome.tier is Tier.EMERGENCY

    def test_for_today_is_taken_though_a_number_is_wrong(self):
        assert fill(a_sheet(), Q11="yes", pain_limb="lots").is_accepted

    def test_that_can_wait_waits_for_what_is_wrong(self):
        assert not fill(a_sheet(), Q19="yes", pain_limb="lots").is_accepted

    @pytest.mark.parametrize("word", ["yes", "unsure"])
    def test_that_is_passed_on_is_taken_though_a_number_is_wrong(self, word):
        asked = a_sheet(mode=Mode.RELAY)

        assert fill(asked, Q19=word, pain_limb="lots").is_accepted
        assert not fill(asked, Q19="no", pain_limb="lots").is_accepted

    @pytest.mark.parametrize("mode", list(Mode))
    def test_without_any_answer_is_none(self, mode):
        filled = fill_in(a_sheet(mode=mode), given={}, content=CONTENT, check=CHECK)

        assert filled.problems
        assert not filled.is_accepted

    @given(st.dictionaries(st.sampled_from(["Q01", "Q09", "pain_limb", "wound"]), st.text()))
    def test_is_never_too_odd_to_be_read(self, typed):
        filled = fill_in(a_sheet(), given=typed, content=CONTENT, check=CHECK)

        assert all(len(answer.raw) <= 200 and "\x00" not in answer.raw for answer in filled.answers)


def told(mode=Mode.TRIAGE, tier=None, *, is_staffed=True, language="en", values=VALUES):
    outcome = Outcome(tier, None, ()) if tier else None
    return what_is_told(
        mode=mode, outcome=outcome, is_staffed=is_staffed, language=language, values=values,
        content=CONTENT, check=CHECK,
    )  # fmt: skip


class TestWhatIsTold:
    @pytest.mark.parametrize("tier", Tier)
    def test_is_the_same_for_everybody_where_answers_are_passed_on(self, tier):
        assert told(Mode.RELAY, tier) == told(Mode.RELAY)
        assert "Nobody has sorted them" in told(Mode.RELAY)

    def test_is_never_that_all_is_well(self):
        assert "does not mean all is well" in told(Mode.OFF)
        assert told(Mode.OFF) == told(Mode.TRIAGE, Tier.NONE)

    def test_is_what_to_do_now_in_an_emergency(self):
        assert "Call 999" in told(tier=Tier.EMERGENCY)

    @pytest.mark.parametrize("mode", list(Mode))
    def test_is_honest_when_nobody_is_there(self, mode):
        assert "We are closed now" in told(mode, is_staffed=False)
        assert "closed" not in told(mode)

    def test_is_in_the_patients_language_or_else_in_english(self):
        assert "Gracias" in told(language="es-MX", tier=Tier.NONE)
        assert told(language="fr") == told(language="en")

    def test_is_nothing_rather_than_half_a_sentence(self):
        assert told(tier=Tier.EMERGENCY, values=VALUES | {"emergency": ""}) == ""


def test_the_mode_decides_nothing_but_the_signs():
    asked = a_sheet(mode=Mode.RELAY)

    assert replace(asked, signs=()).scores == a_sheet(mode=Mode.OFF).scores
