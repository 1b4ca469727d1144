"""Operations move and take place; what that does to the plan is shown before it is done."""

from datetime import date, timedelta

from playwright.sync_api import expect

from tests.journeys.ward import open_patient, settled_timeline, timeline


def test_a_moved_operation_shows_what_moves_before_anything_does(desk):
    open_patient(desk, "Mei Tanaka")
    before = settled_timeline(desk)
    timeline_page = desk.url

    desk.get_by_role("link", name="Move", exact=True).click()
    day = desk.get_by_label("New date of the operation")
    later = date.fromisoformat(day.input_value()) + timedelta(days=7)
    day.fill(later.isoformat())
    desk.get_by_role("button", name="Move it").click()

    expect(desk.get_by_text("Nothing has been saved yet")).to_be_visible()
    moves = desk.get_by_role("group").filter(has_text="go to another time")
    expect(moves.locator(".ac-was").first).to_be_visible()
    asking = desk.context.new_page()
    asking.goto(timeline_page)
    assert timeline(asking).inner_text() == before
    asking.close()

    desk.get_by_role("button", name="Move it").click()
    expect(desk.get_by_text("Moved. In the plan:")).to_be_visible()
    about_her = desk.get_by_role("complementary", name="About the patient")
    expect(about_her).to_contain_text(f"{later:%A} {later.day} {later:%B %Y}")
    assert timeline(desk).inner_text() != before


def test_messages_held_for_an_operation_go_on_once_it_took_place(desk):
    open_patient(desk, "Piotr Zielinski")
    held = timeline(desk).locator(".is-ahead").get_by_text("Operation not confirmed yet")
    expect(held.filter(visible=True).first).to_be_visible()

    desk.get_by_role("link", name="It took place").click()
    expect(desk.get_by_role("group").filter(has_text="will go out at their time")).to_be_visible()
    desk.get_by_role("button", name="Yes, it took place").click()

    expect(desk.get_by_text("Confirmed. In the plan:")).to_be_visible()
    expect(held).to_have_count(0)
    expect(
        timeline(desk).get_by_text("Planned", exact=True).filter(visible=True).first
    ).to_be_visible()
