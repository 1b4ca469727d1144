from dataclasses import replace

import pytest

from reminders.rules.lint import lint, worst_grade
from tests.rules.content_builder import (
    GOOD_TEXTS,
    SETTINGS,
    SOURCES,
    a_pack,
    a_pathway,
    a_step,
    a_step_saying,
    a_welcome,
    found,
    rules,
)


def test_good_content_has_no_findings():
    assert rules(a_step()) == set()


class TestPlaceholders:
    @pytest.mark.parametrize("field", ["sms", "subject", "heading", "email"])
    def test_an_unknown_one_is_found_in_every_field(self, field):
        step = a_step_saying(**{field: "{clinic}: hello {doctor} there"})

        assert ("d1_walk", field, "unknown_placeholder") in found(a_welcome(), step)

    @pytest.mark.parametrize(
        "text", ["{clinic", "clinic}", "{{{clinic}}}", "{}", "{0}", "{clinic.x}", "{clinic:>9}"]
    )
    def test_a_brace_that_is_no_placeholder_is_found(self, text):
        assert "stray_brace" in rules(a_step_saying(email=f"Walk {text} a bit."))

    @pytest.mark.parametrize(
        "text",
        ["{{ clinic }}", "{{ name", "{% debug %}", "${clinic}", "<%= clinic %>", "#{clinic}",
         "((clinic))", "{# note #}"],
    )  # fmt: skip
    def test_the_syntax_of_another_program_is_found(self, text):
        assert "template_syntax" in rules(a_step_saying(email=f"Walk {text} a bit."))

    def test_the_link_stands_once(self):
        assert "repeated_link" in rules(a_step_saying(email="See {link} or {link} today."))

    def test_what_the_step_must_have_is_missed(self):
        step = replace(a_step(), must_have=("lift_limit",))

        assert found(a_welcome(), step) == {
            ("d1_walk", "sms", "missing_placeholder"),
            ("d1_walk", "email", "missing_placeholder"),
        }

    def test_a_value_that_the_clinic_has_not_entered_is_found(self):
        settings = replace(SETTINGS, longest_values={**SETTINGS.longest_values, "clinic": ""})

        assert "unfilled_placeholder" in rules(a_step(), settings=settings)


class TestLength:
    def test_one_part_when_filled_with_long_values(self):
        filled = len("Harbourside Care: ")
        fits, too_long = "a" * (160 - filled), "a" * (161 - filled)

        assert "sms_parts" not in rules(a_step_saying(sms="{clinic}: " + fits))
        assert "sms_parts" in rules(a_step_saying(sms="{clinic}: " + too_long))

    def test_six_parts_are_the_end_for_any_language(self):
        arabic = a_step(texts={"ar": replace(GOOD_TEXTS, sms="ا" * 919)})
        findings = found(arabic, packs=(a_pack("ar"),))

        assert ("d1_walk", "sms", "too_long") in findings

    def test_a_language_outside_gsm7_may_have_three_parts(self):
        fits = a_step(texts={"ar": replace(GOOD_TEXTS, sms="ا" * 201)})
        too_long = a_step(texts={"ar": replace(GOOD_TEXTS, sms="ا" * 202)})

        assert ("d1_walk", "sms", "sms_parts") not in found(fits, packs=(a_pack("ar"),))
        assert ("d1_walk", "sms", "sms_parts") in found(too_long, packs=(a_pack("ar"),))

    @pytest.mark.parametrize("character", ["’", "—", "°", "…"])
    def test_a_character_outside_gsm7_is_found_in_a_text(self, character):
        assert "gsm7" in rules(a_step_saying(sms=f"Do not{character} drive."))
        assert "gsm7" not in rules(a_step_saying(email=f"Do not{character} drive."))

    def test_a_first_name_in_a_text_is_found_because_names_leave_gsm7(self):
        assert "gsm7" in rules(a_step_saying(sms="Hello {first_name}."))

    @pytest.mark.parametrize("text", ["a" * 1_000_000, "{clinic}" * 10_000, "{" * 100_000])
    def test_a_monstrous_text_yields_one_finding(self, text):
        assert rules(a_step_saying(email=text)) == {"too_long"}

    @pytest.mark.parametrize("field", ["subject", "heading"])
    def test_a_subject_is_one_short_line_with_words(self, field):
        assert "one_line" in rules(a_step_saying(**{field: "Hello\nBcc: you"}))
        assert "too_long" in rules(a_step_saying(**{field: "a" * 121}))
        assert "only_placeholders" in rules(a_step_saying(**{field: "{clinic} {date}"}))


