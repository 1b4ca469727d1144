import csv
import io

import pytest
from django.core.management import CommandError, call_command
from sample_tables import ANN, csv_file

from clinic.intake.progress import with_progress
from clinic.models import Clinic, Consent, Patient, Staff

BAD = ANN | {"record_number": "=7", "mobile": "07700 900123 x9"}


@pytest.fixture
def run(clinic, tmp_path):
    """Import rows by the command and return what it prints."""

    def run(*rows, **options):
        path = tmp_path / "patients.csv"
        path.write_bytes(csv_file(*rows).getvalue())
        printed = io.StringIO()
        call_command("import_patients", path, clinic=clinic.key, stdout=printed, **options)
        return printed.getvalue()

    return run


def test_keeps_nothing_until_it_is_told_to(run):
    printed = run(ANN)

    assert "rows=1 create=1 update=0 unchanged=0 conflict=0 reject=0" in printed
    assert "--apply" in printed
    assert not Patient.objects.exists()


def test_keeps_the_good_rows_and_shows_line_field_value_and_what_to_do(run, importer):
    printed = run(ANN | {"consent": "yes"}, BAD, apply=True, by="ira")

    assert printed.splitlines()[-1] == ("rows=2 create=1 update=0 unchanged=0 conflict=0 reject=1")
    assert "line 3      reject" in printed
    assert 'mobile: "07700 900123 x9" An extension cannot get texts. Ask for' in printed
    assert set(Consent.objects.values_list("recorded_by", flat=True)) == {importer.pk}


def test_says_the_second_time_that_nothing_changes(run):
    run(ANN, apply=True)

    assert "rows=1 create=0 update=0 unchanged=1 conflict=0 reject=0" in run(ANN, apply=True)


def test_writes_what_is_wrong_to_a_file_that_runs_nothing(run, tmp_path):
    run(BAD, errors_to=tmp_path / "wrong.csv")

    with (tmp_path / "wrong.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["line"], row["field"], row["record_number"]) == ("2", "mobile", "'=7")


def test_names_columns_that_it_leaves_out_and_how_it_read_the_file(run):
    printed = run(ANN | {"shoe size": "42"})

    assert "CSV, utf-8, columns parted by comma" in printed
    assert "Columns left out: shoe size." in printed


def test_refuses_a_file_that_is_not_a_table(run, clinic, tmp_path):
    (tmp_path / "page.csv").write_text("<html>")

    with pytest.raises(CommandError, match="web page"):
        call_command("import_patients", tmp_path / "page.csv", clinic=clinic.key)


def test_refuses_a_file_that_is_not_there(clinic, tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_patients", tmp_path / "none.csv", clinic=clinic.key)


@pytest.mark.django_db
def test_refuses_an_unknown_clinic_and_names_the_known(clinic, tmp_path):
    with pytest.raises(CommandError, match="Clinics: harbour"):
        call_command("import_patients", tmp_path / "none.csv", clinic="harber")


def test_refuses_somebody_from_another_clinic(run):
    other = Clinic.objects.create(key="hill", name="Hill", country="GB", zone="Europe/London")
    Staff.objects.create(username="hal", clinic=other)

    with pytest.raises(CommandError, match="Nobody named hal"):
        run(ANN, by="hal")


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_bar_is_drawn_on_a_terminal():
    terminal = Terminal()

    assert list(with_progress(range(3), total=3, stream=terminal)) == [0, 1, 2]
    assert terminal.getvalue().endswith("3 of 3 rows\n")


def test_no_bar_is_drawn_into_a_file():
    file = io.StringIO()

    assert list(with_progress(range(3), total=3, stream=file)) == [0, 1, 2]
    assert file.getvalue() == ""
