"""The rows of tests/clinic/bad_inputs → parameters of tests, with the verdict compared."""

from pathlib import Path

import pytest
import yaml

from clinic.verdicts import Rejected

_FOLDER = Path(__file__).parent.parent / "bad_inputs"


def rows(name):
    """Every row of a file, with its id as the test's name."""
    listed = yaml.safe_load((_FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return [pytest.param(row, id=row["id"]) for row in listed]


def assert_verdict(row, *, typed, verdict):
    """Ask `verdict()` and compare the answer with what the row says."""
    if row["verdict"] == "reject":
        with pytest.raises(Rejected) as rejected:
            verdict()
        assert rejected.value.what
        assert rejected.value.code == row.get("code", rejected.value.code)
        assert row.get("says", "") in rejected.value.messages[0]
        return
    answer = verdict()
    assert str(answer.value) == row.get("value", typed)
    assert bool(answer.warnings) == (row["verdict"] == "warn"), answer.warnings
    assert answer.fixes or row["verdict"] != "fix"
    assert row.get("says", "") in " ".join(answer.warnings)
