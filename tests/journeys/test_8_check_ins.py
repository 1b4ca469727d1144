"""Check-ins answered by text: asked number by number, drawn on the patient's page and for the ward.

The check-ins before this one were texted while the demo was built, through the same door.
"""

import re

from playwright.sync_api import expect

from tests.journeys.browsers import watched
from tests.journeys.ward import (
    answer,
    choose_phone,
    link_in,
    next_morning,
    open_own_page,
    open_patient,
    texts_from_clinic,
    write,
)

SMALL_PHONE = {"width": 375, "height": 812}
BORN = "12 4 1961"
MOST_MORNINGS = 6
TEXTED = re.compile(r"Day \d+, by text")


def test_a_patient_answers_by_text_and_sees_every_answer_on_her_page(demo, browser, phones, desk):
    choose_phone(phones, "Rosa Ibanez")
    asked = phones.locator("#quick").get_by_role("button", name=re.compile("^2 "))
    for _ in range(MOST_MORNINGS):
        if asked.is_visible():
            break
        next_morning(phones)
    answer(phones, "1")
    last = texts_from_clinic(phones).last
    expect(last).to_contain_text("How bad is your worst pain today")
    write(phones, "2")
    expect(last).to_contain_text("We have saved your answers")

    link = link_in(phones)
    with watched(browser, demo=demo, viewport=SMALL_PHONE) as own:
        open_own_page(own, link, born=BORN)
        own.get_by_role("link", name="See your answers so far").click()
        rows = own.get_by_role("row").filter(has_text=TEXTED)
        expect(rows.first.get_by_role("cell")).to_have_text("2")
        assert rows.count() >= 3
        expect(own.locator("figure.drawing polyline")).to_have_count(1)

    open_patient(desk, "Rosa Ibanez")
    desk.get_by_role("link", name="Check-ins", exact=True).click()
    rows = desk.get_by_role("row").filter(has_text=TEXTED)
    expect(rows.first.get_by_role("cell")).to_have_text("2")
    assert rows.count() >= 3
