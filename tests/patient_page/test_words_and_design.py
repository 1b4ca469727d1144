"""The words of the pages in each language, and the sheets that they are laid out with."""

import re
from pathlib import Path
from string import Formatter

import pytest

from reminders.patient_page.page_words import PAGE_WORDS
from reminders.patient_page.words import LANGUAGES
from reminders.rules.readability import grade

ROOT = Path(__file__).resolve().parents[2] / "templates"
TEMPLATES = sorted((ROOT / "patient").glob("*.html"))
SHEETS = [ROOT / "static/patient/own.css", ROOT / "static/patient/design/design.css"]
# How a date is written is a format, not words.
FORMATS = {"date", "short_date"}
# The intended purpose, word for word; and a sentence that has to say "emergency" twice.
AGREED = {"purpose", "emergency_missing"}
# Said to whoever reads them for the first time in a hurry.
SENTENCES = {name: text for name, text in PAGE_WORDS["en"].items() if len(text.split()) > 6}


def placeholders(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


class TestTheWords:
    def test_are_there_in_every_language(self):
        assert set(PAGE_WORDS) == set(LANGUAGES)
        assert {frozenset(words) for words in PAGE_WORDS.values()} == {frozenset(PAGE_WORDS["en"])}

    @pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
    def test_have_the_same_holes_in_every_language(self, language):
        differ = {
            name
            for name, text in PAGE_WORDS["en"].items()
            if name not in FORMATS
            and placeholders(text) != placeholders(PAGE_WORDS[language][name])
        }

        assert differ == set()

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_leave_none_empty(self, language):
        assert [name for name, text in PAGE_WORDS[language].items() if not text.strip()] == []

    def test_of_arabic_are_in_arabic(self):
        latin = {
            name
            for name, text in PAGE_WORDS["ar"].items()
            if name not in FORMATS and not re.search("[\u0600-\u06ff]", text)
        }

        assert latin == set()

    def test_are_each_used(self):
        code = "".join(
            path.read_text()
            for path in [*TEMPLATES, *(ROOT.parent / "reminders/patient_page").glob("*.py")]
        )
        made = re.compile(r"^(channels|by|on|off|never|stop|undo|stopped|started)_")
        told = {"before_n", "day_n", "not_confirmed", "no_operation", "waiting"}
        unused = {
            name
            for name in PAGE_WORDS["en"]
            if not re.search(rf"\b{name}\b", code)
            and not made.match(name)
            and name.removesuffix("_text").removesuffix("_title") not in code
            and name not in told | FORMATS
        }

        assert unused == set()

    @pytest.mark.parametrize("name", sorted(SENTENCES.keys() - AGREED))
    def test_are_read_with_ease(self, name):
        text = re.sub(r"\{\w+\}|[\d ]{9,}", " 5 ", SENTENCES[name])

        assert grade(text, language="en") <= 6.0


class TestTheDesign:
    def test_every_part_that_a_template_uses_is_in_the_sheet(self):
        used = {
            name
            for path in TEMPLATES
            for name in re.findall(r"nhsuk-[a-z][\w-]*[\w]", path.read_text())
        }
        sheet = SHEETS[1].read_text() + SHEETS[0].read_text()

        bare = {"nhsuk-form-group", "nhsuk-summary-list__row"}  # need no rule of their own
        missing = {name for name in used - bare if f".{name}" not in sheet}

        assert missing == set()

    @pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
    def test_a_sheet_loads_nothing(self, sheet):
        assert "url(" not in sheet.read_text()
        assert "@import" not in sheet.read_text()

    @pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
    def test_a_sheet_lays_out_by_start_and_end(self, sheet):
        sided = (
            r"(?:margin|padding|border)-(?:left|right)\b",
            r"text-align:\s*(?:left|right)",
            r"[{;]\s*(?:left|right):",
        )

        assert re.findall("|".join(sided), sheet.read_text()) == []

    @pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
    def test_a_page_runs_no_script(self, template):
        assert not re.search(r"<script|\son\w+=|javascript:", template.read_text())
