"""The first look: what needs doing today, and one patient's recovery, word for word."""

import re

from playwright.sync_api import expect

from tests.journeys.ward import about, choose_phone, open_patient, texts_from_clinic, timeline


def test_a_wrong_password_opens_nothing_and_says_so(visitor, demo):
    visitor.goto(demo)
    visitor.get_by_label("User name").fill("nurse")
    visitor.get_by_label("Password").fill("not the password")
    visitor.get_by_role("button", name="Log in").click()

    expect(visitor.get_by_role("alert")).to_contain_text("do not go together")
    expect(visitor.get_by_role("heading", name="Log in")).to_be_visible()


def test_the_password_alone_opens_nothing_and_wrong_digits_do_not_either(visitor, demo):
    visitor.goto(demo)
    visitor.get_by_label("User name").fill("reception")
    visitor.get_by_label("Password").fill("demo-aftercare")
    visitor.get_by_role("button", name="Log in").click()
    visitor.get_by_label("Six digits").fill("no digits")
    visitor.get_by_role("button", name="Log in", exact=True).click()
    expect(visitor.get_by_role("alert")).to_contain_text("This code is wrong")

    visitor.goto(f"{demo}/staff/clinic/patient/")

    expect(visitor.get_by_role("heading", name="Your code")).to_be_visible()


def test_the_nurse_logs_in_with_both_and_sees_what_needs_doing(desk):
    expect(desk.get_by_role("heading", name="Tomas")).to_be_visible()
    expect(desk.get_by_text("Made-up patients")).to_be_visible()
    operations = desk.get_by_role("region", name="Operations to confirm")
    expect(operations.get_by_role("link", name="Piotr Zielinski", exact=True)).to_be_visible()
    replies = desk.get_by_role("region", name="Replies waiting")
    expect(replies.get_by_role("blockquote")).to_contain_text("my foot tingles")


def test_a_patient_operated_ten_days_ago_shows_what_came_what_is_to_come_and_why(desk, phones):
    choose_phone(phones, "Rosa Ibanez")
    on_her_phone = texts_from_clinic(phones).locator(".bubble-text").last.inner_text()

    open_patient(desk, "Rosa Ibanez")

    expect(about(desk)).to_contain_text(re.compile("Day 1[01]"))  # or it is past midnight
    expect(timeline(desk).get_by_text(on_her_phone, exact=True).first).to_be_visible()
    ahead = timeline(desk).locator(".is-ahead")
    expect(ahead.get_by_text("Planned").filter(visible=True).first).to_be_visible()
    expect(ahead.get_by_text("because: dural tear").filter(visible=True).first).to_be_visible()


def test_what_is_to_come_can_be_read_before_it_goes_out(desk):
    open_patient(desk, "Rosa Ibanez")

    coming = timeline(desk).locator(".is-ahead details").filter(has_text="dural tear").first
    coming.locator("summary").first.click()

    expect(coming.get_by_text("Harbourside Care:").first).to_be_visible()
