"""Tables as clinics send them, in memory."""

import csv
import io

from clinic.intake.spreadsheet import open_spreadsheet

ANN = {
    "record_number": "00123",
    "given_name": "Ann",
    "family_name": "Lee",
    "birth_date": "1980-05-17",
    "mobile": "+447700900123",
    "email": "ann@example.com",
    "surgery_date": "2026-03-10",
}


def csv_file(*rows):
    """A CSV file with a column for every key of any row."""
    titles = list(dict.fromkeys(key for row in rows for key in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, titles)
    writer.writeheader()
    writer.writerows(rows)
    return io.BytesIO(text.getvalue().encode())


def rows_of(*rows):
    return open_spreadsheet(csv_file(*rows)).rows()
