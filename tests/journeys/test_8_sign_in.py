"""The last minute of a session: a warning, and nothing left open to whoever walks by."""

import pytest
from playwright.sync_api import expect

from tests.journeys.browsers import watched
from tests.journeys.conftest import DESK
from tests.journeys.ward import log_in, open_screen

NOTE = "Her husband says that the dressing is dry and that she walks to the shop."


@pytest.fixture
def physio(demo, browser, kept_by):
    """The physiotherapist at a desk whose clock a test moves."""
    with watched(browser, demo=demo, viewport=DESK, storage_state=kept_by("physio")) as page:
        page.clock.install()
        page.goto(demo)
        yield page


def let_pass(page, minutes, *, left):
    """Let minutes pass in the browser alone; the server seems to say how many seconds are left."""
    page.route("**/sign-in/time-left/", lambda asked: asked.fulfill(json={"seconds": left}))
    page.clock.fast_forward(f"{minutes}:00")


def test_the_panel_warns_before_a_session_ends_and_goes_on_when_somebody_is_there(physio):
    let_pass(physio, 59, left=45)
    warning = physio.get_by_role("dialog", name="Are you still there?")
    expect(warning).to_contain_text("in 45 seconds")

    warning.get_by_role("button", name="I am here").click()

    expect(warning).to_be_hidden()
    expect(physio.get_by_role("heading", name="Whom to call first")).to_be_visible()


def test_a_session_that_nobody_goes_on_with_ends_and_shows_what_was_typed_after_the_log_in(
    physio, demo
):
    open_screen(physio, "Patients")
    physio.get_by_role("link", name="Add a patient").click()
    physio.get_by_label("Given name").fill(NOTE)

    let_pass(physio, 59, left=0)

    expect(physio.get_by_role("heading", name="Log in")).to_be_visible()
    expect(physio.get_by_text("What you had typed was not saved")).to_be_visible()
    physio.unroute("**/sign-in/time-left/")
    log_in(physio, demo, username="physio")
    expect(physio.get_by_text(NOTE)).to_be_visible()
    physio.get_by_role("button", name="I do not need it any more").click()
    expect(physio.get_by_text(NOTE)).to_be_hidden()
