"""The panel's Spanish is whole: what is marked is said, with each place that is filled in."""

import re
from collections import Counter

import pytest
from django.conf import settings
from django.utils.translation import override, trans_real

from tests.catalogs.reading import ROOMS, catalog_of, marked, messages_of, said_in

PLACES = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]|</?\w+[^>]*>")
FORMS = 3  # one, whole millions, all others: as in Django's own catalog

WHAT_TO_DO = "run `make words`, translate what is empty, and run it again"


@pytest.mark.parametrize("room", ROOMS)
class TestACatalog:
    def test_is_compiled_as_it_is_written(self, room):
        written = said_in(catalog_of(room))
        compiled = said_in(catalog_of(room, "mo"))

        assert compiled == written, "run `make words-compiled`"

    def test_says_everything_and_guesses_nothing(self, room):
        empty = [m.id for m in messages_of(catalog_of(room)) if not all(_forms(m.string))]
        guessed = [m.id for m in messages_of(catalog_of(room)) if m.fuzzy]

        assert (empty, guessed) == ([], [])

    def test_keeps_each_place_that_is_filled_in(self, room):
        for message in messages_of(catalog_of(room)):
            asked = [Counter(PLACES.findall(text)) for text in _forms(message.id)]
            for form in _forms(message.string):
                assert Counter(PLACES.findall(form)) in asked, message.id

    def test_has_each_plural_in_all_its_forms(self, room):
        catalog = catalog_of(room)
        plurals = [m for m in catalog if isinstance(m.id, tuple)]

        assert catalog.num_plurals == FORMS
        assert [m.id for m in plurals if len(m.string) != FORMS] == []
        # the last is said of 2 and of 2,000: it needs the number wherever the English has it
        for message in plurals:
            assert set(PLACES.findall(message.id[1])) == set(PLACES.findall(message.string[2]))

    def test_begins_and_ends_as_the_english_does(self, room):
        """A sentence stays one, and what is glued to something keeps its spaces."""
        for message in messages_of(catalog_of(room)):
            for text, said in zip(_forms(message.id), _forms(message.string), strict=False):
                if not text.endswith("..."):
                    assert (text[0].isspace(), text[-1].isspace(), text[-1] == ".") == (
                        said[0].isspace(), said[-1].isspace(), said[-1] == "."
                    ), text  # fmt: skip


def test_each_marked_word_of_code_and_templates_is_in_a_catalog():
    known = {key for room in ROOMS for key in said_in(catalog_of(room))}
    known |= {(context, text[0]) for context, text in known if isinstance(text, tuple)}

    strange = {(file, text) for file, context, text in marked() if (context, text) not in known}

    assert strange == set(), WHAT_TO_DO


def test_both_rooms_say_the_same_for_the_same():
    ours, theirs = (said_in(catalog_of(room)) for room in ROOMS)

    assert {key: ours[key] for key in ours if ours[key] != theirs.get(key, ours[key])} == {}


def test_no_word_stands_that_the_glossary_forbids():
    rows = re.findall(r"^\| .+ \| .+ \| (.+) \|$", _glossary(), flags=re.MULTILINE)[2:]
    forbidden = [word.strip() for row in rows for word in row.split(",") if word.strip() != "-"]
    assert len(forbidden) > 10
    pattern = re.compile(rf"\b({'|'.join(forbidden)})\b", flags=re.IGNORECASE)

    said = [
        form for room in ROOMS for m in messages_of(catalog_of(room)) for form in _forms(m.string)
    ]
    texts = [re.sub(r"<code>.*?</code>", "", text) for text in said]

    assert [text for text in texts if pattern.search(text)] == []


def test_django_speaks_these_catalogs():
    with override("es"):
        assert trans_real.gettext("Whom to call first") == "A quién llamar primero"
        assert (
            trans_real.ngettext("%(number)s more alert", "%(number)s more alerts", 2)
            % {"number": 2}
            == "2 avisos más"
        )


def _glossary():
    return (settings.BASE_DIR / "docs" / "spanish-panel.md").read_text()


def _forms(text):
    return text if isinstance(text, tuple | list) else (text,)
