import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.intake.neutral import neutral_cell, plain_cell


@pytest.mark.parametrize(
    "text",
    ["=cmd|'/c calc'!A1", '=HYPERLINK("https://x.example","hi")', "@SUM(1)", "+1", "-1", "\t=1",
     "\r=1", "\n=1", "  =1", "\u00a0=1", "\u3000\u200b =1", "\ufeff＝1", "＝1", "+447700900123"],
)  # fmt: skip
def test_what_a_spreadsheet_would_run_is_shown_as_text(text):
    assert neutral_cell(text) == "'" + text


@pytest.mark.parametrize("text", ["Ann", "", "O'Brien", "3-4", "'tis", "ann@example.com"])
def test_other_text_is_left_alone(text):
    assert neutral_cell(text) == text


@given(st.text(alphabet="='+-@＝ \t\r\u00a0\u200bA", max_size=6))
def test_every_text_comes_back_to_the_byte(text):
    assert plain_cell(neutral_cell(text)) == text
