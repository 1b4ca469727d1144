"""The page that says which pathway shares what with which."""

from pathlib import Path

from reminders.pathways.composition import as_markdown, compositions
from tests.pathways.shipped import PATHWAYS

DOCUMENT = Path(__file__).parents[2] / "docs/content/composition.md"
BY_KEY = {one.pathway.key: one for one in compositions(list(PATHWAYS.values()))}


def test_the_page_is_what_the_pathways_are():
    advice = "Write it anew from manage.py lint_content --composition"

    assert DOCUMENT.read_text() == as_markdown(list(PATHWAYS.values())), advice


def test_every_step_of_both_pathways_is_accounted_for_once():
    for one in BY_KEY.values():
        ours = [*one.shared, *one.changed, *one.own]
        theirs = [*one.shared, *one.changed, *one.left_out]

        assert sorted(ours) == sorted(step.key for step in one.pathway.steps)
        assert sorted(theirs) == sorted(step.key for step in one.base.steps)


def test_most_steps_are_shared_and_not_copied():
    for one in BY_KEY.values():
        assert len(one.shared) > len(one.pathway.steps) / 2


def test_it_tells_what_is_changed_from_what_replaces():
    fusion = BY_KEY["lumbar_laminectomy_fusion"]

    assert "d15_desk_work" in fusion.changed
    assert "fu_driving" in fusion.own
    assert "d14_driving" in fusion.left_out
