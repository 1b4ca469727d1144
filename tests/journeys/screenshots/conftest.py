"""What the pictures have in common: two sizes of a window, and where they are kept."""

from pathlib import Path

import pytest

from tests.journeys.browsers import watched
from tests.journeys.conftest import PHONE

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "guide"
MOST_BYTES = 250_000
SIZES = {"desktop": {"width": 1280, "height": 740}, "phone": PHONE}


@pytest.fixture(params=SIZES)
def size(request):
    return request.param


@pytest.fixture
def keep(size):
    """Keep what a page shows under a name."""

    def keep(page, name):
        path = GUIDE / f"{name}-{size}.png"
        page.evaluate("document.fonts.ready")
        page.screenshot(path=path, animations="disabled", caret="hide")
        assert path.stat().st_size < MOST_BYTES, f"{path.name} is too large for a guide"

    return keep


@pytest.fixture
def page(size, demo, browser, nurse):
    with watched(browser, demo=demo, viewport=SIZES[size], storage_state=nurse) as page:
        page.emulate_media(reduced_motion="reduce")
        page.goto(demo)
        yield page
