"""What replies mean. The row numbers are those of the clinic's list of bad inputs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders.rules.triage import (
    HELP_WORDS,
    OPT_IN_WORDS,
    OPT_OUT_PHRASES,
    OPT_OUT_WORDS,
    THANKS_WORDS,
    URGENT_EMOJI,
    Heard,
    normalised,
    understand,
)

FIVE = ["1", "2", "3", "4", "5"]
YES_OR_NO = ["Y", "N"]


def heard(text, codes=()):
    return understand(text, open_codes=codes).heard


class TestOptOut:
    @pytest.mark.parametrize(
        "text",
        # R01, R02, R04, R05
        ["STOP", "stop", "Stop.", '"STOP"', " stop ", "ＳＴＯＰ", "STOP\u200b", "stop\n", "stop!!!",
         "Stopp", "stpo", "STOPPPP", "UNSUBSCRIBE", "cancel", "END", "quit", "revoke", "opt out",
         "optout", "STOPALL", "no más", "توقف"],
    )  # fmt: skip
    def test_of_one_word_is_obeyed_and_needs_nobody(self, text):
        understanding = understand(text, open_codes=FIVE)

        assert understanding.heard is Heard.OPT_OUT
        assert not understanding.for_a_person
        assert not understanding.is_urgent

    @pytest.mark.parametrize(
        "text",
        # R07
        ["please stop texting me", "take me off this list", "wrong number", "Don't text me!"],
    )
    def test_in_other_words_is_obeyed_and_read_by_a_person(self, text):
        understanding = understand(text, open_codes=[])

        assert (understanding.heard, understanding.for_a_person) == (Heard.OPT_OUT, True)

    @pytest.mark.parametrize(
        "text",
        # R08, R11
        ["cancel my appointment", "don't stop these please", "how do I stop these cramps",
         "when can I stop the tablets", "do not stop these texts", "never stop texting me",
         "stopping by on Friday", "top", "shop"],
    )  # fmt: skip
    def test_is_not_heard_in_what_only_sounds_like_it(self, text):
        assert heard(text) is Heard.UNCLEAR

    def test_is_not_heard_in_a_tap_back_that_quotes_it(self):  # R20
        assert heard('Liked "Reply STOP to end"') is Heard.TAP_BACK

    @pytest.mark.parametrize(
        "text", ["stop texting me I cant breathe", "wrong number, but my legs are numb"]
    )
    def test_with_a_sign_of_danger_is_obeyed_and_urgent(self, text):
        understanding = understand(text, open_codes=[])

        assert understanding.heard is Heard.OPT_OUT
        assert understanding.is_urgent
        assert understanding.for_a_person


class TestUrgent:
    @pytest.mark.parametrize(
        "text",
        # R10, R11, R19, R38, R40, R41, R44
        [
            "STOP BLEEDING?", "cant stop being sick", "non-stop pain",
            "HELP ME", "please help",
            "🤢", "🩸", "🆘",
            "cant breath", "chest hurts", "passing out",
            "me duele el pecho", "je n'arrive pas à respirer", "胸が痛い", "لا أستطيع التنفس",
            "pus coming from wound lol",
            "pain (chest)", "dizzy...chest/arm hurts", "ok but...cant,breathe",
            "I can not breathe", "unable to breathe", "struggling to breathe",
            "I can't pee", "cannot pee at all", "can not wee since this morning",
            "numbness between my legs", "my left leg is numb", "weakness in both legs",
            "my leg is weak", "call 999?",
        ],
    )  # fmt: skip
    def test_signs_of_danger_are_heard_however_they_are_written(self, text):
        understanding = understand(text, open_codes=YES_OR_NO)

        assert understanding.heard is Heard.URGENT
        assert understanding.is_urgent
        assert understanding.for_a_person

    @pytest.mark.parametrize(
        "text",
        ["what is your phone number", "not my number", "I cant come next week",  # R47
         "did ten push ups", "can I drive?", "temp 36.8", "my husband has died"],  # R43, R46
    )  # fmt: skip
    def test_everyday_words_that_begin_alike_alarm_nobody(self, text):
        understanding = understand(text, open_codes=[])

        assert (understanding.heard, understanding.for_a_person) == (Heard.UNCLEAR, True)
        assert not understanding.is_urgent

    @given(
        sign=st.sampled_from(["chest pain", "cant breathe", "my foot is numb", "bleeding", "🆘"]),
        before=st.text(max_size=30),
        after=st.text(max_size=30),
    )
    def test_is_never_lowered_by_the_words_around_it(self, sign, before, after):
        understanding = understand(f"{before} {sign} {after}", open_codes=YES_OR_NO)

        assert understanding.is_urgent or understanding.heard is Heard.TAP_BACK


class TestAnswers:
    @pytest.mark.parametrize(
        "text",
        # R22, R23, R25
        ["2", "2.", "2!", " 2 ", "(2)", "#2", "٢", "２", "②", "2️⃣"],
    )
    def test_a_number_is_heard_in_any_script_and_dress(self, text):
        understanding = understand(text, open_codes=FIVE)

        assert (understanding.heard, understanding.code) == (Heard.ANSWER, "2")

    @pytest.mark.parametrize(
        "text",
        # R26, R28, R29
        [
            "2/5",
            "2 out of 5",
            "22",
            "0",
            "-1",
            "- 1",
            "6",
            "1e1",
            "2.5",
            "l",
            "I",
            "O",
            "to",
            "too",
            "for",
        ],
    )
    def test_what_is_not_exact_is_for_a_person(self, text):
        understanding = understand(text, open_codes=FIVE)

        assert (understanding.heard, understanding.for_a_person) == (Heard.UNCLEAR, True)

    def test_without_an_open_question_no_number_is_an_answer(self):  # R31
        assert heard("2", codes=[]) is Heard.UNCLEAR

    @pytest.mark.parametrize("text", ["yes", "Y", "yep", "oui", "sí", "si"])  # R34
    def test_yes_in_the_patients_words(self, text):
        assert understand(text, open_codes=YES_OR_NO).code == "Y"

    @pytest.mark.parametrize("text", ["no", "N", "nope", "لا"])
    def test_no_in_the_patients_words(self, text):
        assert understand(text, open_codes=YES_OR_NO).code == "N"

    @pytest.mark.parametrize("text", ["yeah no", "yes but no", "👎", "😀"])  # R35, R38
    def test_a_yes_that_is_none_is_for_a_person(self, text):
        assert heard(text, codes=YES_OR_NO) is Heard.UNCLEAR

    def test_a_yes_is_no_answer_to_a_question_of_numbers(self):
        assert heard("yes", codes=FIVE) is Heard.UNCLEAR

    def test_yes_does_not_opt_anybody_in(self):  # R17
        assert heard("YES") is Heard.UNCLEAR


class TestOtherWords:
    @pytest.mark.parametrize("text", ["START", "unstop", "Start."])  # R16
    def test_start(self, text):
        assert heard(text) is Heard.OPT_IN

    @pytest.mark.parametrize("text", ["HELP", "info", "help?"])
    def test_help_alone_asks_for_our_numbers(self, text):
        assert heard(text) is Heard.HELP

    @pytest.mark.parametrize("text", ["ok", "k", "thanks", "👍", "Thank you!"])  # R37
    def test_thanks_are_no_answer(self, text):
        assert heard(text, codes=YES_OR_NO) is Heard.THANKS

    def test_a_machines_answer_is_dropped(self):  # R55
        understanding = understand("I'm driving — sent automatically", open_codes=[])

        assert (understanding.heard, understanding.for_a_person) == (Heard.AUTOMATIC, False)

    @pytest.mark.parametrize(
        "text", ["", "   ", ".", "\x00\x01", "http://evil.example"]
    )  # R49, R53
    def test_what_says_nothing_is_for_a_person(self, text):
        understanding = understand(text, open_codes=FIVE)

        assert (understanding.heard, understanding.for_a_person) == (Heard.UNCLEAR, True)


ALL_WORDS = OPT_OUT_WORDS | OPT_IN_WORDS | HELP_WORDS | THANKS_WORDS | {*OPT_OUT_PHRASES}


def test_every_word_we_listen_for_is_written_as_it_is_compared():
    assert {word for word in ALL_WORDS - URGENT_EMOJI if normalised(word) != word} == set()


@given(st.text(max_size=200))
def test_any_text_at_all_is_understood_as_something(text):
    understanding = understand(text, open_codes=FIVE)

    assert (understanding.heard is Heard.ANSWER) == bool(understanding.code)
