"""A patient answers a check-in from the phone, and the ward deals with it."""

from playwright.sync_api import expect

from tests.journeys.ward import (
    answer,
    choose_phone,
    open_patient,
    reload_until,
    timeline,
    walk_until_asked,
    write,
)

OUTCOME = "Spoke to the patient: no concern"


def test_a_worry_sent_from_a_phone_is_an_alert_that_is_closed_with_an_outcome(desk, phones):
    walk_until_asked(phones, "Henry Okafor")
    answer(phones, "2")

    calls = desk.get_by_role("region", name="Whom to call first")
    call = calls.get_by_role("article").filter(has=desk.get_by_role("link", name="Henry Okafor"))
    reload_until(desk, call.get_by_role("blockquote").filter(has_text="2"))
    call.get_by_role("button", name="I have it").click()
    expect(call).to_contain_text("In your hands")

    call.locator("summary", has_text="Close").click()
    for other in call.get_by_role("checkbox").all():
        other.check()
    call.get_by_label("What came of it").select_option(OUTCOME)
    call.get_by_label("Note").fill("Sleeps badly, wound dry")
    call.get_by_role("button", name="Close", exact=True).click()

    expect(desk.get_by_text(f"Closed: {OUTCOME}. Sleeps badly, wound dry")).to_be_visible()
    expect(call).to_have_count(0)
    open_patient(desk, "Henry Okafor")
    reply = timeline(desk).get_by_role("article").filter(has_text="Henry wrote").first
    expect(reply).to_contain_text(f"Dealt with: {OUTCOME}")


def test_what_a_patient_writes_in_their_own_words_waits_for_a_person(desk, phones):
    choose_phone(phones, "Amara Nwosu")
    write(phones, "May I have a bath again?")

    waiting = desk.get_by_role("region", name="Replies waiting").get_by_role("article")
    reply = waiting.filter(has_text="May I have a bath again?")
    reload_until(desk, reply)

    reply.locator("summary", has_text="Dealt with").click()
    reply.get_by_label("Note").fill("Called her: from week 6")
    reply.get_by_role("button", name="Dealt with", exact=True).click()
    expect(reply).to_have_count(0)
