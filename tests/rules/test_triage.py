"""What a patient wrote means, row by row of the list of bad inputs; urgency may only go up."""

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders.rules.triage import (
    EVERYDAY,
    HELP_WORDS,
    HOLD_PHRASES,
    OPT_IN_WORDS,
    OPT_OUT_PHRASES,
    OPT_OUT_WORDS,
    THANKS_WORDS,
    URGENT_EMOJI,
    URGENT_SIGNS,
    Heard,
    Understanding,
    normalised,
    understand,
)

ROWS = Path(__file__).with_name("replies.csv")
FIVE = ["1", "2", "3", "4", "5"]
YES_OR_NO = ["Y", "N"]
# Words around a sign of danger; a quotation mark could make it a tap-back that quotes our own text.
WORDS = st.text(st.characters(exclude_characters='"“”«»'), max_size=30)


def rows():
    """The replies of the list; their text is written as in JSON, so that all of it shows."""
    with ROWS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            text = json.loads(f'"{row["text"]}"')
            meant = Understanding(
                Heard(row["heard"]),
                code=row["code"],
                for_a_person=row["for_a_person"] == "yes",
                is_urgent=row["urgent"] == "yes",
                is_hold=row["hold"] == "yes",
            )
            name = f"{row['row']} {text[:30]!a} of {row['codes']}"
            yield pytest.param(text, row["codes"].split(), meant, id=name)


@pytest.mark.parametrize(("text", "open_codes", "meant"), list(rows()))
def test_a_reply_is_taken_for_what_the_list_says(text, open_codes, meant):
    assert understand(text, open_codes=open_codes) == meant


@pytest.mark.parametrize("codes", [FIVE, YES_OR_NO], ids=["scale", "yes or no"])
def test_no_question_changes_what_cannot_be_an_answer(codes):
    for text in (row.values[0] for row in rows()):
        alone = understand(text, open_codes=())
        assert alone.may_be_an_answer or understand(text, open_codes=codes) == alone


class TestUrgency:
    @given(
        sign=st.sampled_from([" ".join(sign) for sign in URGENT_SIGNS] + sorted(URGENT_EMOJI)),
        before=WORDS,
        after=WORDS,
    )
    def test_is_never_lowered_by_the_words_around_it(self, sign, before, after):
        understanding = understand(f"{before} {sign} {after}", open_codes=YES_OR_NO)

        assert understanding.is_urgent
        assert understanding.for_a_person
        assert understanding.heard in (Heard.URGENT, Heard.OPT_OUT)

    @given(
        sign=st.sampled_from(["chest pain", "cant breathe", "my foot is numb", "bleeding", "🆘"]),
        phrase=st.sampled_from(sorted(OPT_OUT_PHRASES)),
    )
    def test_is_heard_beside_an_opt_out(self, sign, phrase):
        understanding = understand(f"{phrase}, {sign}", open_codes=[])

        assert (understanding.heard, understanding.is_urgent) == (Heard.OPT_OUT, True)

    @pytest.mark.parametrize("word", sorted(OPT_OUT_WORDS))
    def test_is_not_heard_in_an_opt_out_alone(self, word):
        understanding = understand(word, open_codes=[])

        assert (understanding.heard, understanding.is_urgent) == (Heard.OPT_OUT, False)

    @pytest.mark.parametrize("sign", ["cant stop", "won't stop", "does not stop", "never stops"])
    @pytest.mark.parametrize("what", ["the bleeding", "the pain", "it"])
    def test_what_does_not_stop_is_no_opt_out(self, what, sign):
        assert understand(f"{what} {sign}", open_codes=[]).heard is not Heard.OPT_OUT

    @pytest.mark.parametrize(
        "text",
        ["what is your phone number", "I cant come next week", "did ten push ups",
         "can I drive?", "numbers please", "the helpful medicine", "thanks for your help",
         "Your leaflet helped me", "I am pleased, it was helpful", "noticed I pee more at night",
         "waiting outside, passed reception", "my passport ran out",
         "weak tea in the armchair", "dropped at the football", "the skin is peeling, not sore",
         "breathing exercises start shortly", "I painted nonstop", "My code is 9991120",
         "今日は休息します", "息子が迎えに来ます"],
    )  # fmt: skip
    def test_everyday_words_that_begin_alike_alarm_nobody(self, text):
        assert understand(text, open_codes=[]) == Understanding(Heard.UNCLEAR, for_a_person=True)

    @pytest.mark.parametrize(
        "text",
        ["unable to breathe", "struggling to breathe", "cannot pee at all", "my leg is weak",
         "can not wee since this morning", "numbness between my legs", "my left leg is numb",
         "weakness in both legs", "ok but...cant,breathe", "STOP texting, I cant breathe",
         "help me I can't breathe", "helppp meee", "pls help", "helpme", "cantbreathe",
         "thanks for your help but I cant breath", "🩸🩸", "call 999!", "999now", "息ができない",
         "nothing comes out when I pee", "I can hardly breathe", "I passed out",
         "it is weeping, I cannot say how much", "painkillers do not help me"],
    )  # fmt: skip
    def test_signs_of_danger_are_heard_however_they_are_written(self, text):
        assert understand(text, open_codes=YES_OR_NO).is_urgent

    def test_no_sign_is_taken_for_an_everyday_word(self):
        parts = {part for sign in URGENT_SIGNS for part in sign}

        assert not parts & EVERYDAY
        assert {word for word in EVERYDAY if not word.startswith(tuple(parts))} == set()


class TestAnyText:
    @given(st.text(max_size=200))
    def test_is_understood_as_something(self, text):
        understanding = understand(text, open_codes=FIVE)

        assert (understanding.heard is Heard.ANSWER) == bool(understanding.code)

    @given(st.text(max_size=40))
    def test_that_is_not_exact_is_for_a_person(self, text):
        understanding = understand(text, open_codes=FIVE)

        exact = understanding.heard not in (Heard.URGENT, Heard.UNCLEAR)
        assert exact or understanding.for_a_person

    @given(st.text(max_size=40))
    def test_is_compared_in_a_form_that_stays_as_it_is(self, text):
        assert normalised(normalised(text)) == normalised(text)

    @given(st.text(max_size=40), st.lists(st.sampled_from("123456789"), unique=True))
    def test_answers_only_with_a_code_that_was_offered(self, text, codes):
        assert understand(text, open_codes=codes).code in ("", *codes)


ALL_WORDS = (
    OPT_OUT_WORDS | OPT_IN_WORDS | HELP_WORDS | THANKS_WORDS | {*OPT_OUT_PHRASES, *HOLD_PHRASES}
)


def test_every_word_we_listen_for_is_written_as_it_is_compared():
    assert {word for word in ALL_WORDS - URGENT_EMOJI if normalised(word) != word} == set()
