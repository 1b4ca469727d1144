"""Exports: the rows of the list and no others, no names without a reason, no cell that runs."""

import csv
import io
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils.http import urlencode
from openpyxl import load_workbook

from clinic.intake.importing import preview
from clinic.intake.outcomes import Action
from clinic.intake.spreadsheet import open_spreadsheet
from clinic.models import AccessEvent, Patient, Role
from reminders.flow.exports import tell_of_exports
from reminders.models import Export
from reminders.staff.exports.columns import COLUMNS, columns_of
from reminders.staff.exports.files import MOST_ROWS_OF_A_WORKBOOK
from reminders.staff.exports.page import ExportForm
from reminders.staff.sign_in import session
from tests.factories import (
    NOON,
    AlertFactory,
    CheckInAnswerFactory,
    ConsentFactory,
    DeliveryFactory,
    ExportFactory,
    PatientFactory,
    ReplyFactory,
    StaffFactory,
    SurgeryFactory,
)
from tests.staff.pages import fields_of, words_of

NAMES = {"with_names": "on", "reason": "Yearly audit"}


@pytest.fixture
def manager(own_clinic, signed_in):
    return signed_in(StaffFactory(clinic=own_clinic, role=Role.MANAGER, username="maria"))


def take(browser, rows_of, *, query="", **typed):
    page = reverse(f"admin:{rows_of}_export") + query
    return browser.post(page, {"format": "csv", "reason": "", **typed})


def content(answer):
    return b"".join(answer.streaming_content)


def rows(answer):
    return list(csv.DictReader(io.StringIO(content(answer).decode("utf-8-sig"))))


class TestWhichRows:
    def test_those_of_the_filtered_list_in_its_order(self, manager, own_clinic):
        for family, language in (("Quill", "es"), ("Adder", "es"), ("Bell", "en")):
            PatientFactory(clinic=own_clinic, family_name=family, language=language)

        taken = rows(take(manager, "clinic_patient", query="?language=es", **NAMES))

        assert [row["family_name"] for row in taken] == ["Adder", "Quill"]

    def test_those_that_a_search_finds(self, manager, own_clinic):
        PatientFactory(clinic=own_clinic, family_name="Quill")
        PatientFactory(clinic=own_clinic, family_name="Adder")

        taken = rows(take(manager, "clinic_patient", query="?q=quill", **NAMES))

        assert [row["family_name"] for row in taken] == ["Quill"]

    def test_all_pages_of_the_list_and_not_the_one_that_was_open(self, manager, own_clinic):
        PatientFactory.create_batch(60, clinic=own_clinic)

        assert len(rows(take(manager, "clinic_patient", query="?p=2"))) == 60

    @pytest.mark.parametrize("rows_of", COLUMNS)
    def test_none_of_another_clinic(self, manager, rows_of):
        elsewhere = SurgeryFactory().patient
        AlertFactory(patient=elsewhere)
        ReplyFactory(by=elsewhere, patient=elsewhere)
        DeliveryFactory(reminder__surgery__patient=elsewhere)
        CheckInAnswerFactory(check_in__patient=elsewhere)

        assert rows(take(manager, rows_of.replace(".", "_"), query=all_of(rows_of), **NAMES)) == []

    @pytest.mark.parametrize("rows_of", COLUMNS)
    def test_every_list_has_its_file(self, manager, own_clinic, rows_of):
        patient = SurgeryFactory(patient__clinic=own_clinic).patient
        AlertFactory(patient=patient)
        ReplyFactory(by=patient, patient=patient)
        DeliveryFactory(reminder__surgery=patient.surgeries.first())
        surgery = patient.surgeries.get()
        CheckInAnswerFactory(check_in__patient=patient, check_in__surgery=surgery)
        name = rows_of.replace(".", "_")

        taken = rows(take(manager, name, query=all_of(rows_of), **NAMES))

        titles = [column.title for column in columns_of(rows_of, with_names=True)]
        assert [list(row) for row in taken] == [titles]
        listed = manager.get(reverse(f"admin:{name}_changelist"))
        assert reverse(f"admin:{name}_export") in words_of(listed)


