"""A clinician lets a patient do something before the calendar does, in her name, with a reason."""

from playwright.sync_api import expect

from tests.journeys.ward import about, open_patient

REASON = "Strong and free of pain when seen today"


def test_a_limit_is_released_for_one_patient_by_a_surgeon_with_a_reason(desk_of):
    desk = desk_of("surgeon")
    open_patient(desk, "Sofia Lindqvist")
    about(desk).get_by_role("link", name="What is allowed, and what not yet").click()
    running = desk.get_by_role("listitem").filter(
        has=desk.get_by_role("heading", name="Running", exact=True)
    )
    expect(running).to_contain_text("not yet")
    running.locator("summary").click()
    running.get_by_label("For this patient").select_option("Released")
    running.get_by_label("Why").fill(REASON)
    decide = desk.get_by_role("button", name="Decide it in my name")
    running.locator(decide).click()

    kept = desk.get_by_text("Kept. In the plan:")
    expect(kept.or_(desk.get_by_role("heading", name="Before this is decided"))).to_be_visible()
    if not kept.is_visible():
        decide.click()
    expect(kept).to_be_visible()
    expect(running).to_contain_text("free")
    expect(running).to_contain_text(f": {REASON}")
