from dataclasses import replace

import pytest

from reminders.rules.content import (
    Anchor,
    Category,
    Channel,
    Privacy,
    Region,
    RestrictionContent,
    RestrictionKind,
)
from reminders.rules.lint import Severity, lint
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
    notes,
    rules,
)


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

    def test_a_fact_that_the_pathway_is_for_counts_as_everybodys(self):
        steps = [a_step(key=f"s{n}", requires=(("fusion",),)) for n in range(3)]
        pathway = replace(a_pathway(a_welcome(), *steps), requires=(("fusion",),))

        findings = lint(pathway, sources=SOURCES, settings=SETTINGS)

        assert {(f.rule, f.severity) for f in findings} == {("texts_a_day", Severity.BLOCKS)}

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

    @pytest.mark.parametrize(("day", "complains"), [(27, True), (28, False), (60, False)])
    def test_a_start_is_not_permitted_before_its_first_day(self, day, complains):
        start = replace(self.LIMIT, kind=RestrictionKind.START, day_from=28, day_to=42)
        settings = replace(SETTINGS, restrictions={"drive": start})
        step = a_step(day_from=day, day_to=day, permits=("drive",))

        assert ("contradiction" in rules(step, settings=settings)) is complains

    def test_advice_holds_nothing_back(self):
        advice = replace(self.LIMIT, kind=RestrictionKind.ADVICE, day_to=None)
        settings = replace(SETTINGS, restrictions={"drive": advice})

        assert rules(a_step(permits=("drive",)), settings=settings) == set()

    def test_a_rule_that_is_not_in_the_calendar_is_found(self):
        assert "unknown_restriction" in rules(a_step(permits=("drive",)))
        assert "unknown_restriction" in rules(a_step(restrictions=("drive",)))

    def test_a_rule_of_another_region_is_found(self):
        neck = replace(self.LIMIT, regions=(Region.CERVICAL,))
        settings = replace(SETTINGS, restrictions={"drive": neck})

        assert "unknown_restriction" in rules(a_step(restrictions=("drive",)), settings=settings)

    def test_days_from_another_anchor_cannot_be_compared(self):
        settings = replace(SETTINGS, restrictions={"drive": self.LIMIT})
        step = a_step(anchor=Anchor.APPOINTMENT, permits=("drive",))

        assert "contradiction" not in rules(step, settings=settings)


class TestQuestions:
    def test_a_question_that_is_nowhere_written_is_found(self):
        settings = replace(SETTINGS, questions=frozenset({"pain_limb"}))

        step = a_step(questions=("pain_limb", "weather"))

        assert ("d1_walk", "", "unknown_question") in found(a_welcome(), step, settings=settings)

    def test_a_question_of_the_check_in_is_none(self):
        settings = replace(SETTINGS, questions=frozenset({"pain_limb"}))

        assert rules(a_step(questions=("pain_limb",)), settings=settings) == set()