def all_of(rows_of):
    """Two lists open with what waits; this shows the rest too."""
    return "?show=all" if rows_of in ("reminders.reply", "reminders.alert") else ""


def test_a_filter_that_means_nothing_is_dropped(manager):
    answer = take(manager, "clinic_patient", query="?nonsense=1")

    assert answer.url == reverse("admin:clinic_patient_export")
    assert not Export.objects.exists()


class TestNames:
    def test_are_left_out_unless_asked_for(self, manager, own_clinic):
        patient = PatientFactory(
            clinic=own_clinic, record_number="R-77", given_name="Rosalind", family_name="Quill",
            mobile="+447700900123", email="rq@example.com", birth_date="1961-04-12",
        )  # fmt: skip
        DeliveryFactory(reminder__surgery__patient=patient, text="Zz walk", subject="Zz subject")
        ReplyFactory(by=patient, patient=patient, text="Zz ouch", outcome="Zz called")
        AlertFactory(patient=patient, summary="Zz help")
        CheckInAnswerFactory(check_in__patient=patient, raw="Zz 4")

        files = [
            content(take(manager, rows_of.replace(".", "_"), query=all_of(rows_of))).decode()
            for rows_of in COLUMNS
        ]

        private = ("R-77", "Rosalind", "Quill", "900123", "rq@", "1961", "Zz")
        assert all(str(patient.pk) in file for file in files)
        assert [word for word in private for file in files if word in file] == []

    def test_need_a_reason(self, manager, own_clinic):
        PatientFactory(clinic=own_clinic)

        answer = take(manager, "clinic_patient", with_names="on", reason="  ")

        assert "Say what the file with names is for." in words_of(answer)
        assert not Export.objects.exists()

    def test_are_not_for_a_nurse(self, own_clinic, signed_in):
        PatientFactory(clinic=own_clinic, family_name="Quill")
        nurse = signed_in(StaffFactory(clinic=own_clinic, role=Role.NURSE))

        file = content(take(nurse, "clinic_patient", **NAMES)).decode()

        assert "Quill" not in file
        assert not Export.objects.get().with_names

    def test_the_others_are_told_by_mail_once_and_the_mail_names_no_patient(
        self, manager, own_clinic
    ):
        StaffFactory(clinic=own_clinic, role=Role.MANAGER, email="boss@example.org")
        PatientFactory(clinic=own_clinic, family_name="Quill")
        content(take(manager, "clinic_patient", **NAMES))

        assert tell_of_exports(now=NOON) == 1
        assert tell_of_exports(now=NOON) == 0

        assert {"boss@example.org", "desk@example.org"} <= set(mail.outbox[0].to)
        assert "maria exported 1 rows with names" in mail.outbox[0].body
        assert "Yearly audit" in mail.outbox[0].body
        assert "Quill" not in mail.outbox[0].body

    def test_the_clinical_lead_reads_of_it_on_today(self, manager, own_clinic, signed_in):
        content(take(manager, "clinic_patient", **NAMES))
        lead = signed_in(StaffFactory(clinic=own_clinic, role=Role.SURGEON))

        assert "maria exported 0 rows with names" in words_of(lead.get(reverse("admin:index")))

    def test_an_export_without_them_is_told_to_nobody(self, manager):
        content(take(manager, "clinic_patient"))

        assert tell_of_exports(now=NOON) == 0


def prove(browser, *, at):
    """Let somebody have shown at this moment that it is them, in seconds since 1970."""
    kept = browser.session
    kept[session.KEY] = {**kept[session.KEY], "proved": at}
    kept.save()


