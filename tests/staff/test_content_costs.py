"""What texts cost is said beside their parts, for one and for a whole recovery."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from reminders.rules.content import Channel, StepTexts
from tests.factories import ClinicFactory
from tests.flow.versions import FOOD, WALK, a_draft
from tests.rules.content_builder import a_step
from tests.staff.pages import words_of

KEY = "d1_walk"
LONG = StepTexts(sms="{clinic}: walk. " + "Walk a little more. " * 8)


def address(name, version, *more):
    return reverse(f"admin:reminders_content_{name}", args=[version.pk, *more])


@pytest.fixture
def priced(own_clinic):
    own_clinic.sms_part_price, own_clinic.sms_currency = Decimal("0.04"), "GBP"
    own_clinic.save()
    return own_clinic


def test_the_editor_says_what_one_text_costs_each_time(browser, priced):
    version = a_draft(priced, a_step(key=KEY, texts={"en": LONG}))

    words = words_of(browser.get(address("step", version, KEY)))
    look = browser.post(address("check", version, KEY), {"language": "en", "en-sms": LONG.sms})

    assert "2 parts, about 0.08 GBP each time" in words
    assert look.json()["sms"]["price"] == "0.08 GBP"


def test_without_a_price_the_parts_stand_alone(browser, own_clinic):
    version = a_draft(own_clinic, WALK)

    assert "1 part · 44 characters" in words_of(browser.get(address("step", version, KEY)))
    assert "Enter the price of a part" in words_of(browser.get(address("made_up", version)))


def test_a_made_up_patient_costs_the_parts_of_their_texts(browser, priced):
    by_mail = a_step(key="d2_mail", channels=(Channel.EMAIL,), day_from=2, day_to=3)
    often = a_step(key="d5_often", day_from=5, day_to=9, repeat_days=(5, 7, 9))
    version = a_draft(priced, WALK, by_mail, often)

    words = words_of(browser.get(address("made_up", version), {"surgery_date": "2026-03-09"}))

    # the welcome, the walk, and three of the repeat
    assert "<strong>5 texts in 5 parts, about 0.20 GBP" in words


def test_facts_that_bring_texts_in_bring_their_price(browser, priced):
    version = a_draft(priced, WALK, a_step(key="d1_smoke", requires=(("smoker",),)))

    asked = {"surgery_date": "2026-03-09", "facts": "smoker"}

    assert "3 texts in 3 parts" in words_of(browser.get(address("made_up", version), asked))
    assert "2 texts in 2 parts, about 0.08 GBP" in words_of(
        browser.get(address("content", version))
    )


def test_a_text_that_cannot_be_made_is_not_counted_and_said(browser, priced):
    broken = a_step(key="d1_broken", texts={"en": StepTexts(sms="{nobody}")})

    words = words_of(browser.get(address("content", a_draft(priced, FOOD, broken))))

    assert "3 texts in 2 parts" in words
    assert "1 of them cannot be made yet" in words


@pytest.mark.parametrize(
    ("price", "currency", "field"),
    [
        ("0.04", "", "sms_currency"),
        ("0.04", "pounds", "sms_currency"),
        ("0", "GBP", "sms_part_price"),
    ],
)
def test_a_price_needs_its_currency_and_is_more_than_nothing(db, price, currency, field):
    clinic = ClinicFactory.build(sms_part_price=Decimal(price), sms_currency=currency)

    with pytest.raises(ValidationError) as refused:
        clinic.full_clean()

    assert set(refused.value.message_dict) == {field}


def test_the_mail_is_shown_as_it_is_sent_in_light_and_in_dark(browser, own_clinic):
    version = a_draft(own_clinic, WALK)

    look = browser.post(
        address("check", version, KEY),
        {"language": "en", "en-subject": "Hello", "en-heading": "Walk", "en-email": "Walk & rest."},
    ).json()

    assert look["mail"]["subject"] == "Hello"
    assert look["mail"]["preview"] == "Open to read your message."
    for scheme in ("light", "dark"):
        assert f'content="{scheme}"' in look["mail"][scheme]
        assert "Walk &amp; rest." in look["mail"][scheme]
        assert "prefers-color-scheme" not in look["mail"][scheme]
