"""One tap in a mail stops the mails and nothing else; a carer is told a few things of their own."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.journeys.ward import choose_phone, mails, open_patient, reload_until, timeline


def stop_link(phones):
    """The address at the foot of the newest mail of the mailbox that is open."""
    mails(phones).first.get_by_role("link").click()
    letter = phones.frame_locator("iframe.letter-body")
    link = letter.get_by_role("link", name="Stop these mails")
    expect(link).to_be_visible()
    return link.get_attribute("href")


def way_of(desk, name):
    about = desk.get_by_role("complementary", name="About the patient")
    return about.locator("div").filter(has=desk.get_by_text(name, exact=True)).last


def test_a_mail_scanner_that_follows_and_posts_the_link_stops_nothing(desk, phones, demo):
    choose_phone(phones, "Amara Nwosu")
    url = demo + urlsplit(stop_link(phones)).path

    for answer in (phones.request.get(url), phones.request.post(url, form={"confirm": "yes"})):
        assert answer.status == 200

    open_patient(desk, "Amara Nwosu")
    expect(way_of(desk, "Email").get_by_text("In use")).to_be_visible()


def test_the_button_behind_the_link_stops_the_mails_and_texts_go_on(desk, phones, visitor):
    choose_phone(phones, "Amara Nwosu")
    visitor.goto(stop_link(phones))
    expect(visitor.get_by_role("heading", name="Stop our emails", level=1)).to_be_visible()
    visitor.get_by_role("button", name="Stop the emails").click()
    expect(visitor.get_by_role("alert")).to_contain_text("no more emails")

    open_patient(desk, "Amara Nwosu")
    reload_until(desk, way_of(desk, "Email").get_by_text("Opted out"))
    expect(way_of(desk, "Text").get_by_text("In use")).to_be_visible()
    expect(desk.get_by_text("The patient stopped our emails").first).to_be_visible()


def test_a_carer_is_added_with_two_yeses_and_gets_their_own_welcome(desk, phones):
    open_patient(desk, "Amara Nwosu")
    about_her = desk.get_by_role("complementary", name="About the patient")
    about_her.get_by_role("link", name="Add a carer").click()
    desk.get_by_label("Name", exact=True).fill("Obi")
    desk.get_by_label("Relation to the patient").fill("brother")
    desk.get_by_label("Mobile").fill("07700 900245")
    desk.get_by_role("checkbox", name="Text").check()
    desk.get_by_role("button", name="Both said yes: add the carer").click()
    expect(desk.get_by_text("is told from now on")).to_be_visible()

    welcome = timeline(desk).get_by_text("you agreed to get a few tips as a carer")
    reload_until(desk, welcome)
    phones.goto(re.sub(r"/demo/phones/.*", "/demo/phones/", phones.url))
    phones.get_by_role("navigation", name="People").get_by_text("900245").click()
    expect(phones.locator("#texts .is-theirs").last).to_contain_text("tips as a carer")
