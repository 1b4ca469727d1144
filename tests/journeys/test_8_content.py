"""A clinician writes a message in a draft without touching the mouse, and sees how it arrives."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.ward import open_draft

MOST_TABS = 120


def tab_to(page, place):
    """Go on with the Tab key until the place has the focus, as somebody without a mouse does."""
    for _ in range(MOST_TABS):
        if place.evaluate("it => it === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("the Tab key does not come by")


@pytest.fixture
def editor(desk):
    """The page of one message of a draft."""
    open_draft(desk, "Lumbar hemilaminectomy")
    step = desk.get_by_role("link", name="Start short walks").last
    tab_to(desk, step)
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1, name="Start short walks")).to_be_visible()
    return desk


def test_a_message_is_moved_worded_and_saved_with_the_keyboard_alone(editor):
    when = editor.locator('[data-section="when"]')
    tab_to(editor, when.locator("summary"))
    editor.keyboard.press("Enter")
    tab_to(editor, editor.get_by_label("Time", exact=True))
    editor.keyboard.type("0415PM")
    words = editor.locator("#en-sms")
    tab_to(editor, words)
    editor.keyboard.press("ControlOrMeta+A")
    editor.keyboard.type("{clinic}: time for a short walk. Call {phone} if it hurts more.")

    phone = editor.locator('[data-language="en"] [data-look="sms"]')
    expect(phone).to_contain_text("time for a short walk. Call 0")
    expect(phone).to_contain_text("1 part")
    tab_to(editor, editor.get_by_role("button", name="Save in the draft"))
    editor.keyboard.press("Enter")

    expect(editor.get_by_text("Saved in the draft.")).to_be_visible()
    expect(words).to_have_value(re.compile("time for a short walk"))
    expect(when.locator("summary")).to_contain_text("at 16:15")


def test_a_mistake_is_said_at_its_place_while_somebody_types(editor):
    words = editor.locator("#en-sms")
    tab_to(editor, words)
    editor.keyboard.press("End")
    editor.keyboard.type(" Mind your pancreas, {nothing}.")

    said = editor.locator("#said-en-sms")
    expect(said).to_contain_text("{nothing} is not a placeholder")
    expect(said).to_contain_text("pancreas")
