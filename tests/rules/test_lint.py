from dataclasses import replace

import pytest

from reminders.rules.content import (
    Anchor,
    Category,
    Channel,
    Privacy,
    RestrictionContent,
)
from reminders.rules.lint import Severity, lint, worst_grade
from tests.rules.content_builder import (
    GOOD_TEXTS,
    SETTINGS,
    SOURCES,
    a_pack,
    a_pathway,
    a_step,
    a_step_saying,
    a_welcome,
)

ENGLISH = (a_pack(),)


def found(*steps, settings=SETTINGS, packs=ENGLISH):
    findings = lint(a_pathway(*steps, packs=packs), sources=SOURCES, settings=settings)
    return {(f.step, f.field, f.rule) for f in findings if f.severity is Severity.BLOCKS}


def rules(*steps, **options):
    return {rule for _, _, rule in found(a_welcome(), *steps, **options)}


def notes(*steps, **options):
    findings = lint(a_pathway(a_welcome(), *steps), sources=SOURCES, settings=SETTINGS)
    return {f.rule for f in findings if f.severity is Severity.NOTE}


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


class TestWhatIsDue:
    def test_the_first_message_says_how_to_stop(self):
        silent = a_welcome(
            texts={"en": replace(GOOD_TEXTS, sms="Emergency: {emergency}", email="{emergency} now")}
        )

        assert ("welcome", "sms", "missing_opt_out") in found(silent)

    def test_a_pathway_without_a_first_message_is_found(self):
        assert ("", "", "missing_opt_out") in found(a_step())

    def test_the_first_message_carries_the_emergency_number(self):
        silent = a_welcome(texts={"en": replace(GOOD_TEXTS, sms="Text STOP.", email="Text STOP.")})

        assert ("welcome", "sms", "missing_emergency") in found(silent)

    @pytest.mark.parametrize(
        ("category", "field", "text", "complains"),
        [
            (Category.CHECK_IN, "sms", "How are you? {urgent}", True),
            (Category.CHECK_IN, "sms", "How are you? {emergency}", False),
            (Category.WARNING_SIGNS, "sms", "Hot calf? Call {phone}", True),
            (Category.WARNING_SIGNS, "sms", "Hot calf? Call {urgent}", False),
            (Category.WARNING_SIGNS, "email", "Hot calf? Call {urgent}", True),
            (Category.WARNING_SIGNS, "email", "Hot calf? Call {emergency}", False),
            (Category.PHYSIO, "email", "Walk.", False),
        ],
    )
    def test_what_names_symptoms_names_the_way_to_help(self, category, field, text, complains):
        step = replace(a_step_saying(**{field: text}), category=category)

        missed = (step.key, field, "missing_emergency") in found(a_welcome(), step)

        assert missed is complains

    @pytest.mark.parametrize("field", ["sms", "subject", "heading", "email"])
    def test_an_empty_text_of_a_channel_is_found(self, field):
        assert "missing_text" in rules(a_step_saying(**{field: ""}))

    def test_an_email_step_needs_no_sms(self):
        step = replace(a_step_saying(sms=""), channels=(Channel.EMAIL,))

        assert rules(step) == set()

    def test_a_missing_language_is_found(self):
        packs = (a_pack("en"), a_pack("es"))

        assert ("d1_walk", "", "missing_language") in found(a_welcome(), a_step(), packs=packs)

    def test_a_pack_that_says_it_is_incomplete_only_gets_a_note(self):
        packs = (a_pack("en"), a_pack("ar", complete=False))
        settings = replace(
            SETTINGS,
            blocklist=dict.fromkeys(("en", "ar"), SETTINGS.blocklist["en"]),
            private_words=dict.fromkeys(("en", "ar"), SETTINGS.private_words["en"]),
        )

        assert rules(a_step(), packs=packs, settings=settings) == set()

    def test_a_pathway_without_any_words_is_found(self):
        assert ("d1_walk", "", "missing_language") in found(a_step(texts={}), packs=())

    def test_private_steps_do_not_go_by_text(self):
        assert "private_by_sms" in rules(a_step(privacy=Privacy.PRIVATE))

    def test_a_fact_that_nobody_can_record_is_found(self):
        assert "unknown_fact" in rules(a_step(requires=(("smokr",),)))
        assert "unknown_fact" in rules(a_step(excludes=("smokr",)))
        assert "unknown_fact" not in rules(a_step(requires=(("smoker",),)))


