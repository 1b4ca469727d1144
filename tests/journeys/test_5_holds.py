"""A plan waits with a reason, and goes on by the days it waited: page, thread and paper say so.

Sofia's messages have waited since the demo began; the mornings before this one have passed since.
"""

import re
from datetime import UTC, datetime

from playwright.sync_api import expect

from tests.journeys.ward import about, open_patient, timeline
from tests.pdf_reading import PdfReader

REASON = "At her sister's wedding in Lisbon"
SHIFT = "Move exercises and tips by the days that the hold lasted"
EXERCISE = "Build walking"


def test_a_hold_is_shown_before_it_holds_and_its_reason_stands_on_the_timeline(desk):
    open_patient(desk, "Daniel Rossi")
    about(desk).get_by_role("link", name="Hold the messages").click()
    desk.get_by_label("Why the messages wait").select_option("Away or abroad")
    desk.get_by_label("In your words").fill(REASON)
    desk.get_by_role("button", name="Hold them").click()

    waiting = desk.get_by_role("group").filter(has_text="wait until somebody releases them")
    expect(waiting.get_by_role("listitem").first).to_be_visible()
    expect(desk.get_by_text("Nothing has been saved yet.")).to_be_visible()
    desk.get_by_role("button", name="Hold them").click()

    expect(desk.get_by_text("On hold. In the plan:")).to_be_visible()
    expect(about(desk)).to_contain_text(f"for 0 days: {REASON}")
    began = timeline(desk).get_by_role("article").filter(has_text="Messages put on hold by Tomas")
    expect(began).to_contain_text(f"Away or abroad: {REASON}")


def test_a_plan_goes_on_moved_by_the_days_it_waited_and_the_paper_has_the_new_dates(desk):
    open_patient(desk, "Sofia Lindqvist")
    about(desk).get_by_role("link", name="Let them go on").click()
    held = desk.get_by_text(re.compile(r"On hold since .* days of the recovery"))
    expect(held).to_be_visible()
    waited = re.search(r"for (\d+) days", held.inner_text())[1]
    desk.get_by_role("radio", name=SHIFT).check()
    desk.get_by_role("button", name="Let them go on").click()

    released = desk.get_by_role("group").filter(has_text="will go out at their time")
    exercise = released.get_by_role("listitem").filter(has_text=EXERCISE)
    expect(exercise.locator(".ac-was")).to_be_visible()  # and the new day beside the old one
    day = new_day(exercise.inner_text())
    desk.get_by_role("button", name="Let them go on").click()

    expect(desk.get_by_text("They go on. In the plan:")).to_be_visible()
    moved = timeline(desk).get_by_role("article").filter(has_text="Messages let go on by Tomas")
    expect(moved).to_contain_text(re.compile(f"Exercises and tips moved by {waited} days?"))
    said = re.sub(r"\s", "", PdfReader(paper_of(desk)).text())
    assert f"{day:%A}{day.day}{day:%B}" in said
    assert "Exercisesandtipscome" in said


def new_day(said):
    """The later of the days in a line of the difference, as in "Tue 3 Mar 2026, 09:00"."""
    told = re.findall(r"\d{1,2} \w{3} \d{4}", said)[-1]
    return datetime.strptime(told, "%d %b %Y").replace(tzinfo=UTC)


def paper_of(desk):
    """The discharge paper as a file, from the link beside the timeline."""
    link = about(desk).get_by_role("link", name="(PDF)")
    answer = desk.request.get(desk.evaluate("location.origin") + link.get_attribute("href"))
    assert answer.headers["content-type"] == "application/pdf"
    return answer.body()
