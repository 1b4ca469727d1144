"""What shipped pathways say to staff is said in Spanish too; a clinic's own words are not."""

import pytest
from django.utils.translation import override

from reminders.flow.calendar import shipped_rules
from reminders.pathways.reading import read_pathways
from reminders.pathways.symptom_check import read_symptom_check
from reminders.pathways.word_lists import read_blocklists, read_private_words
from reminders.staff.kept_words import kept_said
from reminders.staff.shipped_words import CONTEXT, shipped_said
from tests.catalogs.reading import catalog_of, said_in


def titles():
    for pathway in read_pathways():
        yield pathway.title
        yield from (step.intent for step in pathway.steps)


def tasks():
    for pathway in read_pathways():
        yield from (step.staff_action for step in pathway.steps)
    yield from (tier.staff_action for tier in read_symptom_check().tiers.values())


def activities():
    for rule in shipped_rules().values():
        yield from (rule.activity, rule.until)


def reasons():
    yield from (word.why for words in read_blocklists().values() for word in words)
    yield from (word.topic for words in read_private_words().values() for word in words)


@pytest.mark.parametrize("shipped", [titles, tasks, activities, reasons])
def test_each_word_for_staff_in_the_content_is_in_the_catalog(shipped):
    known = {text for context, text in said_in(catalog_of("reminders")) if context == CONTEXT}
    asked = set(filter(None, shipped()))

    assert asked
    assert asked - known == set(), "run `make words`, translate what is empty, and run it again"


def test_a_title_that_ships_is_said_in_the_readers_language():
    with override("es"):
        assert shipped_said("First symptom check") == "Primer cuestionario de síntomas"
    with override("en"):
        assert shipped_said("First symptom check") == "First symptom check"


@pytest.mark.parametrize("own", ["Our walk round the ward", "Alert", "Cancel", ""])
def test_a_title_that_a_clinic_wrote_stays_as_it_is(own):
    with override("es"):
        assert shipped_said(own) == own


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("Start short walks", "Empezar con paseos cortos"),
        ("No answer: Week 1 symptom check", "Cuestionario de síntomas de la semana 1"),
        ("First symptom check: callback", "Primer cuestionario de síntomas: "),
        ("Task, within 2 working days. Rules: fever (T2).", "2 días laborables. Reglas: fever"),
        ("All: Nurse", "Enfermería"),
    ],
)
def test_what_an_alert_keeps_of_a_title_is_said_too(kept, said):
    with override("es"):
        assert said in kept_said(kept)
