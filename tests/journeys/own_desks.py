"""A desk in a clinic that a test makes for itself, apart from the demo."""

import contextlib
import os

from reminders.staff.sign_in import session
from tests.journeys.browsers import watched
from tests.journeys.panel_pages import signed_in

# The browser's own loop runs in this thread; our rows are made between its steps.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
DESK = {"width": 1280, "height": 900}


@contextlib.contextmanager
def desk_at(server, browser, staff, *, is_fresh=True):
    """Today in a browser of its own, watched. Not fresh: the log-in was some time ago."""
    client = signed_in(staff)
    if not is_fresh:
        kept = client.session
        kept[session.KEY] = {**kept[session.KEY], "proved": 0}
        kept.save()
    with watched(browser, demo=server.url, viewport=DESK) as page:
        page.context.add_cookies(
            [
                {"name": name, "value": morsel.value, "url": server.url}
                for name, morsel in client.cookies.items()
            ]
        )
        page.goto(server.url + "/staff/")
        yield page
