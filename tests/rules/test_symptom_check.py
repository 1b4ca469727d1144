import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders.pathways.symptom_check import read_symptom_check
from reminders.rules.content import Region
from reminders.rules.symptom_check import (
    Answers,
    Atom,
    BadAnswer,
    Relation,
    Tier,
    atom,
    emergency_questions,
    evaluate,
    questions_for,
    read_answers,
)

CHECK = read_symptom_check()
VECTORS = list(
    csv.DictReader(Path(__file__).with_name("symptom_vectors.csv").read_text().splitlines())
)
YES_NO = sorted(one.key for one in CHECK.questions.values() if not one.kind.is_number)
HOW_URGENT = list(reversed(Tier))  # from NONE up

regions = st.sampled_from(["lumbar", "cervical", "thoracic", "mixed", "", "elsewhere"])
days = st.none() | st.integers(-7, 372)
numbers = st.fixed_dictionaries(
    {},
    optional={"pain_score": st.integers(0, 10), "temp_c": st.floats(25, 45)},
)
answer_sets = st.builds(Answers, yes=st.frozensets(st.sampled_from(YES_NO)), numbers=numbers)


def outcome_of(region="lumbar", day=10, **answers):
    return evaluate(CHECK, region=region, day=day, answers=read_answers(answers, check=CHECK))


def given_answers(text):
    pairs = (pair.split("=") for pair in filter(None, text.split(";")))
    return {key: value if value in ("yes", "unsure") else float(value) for key, value in pairs}


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["case"] for vector in VECTORS])
def test_each_agreed_case_has_its_tier_its_time_and_its_rules(vector):
    outcome = outcome_of(vector["region"], int(vector["day"]), **given_answers(vector["answers"]))

    assert outcome.tier == vector["tier"]
    assert outcome.sla_minutes == (int(vector["sla_minutes"]) if vector["sla_minutes"] else None)
    assert " ".join(outcome.rules) == vector["rules"]


class TestEvaluation:
    @given(answer_sets, st.sampled_from(YES_NO), regions, days)
    def test_one_more_yes_never_lowers_the_tier(self, answers, key, region, day):
        more = Answers(answers.yes | {key}, answers.numbers)

        before = evaluate(CHECK, region=region, day=day, answers=answers)
        after = evaluate(CHECK, region=region, day=day, answers=more)

        assert HOW_URGENT.index(after.tier) >= HOW_URGENT.index(before.tier)
        assert set(before.rules) <= set(after.rules)

    @given(answer_sets, regions, days)
    def test_one_more_yes_never_gives_staff_more_time(self, answers, region, day):
        before = evaluate(CHECK, region=region, day=day, answers=answers)

        for key in YES_NO:
            more = Answers(answers.yes | {key}, answers.numbers)
            after = evaluate(CHECK, region=region, day=day, answers=more)
            if after.tier is before.tier and before.sla_minutes is not None:
                assert after.sla_minutes <= before.sla_minutes

    @given(answer_sets, regions, days)
    def test_the_same_answers_always_have_the_same_outcome(self, answers, region, day):
        first = evaluate(CHECK, region=region, day=day, answers=answers)

        assert evaluate(CHECK, region=region, day=day, answers=answers) == first

    @given(answer_sets, days)
    def test_an_unknown_region_is_never_less_urgent_than_a_known_one(self, answers, day):
        unknown = evaluate(CHECK, region="thoracic", day=day, answers=answers)

        for region in Region:
            known = evaluate(CHECK, region=region, day=day, answers=answers)
            assert set(known.rules) <= set(unknown.rules)

    @pytest.mark.parametrize("key", YES_NO)
    def test_every_question_leads_somewhere(self, key):
        question = CHECK.questions[key]
        region = question.regions[0] if question.regions else "lumbar"

        assert outcome_of(region, 30, **{key: "yes"}).tier is not Tier.NONE

    @pytest.mark.parametrize("key", sorted(set(YES_NO) - {"Q29"}))
    def test_not_sure_counts_as_yes(self, key):
        assert outcome_of("mixed", 30, **{key: "unsure"}) == outcome_of("mixed", 30, **{key: "yes"})

    @pytest.mark.parametrize("region", ["thoracic", "mixed", "", "unknown"])
    def test_an_operation_elsewhere_gets_the_rules_of_both_regions(self, region):
        assert outcome_of(region, 1, Q23="yes").rules == ("R12",)

    def test_a_question_of_another_region_counts_for_nothing(self):
        assert outcome_of("lumbar", 1, Q23="yes", Q26="yes").tier is Tier.NONE

    def test_a_day_that_is_not_known_makes_no_rule_of_days_hold(self):
        assert outcome_of(day=None, Q06="yes", Q17="yes").rules == ("R20", "R28")

    def test_no_answer_is_no_yes(self):
        assert outcome_of(Q01=None, Q18=None).tier is Tier.NONE

    def test_nobody_is_ever_told_that_all_is_well_in_less_than_a_tier(self):
        assert outcome_of().sla_minutes is None
        assert "does not mean all is well" in CHECK.tiers[Tier.NONE].text["en"]


