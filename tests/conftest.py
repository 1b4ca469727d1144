"""What many tests need: a database that may send, and other workers on it at the same time."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings

from reminders.models.instance import Instance, database_identity
from tests.factories import ENROLLED_AT
from tests.signing_in import SignedIn


@pytest.fixture(autouse=True, scope="session")
def quick_password_hash():
    """Hash passwords fast: the slow hash is Django's, and costs half a second each time."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(autouse=True, scope="session")
def static_files_when_asked_for():
    """Look for a static file when a page asks for it, instead of listing all for each browser."""
    with override_settings(WHITENOISE_AUTOREFRESH=True):
        yield


@pytest.fixture
def client():
    """A browser of pytest-django's name, whose force_login counts as both factors."""
    return SignedIn()


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
    skip fails at once. The block gets the other worker's cursor, inside its transaction.
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
                cursor.execute("COMMIT")
        finally:
            second.close()
            with connection.cursor() as cursor:
                cursor.execute("RESET lock_timeout")

    return hold


@pytest.fixture
def workers(transactional_db):
    """Run a function in a thread with a connection of its own, as another process would."""

    def on_own_connection(work, *args, **keywords):
        try:
            return work(*args, **keywords)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=8) as threads:
        yield lambda work, *args, **keywords: threads.submit(
            on_own_connection, work, *args, **keywords
        )


@pytest.fixture
def until_somebody_waits(transactional_db):
    """Return once a connection of this database waits for a lock; fail if none ever does."""

    def wait():
        for _ in range(20_000):  # each turn asks the server, which takes its time
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT 1 FROM pg_stat_activity"
                    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
                )
                if cursor.fetchone():
                    return
        raise AssertionError("nobody waits for a lock")

    return wait
