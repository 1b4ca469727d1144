"""A file leaves the panel: asked for by the person themselves, with a reason for names, told of."""

import csv
import io
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from clinic.models import Patient, Role
from tests.factories import ClinicFactory, PatientFactory, StaffFactory
from tests.journeys.own_desks import desk_at
from tests.journeys.panel_pages import let_send
from tests.journeys.ward import open_screen, reload_until
from tests.signing_in import PASSWORD, with_second_factor

RUNS = "=1+1"
WHY = "Yearly audit of the ward"
NAMES = {"record_number", "given_name", "family_name", "birth_date", "mobile", "email"}


@pytest.fixture(autouse=True)
def _rows_beside_a_browser(request, settings):
    request.getfixturevalue("transactional_db")
    let_send(settings)


@pytest.fixture
def clinic():
    clinic = ClinicFactory(name="Harbourside")
    PatientFactory.create_batch(2, clinic=clinic, given_name="Quentin")
    Patient.objects.update(hold_reason=RUNS)
    return clinic


@pytest.fixture
def manager(clinic):
    staff = StaffFactory(clinic=clinic, role=Role.MANAGER, first_name="Maria", last_name="Bell")
    with_second_factor(staff)
    return staff


def exported(page):
    with page.expect_download() as coming:
        page.get_by_role("button", name="Export", exact=True).click()
    return coming.value.suggested_filename, Path(coming.value.path()).read_bytes()


def test_a_manager_takes_a_file_without_names_and_one_with_and_others_learn_of_it(
    live_server, browser, clinic, manager
):
    with desk_at(live_server, browser, manager, is_fresh=False) as page:
        open_screen(page, "Patients")
        page.get_by_role("link", name="Export", exact=True).click()
        expect(page.get_by_role("heading", name="Is it still you?")).to_be_visible()
        page.get_by_label("Or your password").fill(PASSWORD)
        page.get_by_role("button", name="Go on").click()

        expect(page.get_by_text("2 rows", exact=True)).to_be_visible()
        page.get_by_label("File", exact=True).select_option("xlsx")
        name, file = exported(page)
        titles, *rows = load_workbook(io.BytesIO(file)).active.iter_rows(values_only=True)
        assert name.endswith(".xlsx")
        assert len(rows) == 2
        assert not NAMES & set(titles)
        assert "Quentin" not in str(rows)

        page.get_by_label("File", exact=True).select_option("csv")
        page.get_by_label("With names, numbers, addresses, birth dates and texts").check()
        page.get_by_role("button", name="Export", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("Say what the file with names is for.")
        page.get_by_label("What the file is for").fill(WHY)
        name, file = exported(page)
        rows = list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"))))
        assert name.endswith(".csv")
        assert [row["given_name"] for row in rows] == ["Quentin", "Quentin"]
        assert {row["hold_reason"] for row in rows} == {f"'{RUNS}"}

        open_screen(page, "Who has looked")
        page.get_by_label("What", exact=True).select_option("Exported")
        page.get_by_role("button", name="Show", exact=True).click()
        taken = page.get_by_role("main").get_by_role("listitem").filter(has_text="Maria Bell")
        reload_until(page, taken.filter(has_text="Exported").nth(1))

    lead = StaffFactory(clinic=clinic, role=Role.SURGEON)
    with desk_at(live_server, browser, lead) as page:
        expect(page.get_by_text("Maria Bell exported 2 rows with names")).to_be_visible()
        expect(page.get_by_text(f"Reason: {WHY}")).to_be_visible()


def test_a_nurse_is_offered_no_names_and_a_physiotherapist_no_file(live_server, browser, clinic):
    with desk_at(live_server, browser, StaffFactory(clinic=clinic, role=Role.NURSE)) as page:
        open_screen(page, "Patients")
        page.get_by_role("link", name="Export", exact=True).click()
        expect(page.get_by_label("File", exact=True)).to_be_visible()
        expect(page.get_by_role("checkbox")).to_have_count(0)

    physio = StaffFactory(clinic=clinic, role=Role.PHYSIOTHERAPIST)
    with desk_at(live_server, browser, physio) as page:
        open_screen(page, "Patients")
        expect(page.get_by_role("link", name="Export", exact=True)).to_have_count(0)
