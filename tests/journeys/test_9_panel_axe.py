"""Every page of the panel, as axe and a narrow window see it: full, empty, wrong, dark, Spanish."""

import os

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import expect

from tests.journeys.page_of_a_patient import ASK_AXE, AXE, RULES
from tests.journeys.panel_pages import (
    empty_ward,
    full_ward,
    let_send,
    operator,
    pages_for,
    patient_elsewhere,
    signed_in,
)

# The browser's own loop runs in this thread; our rows are made between its steps.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
AA = [rule for rule in RULES if rule != "best-practice"]
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 800}
DARK = "document.documentElement.classList.toggle('dark', %s)"
WHO = {"full": full_ward, "empty": empty_ward, "operator": operator}


@pytest.fixture(autouse=True)
def _rows_beside_a_browser(request, settings):
    request.getfixturevalue("transactional_db")
    let_send(settings)
    settings.BREAK_GLASS = True


@pytest.fixture
def open_as(live_server, browser):
    """Return a page of the panel in which this person is signed in; axe may be put into it."""
    contexts = []

    def opened(staff, *, language=""):
        context = browser.new_context(viewport=DESK, locale="en-GB", bypass_csp=True)
        context.add_init_script(AXE)
        contexts.append(context)
        cookies = {name: morsel.value for name, morsel in signed_in(staff).cookies.items()}
        if language:
            cookies[django_settings.LANGUAGE_COOKIE_NAME] = language
        context.add_cookies(
            [{"name": n, "value": v, "url": live_server.url} for n, v in cookies.items()]
        )
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


def looked_at(page, *, rules=RULES):
    """What axe says of the page that is open, wide and light, then narrow and dark."""
    found = {}
    for look, (size, dark) in {
        "wide": (DESK, "false"),
        "narrow, dark": (PHONE, "true"),
    }.items():
        page.set_viewport_size(size)
        page.evaluate(DARK % dark)
        if said := page.evaluate(ASK_AXE, rules):
            found[look] = said
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wider > 0:
            found[f"{look}: wider than the window by"] = wider
    page.set_viewport_size(DESK)
    return found


@pytest.mark.parametrize(("ward", "language"), [("full", ""), ("empty", "es"), ("operator", "")])
def test_axe_finds_nothing_on_any_page(ward, language, live_server, open_as):
    staff = WHO[ward]()
    page, found = open_as(staff, language=language), {}

    for address in pages_for(staff):
        page.goto(live_server.url + address)
        if said := looked_at(page):
            found[address] = said

    assert found == {}


def test_axe_finds_nothing_where_something_is_open_or_wrong(live_server, open_as):
    page, found = open_as(full_ward()), {}

    def look(name, *, rules=RULES):
        if said := looked_at(page, rules=rules):
            found[name] = said

    def press(name, *, exact=False):
        with page.expect_navigation():
            page.get_by_role("button", name=name, exact=exact).click()

    page.goto(f"{live_server.url}/staff/clinic/patient/add/")
    press("Save", exact=True)
    look("a patient without anything")
    page.goto(f"{live_server.url}/staff/clinic/patient/")
    page.get_by_text("Filters").first.click()
    # the theme's sheet begins with headings of its own level and scrolls in a region without a name
    look("filters open", rules=AA)
    page.goto(f"{live_server.url}/staff/reminders/alert/rota/")
    press("Put on duty")
    look("nobody put on duty")
    patient_elsewhere()
    page.goto(f"{live_server.url}/staff/clinic/patient/emergency/")
    press("Open the record")
    look("an emergency without a reason")
    page.get_by_label("Record number").fill("R-7001")
    page.get_by_label("Birth date").fill("1957-03-03")
    page.get_by_label("Why you need it now").fill("Cannot move the left foot, came in alone")
    press("Open the record")
    expect(page.get_by_text("Everything here is recorded.")).to_be_visible()
    look("an emergency")
    press("End it now")
    page.goto(f"{live_server.url}/staff/nothing/")
    look("nothing here")

    assert found == {}


def test_the_keyboard_leads_through_the_panel(live_server, open_as):
    page = open_as(full_ward())
    page.goto(f"{live_server.url}/staff/")
    focused = page.locator(":focus")

    page.keyboard.press("Tab")
    expect(focused).to_have_text("Skip to the content")
    page.keyboard.press("j")
    first = focused.get_attribute("href")
    page.keyboard.press("j")
    assert focused.get_attribute("href") != first
    page.keyboard.press("k")
    assert focused.get_attribute("href") == first

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    assert page.evaluate(ASK_AXE, RULES) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_hidden()

    page.keyboard.press("/")
    page.keyboard.type("gp?")
    expect(page.get_by_role("searchbox").first).to_have_value("gp?")
    page.keyboard.press("Tab")
    page.keyboard.press("g")
    page.keyboard.press("p")
    expect(page).to_have_url(f"{live_server.url}/staff/clinic/patient/")
