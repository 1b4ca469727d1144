"""What a person with a link does, and what a test looks at afterwards."""

import hashlib
import re
from datetime import date

from django.db import connection

from reminders.flow.calendar import RULES, kept_rules, shipped_rules
from reminders.models import LinkPurpose
from reminders.models.patient_link import new_link
from tests.factories import NOON, PatientFactory

BORN = date(1950, 3, 27)
PAGES = (
    "/my/",
    "/my/warning-sign/",
    "/my/check-in/",
    "/my/messages/",
    "/my/choices/",
    "/my/paper/",
    "/my/calendar/",
)


def patient_with_page(**more):
    return PatientFactory(**{"birth_date": BORN, **more})


def link_for(patient, *, now=NOON, purpose=LinkPurpose.PAGE, **more):
    """Save a link as a message brings it; return its row and its token."""
    row, token = new_link(patient, purpose=purpose, now=now, **more)
    row.save()
    return row, token


def name_date(client, token, born=BORN):
    """Type a birth date behind a link and send it."""
    typed = {"day": str(born.day), "month": str(born.month), "year": str(born.year)}
    return client.post(f"/p/{token}", typed)


def open_page(client, patient, **more):
    """Open this patient's page in this browser; return the row of the link."""
    row, token = link_for(patient, **more)
    answer = name_date(client, token)
    assert answer.status_code == 302, "the page did not open"
    return row


def words_of(page):
    """The words that a reader sees, in their order, without marks of direction and line."""
    text = re.sub(r"<(style|title)\b.*?</\1>|<[^>]+>", " ", page.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub("[\u2066\u2069]", "", text).replace("\u00a0", " ").split())


def signed_with(*keys):
    """The head of a version that was signed with these rules of the activity calendar."""
    return {RULES: kept_rules(shipped_rules()[key] for key in keys)}


def every_row():
    """A digest of each table: two that are equal hold the same rows, value by value."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        return {table: _digest(cursor, table) for table in tables}


def _digest(cursor, table):
    cursor.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')
    rows = "\n".join(row for (row,) in cursor.fetchall())
    return hashlib.sha256(rows.encode()).hexdigest()