class TestBadAnswers:
    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("Q99", "yes"),
            ("", "yes"),
            ("Q01", "maybe"),
            ("Q01", True),
            ("Q01", 1),
            ("Q01", ""),
            ("Q18", "8"),
            ("Q18", True),
            ("Q18", -1),
            ("Q18", 11),
            ("Q18", float("nan")),
            ("Q30", 101.3),
            ("Q30", 3.82),
            ("Q30", float("inf")),
            pytest.param("Q30", 10**400, id="Q30-far too large"),
            ("Q30", []),
        ],
    )
    def test_what_cannot_be_read_is_refused_and_never_taken_for_no(self, key, value):
        with pytest.raises(BadAnswer) as refused:
            read_answers({key: value}, check=CHECK)

        assert len(str(refused.value)) < 100

    @pytest.mark.parametrize("word", ["YES", " yes ", "Unsure"])
    def test_case_and_spaces_make_no_difference(self, word):
        assert read_answers({"Q01": word}, check=CHECK).yes == {"Q01"}


class TestAtoms:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("Q01=yes", Atom("Q01", Relation.IS_YES)),
            ("pain_score>=8", Atom("pain_score", Relation.AT_LEAST, 8)),
            ("temp_c>=38.0", Atom("temp_c", Relation.AT_LEAST, 38)),
            ("day<=14", Atom("day", Relation.AT_MOST, 14)),
        ],
    )
    def test_the_grammar(self, text, expected):
        assert atom(text) == expected

    @pytest.mark.parametrize(
        "text",
        ["", "Q1=yes", "Q01=no", "Q01", "not Q01=yes", "day<14", "day=3", "Q01=yes & Q02=yes"],
    )
    def test_nothing_else_is_a_rule(self, text):
        with pytest.raises(ValueError, match="is not"):
            atom(text)


class TestWhatIsAsked:
    def test_emergencies_are_asked_first(self):
        asked = [one.key for one in questions_for(CHECK, region="lumbar", day=3)]
        urgent = emergency_questions(CHECK)
        firsts = [key in urgent for key in asked]

        assert firsts == sorted(firsts, reverse=True)
        assert asked[:4] == ["Q01", "Q02", "Q03", "Q04"]

    def test_a_wound_is_not_asked_about_before_there_is_one(self):
        assert "Q11" not in {one.key for one in questions_for(CHECK, region="lumbar", day=-1)}
        assert "Q11" in {one.key for one in questions_for(CHECK, region="lumbar", day=0)}

    @pytest.mark.parametrize(
        ("region", "count"), [("lumbar", 26), ("cervical", 30), ("thoracic", 30)]
    )
    def test_each_region_has_its_questions(self, region, count):
        assert len(questions_for(CHECK, region=region, day=10)) == count
