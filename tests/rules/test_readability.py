import csv
from pathlib import Path

import pytest

from reminders.pathways.reading import read_pathways
from reminders.rules.readability import (
    NoMeasure,
    crawford,
    flesch_kincaid,
    grade,
    has_measure,
    rix,
)

# Grades of the English texts by another program's syllable rules.
MEASURED = list(
    csv.DictReader(Path(__file__).with_name("lumbar_grades.csv").read_text().splitlines())
)
LUMBAR = next(p for p in read_pathways() if p.key == "lumbar_hemilaminectomy")


@pytest.mark.parametrize("row", MEASURED, ids=[row["key"] for row in MEASURED])
def test_english_agrees_with_an_independent_count(row):
    texts = LUMBAR.step(row["key"]).texts["en"]

    assert grade(texts.email, language="en") == pytest.approx(float(row["email"]), abs=0.35)
    if row["sms"]:  # so short that one syllable moves the grade by half a year
        assert grade(texts.sms, language="en") == pytest.approx(float(row["sms"]), abs=1.8)


def test_english_formula_by_hand():
    words = ["the", "cat", "sat", "on", "the", "mat"]  # 6 words, 6 syllables, 1 sentence

    assert flesch_kincaid(words, 1) == pytest.approx(0.39 * 6 + 11.8 - 15.59)


def test_spanish_formula_by_hand():
    words = ["la", "guía", "dice", "que", "camine", "cada", "hora"]  # 7 words, 13 syllables

    assert crawford(words, 1) == pytest.approx(-0.205 * 100 / 7 + 0.049 * 1300 / 7 - 3.407)


@pytest.mark.parametrize(
    ("ratio", "level"), [(0, 1), (0.2, 2), (0.5, 3), (1.2, 4), (1.8, 6), (2.4, 7), (9, 13)]
)
def test_rix_follows_its_table(ratio, level):
    words = ["hospital"] * int(ratio * 10) + ["walk"] * 10

    assert rix(words, 10) == level


def test_arabic_vowel_signs_do_not_make_a_word_long():
    assert grade("اِمْشِ قَلِيلًا.", language="ar") == grade("امش قليلا.", language="ar")


@pytest.mark.parametrize("language", ["en", "es", "ar", "es-MX"])
def test_harder_words_never_lower_the_grade(language):
    easy = "Go now. Sit up. Eat well."
    hard = "Postoperative mobilisation necessitates considerable perseverance notwithstanding."

    assert grade(hard, language=language) > grade(easy, language=language)


@pytest.mark.parametrize("text", ["", "...", "123 456", "{}"])
def test_a_text_without_words_has_no_grade(text):
    assert grade(text, language="en") == 0.0


def test_a_number_in_the_middle_does_not_end_a_sentence():
    one = grade("Avoid carrying objects above 4.5 kilograms until reviewed.", language="en")
    two = grade("Avoid carrying objects above 4. 5 kilograms until reviewed.", language="en")

    assert one > two


def test_a_language_without_a_measure_says_so():
    assert not has_measure("fi")
    with pytest.raises(NoMeasure):
        grade("Kävele vähän.", language="fi")
