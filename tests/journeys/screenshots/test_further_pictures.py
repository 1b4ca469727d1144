"""The pictures of docs/guide of the jobs that come less often, and of what a surgeon looks after.

They come before the others, while no alert of today is open. What is begun here is taken back.
"""

import pytest
from playwright.sync_api import expect

from tests.journeys.browsers import watched
from tests.journeys.conftest import DESK
from tests.journeys.screenshots.conftest import SIZES
from tests.journeys.ward import log_in, open_patient, open_screen


@pytest.fixture(scope="session")
def surgeon(demo, browser):
    """What the browser keeps once the surgeon has logged in."""
    with watched(browser, demo=demo, viewport=DESK) as page:
        log_in(page, demo, username="surgeon")
        return page.context.storage_state()


@pytest.fixture
def lead(size, demo, browser, surgeon):
    """The surgeon, on Today."""
    with watched(browser, demo=demo, viewport=SIZES[size], storage_state=surgeon) as page:
        page.emulate_media(reduced_motion="reduce")
        page.goto(demo)
        yield page


def test_second_factor(size, keep, demo, browser):
    with watched(browser, demo=demo, viewport=SIZES[size]) as page:
        page.goto(demo)
        page.get_by_label("User name").fill("physio")
        page.get_by_label("Password").fill("demo-aftercare")
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_label("Six digits")).to_be_visible()
        keep(page, "log-in-code")


def test_recovery_picture(page, keep):
    open_patient(page, "Rosa Ibanez")
    page.get_by_role("link", name="What is allowed, and what not yet").click()
    expect(page.get_by_role("heading", name="The recovery at a glance")).to_be_visible()
    keep(page, "recovery")
    limit = page.locator("li").filter(has_text="Release it, or set another day").first
    limit.get_by_text("Release it, or set another day").click()
    limit.evaluate("it => it.scrollIntoView()")
    keep(page, "release")


def test_hold(page, keep):
    open_patient(page, "Rosa Ibanez")
    page.get_by_role("link", name="Hold the messages").click()
    page.get_by_label("Why the messages wait").select_option(index=1)
    page.get_by_label("In your words").fill("Back in hospital with a fever")
    keep(page, "hold")


def test_send_now(page, keep):
    open_patient(page, "Rosa Ibanez")
    page.get_by_role("link", name="Send a message now").click()
    expect(page.get_by_role("link", name="Safe use of pain tablets")).to_be_visible()
    keep(page, "send-now-choose")
    page.get_by_role("link", name="Safe use of pain tablets").click()
    expect(page.get_by_role("button", name="Send it now, in my name")).to_be_visible()
    keep(page, "send-now")


def test_calls(page, keep):
    open_patient(page, "Gwen Pritchard")
    page.get_by_role("link", name="Calls", exact=True).click()
    expect(page.get_by_role("heading", name="The calls so far")).to_be_visible()
    keep(page, "calls")


def test_export(page, keep):
    open_screen(page, "Patients")
    page.get_by_role("link", name="Export").click()
    expect(page.get_by_label("What the file is for")).to_be_visible()
    keep(page, "export")


def test_change_together(page, keep):
    open_screen(page, "Operations")
    page.get_by_role("link", name="Change together").click()
    page.get_by_label("Why").fill("Clinic closed for training")
    keep(page, "bulk-choose")
    page.get_by_role("button", name="Show what would change").click()
    expect(page.get_by_role("heading", name="Operation by operation")).to_be_visible()
    keep(page, "bulk-preview")
    page.get_by_role("button", name="Take it back").click()


def test_numbers(page, keep):
    open_screen(page, "The numbers")
    expect(page.get_by_role("heading", name="Messages sent")).to_be_visible()
    keep(page, "numbers")
    page.get_by_role("heading", name="Messages sent").evaluate("it => it.scrollIntoView()")
    keep(page, "numbers-by-week")


def test_who_has_looked(lead, keep):
    open_screen(lead, "Who has looked")
    keep(lead, "who-has-looked")


def test_staff(lead, keep):
    open_screen(lead, "Staff")
    keep(lead, "staff")