class TestWhoMay:
    MAY = (Role.MANAGER, Role.SURGEON, Role.NURSE, Role.AUDITOR)

    @pytest.mark.parametrize("role", Role)
    def test_only_some_roles(self, own_clinic, signed_in, role):
        browser = signed_in(StaffFactory(clinic=own_clinic, role=role))

        page = browser.get(reverse("admin:clinic_patient_export"))
        listed = browser.get(reverse("admin:clinic_patient_changelist"))

        assert (page.status_code == 200) is (role in self.MAY)
        assert (reverse("admin:clinic_patient_export") in words_of(listed)) is (role in self.MAY)
        asks = b'name="with_names"' in page.content
        assert asks is (role in (Role.MANAGER, Role.SURGEON))

    @pytest.mark.parametrize("way", ["get", "post"])
    def test_nobody_who_has_not_shown_lately_who_they_are(self, manager, way):
        prove(manager, at=0)

        answer = getattr(manager, way)(reverse("admin:clinic_patient_export"), {"format": "csv"})

        assert answer.url.startswith(reverse("sign-in-again"))
        assert not Export.objects.exists()

    def test_who_is_asked_only_when_the_form_is_sent_finds_it_filled_in(self, manager):
        prove(manager, at=0)
        page = reverse("admin:clinic_patient_export") + "?language=es"

        asked = manager.post(
            page, {"format": "xlsx", **NAMES}, HTTP_REFERER=f"http://testserver{page}"
        )
        prove(manager, at=NOON.timestamp())
        again = manager.get(page)

        assert asked.url == f"{reverse('sign-in-again')}?{urlencode({'next': page})}"
        assert fields_of(again).items() >= {"format": "xlsx", **NAMES}.items()
        assert "Nothing was sent yet." in words_of(again)
        assert "Yearly audit" not in words_of(manager.get(page))
        assert not Export.objects.exists()

    def test_not_an_operator_who_belongs_to_no_clinic(self, db, signed_in):
        operator = signed_in(StaffFactory(clinic=None, is_superuser=True))

        assert operator.get(reverse("admin:clinic_patient_export")).status_code == 403

    def test_looking_at_the_page_takes_nothing(self, manager):
        manager.get(reverse("admin:clinic_patient_export"))

        assert not Export.objects.exists()

    def test_a_clinic_draws_two_files_at_a_time(self, manager):
        kept = [take(manager, "clinic_patient") for _ in range(2)]  # begun, and not drawn to an end

        assert "Other files are being drawn" in words_of(take(manager, "clinic_patient"))
        assert [content(answer) != b"" for answer in kept] == [True, True]
        assert rows(take(manager, "clinic_patient")) == []

    @pytest.mark.parametrize(("minutes", "waits"), [(14, True), (15, False)])
    def test_a_file_that_was_broken_off_keeps_others_waiting_for_a_quarter_of_an_hour(
        self, manager, own_clinic, minutes, waits
    ):
        begun = NOON - timedelta(minutes=minutes)
        ExportFactory.create_batch(2, clinic=own_clinic, at=begun, finished_at=None)

        answer = take(manager, "clinic_patient")

        assert answer.streaming is not waits
        assert b"".join(answer) != b""


@pytest.mark.parametrize("row_count", [MOST_ROWS_OF_A_WORKBOOK, MOST_ROWS_OF_A_WORKBOOK + 1])
def test_a_workbook_takes_as_many_rows_as_it_can_hold(own_clinic, row_count):
    staff = StaffFactory.build(clinic=own_clinic, role=Role.MANAGER)

    form = ExportForm({"format": "xlsx"}, staff=staff, row_count=row_count)

    assert form.is_valid() is (row_count == MOST_ROWS_OF_A_WORKBOOK)


def test_who_took_what_when_and_why_is_kept(manager, own_clinic):
    PatientFactory.create_batch(3, clinic=own_clinic, language="es")
    PatientFactory(clinic=own_clinic)

    content(take(manager, "clinic_patient", query="?language=es", **NAMES))

    export = Export.objects.get()
    assert (export.by.username, export.at, export.clinic) == ("maria", NOON, own_clinic)
    assert (export.rows_of, export.query) == ("clinic.patient", "language=es")
    assert (export.with_names, export.reason) == (True, "Yearly audit")
    assert (export.row_count, export.rows_written, export.finished_at) == (3, 3, NOON)


RUN_BY_SPREADSHEETS = ["=1+1", " @SUM(1)", "＝1", "'=1", "\u00a0-2", "'''+1", "a\r\nb"]


