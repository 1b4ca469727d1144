"""What many tests need: a database that may send, and a second connection to it."""

from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection

from reminders.models.instance import Instance, database_identity
from tests.factories import ENROLLED_AT


@pytest.fixture
def released(db):
    """Let this database send, as a person would by `manage.py release_sending`."""
    return Instance.objects.create(
        pk=Instance.ONLY,
        environment=settings.ENVIRONMENT,
        identity=database_identity(),
        released_at=ENROLLED_AT,
    )


@pytest.fixture
def other_worker(transactional_db):
    """Hold rows from a second connection while the block runs, as another worker would.

    Our own connection waits 100 ms for a lock at most, so that code which waits where it should
    skip fails at once.
    """

    @contextmanager
    def hold(*rows, lock="FOR UPDATE"):
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
        second = connection.copy()
        try:
            with second.cursor() as cursor:
                cursor.execute("BEGIN")
                for row in rows:
                    table = row._meta.db_table
                    cursor.execute(f"SELECT 1 FROM {table} WHERE id = %s {lock}", [row.pk])
                yield cursor
                cursor.execute("ROLLBACK")
        finally:
            second.close()
            with connection.cursor() as cursor:
                cursor.execute("RESET lock_timeout")

    return hold
