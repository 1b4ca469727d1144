"""The small Arabic pack, through text, linter, SMS and mail: a language from right to left."""

import re
import unicodedata

import pytest

from clinic.models import Clinic, Patient
from reminders.flow.render import render
from reminders.models import Anchor, Step, StepText
from reminders.rules.gsm7 import Encoding, sms_size
from reminders.rules.lint import Severity, lint
from reminders.rules.wording import fill, placeholders
from tests.pathways.shipped import PATHWAYS, SETTINGS, SOURCES

LUMBAR = PATHWAYS["lumbar_hemilaminectomy"]
STEPS = [step for step in LUMBAR.steps if "ar" in step.texts]
MARK, ISOLATE, END = "\u200e", "\u2066", "\u2069"


def a_clinic():
    return Clinic(
        key="harbour",
        name="Harbourside Care",
        sender_name="Harbourside Care",
        phone="+44 7700 900 123",
        urgent_phone="+44 7700 900 124",
        emergency_phone="999",
        fever="38 C (100.4 F)",
    )


def rendered(content, channel):
    text = StepText(language="ar", **{f: getattr(content.texts["ar"], f) for f in FIELDS})
    return render(
        Step(key=content.key, anchor=Anchor(content.anchor.value)),
        patient=Patient(language="ar"),
        clinic=a_clinic(),
        surgery=None,
        channel=channel,
        text=text,
    )


FIELDS = ("sms", "subject", "heading", "email")


def test_the_pack_says_that_it_is_a_proof_and_not_complete():
    (pack,) = [pack for pack in LUMBAR.packs if pack.language == "ar"]

    assert not pack.complete
    assert "Arabic" in pack.review_status
    assert len(STEPS) == 6


def test_the_linter_has_one_note_about_it_and_nothing_against_it():
    findings = [
        finding
        for finding in lint(LUMBAR, sources=SOURCES, settings=SETTINGS)
        if finding.language == "ar"
    ]

    assert [(f.rule, f.severity) for f in findings] == [("incomplete_pack", Severity.NOTE)]


@pytest.mark.parametrize("step", STEPS, ids=[step.key for step in STEPS])
class TestEachText:
    def test_it_is_written_from_right_to_left(self, step):
        for field in FIELDS:
            letters = [c for c in getattr(step.texts["ar"], field) if c.isalpha()]
            arabic = [c for c in letters if unicodedata.bidirectional(c) == "AL"]
            assert arabic, field

    def test_it_names_the_same_numbers_as_in_english(self, step):
        for field in FIELDS:
            english, arabic = (getattr(step.texts[lang], field) for lang in ("en", "ar"))
            assert sorted(placeholders(english)) == sorted(placeholders(arabic)), field

    def test_the_text_message_travels_in_few_parts(self, step):
        size = sms_size(fill(step.texts["ar"].sms, values=SETTINGS.longest_values))

        assert size.encoding is Encoding.UCS2
        assert 1 < size.parts <= SETTINGS.most_unicode_parts

    def test_the_sent_text_counts_the_same_parts(self, step):
        sent = rendered(step, "sms")

        assert sent.language == "ar"
        assert sent.segments == sms_size(sent.text).parts <= SETTINGS.most_unicode_parts

    def test_the_text_message_starts_from_the_right_though_it_begins_with_a_latin_name(self, step):
        text = rendered(step, "sms").text

        strong = [unicodedata.bidirectional(c) for c in text]
        assert next(kind for kind in strong if kind in ("L", "R", "AL")) in ("R", "AL")

    def test_a_telephone_number_keeps_its_order(self, step):
        text, mail = rendered(step, "sms").text, rendered(step, "email").text

        assert text.count("+44") == text.count(f"{MARK}+44")
        assert mail.count("+44") == len(re.findall(f"{ISOLATE}\\+44[0-9 ]*{END}", mail))

    def test_the_mail_turns_its_page(self, step):
        mail = rendered(step, "email")

        clinic = f"{ISOLATE}Harbourside Care{END}"
        assert '<html lang="ar" dir="rtl">' in mail.html
        assert step.texts["ar"].heading.replace("{clinic}", clinic) in mail.html
        assert "999" in mail.text  # the foot has the numbers, whatever the text names

    def test_a_link_in_it_ends_where_its_address_ends(self, step):
        link = "http://testserver/c/harbour/"
        for channel in ("sms", "email"):
            for rest in rendered(step, channel).text.split(link)[1:]:
                assert rest[:1] in (" ", ".", "\n", "")
