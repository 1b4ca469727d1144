"""What a new version says otherwise, word by word."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from reminders.rules.content import RestrictionContent
from reminders.rules.version_difference import Mark, difference, word_changes
from tests.rules.content_builder import a_pack, a_pathway, a_step, a_step_saying, a_welcome


def test_equal_versions_differ_in_nothing():
    assert difference(a_pathway(a_step()), a_pathway(a_step())).is_empty


def test_steps_come_and_go_by_their_keys():
    found = difference(a_pathway(a_welcome(), a_step()), a_pathway(a_welcome(), a_step(key="new")))

    assert [step.key for step in found.added] == ["new"]
    assert [step.key for step in found.dropped] == ["d1_walk"]
    assert found.changed == ()


def test_a_changed_word_and_a_changed_day_are_named():
    new = replace(a_step_saying(heading="Walk a lot"), day_to=5)

    [change] = difference(a_pathway(a_step()), a_pathway(new)).changed

    assert [(one.name, one.old, one.new) for one in change.settings] == [("day_to", "3", "5")]
    [text] = change.texts
    assert [(piece.mark, piece.text) for piece in text.pieces] == [
        (Mark.SAME, "Walk a "), (Mark.DROPPED, "little"), (Mark.ADDED, "lot"),
    ]  # fmt: skip


def test_a_new_language_is_all_added():
    both = a_step(texts={**a_step().texts, "es": a_step().texts["en"]})

    found = difference(a_pathway(a_step()), a_pathway(both, packs=(a_pack(), a_pack("es"))))

    assert {text.language for text in found.changed[0].texts} == {"es"}
    assert found.head[0].name == "packs"


DRIVE = RestrictionContent(
    "drive", activity="Driving", day_from=0, day_to=14, rule={"en": "Not before day {day}."}
)


class TestActivities:
    def compared(self, old, new):
        return difference(*(replace(a_pathway(a_step()), calendar=rules) for rules in (old, new)))

    def test_that_are_the_same_are_no_difference(self):
        assert self.compared((DRIVE,), (DRIVE,)).is_empty

    def test_come_and_go(self):
        swim = replace(DRIVE, key="swim")

        changes = self.compared((DRIVE,), (swim,)).activities

        assert [(one.key, one.mark) for one in changes] == [
            ("swim", Mark.ADDED), ("drive", Mark.DROPPED),
        ]  # fmt: skip

    def test_that_changed_name_the_day_and_the_words(self):
        new = replace(DRIVE, day_to=21, rule={"en": "Not till day {day}."})

        found = self.compared((DRIVE,), (new,))

        [change] = found.activities
        assert not found.is_empty
        assert [(one.name, one.old, one.new) for one in change.settings] == [("day_to", "14", "21")]
        assert [piece.text for piece in change.words[0].pieces if piece.mark is Mark.ADDED] == [
            "till"
        ]


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_pieces_give_back_both_texts(old, new):
    pieces = word_changes(old, new)

    assert "".join(p.text for p in pieces if p.mark is not Mark.ADDED) == old
    assert "".join(p.text for p in pieces if p.mark is not Mark.DROPPED) == new
