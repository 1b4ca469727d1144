"""A list from the hospital's system becomes patients, its bad row explained."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.journeys.files import monday_list
from tests.journeys.ward import open_patient, open_screen, reload_until, timeline, upload


def test_a_list_is_looked_at_before_its_good_rows_become_patients(desk):
    operated_on = (datetime.now(UTC) + timedelta(days=21)).date()
    upload(desk, name="monday.csv", lines=monday_list(day=operated_on))

    expect(desk.get_by_text("Nothing has been kept yet.")).to_be_visible()
    bad = desk.get_by_role("row").filter(has_text="H-2002")
    expect(bad.get_by_role("cell").first).to_have_text("3")
    expect(bad).to_contain_text("mobile")
    expect(bad).to_contain_text("07700 9002")
    open_screen(desk, "Patients")
    expect(desk.get_by_role("link", name="Whitfield, Nora")).to_have_count(0)
    desk.go_back()

    desk.get_by_role("button", name="Keep 2 rows").click()
    expect(desk.get_by_text("Imported: 2 new patients, 1 not taken.")).to_be_visible()

    open_patient(desk, "Nora Whitfield")
    reload_until(desk, timeline(desk).get_by_text("Planned", exact=True).filter(visible=True))


def test_the_same_list_again_changes_nothing(desk):
    operated_on = (datetime.now(UTC) + timedelta(days=21)).date()
    upload(desk, name="monday.csv", lines=monday_list(day=operated_on))

    expect(desk.get_by_text("There is nothing in this file to keep.")).to_be_visible()
