"""A value gets one answer, typed in the panel or brought in by a table."""

from pathlib import Path

import pytest
import yaml
from django.core.exceptions import ValidationError
from sample_tables import ANN

from clinic.intake.readings import Terms
from clinic.intake.records import read_record
from clinic.intake.spreadsheet import Row
from clinic.models import Patient

LISTS = Path(__file__).parent.parent / "bad_inputs"
# Lists whose rows speak of a British clinic, in which this test stands.
FIELDS = {"names": "given_name", "phones": "mobile", "emails": "email"}


def listed_values():
    return [
        pytest.param(field, row["input"], id=row["id"])
        for name, field in FIELDS.items()
        for row in yaml.safe_load((LISTS / f"{name}.yaml").read_text(encoding="utf-8"))
        if "input" in row and not {"times", "repeat_tail", "country", "allowed"} & set(row)
        if row["input"].strip()
    ]


@pytest.fixture
def terms(clinic, now):
    return Terms(clinic=clinic, today=now.date(), test_numbers=True, languages=frozenset({"en"}))


@pytest.mark.django_db
@pytest.mark.parametrize(("field", "text"), listed_values())
def test_the_panel_and_the_import_agree(clinic, terms, field, text):
    typed = Patient(clinic=clinic, record_number="7", given_name="Ann", family_name="Lee")
    setattr(typed, field, text)
    record = read_record(Row(line=2, cells=ANN | {field: text}), terms=terms)

    if record.problems:
        assert [problem.field for problem in record.problems] == [field]
        with pytest.raises(ValidationError) as refused:
            typed.clean()
        assert set(refused.value.message_dict) == {field}
    else:
        typed.clean()
        assert getattr(typed, field) == record.patient[field]
