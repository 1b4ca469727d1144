"""A new clinic: led through what is missing, kept from going live before; in Spanish too."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from reminders.models import DutyShift
from tests.journeys.own_desks import desk_at
from tests.journeys.panel_pages import empty_ward, full_ward, let_send
from tests.journeys.ward import open_screen
from tests.ladders import ShiftFactory
from tests.ready_clinics import manager_of, ready_clinic

GO_LIVE = re.compile("^Go live")
EMPTY = {
    "Patients": "Add one, or bring a list in under Import.",
    "Operations": "its day begins the plan.",
    "Alerts": "stand here until somebody closes them.",
    "Replies": "stands here within seconds.",
    "Messages": "Messages stand here once they are due.",
}


@pytest.fixture(autouse=True)
def _rows_beside_a_browser(request, settings):
    request.getfixturevalue("transactional_db")
    let_send(settings)


def test_the_guide_leads_from_today_to_what_is_missing_and_sees_it_mended(live_server, browser):
    with desk_at(live_server, browser, empty_ward()) as page:
        page.get_by_role("link", name="Go on with the set-up").click()
        expect(page.get_by_role("heading", name="Riverside is not live yet")).to_be_visible()
        expect(page.get_by_role("button", name=GO_LIVE)).to_have_count(0)
        numbers = page.locator("#numbers")
        expect(numbers).to_contain_text("Missing: the number for same-day help.")

        page.get_by_role("link", name=re.compile("^Next: Numbers")).click()
        expect(page).to_have_url(re.compile("#numbers$"))
        numbers.get_by_role("link", name="Enter the numbers").click()
        page.locator("#id_urgent_phone").fill("020 7946 0102")
        page.get_by_role("button", name="Save", exact=True).click()

        open_screen(page, "Set-up")
        expect(numbers.get_by_text("Done", exact=True)).to_be_visible()
        expect(page.get_by_role("button", name=GO_LIVE)).to_have_count(0)


def test_a_clinic_that_lost_its_rota_in_the_meantime_does_not_go_live(live_server, browser):
    clinic, now = ready_clinic(name="Harbourside"), datetime.now(UTC)
    ShiftFactory(clinic=clinic, starts_at=now, ends_at=now + timedelta(days=1))
    with desk_at(live_server, browser, manager_of(clinic)) as page:
        open_screen(page, "Set-up")
        expect(page.get_by_text("11 of 11 done")).to_be_visible()
        DutyShift.objects.all().delete()

        page.get_by_role("button", name=GO_LIVE).click()

        expect(page.get_by_text("Not live: something is missing in Duty rota.")).to_be_visible()
        expect(page.get_by_role("heading", name="Harbourside is not live yet")).to_be_visible()
        expect(page.get_by_role("button", name=GO_LIVE)).to_have_count(0)


def test_a_screen_of_nothing_says_what_to_do(live_server, browser):
    with desk_at(live_server, browser, empty_ward()) as page:
        for name, words in EMPTY.items():
            open_screen(page, name)
            expect(page.get_by_text(words)).to_be_visible()


def test_the_panel_speaks_spanish_to_whoever_asks_it_to_and_back(live_server, browser):
    with desk_at(live_server, browser, full_ward()) as page:
        page.get_by_role("button", name="Español").click()
        expect(page.locator("html")).to_have_attribute("lang", "es")
        page.get_by_role("link", name="Pacientes", exact=True).click()
        expect(page.get_by_role("heading", level=1, name="Pacientes")).to_be_visible()

        page.get_by_role("button", name="English").click()
        expect(page.get_by_role("heading", level=1, name="Patients")).to_be_visible()
