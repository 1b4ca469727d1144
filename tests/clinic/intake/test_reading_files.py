import io
import tracemalloc
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
import yaml

from clinic.intake import spreadsheet
from clinic.intake.spreadsheet import open_spreadsheet
from clinic.intake.tables import FileRefused

HEAD = "record_number,given_name,family_name,birth_date,surgery_date"
ANN = "1,Ann,Lee,1980-05-17,2026-03-01"
FILES = Path(__file__).parent.parent / "bad_inputs" / "files.yaml"


def listed_files():
    listed = yaml.safe_load(FILES.read_text(encoding="utf-8"))
    return [pytest.param(row, id=row["id"]) for row in listed]


def file_of(row):
    if "hex" in row:
        return io.BytesIO(bytes.fromhex(row["hex"]))
    text = row["text"].replace("{head}", HEAD).replace("{ann}", ANN)
    text = text.replace("{commas}", "," * 20_000).replace("{long}", "x" * 2_000_000)
    text = text.replace(",", row.get("comma", ","))
    return io.BytesIO(text.encode(row.get("saved_as", "utf-8")))


@pytest.mark.parametrize("row", listed_files())
def test_every_file_gets_the_verdict_of_the_list(row):
    if "refused" in row:
        with pytest.raises(FileRefused) as refused:
            open_spreadsheet(file_of(row), encoding=row.get("told"))
        assert refused.value.code == row["refused"]
        assert row.get("says", "") in str(refused.value)
        return
    sheet = open_spreadsheet(file_of(row), encoding=row.get("told"))
    kept = [record for record in sheet.rows() if not record.is_blank]
    assert len(kept) == sheet.row_count == row["rows"]
    assert kept[0].cells["family_name"] == "Lee"
    assert list(sheet.columns.unknown) == row.get("unknown", [])


def csv_of(*lines):
    return io.BytesIO("\n".join((HEAD, *lines)).encode())


def test_a_row_after_a_cell_over_two_lines_keeps_its_own_line():
    sheet = open_spreadsheet(csv_of('1,"An\nn",Lee,1980-05-17,2026-03-01', ANN))

    assert [row.line for row in sheet.rows()] == [2, 4]


def test_cells_beyond_the_header_make_the_row_unreadable():
    (row,) = open_spreadsheet(csv_of(ANN + ",2026-03-02")).rows()

    assert "" in row.unreadable


def test_a_row_that_ends_early_is_read_as_blank_at_the_end():
    (row,) = open_spreadsheet(csv_of("1,Ann,Lee")).rows()

    assert "surgery_date" not in row.cells
    assert not row.unreadable


def test_two_hundred_columns_are_refused():
    titles = HEAD + "".join(f",c{number}" for number in range(200))

    with pytest.raises(FileRefused) as refused:
        open_spreadsheet(io.BytesIO(f"{titles}\n{ANN}\n".encode()))

    assert refused.value.code == "too_many_columns"


@pytest.mark.parametrize(("rows", "is_taken"), [(50, True), (51, False)])
def test_the_limit_of_rows_is_exact(monkeypatch, rows, is_taken):
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 50)
    lines = csv_of(*[ANN] * rows, "", "")

    if is_taken:
        assert open_spreadsheet(lines).row_count == 50
    else:
        with pytest.raises(FileRefused, match="Split"):
            open_spreadsheet(lines)


def test_more_than_ten_megabytes_are_refused_unread():
    class Untouched(io.BytesIO):
        def read(self, *args):
            raise AssertionError

    with pytest.raises(FileRefused) as refused:
        open_spreadsheet(Untouched(b"x" * (10 * 1024 * 1024 + 1)))

    assert refused.value.code == "too_big"


def test_memory_stays_flat_while_a_large_file_is_read():
    file = csv_of(*[ANN] * 45_000)
    tracemalloc.start()

    try:
        sheet = open_spreadsheet(file)
        assert sum(1 for _ in sheet.rows()) == 45_000
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 2_000_000


def test_a_person_who_names_the_order_of_days_overrules_the_survey():
    lines = csv_of("1,Ann,Lee,13/01/1980,2026-03-01", "2,Bo,Ray,01/13/1980,2026-03-01")

    assert open_spreadsheet(lines, day_order=spreadsheet.DayOrder.DAY_FIRST).row_count == 2


def test_the_neutral_mark_of_our_own_exports_is_taken_off_again():
    (row,) = open_spreadsheet(csv_of("1,'=1+1,Lee,1980-05-17,2026-03-01")).rows()

    assert row.cells["given_name"] == "=1+1"


class TestWorkbook:
    def saved(self, *rows, formats=()):
        workbook = openpyxl.Workbook()
        sheet = workbook.active
        sheet.append(HEAD.split(","))
        for row in rows:
            sheet.append(row)
        for place, pattern in formats:
            sheet[place].number_format = pattern
        file = io.BytesIO()
        workbook.save(file)
        return file

    def row(self, *cells, formats=()):
        (row,) = open_spreadsheet(self.saved(cells, formats=formats)).rows()
        return row

    def test_days_and_numbers_come_as_a_person_would_type_them(self):
        born, operated = date(1980, 5, 17), datetime.combine(date(2026, 3, 1), time.min)
        row = self.row(123, "Ann", "Lee", born, operated, formats=[("A2", "00000")])

        assert row.cells["record_number"] == "00123"
        assert row.cells["birth_date"] == "1980-05-17"
        assert row.cells["surgery_date"] == "2026-03-01"

    def test_a_formula_is_named_and_never_read_as_nothing(self):
        row = self.row("1", '=HYPERLINK("https://x.example")', "Lee", "1980-05-17", "2026-03-01")

        assert "formula" in row.unreadable["given_name"][0]

    def test_text_that_looks_like_a_formula_stays_text(self):
        file = self.saved(["1", "x", "Lee", "1980-05-17", "2026-03-01"])
        workbook = openpyxl.load_workbook(file)
        cell = workbook.active["B2"]
        cell.value, cell.data_type = "=1+1", "s"
        file = io.BytesIO()
        workbook.save(file)

        (row,) = open_spreadsheet(file).rows()

        assert row.cells["given_name"] == "=1+1"
        assert not row.unreadable

    def test_an_error_and_a_rounded_number_are_named(self):
        row = self.row(1234567890123456, "#N/A", "Lee", "1980-05-17", "2026-03-01")

        assert set(row.unreadable) == {"record_number", "given_name"}

    def test_that_calls_itself_csv_is_refused_by_its_content(self):
        with pytest.raises(FileRefused) as refused:
            open_spreadsheet(self.saved(ANN.split(",")), name="patients.csv")

        assert refused.value.code == "wrong_name"

    def test_that_is_cut_off_is_refused(self):
        whole = self.saved(ANN.split(",")).getvalue()

        with pytest.raises(FileRefused) as refused:
            open_spreadsheet(io.BytesIO(whole[: len(whole) // 2]))

        assert refused.value.code == "damaged"

    def test_that_unpacks_to_too_much_is_refused_unread(self, monkeypatch):
        monkeypatch.setattr("clinic.intake.xlsx_table._MOST_UNPACKED_BYTES", 1_000)

        with pytest.raises(FileRefused) as refused:
            open_spreadsheet(self.saved(ANN.split(",")))

        assert refused.value.code == "too_big"

    def test_empty_columns_far_to_the_right_are_left_out(self):
        file = self.saved(ANN.split(","))
        workbook = openpyxl.load_workbook(file)
        workbook.active["XFD1"].number_format = "0"
        file = io.BytesIO()
        workbook.save(file)

        assert open_spreadsheet(file).row_count == 1