class TestSources:
    @pytest.mark.parametrize("sources", [(), ("NOWHERE",), ("GOOD", "NOWHERE")])
    def test_a_missing_source_is_found(self, sources):
        assert "missing_source" in rules(a_step(sources=sources))

    def test_general_knowledge_alone_is_a_note_for_the_reviewer(self):
        assert "general_knowledge" in notes(a_step(sources=("GK",)))
        assert rules(a_step(sources=("GK",))) == set()

    def test_weak_sources_alone_are_a_note(self):
        assert "weak_source" in notes(a_step(sources=("WEAK", "GK")))
        assert "weak_source" not in notes(a_step(sources=("WEAK", "GOOD")))


class TestPlan:
    def test_three_texts_on_one_day_are_too_many_for_everybody(self):
        steps = [a_step(key=f"s{n}") for n in range(3)]

        assert rules(*steps[:2]) == set()
        assert "texts_a_day" in rules(*steps)

    def test_repeats_count_on_each_of_their_days(self):
        repeated = [a_step(key=f"r{n}", repeat_days=(1, 9), day_to=9) for n in range(2)]

        assert "texts_a_day" in rules(*repeated, a_step(key="late", day_from=9, day_to=9))

    def test_three_texts_when_a_fact_holds_are_a_note(self):
        steps = [a_step(key=f"s{n}") for n in range(2)]
        extra = a_step(key="extra", requires=(("durotomy",),))

        assert "texts_a_day" in notes(*steps, extra)
        assert rules(*steps, extra) == set()

    def test_emails_are_not_counted(self):
        steps = [a_step(key=f"s{n}", channels=(Channel.EMAIL,)) for n in range(5)]

        assert rules(*steps) == set()


class TestContradiction:
    LIMIT = RestrictionContent("drive", activity="Driving", day_from=0, day_to=14)

    @pytest.mark.parametrize(("day", "complains"), [(13, True), (14, False), (15, False)])
    def test_no_message_permits_what_is_still_limited(self, day, complains):
        settings = replace(SETTINGS, restrictions={"drive": self.LIMIT})
        step = a_step(day_from=day, day_to=20, permits=("drive",))

        assert ("contradiction" in rules(step, settings=settings)) is complains

    def test_a_limit_without_an_end_is_never_lifted_by_a_message(self):
        settings = replace(SETTINGS, restrictions={"drive": replace(self.LIMIT, day_to=None)})

        assert "contradiction" in rules(
            a_step(day_from=300, day_to=300, permits=("drive",)), settings=settings
        )

    def test_days_from_another_anchor_cannot_be_compared(self):
        settings = replace(SETTINGS, restrictions={"drive": self.LIMIT})
        step = a_step(anchor=Anchor.APPOINTMENT, permits=("drive",))

        assert "contradiction" not in rules(step, settings=settings)


def test_findings_keep_their_order_from_run_to_run():
    pathway = a_pathway(a_step_saying(sms="{x} {y} pancreas spine"), a_step(key="b", sources=()))

    first = lint(pathway, sources=SOURCES, settings=SETTINGS)

    assert first == lint(pathway, sources=SOURCES, settings=SETTINGS)


def test_the_worst_grade_is_that_of_the_hardest_text():
    hard = a_step_saying(email="Postoperative mobilisation necessitates perseverance.")

    assert worst_grade([a_pathway(a_step(), hard)]) > worst_grade([a_pathway(a_step())])
    assert worst_grade([]) == 0.0
