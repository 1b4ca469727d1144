"""The whole demo, as `make demo` starts it, and browsers that watch what the pages do.

The journeys share one demo and go in the order in which they stand, as a first day would: the
clock of the demo only moves forward. While writing one, AFTERCARE_DEMO_URL may name a demo that
runs already, which saves its start.
"""

import contextlib
import math
import os
import time

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.journeys.browsers import PATIENCE_SECONDS, chromium, watched
from tests.journeys.running_demo import running_demo
from tests.journeys.ward import log_in

DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
SESSION_SECONDS = 10 * 60  # well within the 15 minutes after which a session ends
PICTURES = "screenshots"  # taken only when somebody asks for them: `make screenshots`

expect.set_options(timeout=PATIENCE_SECONDS * 1000)


def pytest_ignore_collect(collection_path, config):
    asked = any(PICTURES in argument for argument in config.args)
    return True if collection_path.name == PICTURES and not asked else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Put the journeys back in order after pytest-randomly."""
    places = [n for n, item in enumerate(items) if "journeys" in item.path.parts]
    told = sorted(
        (items[n] for n in places),
        key=lambda item: (item.path.name, item.function.__code__.co_firstlineno),
    )
    for place, item in zip(places, told, strict=True):
        items[place] = item


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """The address of a demo that has just been started in an empty folder."""
    if running := os.environ.get("AFTERCARE_DEMO_URL"):
        yield running
        return
    with running_demo(tmp_path_factory.mktemp("demo")) as address:
        yield address


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    with sync_playwright() as playwright, chromium(playwright) as browser:
        yield browser


@pytest.fixture(scope="session")
def kept_by(demo, browser):
    """Return what a browser keeps once this person has logged in.

    Everybody does it once, and again after so long without them that their session may be over.
    """
    kept, used = {}, {}

    def state(username):
        if time.monotonic() - used.get(username, -math.inf) > SESSION_SECONDS:
            with watched(browser, demo=demo, viewport=DESK) as page:
                log_in(page, demo, username=username)
                kept[username] = page.context.storage_state()
        used[username] = time.monotonic()
        return kept[username]

    return state


@pytest.fixture
def nurse(kept_by):
    """What the browser keeps once the nurse has logged in."""
    return kept_by("nurse")


@pytest.fixture
def visitor(demo, browser):
    """A desk at which nobody has logged in."""
    with watched(browser, demo=demo, viewport=DESK) as page:
        yield page


@pytest.fixture
def desk(demo, browser, nurse):
    """The nurse at a desk, on Today."""
    with watched(browser, demo=demo, viewport=DESK, storage_state=nurse) as page:
        page.goto(demo)
        yield page


@pytest.fixture
def desk_of(demo, browser, kept_by):
    """Open Today at a desk of its own at which this colleague has logged in."""
    with contextlib.ExitStack() as desks:

        def opened(username):
            kept = kept_by(username)
            desk = watched(browser, demo=demo, viewport=DESK, storage_state=kept)
            page = desks.enter_context(desk)
            page.goto(demo)
            return page

        yield opened


@pytest.fixture
def pocket(demo, browser, nurse):
    """The nurse on a telephone of 390 px, on Today."""
    with watched(browser, demo=demo, viewport=PHONE, storage_state=nurse) as page:
        page.goto(demo)
        yield page


@pytest.fixture
def phones(demo, browser):
    """The page of phones and mailboxes, beside the panel."""
    with watched(browser, demo=demo, viewport=DESK) as page:
        page.goto(f"{demo}/demo/phones/")
        yield page
