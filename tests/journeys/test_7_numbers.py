"""The numbers of the clinic: charts on the page, and a month to keep as a paper and as a table."""

import csv
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.ward import open_screen

LAST_MONTH = 1  # of those offered; this one may have begun this morning


def kept(page, button):
    """Press a button that saves a file; return its name and what is in it."""
    with page.expect_download() as coming:
        page.get_by_role("button", name=button, exact=True).click()
    return coming.value.suggested_filename, Path(coming.value.path()).read_bytes()


def test_the_weeks_are_drawn_and_a_month_is_kept_as_paper_and_table(desk):
    open_screen(desk, "The numbers")
    desk.get_by_role("button", name="Count now").click()
    expect(desk.get_by_text("Counted up to now.")).to_be_visible()
    charts = desk.get_by_role("img", name="The table below says the same.")
    expect(charts.first.locator("rect").first).to_be_visible()
    month = desk.get_by_label("A month to keep")
    month.select_option(index=LAST_MONTH)

    (paper_name, paper), (table_name, table) = kept(desk, "PDF"), kept(desk, "CSV")

    assert (paper_name, table_name) == tuple(
        f"aftercare-{month.input_value()}.{kind}" for kind in ("pdf", "csv")
    )
    assert paper.startswith(b"%PDF-")
    assert len(paper) > 5_000
    rows = list(csv.DictReader(table.decode("utf-8-sig").splitlines()))
    assert sum(int(row["sent"]) for row in rows) > 20
