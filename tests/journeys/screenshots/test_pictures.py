"""The pictures of docs/guide, taken from a demo that has just been started."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESK, PHONE
from tests.journeys.browsers import watched
from tests.journeys.ward import choose_phone, next_morning, open_patient, open_screen, upload

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "guide"
MOST_BYTES = 250_000
SIZES = pytest.mark.parametrize(
    ("size", "viewport"), [("desktop", DESK), ("phone", PHONE)], ids=["desktop", "phone"]
)


@pytest.fixture
def take(size, viewport, demo, browser, nurse):
    """The nurse's page, and a function that keeps what it shows under a name."""
    with watched(browser, demo=demo, viewport=viewport, storage_state=nurse) as page:
        page.emulate_media(reduced_motion="reduce")
        page.goto(demo)

        def keep(name):
            path = GUIDE / f"{name}-{size}.png"
            page.screenshot(path=path, animations="disabled")
            assert path.stat().st_size < MOST_BYTES, f"{path.name} is too large"

        yield page, keep


@SIZES
def test_log_in(size, viewport, demo, browser):
    with watched(browser, demo=demo, viewport=viewport) as page:
        page.goto(demo)
        page.screenshot(path=GUIDE / f"log-in-{size}.png")


@SIZES
def test_today(take):
    _, keep = take
    keep("today")
