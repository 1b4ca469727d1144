"""What a patient does with a link on a telephone, and what axe says of the page that is open."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.ward import choose_phone, open_patient, texts_from_clinic

AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text()
# WCAG 2.2 at AA and everything that it builds on.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ASK_AXE = """async (rules) => {
    const found = await axe.run(document, { runOnly: { type: "tag", values: rules } });
    return found.violations.map(
        (one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).join(", ")}`
    );
}"""
BORN = {
    "Rosa Ibanez": (12, 4, 1961),
    "Henry Okafor": (30, 9, 1974),
    "Gwen Pritchard": (15, 3, 1948),
}
PAGES = {
    "home": "/my/",
    "warning-sign": "/my/warning-sign/",
    "messages": "/my/messages/",
    "choices": "/my/choices/",
    "paper": "/my/paper/",
}


def send_link(desk, phones, name):
    """Let the nurse send this patient a new link; return it as it stands on the phone."""
    choose_phone(phones, name)
    links = texts_from_clinic(phones).locator("a[href*='/p/']")
    before = links.count()
    open_patient(desk, name)
    desk.get_by_role("button", name="Send a link to their page").click()
    expect(desk.get_by_text("A new link is on its way")).to_be_visible()
    expect(links).to_have_count(before + 1)
    return links.last.get_attribute("href")


def name_date(page, day, month, year):
    """Type a birth date, whatever the language of the page, and send it."""
    for name, value in (("day", day), ("month", month), ("year", year)):
        page.locator(f"[name={name}]").fill(str(value))
    with page.expect_navigation():
        page.locator("main form button").click()


def open_own_page(page, link, name, *, language=""):
    page.goto(f"{link}?lang={language}" if language else link)
    name_date(page, *BORN[name])
    expect(page).to_have_url(re.compile("/my/$"))


def said_by_axe(page):
    """What axe finds wrong on the page that is open; it has to be opened past its policy."""
    page.evaluate(AXE)
    return page.evaluate(ASK_AXE, RULES)
