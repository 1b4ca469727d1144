"""A clinician sends one signed message now: seen as it will arrive, sent once, under a name."""

from playwright.sync_api import expect

from tests.journeys.ward import about, choose_phone, open_patient, texts_from_clinic, timeline

SEND = "Send it now, in my name"


def test_a_signed_message_arrives_on_the_phone_once_as_it_was_shown(desk_of, phones):
    desk = desk_of("physio")
    choose_phone(phones, "Daniel Rossi")
    had = texts_from_clinic(phones).count()
    open_patient(desk, "Daniel Rossi")
    about(desk).get_by_role("link", name="Send a message now").click()
    desk.get_by_role("searchbox", name="Find a message by its words").fill("flare-up plan")
    desk.keyboard.press("Enter")
    desk.get_by_role("link", name="Flare-up plan").click()
    by_text = desk.get_by_role("radio", name="Text")
    by_text.check()
    words = desk.locator(".ac-send-way").filter(has=by_text).locator(".ac-words").inner_text()
    second = desk.context.new_page()  # the same page once more, as after a click too many
    second.goto(desk.url)
    second.get_by_role("radio", name="Text").check()

    desk.get_by_role("button", name=SEND).click()

    expect(desk.get_by_text("It is on its way by text: Flare-up plan.")).to_be_visible()
    expect(texts_from_clinic(phones)).to_have_count(had + 1)
    expect(texts_from_clinic(phones).last.locator(".bubble-text")).to_have_text(words)
    expect(timeline(desk).get_by_text("sent by Leila Marsh")).to_have_count(1)

    second.get_by_role("button", name=SEND).click()
    refused = second.get_by_role("alert").filter(has_text="It was not sent.")
    expect(refused).to_contain_text("last 24 hours")
    second.goto(desk.url)
    expect(timeline(second).get_by_text("sent by Leila Marsh")).to_have_count(1)
    expect(texts_from_clinic(phones)).to_have_count(had + 1)
