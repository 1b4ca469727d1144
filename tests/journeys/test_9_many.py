"""Twelve operations move together: shown first, agreed to by a second person, done, and told."""

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.journeys.files import TWELVE, closed_theatre
from tests.journeys.ward import (
    about,
    open_patient,
    open_screen,
    press_as_oneself,
    reload_until,
    upload,
)

FIRST_DAY = (datetime.now(UTC) + timedelta(days=35)).date()
REASON = "Theatre closed that day"
AGREE = "Agree in my name, and do it"


def rows_of(page):
    return page.get_by_role("region", name="Operation by operation").get_by_role("listitem")


def ask_to_move(page):
    """Choose all twelve from the list of operations, and look at what would change."""
    open_screen(page, "Operations")
    page.locator("#searchbar").fill("H-30")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("q=H-30"))
    page.get_by_role("link", name="Change together").click()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(len(TWELVE))
    page.get_by_label("What is to happen").select_option("Move by days")
    page.get_by_label("Days to move by").fill("7")
    page.get_by_label("Why").fill(REASON)
    page.get_by_role("button", name="Show what would change").click()


def test_a_second_person_agrees_to_twelve_and_each_timeline_has_the_new_day(desk, desk_of):
    upload(desk, name="theatre.csv", lines=closed_theatre(day=FIRST_DAY))
    desk.get_by_role("button", name="Keep 12 rows").click()
    expect(desk.get_by_text("Imported: 12 new patients.")).to_be_visible()

    manager = desk_of("author")
    ask_to_move(manager)
    expect(manager.get_by_text("A second person has to agree")).to_be_visible()
    expect(manager.get_by_role("button", name="Take it back")).to_be_visible()
    expect(manager.get_by_role("button", name=re.compile("Do it|do it"))).to_have_count(0)
    planned = rows_of(manager).filter(has_text=re.compile(r"\d+ moves?\b"))
    reload_until(manager, planned.nth(len(TWELVE) - 1))  # else the plan grows under who agrees

    surgeon = desk_of("surgeon")
    asked = surgeon.get_by_text("Wren Abbot asks for your yes: Move by days, 12 patients")
    expect(asked).to_be_visible()
    surgeon.goto(manager.url)
    expect(surgeon.get_by_text(REASON)).to_be_visible()
    agree = surgeon.get_by_role("button", name=AGREE)
    press_as_oneself(surgeon, agree, seen=surgeon.get_by_text(re.compile(r"\d+ of 12 done")))
    reload_until(surgeon, surgeon.get_by_text("12 of 12 done"))

    manager.reload()
    expect(manager.get_by_text("Imogen Vale")).to_be_visible()
    later = FIRST_DAY + timedelta(days=7)
    for name in (TWELVE[0], TWELVE[-1]):
        open_patient(desk, name)
        expect(about(desk)).to_contain_text(f"{later:%A} {later.day} {later:%B %Y}")
