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


def test_notes_for_the_reviewer_are_shown_on_request():
    out = io.StringIO()

    call_command("lint_content", "--notes", stdout=out)

    assert "note: general_knowledge" in out.getvalue()
