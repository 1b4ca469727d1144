"""A browser that notes what a page asks for, complains about, or lets run off its side."""

import contextlib
import os
import shutil
from urllib.parse import urlsplit

PATIENCE_SECONDS = 30
NAMES = ("chromium", "chromium-browser", "google-chrome")
# The browser itself talks to nobody either.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# Each page itself says so when it is wider than the window.
MEASURE_WIDTH = """
if (window === window.top) {
    addEventListener("load", () => {
        const page = document.documentElement;
        const wider = page.scrollWidth - page.clientWidth;
        if (wider > 0) console.error(`${location.pathname} can be scrolled ${wider} px sideways`);
    });
}
"""


@contextlib.contextmanager
def chromium(playwright):
    """The system's Chromium with a profile of its own, without a window."""
    path = os.environ.get("AFTERCARE_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)))
    browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
    try:
        yield browser
    finally:
        browser.close()


@contextlib.contextmanager
def watched(browser, *, demo, viewport, **options):
    """A page in a session of its own.

    At the end nothing may have been asked of another host, no error may stand in the console, and
    no page visited may have been wider than the window.
    """
    context = browser.new_context(viewport=viewport, locale="en-GB", **options)
    context.set_default_timeout(PATIENCE_SECONDS * 1000)
    context.add_init_script(MEASURE_WIDTH)
    page = context.new_page()
    strangers, complaints = [], []
    home = urlsplit(demo).netloc
    context.on("request", lambda asked: _note_stranger(asked.url, home, strangers))
    page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        yield page
    finally:
        context.close()
    assert strangers == [], "pages asked other hosts"
    assert complaints == [], "pages complained"


def _note_stranger(url, home, strangers):
    parts = urlsplit(url)
    if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != home:
        strangers.append(url)
