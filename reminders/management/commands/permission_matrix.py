"""manage.py permission_matrix: write docs/permissions.md from the addresses and the roles."""

import re
from itertools import groupby
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from clinic import clock
from clinic.models import Role
from reminders.staff.permissions.matrix import ACT, SEE, Matrix, Row, matrix

PLACE = settings.BASE_DIR / "docs" / "permissions.md"
HEAD = """\
# Who may what

Each address of the panel, tried as each role on a clinic made for it. Written by
`manage.py permission_matrix`; a test writes it again and compares. What a role may is code:
`clinic/access.py`.

*see*: the page opens. *act*: a form that is sent there is taken up, or refused for what stands in
it. *–*: neither. That nobody sees or touches anything of another clinic is another matter:
`tests/staff/test_crawl.py`. An action that needs a certain state (a draft, an open alert) stands
here as it is where the state allows it, and emergency access as where it is turned on.
"""
_WORDED = re.compile(r"\^\(\?P<(\w+)>[^)]*\)/\$")  # a route that lists its words
_TYPE = re.compile(r"<\w+:")
CELLS = {
    frozenset(): "–",
    frozenset({SEE}): "see",
    frozenset({ACT}): "act",
    frozenset({SEE, ACT}): "see, act",
}


class Command(BaseCommand):
    """Write the table, or with --check say whether it is as the code has it."""

    help = "Write docs/permissions.md: who may open what, and act where."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="compare only, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.ENVIRONMENT not in ("test", "demo"):
            raise CommandError("Every address is tried here. Only in a test or a demo.")
        text = document(matrix(now=clock.now()))
        if options["check"]:
            if not PLACE.exists() or PLACE.read_text(encoding="utf-8") != text:
                raise CommandError("docs/permissions.md is not what the code does. Write it again.")
            return
        PLACE.write_text(text, encoding="utf-8")
        self.stdout.write(f"{PLACE.relative_to(settings.BASE_DIR)} is written.")


def document(table: Matrix) -> str:
    """Return the document. The same code gives the same text, whatever the day and the database."""
    parts = [HEAD]
    for area, rows in groupby(sorted(table.rows, key=_place), key=_area):
        parts.append(f"## {area}\n\n{_table(list(rows))}\n")
    own = "\n".join(f"- `{route}`" for route in table.everybody)
    parts.append(
        f"## Signing in and one's own account\n\nFor everybody, about themselves.\n\n{own}\n"
    )
    return "\n".join(parts)


def _table(rows: list[Row]) -> str:
    roles = list(Role)
    lines = ["| Address | " + " | ".join(str(role.label) for role in roles) + " |"]
    lines.append("|---|" + "---|" * len(roles))
    for row in rows:
        route = _WORDED.sub(r"<\1>/", row.route)
        route = _TYPE.sub("<", route.replace("path:object_id", "id"))
        shown = f"`{route}`" + (f" *{row.word}*" if row.word else "")
        cells = (CELLS[row.may[role.value]] for role in roles)
        lines.append(f"| {shown} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _place(row: Row) -> tuple[str, str, str]:
    return _area(row), row.route, row.word


def _area(row: Row) -> str:
    """The part of the panel: an app and a model, or what belongs to none."""
    parts = row.route.split("/")
    named = len(parts) > 3 and parts[1] in ("clinic", "reminders", "auth")
    return f"{parts[1]}/{parts[2]}" if named else "Around the screens"
