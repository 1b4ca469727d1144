"""A nurse's morning: an alert appears by itself, she calls, and writes down what came of it."""

import re

from playwright.sync_api import expect

from tests.journeys.ward import choose_phone, open_patient, timeline, write

WORRY = "I cannot pass water and my legs are numb"


def test_a_new_alert_appears_is_called_about_and_closed_without_a_reload(desk, phones):
    desk.evaluate("window.neverReloaded = true")
    choose_phone(phones, "Gwen Pritchard")
    write(phones, WORRY)

    calls = desk.get_by_role("region", name="Whom to call first")
    call = calls.get_by_role("article").filter(has_text=WORRY)
    expect(call).to_be_visible()
    expect(desk).to_have_title(re.compile(r"^\(\d+\) "))
    assert desk.evaluate("window.neverReloaded")

    call.locator("summary", has_text="No answer").click()
    call.get_by_role("button", name="In two hours").first.click()
    expect(desk.get_by_text(re.compile("called and nobody answered"))).to_be_visible()
    expect(call).to_contain_text("Tried once")  # danger is never put off

    call.locator("summary", has_text="Close").click()
    for other in call.get_by_role("checkbox").all():
        other.check()
    call.get_by_label("What came of it").select_option("Sent to urgent or emergency care")
    call.get_by_label("By telephone with").select_option("patient")
    call.get_by_role("button", name="Close", exact=True).click()
    expect(call).to_have_count(0)

    open_patient(desk, "Gwen Pritchard")
    expect(timeline(desk).get_by_text("called and nobody answered").first).to_be_visible()
    expect(timeline(desk).get_by_text("called and spoke to the patient").first).to_be_visible()
