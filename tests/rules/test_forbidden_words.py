import pytest

from reminders.rules.content import ForbiddenWord
from reminders.rules.forbidden_words import found_in


def found(text, word):
    return bool(found_in(text, words=[ForbiddenWord(word, why="wrong")]))


@pytest.mark.parametrize(
    "text",
    [
        "half of the pancreas",
        "PANCREAS!",
        "Pancreas.",
        "(pancreas)",
        "the pancreas's half",
        "pan\u00adcreas",
        "pan\u200bcreas",
        "ｐancreas",
    ],
)
def test_a_word_is_found_in_every_disguise(text):
    assert found(text, "pancreas")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Cured!", "cure"),
        ("it cures", "cure"),
        ("we guaranteed it", "guarantee"),
        ("a Half\nDiscectomy", "half discectomy"),
        ("half-discectomy", "half discectomy"),
        ("semi discectomy", "semi-discectomy"),
        ("semidiscectomy", "semi-discectomy"),
        ("semi‑discectomy", "semi-discectomy"),
        ("symmetrically", "symmetrical"),
        ("What doctors won’t tell you", "doctors won't tell"),
    ],
)
def test_endings_hyphens_and_apostrophes_make_no_difference(text, word):
    assert found(text, word)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("lock it in a secure place", "cure"),
        ("obscure", "cure"),
        ("discuss it", "disc"),
        ("a week", "wee"),
        ("peer support", "pee"),
        ("Sussex", "sex"),
        ("half of the disc", "half discectomy"),
    ],
)
def test_a_part_of_another_word_is_not_found(text, word):
    assert not found(text, word)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("cáncer", "su CANCER"),
        ("cancer", "su cáncer"),
        ("cancer", "c\u0301ancer"),
        ("baño", "el baño"),
    ],
)
def test_an_accent_left_out_or_put_in_hides_nothing(word, text):
    assert found_in(text, words=[ForbiddenWord(word, why="test")])


def test_letters_of_their_own_stay_apart():
    assert not found_in("un año", words=[ForbiddenWord("ano", why="test")])
