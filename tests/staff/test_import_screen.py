"""Import in the panel: look first, keep then, and nobody else's file."""

import os
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from clinic.intake.outcomes import Action
from clinic.models import Patient, Role
from reminders.staff import uploads
from reminders.staff.import_screen import SAID, counted
from tests.factories import StaffFactory
from tests.staff.pages import fields_of, words_of

TITLES = "record_number,given_name,family_name,birth_date,surgery_date,mobile\n"
GOOD = TITLES + "H-1,Ana,Example,1961-04-12,2026-03-02,07700 900200\n"
MIXED = GOOD + "H-2,Bo,Example,1961-04-12,2026-03-02,12\n"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    return tmp_path / ".data" / "uploads"


@pytest.fixture
def page():
    return reverse("admin:clinic_patient_import")


@pytest.fixture
def look(browser, page):
    def upload(text, name="list.csv"):
        file = SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)
        return browser.post(page, {"file": file, "day_order": ""}, follow=True)

    return upload


def test_looking_at_a_file_keeps_no_patient(look):
    words = words_of(look(MIXED))

    assert "Nothing has been kept yet." in words
    assert "Keep 1 row<" in words
    assert not Patient.objects.exists()


def test_a_bad_row_stands_with_line_field_value_and_what_to_do(look):
    words = words_of(look(MIXED))

    assert '<td class="ac-number">3</td>' in words
    assert "<strong>mobile</strong>" in words
    assert '<q dir="auto">12</q>' in words


def test_keeping_takes_the_good_rows_and_leaves_the_bad(look, browser, page, own_clinic, folder):
    shown = look(MIXED)

    words = words_of(browser.post(page, fields_of(shown)))

    assert [p.record_number for p in Patient.objects.filter(clinic=own_clinic)] == ["H-1"]
    assert "Imported: 1 new patient, 1 not taken." in words
    assert list(folder.iterdir()) == []


def test_two_new_patients_are_told_as_two(look, browser, page):
    shown = look(GOOD + "H-3,Cy,Example,1961-04-12,2026-03-02,07700 900201\n")

    words = words_of(browser.post(page, fields_of(shown)))

    assert '<strong class="ac-number">2</strong> new patients</li>' in words_of(shown)
    assert "Imported: 2 new patients." in words


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("count", [1, 2])
def test_every_outcome_has_words_for_a_row_and_for_any_number_of_them(action, count):
    assert SAID[action]
    assert counted(action, count)


def test_keeping_twice_changes_nothing_and_says_that_the_file_is_gone(look, browser, page):
    shown = look(GOOD)
    browser.post(page, fields_of(shown))

    again = browser.post(page, fields_of(shown), follow=True)

    assert "not kept any more" in words_of(again)
    assert Patient.objects.count() == 1


def test_a_file_that_is_no_table_is_refused_with_what_to_do(look, folder):
    words = words_of(look(b"%PDF-1.7", name="list.pdf"))

    assert "Nothing was imported." in words
    assert "Save it as CSV UTF-8 or as an Excel workbook" in words
    assert list(folder.iterdir()) == []


def test_what_a_file_holds_cannot_run_in_the_page(look):
    words = words_of(look(TITLES + "H-1,<b>x</b>,Example,1961-04-12,2026-03-02,<i>1</i>\n"))

    assert "<b>x</b>" not in words
    assert "<i>1</i>" not in words
    assert "&lt;i&gt;1&lt;/i&gt;" in words


def test_nobody_else_gets_at_the_file(look, page, own_clinic, signed_in):
    address = look(GOOD).request["QUERY_STRING"]
    colleague = signed_in(StaffFactory(clinic=own_clinic, role=Role.NURSE))

    answer = colleague.get(f"{page}?{address}", follow=True)

    assert "not kept any more" in words_of(answer)


@pytest.mark.parametrize("token", ["../../etc/passwd", "*", "a" * 32, "%00"])
def test_no_other_file_can_be_named(token, browser, page):
    assert "not kept any more" in words_of(browser.get(page, {"kept": token}, follow=True))


def test_a_kept_file_is_private_and_gone_after_a_day(nurse, folder):
    old = uploads.find(uploads.keep([b"x"], by=nurse, name="a.csv"), by=nurse)
    assert (old.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)
    yesterday = time.time() - uploads.KEPT_SECONDS - 1
    os.utime(old, (yesterday, yesterday))

    uploads.keep([b"y"], by=nurse, name="b.xlsx")

    assert not old.exists()


@pytest.mark.parametrize(
    ("role", "status"), [(Role.RECEPTION, 200), (Role.MANAGER, 200), (Role.AUDITOR, 403)]
)
def test_who_may_import(role, status, own_clinic, signed_in, page):
    somebody = signed_in(StaffFactory(clinic=own_clinic, role=role))

    assert somebody.get(page).status_code == status
