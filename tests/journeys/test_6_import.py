"""A list from the hospital's system becomes patients, its bad row explained."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.journeys.files import monday_list
from tests.journeys.ward import (
    about,
    open_patient,
    open_screen,
    reload_until,
    settled_timeline,
    timeline,
    upload,
)

OPERATED_ON = (datetime.now(UTC) + timedelta(days=21)).date()


def test_a_list_is_looked_at_before_its_good_rows_become_patients(desk):
    upload(desk, name="monday.csv", lines=monday_list(day=OPERATED_ON))

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
    upload(desk, name="monday.csv", lines=monday_list(day=OPERATED_ON))

    expect(desk.get_by_text("There is nothing in this file to keep.")).to_be_visible()


def test_an_operation_of_the_list_is_called_off_and_what_that_cancels_is_shown_first(desk):
    open_patient(desk, "Ingrid Solheim")
    # The welcome has gone out, so that it is no longer among what is cancelled.
    reload_until(desk, timeline(desk).get_by_text("Delivered"))
    settled_timeline(desk)

    about(desk).get_by_role("link", name="Call it off").click()
    cancelled = desk.get_by_role("group").filter(has_text="will not be sent")
    expect(cancelled.get_by_role("listitem").first).to_be_visible()
    desk.get_by_role("button", name="Yes, it is called off").click()

    expect(desk.get_by_text("Called off. In the plan:")).to_be_visible()
    expect(timeline(desk).get_by_text("Nothing is to come.")).to_be_visible()
