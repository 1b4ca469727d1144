"""A patient's own page as the guide shows it: at a desk, on a telephone, and narrow in Arabic."""

from pathlib import Path

import pytest

from tests.journeys.browsers import watched
from tests.journeys.conftest import DESK
from tests.journeys.page_of_a_patient import PAGES, open_own_page, send_link

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "guide"
MOST_BYTES = 250_000
WIDTHS = {"desktop": 1280, "phone": 375, "narrow": 320}
TALLEST = 1300
A4 = {"width": 794, "height": 1123}  # in the browser's own measure of 96 to the inch


@pytest.fixture(scope="module")
def own_link(demo, browser, kept_by):
    """The link to Rosa's page, as the nurse has just sent it."""
    with (
        watched(browser, demo=demo, viewport=DESK, storage_state=kept_by("nurse")) as desk,
        watched(browser, demo=demo, viewport=DESK) as phones,
    ):
        desk.goto(demo)
        phones.goto(f"{demo}/demo/phones/")
        return send_link(desk, phones, "Rosa Ibanez")


@pytest.mark.parametrize("size", WIDTHS)
def test_page_of_a_patient(size, demo, browser, own_link):
    width, language = WIDTHS[size], "ar" if size == "narrow" else "en"
    clip = {"x": 0, "y": 0, "width": width, "height": TALLEST}
    viewport = {"width": width, "height": 740}
    with watched(browser, demo=demo, viewport=viewport, java_script_enabled=False) as page:
        page.goto(f"{own_link}?lang={language}")
        keep(page, f"birth-date-{size}", full_page=True, clip=clip)
        open_own_page(page, own_link, "Rosa Ibanez", language=language)
        for part, path in PAGES.items():
            page.goto(f"{demo}{path}?lang={language}")
            keep(page, f"{part}-{size}", full_page=True, clip=clip)
        if size == "desktop":
            page.set_viewport_size(A4)
            page.emulate_media(media="print")
            keep(page, "printed")


def keep(page, name, **options):
    path = GUIDE / f"page-{name}.png"
    page.screenshot(path=path, animations="disabled", caret="hide", **options)
    assert path.stat().st_size < MOST_BYTES, f"{path.name} is too large for a guide"