class TestWords:
    @pytest.mark.parametrize("field", ["sms", "sms_detailed", "subject", "heading", "email"])
    def test_the_pancreas_is_found_in_every_field(self, field):
        step = a_step_saying(**{field: "Half of the Pancreas."})

        assert ("d1_walk", field, "blocklist") in found(a_welcome(), step)

    @pytest.mark.parametrize("field", ["sms", "subject"])
    def test_a_lock_screen_shows_no_part_of_the_body(self, field):
        assert "private_word" in rules(a_step_saying(**{field: "{clinic}: your spine."}))

    @pytest.mark.parametrize("field", ["sms_detailed", "heading", "email"])
    def test_inside_the_mail_and_with_consent_it_may_be_named(self, field):
        assert "private_word" not in rules(a_step_saying(**{field: "{clinic}: your spine."}))

    def test_grade_six_is_the_highest(self):
        hard = "Postoperative mobilisation necessitates considerable perseverance."

        assert "reading_grade" in rules(a_step_saying(email=hard))

    def test_a_language_without_a_measure_is_found(self):
        finnish = a_step(texts={"fi": GOOD_TEXTS})

        assert ("d1_walk", "sms", "no_measure") in found(finnish, packs=(a_pack("fi"),))

    def test_a_language_without_word_lists_is_found(self):
        assert ("", "", "no_word_list") in found(a_step(), packs=(a_pack("fi"),))

    @pytest.mark.parametrize("link", ["https://bit.ly/x", "bit.ly/x", "TinyURL.com/abc"])
    def test_a_shortener_is_found(self, link):
        assert "shortener" in rules(a_step_saying(email=f"See {link} now."))

    def test_only_the_clinics_own_address_may_stand_in_a_text(self):
        own = replace(SETTINGS, own_hosts=frozenset({"care.example.org"}))
        text = "See https://care.example.org/help now."

        assert "web_address" in rules(a_step_saying(email=text))
        assert "web_address" not in rules(a_step_saying(email=text), settings=own)
        assert "web_address" in rules(
            a_step_saying(email="See https://care.example.org.evil.example now."), settings=own
        )

    @pytest.mark.parametrize(
        "text", ['<a href="x">y</a>', "<script>", "</p>", "<!-- x -->", "javascript:alert(1)"]
    )
    def test_markup_is_found(self, text):
        assert "markup" in rules(a_step_saying(email=f"Walk {text} now."))

    def test_a_less_than_sign_between_numbers_is_not_markup(self):
        assert "markup" not in rules(a_step_saying(email="Is your pain < 3 now?"))

    @pytest.mark.parametrize("character", ["\u202e", "\u200b", "\x00", "\x1b", "\ufeff"])
    def test_an_invisible_character_is_found(self, character):
        assert "invisible_character" in rules(a_step_saying(email=f"Do not{character} drive."))


def test_findings_keep_their_order_from_run_to_run():
    pathway = a_pathway(a_step_saying(sms="{x} {y} pancreas spine"), a_step(key="b", sources=()))

    first = lint(pathway, sources=SOURCES, settings=SETTINGS)

    assert first == lint(pathway, sources=SOURCES, settings=SETTINGS)


def test_the_worst_grade_is_that_of_the_hardest_text():
    hard = a_step_saying(email="Postoperative mobilisation necessitates perseverance.")

    assert worst_grade([a_pathway(a_step(), hard)]) > worst_grade([a_pathway(a_step())])
    assert worst_grade([]) == 0.0
