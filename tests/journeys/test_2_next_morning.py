"""The demo's clock walks to the next morning, and the morning's messages arrive."""

import re
from datetime import timedelta

from playwright.sync_api import expect

from tests.journeys.ward import clock_of, next_morning

TEN_PAST = ("10:15", "10:16", "10:17", "10:18", "10:19")  # the clock runs while we look


def _messages(phones):
    """How many texts and mails everybody has in all."""
    told = phones.locator("#people .counts").all_inner_texts()
    return sum(int(number) for line in told for number in re.findall(r"\d+", line))


def test_next_morning_brings_the_next_day_at_a_quarter_past_ten_and_its_messages(phones):
    today, had = clock_of(phones), _messages(phones)

    next_morning(phones)

    expect(phones.locator("#clock .clock-time")).to_have_text(re.compile("|".join(TEN_PAST)))
    assert clock_of(phones).date() == today.date() + timedelta(days=1)
    assert _messages(phones) > had


def test_the_panel_lives_on_the_same_day(desk, phones):
    day = phones.locator("#clock .clock-day").inner_text()

    expect(desk.get_by_role("main").get_by_text(day)).to_be_visible()
