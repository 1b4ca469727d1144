import io
import json

import pytest
from django.core.management import CommandError, call_command


def answers_to(tmp_path, *lines):
    path = tmp_path / "answers.jsonl"
    path.write_bytes(b"\n".join(lines))
    out = io.StringIO()
    call_command("symptom_check", "--jsonl", str(path), stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_each_line_has_its_tier_its_time_and_its_rules(tmp_path):
    told = answers_to(
        tmp_path,
        b'{"region": "lumbar", "day": 9, "answers": {"Q06": "yes", "Q17": "unsure"}}',
        b'{"region": "lumbar", "day": 9, "answers": {"Q18": 3, "Q30": 37.9}}',
    )

    assert told == [
        {"line": 1, "tier": "EMERGENCY", "sla_minutes": 15, "rules": ["R11", "R20", "R28"]},
        {"line": 2, "tier": "NONE", "sla_minutes": None, "rules": []},
    ]


BAD_LINES = [
    (b"Q01 yes", "not JSON"),
    (b"\xff\xfe", "not JSON"),
    (b"[" * 60_000, "not JSON"),
    (b"[]", "not an object"),
    (b"{}", '"answers"'),
    (b'{"answers": []}', '"answers"'),
    (b'{"answers": {"Q01": "perhaps"}}', "Q01 must be yes, no or unsure"),
    (b'{"answers": {"Q99": "yes"}}', "Q99"),
    (b'{"answers": {"Q01": "yes", "Q01": "no"}}', "twice"),
    (b'{"answers": {"Q30": NaN}}', "NaN"),
    (b'{"answers": {"Q30": 101.3}}', "25 to 45"),
    (b'{"day": "3", "answers": {}}', "day"),
    (b'{"day": true, "answers": {}}', "day"),
    (b'{"day": 1e9, "answers": {}}', "day"),
    (b'{"region": 4, "answers": {}}', "region"),
    (b'{"patient": "a", "answers": {}}', "unknown field patient"),
    (b'{"answers": {"Q01": "' + b"y" * 200_000 + b'"}}', "too long"),
]


@pytest.mark.parametrize(("line", "says"), BAD_LINES)
def test_a_bad_line_is_named_and_the_next_one_goes_on(tmp_path, line, says):
    bad, good = answers_to(tmp_path, line, b'{"answers": {"Q23": "yes"}}')

    assert bad["line"] == 1
    assert says in bad["error"]
    assert (good["line"], good["tier"]) == (2, "EMERGENCY")


def test_blank_lines_are_passed_over_and_still_counted(tmp_path):
    assert [told["line"] for told in answers_to(tmp_path, b"", b'{"answers": {}}', b" ")] == [2]


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        call_command("symptom_check", "--jsonl", str(tmp_path / "gone"), stdout=io.StringIO())