@pytest.mark.parametrize("rows_of", COLUMNS)
def test_whose_rows_left_stands_in_the_history_of_views_and_nobody_elses(
    manager, own_clinic, rows_of
):
    left = SurgeryFactory(patient__clinic=own_clinic, patient__family_name="Quill")
    stayed = SurgeryFactory(patient__clinic=own_clinic, patient__family_name="Adder")
    for surgery in (left, stayed):
        AlertFactory(patient=surgery.patient)
        ReplyFactory(by=surgery.patient, patient=surgery.patient)
        DeliveryFactory(reminder__surgery=surgery)
        CheckInAnswerFactory(check_in__patient=surgery.patient, check_in__surgery=surgery)
    found = "?q=quill" + all_of(rows_of).replace("?", "&")

    file = content(take(manager, rows_of.replace(".", "_"), query=found, **NAMES))

    event = AccessEvent.objects.get(kind="export")
    assert (event.by.username, event.clinic, event.at) == ("maria", own_clinic, NOON)
    assert event.patients == [left.patient_id]
    assert b"Quill" in file
    assert b"Adder" not in file


class TestCells:
    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_what_our_file_says_our_import_knows_already(self, manager, own_clinic, kind):
        patient = PatientFactory(
            clinic=own_clinic, record_number="00123", given_name="O'Neil", family_name="Ünsal",
            birth_date="1961-04-12", language="es", consented=(),
        )  # fmt: skip
        ConsentFactory(patient=patient, channel="sms")
        SurgeryFactory(
            patient=patient, levels="L4/5", side="left", arrival_time="07:30", smoker=True,
            discharge_date="2026-03-04", durotomy=True, symptom_months=7, wound_closure="staples",
        )  # fmt: skip

        file = io.BytesIO(content(take(manager, "clinic_surgery", format=kind, **NAMES)))

        sheet = open_spreadsheet(file, name=f"ours.{kind}", day_order=None)
        [outcome] = preview(sheet.rows(), clinic=own_clinic, now=NOON)
        assert (outcome.action, outcome.problems) == (Action.UNCHANGED, ())

    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    @pytest.mark.parametrize("text", RUN_BY_SPREADSHEETS)
    def test_a_cell_that_a_spreadsheet_would_run_is_text_and_comes_back(
        self, manager, own_clinic, kind, text
    ):
        PatientFactory(clinic=own_clinic, birth_date="1961-04-12")
        Patient.objects.update(family_name=text, hold_reason=text)
        SurgeryFactory(patient=Patient.objects.get())

        file = io.BytesIO(content(take(manager, "clinic_patient", format=kind, **NAMES)))

        [row] = open_spreadsheet(file, name=f"ours.{kind}", day_order=None).rows()
        assert row.cells["family_name"].replace("\r\n", "\n") == text.replace("\r\n", "\n")
        if kind == "csv":
            assert f'"{text}"' not in file.getvalue().decode() or text[0] == "a"

    def test_signs_that_a_workbook_cannot_hold_do_not_break_it(self, manager, own_clinic):
        patient = PatientFactory(clinic=own_clinic)
        ReplyFactory(by=patient, patient=patient, text="a\x01<b>&\x0b\ufffe" + "'" * 3_000)

        file = content(take(manager, "reminders_reply", format="xlsx", query="?show=all", **NAMES))

        assert file.startswith(b"PK")
        sheet = open_spreadsheet_cells(file)
        assert sheet[1][-2].startswith("a\ufffd<b>&\ufffd\ufffd'''")


def open_spreadsheet_cells(file):
    return list(load_workbook(io.BytesIO(file)).active.iter_rows(values_only=True))


def test_moments_are_on_the_clinics_clock(manager, own_clinic):
    summer = NOON + timedelta(days=120)
    AlertFactory(patient__clinic=own_clinic, opened_at=summer, act_before=summer)

    [row] = rows(take(manager, "reminders_alert"))

    assert row["opened_at"] == "2026-07-01 13:00"
