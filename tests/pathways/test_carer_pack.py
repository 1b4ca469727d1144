"""What carers are told: a pack of its own, in every pathway, for any lock screen."""

import pytest

from reminders.rules.content import Audience, Privacy
from reminders.rules.forbidden_words import found_in
from reminders.rules.lint import Severity, lint
from tests.pathways.shipped import PATHWAYS, SETTINGS, SOURCES

KEYS = {"carer_welcome", "carer_going_home", "carer_first_days", "carer_last_message"}


def for_carers(pathway):
    return [step for step in pathway.steps if step.audience is Audience.CARER]


STEPS = for_carers(PATHWAYS["lumbar_hemilaminectomy"])


@pytest.mark.parametrize("key", sorted(PATHWAYS))
def test_it_is_in_every_pathway_so_that_it_is_signed_with_it(key):
    assert {step.key for step in for_carers(PATHWAYS[key])} == KEYS


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.key)
class TestEachStep:
    def test_fits_any_lock_screen_and_asks_nothing_back(self, step):
        assert step.privacy is Privacy.LOCK_SCREEN
        assert not step.replies
        assert not step.questions

    def test_has_its_sources(self, step):
        assert step.sources
        assert set(step.sources) <= {source.key for source in SOURCES}

    @pytest.mark.parametrize("language", ["en", "es"])
    def test_names_nothing_of_the_body_in_any_of_its_texts(self, step, language):
        words = step.texts[language]
        said = " ".join((words.sms, words.subject, words.heading, words.email))

        assert not list(found_in(said, words=SETTINGS.private_words[language]))

    @pytest.mark.parametrize("language", ["en", "es"])
    def test_no_text_promises_what_the_patients_own_plan_says(self, step, language):
        assert not step.texts[language].sms_detailed


def test_the_first_says_that_it_is_not_for_emergencies_and_how_to_stop():
    [welcome] = [step for step in STEPS if step.key == "carer_welcome"]

    assert "Not for emergencies" in welcome.texts["en"].sms
    assert "STOP" in welcome.texts["en"].sms
    assert "{emergency}" in welcome.texts["en"].email


def test_the_linter_finds_nothing_in_it():
    found = lint(PATHWAYS["lumbar_hemilaminectomy"], sources=SOURCES, settings=SETTINGS)

    mine = [one for one in found if one.step in KEYS and one.severity is Severity.BLOCKS]
    assert mine == []
