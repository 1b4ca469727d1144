"""The clinic's moment for a process of many threads, also while the database is away."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from django.db import DatabaseError, connection


class DemoClockReader:
    """Reads the clinic's clock from one thread with one database connection.

    While the database is away the clock goes on from where it stood.
    """

    def __init__(self, read: Callable[[], datetime]) -> None:
        self._read = read
        self._ahead = timedelta()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="demo-clock")

    def now(self) -> datetime:
        """Return the moment it is for the clinic, aware and in UTC. Any thread may ask."""
        return self._thread.submit(self._ask).result()

    def _ask(self) -> datetime:
        for _ in range(2):
            try:
                moment = self._read()
            except DatabaseError:
                connection.close()
            else:
                self._ahead = moment - datetime.now(UTC)
                return moment
        return datetime.now(UTC) + self._ahead
