"""The layout of the list changes no word of what was signed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders.pathways.reading import read_pathways
from reminders.patient_page.warning_signs import AREAS, laid_out

SHIPPED = [
    (step.key, words.email)
    for pathway in read_pathways()
    for step in pathway.steps
    if step.key in AREAS
    for words in step.texts.values()
]


def all_words(parts):
    return " ".join(f"{part.opening} {' '.join(part.signs)}" for part in parts).split()


@pytest.mark.parametrize(("key", "text"), SHIPPED)
def test_the_lists_that_ship_are_laid_out_by_urgency(key, text):
    parts = laid_out(text)

    emergency, same_day = parts
    assert "{emergency}" in emergency.opening
    assert "{urgent}" in same_day.opening
    assert all(len(part.signs) >= 5 for part in parts)
    assert all_words(parts) == text.split()


@given(st.text(alphabet="Aab ,.:!?\n{}É", max_size=80))
def test_no_word_is_lost_added_or_moved(text):
    assert all_words(laid_out(text)) == text.split()


def test_a_text_without_openings_is_a_list_of_its_sentences():
    [part] = laid_out("Call us. We are here.")

    assert (part.opening, part.signs) == ("", ("Call us.", "We are here."))


def test_letters_with_accents_can_open_a_part():
    [part] = laid_out("ATENCIÓN, llame al 112: no puede orinar. Debilidad.")

    assert part.opening == "ATENCIÓN, llame al 112:"
    assert part.signs == ("no puede orinar.", "Debilidad.")
