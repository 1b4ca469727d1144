"""Each translation says what the English text says: the same figures, the same numbers to call."""

import re

import pytest

from reminders.pathways.plain_yaml import read_mapping
from reminders.pathways.reading import CONTENT_DIR
from reminders.rules.forbidden_words import found_in
from reminders.rules.gsm7 import Encoding, sms_size
from reminders.rules.readability import grade
from reminders.rules.triage import Heard, understand
from reminders.rules.wording import fill, placeholders
from tests.pathways.shipped import PATHWAYS, SETTINGS

FIELDS = ("sms", "sms_detailed", "subject", "heading", "email")
KEYS = sorted(PATHWAYS)
BARE = re.compile(r"\b(dia|dias|despues|mas|tambien|musculo)\b")
REPLY = re.compile(r"\b(?:[1-3](?= =)|SI\b|NO\b|Y(?= to)|N(?= to))")


def patient_steps(key):
    return [step for step in PATHWAYS[key].steps if step.for_patients]


def figures(text):
    return sorted(re.findall(r"\d+(?:\.\d+)?", text))


@pytest.mark.parametrize("key", KEYS)
class TestSpanish:
    def test_the_pack_is_complete_and_waits_for_its_reader(self, key):
        pack = next(pack for pack in PATHWAYS[key].packs if pack.language == "es")

        assert pack.complete
        assert pack.review_status == "needs review by a clinician who speaks Spanish"

    def test_each_text_is_there_where_the_english_one_is(self, key):
        for step in patient_steps(key):
            for field in FIELDS:
                english, spanish = (getattr(step.texts[lang], field) for lang in ("en", "es"))
                assert bool(english) == bool(spanish), (step.key, field)

    def test_no_number_to_call_is_lost_or_added(self, key):
        for step in patient_steps(key):
            for field in FIELDS:
                english, spanish = (getattr(step.texts[lang], field) for lang in ("en", "es"))
                assert sorted(placeholders(english)) == sorted(placeholders(spanish)), step.key

    def test_days_weights_and_figures_are_the_same(self, key):
        for step in patient_steps(key):
            english, spanish = step.texts["en"], step.texts["es"]
            assert figures(english.email) == figures(spanish.email), step.key
            assert set(figures(english.sms)) <= set(figures(spanish.sms)), step.key

    def test_each_text_message_travels_in_one_part_without_losing_letters(self, key):
        for step in patient_steps(key):
            for text in filter(None, (step.texts["es"].sms, step.texts["es"].sms_detailed)):
                size = sms_size(fill(text, values=SETTINGS.longest_values))
                assert (size.encoding, size.parts) == (Encoding.GSM7, 1), step.key

    def test_emails_are_spelled_in_full(self, key):
        for step in patient_steps(key):
            assert not re.search(
                r"\b(dia|dias|despues|mas|tambien|musculo)\b", step.texts["es"].email
            )

    def test_each_email_reads_easily_by_the_spanish_measure(self, key):
        for step in patient_steps(key):
            assert grade(step.texts["es"].email, language="es") <= 6, step.key

    @pytest.mark.parametrize("language", ["en", "es"])
    def test_what_a_text_says_to_reply_is_understood(self, key, language):
        for step in patient_steps(key):
            codes = [reply.code for reply in step.replies]
            for word in REPLY.findall(step.texts[language].sms):
                heard = understand(word, open_codes=codes)
                assert heard.heard is Heard.ANSWER, (step.key, word)


class TestWordLists:
    @pytest.mark.parametrize("name", ["blocklist", "private_words"])
    def test_each_reason_of_the_english_list_is_there(self, name):
        english, spanish = (
            read_mapping(CONTENT_DIR / f"{name}.{language}.yaml") for language in ("en", "es")
        )

        assert list(english) == list(spanish)

    @pytest.mark.parametrize(
        "text",
        [
            "la mitad del páncreas",
            "EL PANCREAS",
            "recuperación completa",
            "osteocondrosis",
            "le garantizamos",
            "una cura",
            "todo está bien",
            "los médicos no le dirán",
            "postura correcta",
            "un tumor maligno",
            "Su resultado es bueno",
        ],
    )
    def test_the_errors_of_the_seed_texts_are_stopped_in_spanish_too(self, text):
        assert found_in(text, words=SETTINGS.blocklist["es"])

    @pytest.mark.parametrize(
        "text", ["su espalda", "la operación de columna", "orinar", "tramadol", "su resultado"]
    )
    def test_a_lock_screen_is_kept_free_of_what_gives_a_patient_away(self, text):
        assert found_in(text, words=SETTINGS.private_words["es"])
