"""Every page at the width of a telephone, and on paper. What none may do: `browsers.watched`."""

import pytest
from playwright.sync_api import expect

from tests.journeys.ward import about, choose_phone, open_patient, open_screen, timeline

SCREENS = (
    "Today",
    "Patients",
    "Operations",
    "Alerts",
    "Replies",
    "Messages",
    "Pathways",
    "Import",
    "Rota",
    "Alert ladder",
)


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_fits_a_telephone(pocket, name):
    open_screen(pocket, name) if name != "Today" else None

    expect(pocket.get_by_role("main")).to_be_visible()


@pytest.mark.parametrize("name", ["Alerts", "Replies", "Messages", "Pathways", "Operations"])
def test_a_row_of_a_screen_opens_and_fits_a_telephone(pocket, name):
    open_screen(pocket, name)
    pocket.locator("#result_list tbody tr a").first.click()

    expect(pocket.get_by_role("main")).to_be_visible()


def test_a_patients_pages_fit_a_telephone(pocket):
    open_patient(pocket, "Rosa Ibanez")
    for name in ("Record", "Operation", "Hold the messages"):
        about(pocket).get_by_role("link", name=name, exact=True).click()
        expect(pocket.get_by_role("heading", level=1)).to_be_visible()
        pocket.go_back()


def test_the_phones_and_the_public_page_fit_a_telephone(pocket, demo):
    pocket.goto(f"{demo}/demo/phones/")
    choose_phone(pocket, "Rosa Ibanez")
    pocket.goto(f"{demo}/c/harbourside/")

    expect(pocket.get_by_role("heading", level=1)).to_be_visible()


def test_a_timeline_on_paper_has_the_messages_and_nothing_to_press(desk):
    open_patient(desk, "Rosa Ibanez")
    desk.emulate_media(media="print")

    expect(timeline(desk).get_by_role("article").first).to_be_visible()
    expect(desk.get_by_role("navigation", name="Main menu")).to_be_hidden()
    expect(desk.get_by_role("button").filter(visible=True)).to_have_count(0)
