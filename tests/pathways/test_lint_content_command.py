import io
import re

from django.core.management import call_command


def test_the_content_that_ships_has_no_findings_and_says_so_in_its_last_line():
    out = io.StringIO()

    call_command("lint_content", stdout=out)

    last = out.getvalue().splitlines()[-1]
    assert re.fullmatch(
        r"pathways=\d+ steps=\d+ sourced=\d+ languages=\d+ findings=0 worst_grade=\d+\.\d", last
    )
    assert float(last.rpartition("=")[2]) <= 6


def test_notes_and_figures_for_the_reviewer_are_shown_on_request():
    out = io.StringIO()

    call_command("lint_content", "--notes", "--figures", stdout=out)

    told = out.getvalue()
    assert "note: general_knowledge" in told
    assert told.count("steps by category: activity") == 5
    assert told.count("en 100%, es 100%") == 5
    assert told.count("worst grade: ") == 5
    assert told.splitlines()[-1].startswith("pathways=5 ")


def test_the_table_of_the_seed_statements_is_all_that_is_printed_when_asked_for():
    out = io.StringIO()

    call_command("lint_content", "--seed-table", stdout=out)

    assert out.getvalue().startswith("# The seed statements")
    assert out.getvalue().splitlines()[-1].startswith("| B36 |")
