from dataclasses import replace

from reminders.rules.lint_figures import figures
from tests.rules.content_builder import SETTINGS, a_pathway, a_step, a_step_saying, a_welcome


def test_steps_are_counted_by_category_and_by_whom_they_are_for():
    found = figures(a_pathway(a_welcome(), a_step()), base=None, settings=SETTINGS)

    assert (found.steps, found.for_staff, found.own) == ({"physio": 2}, 0, 2)
    assert found.messages_said == {"en": 2}


def test_general_knowledge_is_no_source():
    steps = (a_step(sources=("GK",)), a_step(key="b", sources=("GOOD", "WEAK", "GK")))

    found = figures(a_pathway(*steps), base=None, settings=SETTINGS)

    assert (found.sources_a_step, found.fewest_sources, found.on_general_knowledge) == (1.0, 0, 2)


def test_a_text_in_two_parts_lowers_the_share_in_one():
    long = replace(a_step_saying(sms="a" * 161), key="long")

    found = figures(a_pathway(a_step(), long), base=None, settings=SETTINGS)

    assert found.one_part == {"en": 50.0}


def test_what_is_shared_with_the_base_is_not_its_own():
    base = a_pathway(a_welcome(), a_step())
    changed = a_pathway(a_welcome(procedures=("laminectomy",)), a_step(day_to=9))

    assert figures(changed, base=base, settings=SETTINGS).own == 1
