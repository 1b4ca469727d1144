"""At 22:40 a patient reports numbness between the legs; the alert climbs and is closed."""

import re
from datetime import timedelta

from playwright.sync_api import expect

from tests.journeys.ward import (
    MORNING_SECONDS,
    choose_phone,
    open_screen,
    reload_until,
    texts_from_clinic,
    walk_on,
    write,
)

WAITS = "an urgent alert waits since 22:4"
OUTCOME = "Sent to urgent or emergency care"


def until_tonight(phones):
    walk_on(phones, "Tonight, 22:40", at_least=timedelta(0))
    expect(phones.locator(".clock-time")).to_contain_text("22:4", timeout=MORNING_SECONDS * 1000)


def ten_minutes_on(phones):
    walk_on(phones, "+10 min", at_least=timedelta(minutes=10))


def is_told(phones, name):
    """Wait until this member of staff has a text about the alert, and stay at their phone."""
    people = phones.get_by_role("navigation", name="People")
    reload_until(phones, people.get_by_role("link", name=name))
    choose_phone(phones, name)
    reload_until(phones, texts_from_clinic(phones).filter(has_text=WAITS))


def test_the_alert_climbs_to_the_last_rung_until_a_named_person_takes_and_closes_it(desk, phones):
    until_tonight(phones)
    choose_phone(phones, "Henry Okafor")
    expect(phones.locator("#owner-day")).to_contain_text(re.compile("day [34]"))  # or past midnight
    write(phones, "I feel numb between my legs")
    answer = texts_from_clinic(phones).filter(has_text="nobody reads messages now")
    reload_until(phones, answer)
    expect(answer.last).to_contain_text("Emergency: call 999")

    strip = desk.get_by_role("alert").filter(has_text="Nobody has taken this urgent alert.")
    reload_until(desk, strip)
    expect(strip).to_contain_text("Henry Okafor")
    is_told(phones, "Tomas Reed, staff")
    strip.get_by_role("link", name="Open the alert").click()
    climb = desk.get_by_role("region", name="Who is told")
    expect(climb).to_contain_text("Whoever is on duty (Tomas Reed)")
    expect(climb).to_contain_text(re.compile(r"Told next, at 22:5\d \(in .+\): Imogen Vale"))

    ten_minutes_on(phones)
    is_told(phones, "Imogen Vale, staff")
    ten_minutes_on(phones)
    reload_until(desk, strip.filter(has_text="spinal surgeon on call: 020 7946 0109"))
    ten_minutes_on(phones)
    reload_until(desk, climb.get_by_text("repeat 1"))
    is_told(phones, "Imogen Vale, staff")
    told = texts_from_clinic(phones).filter(has_text=WAITS)
    reload_until(phones, told.nth(1))

    desk.get_by_role("button", name="I have it").click()
    expect(desk.get_by_text(re.compile("In the hands of Tomas Reed since"))).to_be_visible()
    expect(strip).to_have_count(0)
    desk.get_by_label("What came of it").select_option(OUTCOME)
    desk.get_by_label("Note").fill("Called him, ambulance on its way")
    desk.get_by_role("button", name="Close the alert").click()
    expect(desk.get_by_text(re.compile("Closed by Tomas Reed on"))).to_be_visible()

    ten_minutes_on(phones)
    choose_phone(phones, "Imogen Vale, staff")
    expect(told).to_have_count(2)


def test_the_rota_says_who_is_on_duty_and_the_ladder_who_is_next(desk):
    open_screen(desk, "Rota")
    now = desk.get_by_role("region", name="On duty now")
    expect(now).to_contain_text("Tomas Reed")
    desk.get_by_role("link", name="Week after").click()
    expect(desk.get_by_text("1 day with hours without anybody")).to_be_visible()

    open_screen(desk, "Alert ladder")
    expect(desk.get_by_role("complementary", name="What would happen")).to_contain_text(
        "Hospital switchboard, ask for the spinal surgeon on call"
    )
