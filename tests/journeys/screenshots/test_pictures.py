"""The pictures of docs/guide, taken from a demo that has just been started: `make screenshots`."""

from datetime import UTC, date, datetime, timedelta

from playwright.sync_api import expect

from tests.journeys.browsers import watched
from tests.journeys.files import monday_list
from tests.journeys.screenshots.conftest import SIZES
from tests.journeys.ward import (
    choose_phone,
    link_in,
    mails,
    next_morning,
    open_draft,
    open_own_page,
    open_patient,
    open_screen,
    reload_until,
    timeline,
    upload,
    write,
)

FURTHER = " Go a little further each day."
SMALL_PHONE = {"width": 375, "height": 812}


def test_log_in(size, keep, demo, browser):
    with watched(browser, demo=demo, viewport=SIZES[size]) as page:
        page.goto(demo)
        keep(page, "log-in")


def test_today(page, keep):
    keep(page, "today")


def test_patients(page, keep):
    open_screen(page, "Patients")
    keep(page, "patients")


def test_timeline(page, keep):
    open_patient(page, "Rosa Ibanez")
    keep(page, "timeline")
    timeline(page).locator("#today").evaluate("line => line.scrollIntoView()")
    keep(page, "timeline-past")


def test_surgery_form(page, keep):
    open_patient(page, "Rosa Ibanez")
    about_her = page.get_by_role("complementary", name="About the patient")
    about_her.get_by_role("link", name="Operation", exact=True).click()
    expect(page.get_by_role("link", name="Timeline of Rosa Ibanez")).to_be_visible()
    keep(page, "operation")


def test_difference(page, keep):
    open_patient(page, "Mei Tanaka")
    page.get_by_role("link", name="Move", exact=True).click()
    day = page.get_by_label("New date of the operation")
    later = date.fromisoformat(day.input_value()) + timedelta(days=7)
    day.fill(later.isoformat())
    page.get_by_role("button", name="Move it").click()
    expect(page.get_by_role("heading", name="What changes")).to_be_visible()
    keep(page, "difference")


def test_set_up(page, keep):
    open_screen(page, "Set-up")
    keep(page, "set-up")


def test_replies(page, keep):
    open_screen(page, "Replies")
    keep(page, "replies")


def test_messages(page, keep):
    open_screen(page, "Messages")
    keep(page, "messages")


def test_pathway(page, keep):
    open_screen(page, "Pathways")
    page.get_by_role("link", name="Lumbar hemilaminectomy").click()
    expect(page.get_by_role("heading", level=1, name="Lumbar hemilaminectomy")).to_be_visible()
    keep(page, "pathway")


def test_content(page, keep):
    open_draft(page, "Lumbar microdiscectomy")
    keep(page, "content-list")
    page.get_by_role("link", name="Add a message", exact=True).click()
    keep(page, "content-add")
    page.go_back()
    page.get_by_role("link", name="Start short walks").last.click()
    words = page.locator("#en-sms")
    words.fill(f"{words.input_value().removesuffix(FURTHER)}{FURTHER}")
    expect(page.locator("[data-status]")).to_have_text("Not saved yet.")
    page.locator('[data-language="en"]').evaluate("it => it.scrollIntoView()")
    keep(page, "content-editor")
    page.locator('[data-look="mail"]').first.evaluate("it => it.scrollIntoView()")
    keep(page, "content-mail")
    page.get_by_role("button", name="Save in the draft").click()
    page.get_by_role("link", name="Lumbar microdiscectomy").click()
    page.get_by_role("link", name="Difference").click()
    keep(page, "content-difference")


def test_content_calendar(page, keep):
    open_draft(page, "Lumbar microdiscectomy")
    page.get_by_role("link", name="Made-up patient").click()
    page.get_by_label("Day of the operation").fill("2027-03-19")
    page.get_by_label("dural tear").check()
    page.get_by_role("button", name="Lay on the calendar").click()
    page.get_by_role("heading", name="March 2027").evaluate("it => it.scrollIntoView()")
    keep(page, "content-calendar")


def test_import(page, keep):
    operated_on = (datetime.now(UTC) + timedelta(days=21)).date()
    upload(page, name="monday.csv", lines=monday_list(day=operated_on))
    keep(page, "import")


def test_clinic_page(page, keep, demo):
    page.goto(f"{demo}/c/harbourside/")
    keep(page, "clinic-page")


def test_check_ins(page, size, keep, demo, browser):
    open_patient(page, "Rosa Ibanez")
    page.get_by_role("link", name="Check-ins", exact=True).click()
    expect(page.get_by_role("figure")).to_be_visible()
    keep(page, "check-ins")
    page.goto(f"{demo}/demo/phones/")
    choose_phone(page, "Rosa Ibanez")
    link = link_in(page)
    viewport = SIZES[size] if size == "desktop" else SMALL_PHONE
    with watched(browser, demo=demo, viewport=viewport) as own:
        open_own_page(own, link, born="12 4 1961")
        own.get_by_role("link", name="Answer your check-in").click()
        keep(own, "own-check-in")
        own.get_by_role("link", name="Your answers over time").click()
        own.locator("#answers").evaluate("section => section.scrollIntoView()")
        keep(own, "own-answers")


def test_phones_before_and_after_a_morning(page, keep, demo):
    page.goto(f"{demo}/demo/phones/")
    choose_phone(page, "Henry Okafor")
    keep(page, "phones-before")
    next_morning(page)
    keep(page, "phones-after")


def test_rota_and_ladder(page, keep):
    open_screen(page, "Rota")
    keep(page, "rota")
    open_screen(page, "Alert ladder")
    keep(page, "ladder")


def test_alert_that_climbs(page, keep, demo):
    strip = page.get_by_role("alert").filter(has_text="Nobody has taken this urgent alert.")
    if not strip.is_visible():
        page.goto(f"{demo}/demo/phones/")
        choose_phone(page, "Henry Okafor")
        write(page, "I feel numb between my legs")
        page.goto(demo)
    reload_until(page, strip)
    keep(page, "alert-strip")
    strip.get_by_role("link", name="Open the alert").click()
    climb = page.get_by_role("region", name="Who is told")
    reload_until(page, climb.get_by_text("Delivered"))
    climb.evaluate("part => part.scrollIntoView()")
    keep(page, "alert-climbs")


def test_a_mail_and_the_page_that_stops_them(page, keep, demo):
    page.goto(f"{demo}/demo/phones/")
    choose_phone(page, "Henry Okafor")
    mails(page).first.get_by_role("link").click()
    letter = page.locator("iframe.letter-body")
    expect(letter).to_be_visible()
    page.set_content(letter.get_attribute("srcdoc"))
    page.evaluate("scrollTo(0, 0)")
    keep(page, "mail")
    page.goto(page.get_by_role("link", name="Stop these mails").get_attribute("href"))
    keep(page, "stop-mails")


def test_carer(page, keep):
    open_patient(page, "Henry Okafor")
    page.get_by_role("link", name="Add a carer").click()
    expect(page.get_by_role("heading", level=1, name="Add a carer")).to_be_visible()
    keep(page, "carer")
