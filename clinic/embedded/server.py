"""One server process: started, watched, stopped."""

from __future__ import annotations

import ctypes
import os
import pwd
import secrets
import signal
import socket
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from clinic.embedded.home import NoServer, give, servant
from clinic.embedded.programs import Program

START_SECONDS = 60.0
STOP_SECONDS = 15.0
POLL_SECONDS = 0.02
PORT_TRIES = 5
_PROMISED: set[int] = set()  # ports of this process that are in use, or soon will be
_LIBC = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1
# One that every such system has, and that knows upper case beyond ASCII (searches need it).
_LOCALE = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"


def dies_with_parent(signum: int, *, parent: int | None = None) -> Callable[[], None] | None:
    """Return a `preexec_fn`: the process gets `signum` when the thread that started it ends.

    `parent` is us, unless the process that will call this is us. Linux only; elsewhere None, and
    a server outlives a parent that was killed by -9.
    """
    if sys.platform != "linux":
        return None
    parent = parent or os.getpid()

    def tie() -> None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signum)
        if os.getppid() != parent:  # it ended between fork and prctl
            os._exit(1)

    return tie


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on right now, nor is going to in this process.

    None is given twice: whoever asked before may not listen on theirs yet.
    """
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        if port not in _PROMISED:
            return promised(port)


def promised(port: int) -> int:
    """Note that somebody is going to listen on this port, so nobody else gets it; return it."""
    _PROMISED.add(port)
    return port


class Server(ABC):
    """A server of ours in `home`. It keeps its port over a restart, so addresses stay true."""

    name: ClassVar[str]
    variable: ClassVar[str]  # the setting that its address goes into
    stop_signal: ClassVar[signal.Signals]

    def __init__(self, home: Path) -> None:
        self.home = home
        self.user: pwd.struct_passwd | None = servant()
        self.program: Program = self.choose_program()
        self.password = self._kept_password()
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def choose_program(self) -> Program:
        """Return what to start; raise NoServer, saying what to install, if there is nothing."""

    @abstractmethod
    def prepare(self) -> None:
        """Make what the server needs on disk, unless it is there."""

    @abstractmethod
    def command(self) -> list[str]:
        """Return the program and its arguments."""

    @abstractmethod
    def answers(self) -> bool:
        """Say whether it takes commands now."""

    @property
    @abstractmethod
    def url(self) -> str:
        """Where it listens, password included."""

    @property
    def where(self) -> str:
        """What runs, from where, and at which port, for a person to read."""
        version, program = self.program.version_text, self.program.path
        return f"{self.name} {version} ({program}) answers on 127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Its process number, or 0 while it does not run."""
        return self._process.pid if self._process and self._process.poll() is None else 0

    def start(self) -> str:
        """Start, wait until it answers, return its address. Raises NoServer with its last words."""
        self.prepare()
        fixed = self.port
        for _ in range(PORT_TRIES):
            self.port = fixed or free_port()
            if self._came_up():
                return self.url
            if "ddress already in use" not in self.last_words():
                break
        raise NoServer(f"{self.name} did not start. It said:\n{self.last_words()}")

    def stop(self) -> None:
        """End it in order, or by force after STOP_SECONDS. Stopping twice is harmless."""
        if self._process is None:
            return
        self._process.send_signal(self.stop_signal)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def kill(self) -> None:
        """End it as a power cut would (for the tests of faults)."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def last_words(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-8:])

    @property
    def log(self) -> Path:
        return self.home / f"{self.name.lower()}.log"

    def run_as_servant(self, command: list[str], *, log: int) -> subprocess.Popen[bytes]:
        """Start a command as the servant, tied to our own life."""
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=self.home,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": _LOCALE, "TZ": "UTC"},
            start_new_session=True,  # Ctrl-C in a terminal is ours to pass on
            preexec_fn=dies_with_parent(self.stop_signal),
            user=self.user.pw_uid if self.user else None,
            group=self.user.pw_gid if self.user else None,
            extra_groups=[] if self.user else None,
        )

    def write_private(self, name: str, text: str) -> Path:
        """Write a file in the home that only the servant (and root) can read."""
        path = self.home / name
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(text)
        give(path, self.user)
        return path

    def _kept_password(self) -> str:
        path = self.home / "password"
        if not path.exists():
            self.write_private(path.name, secrets.token_urlsafe(24))
        return path.read_text()

    def _came_up(self) -> bool:
        """Start it and wait; False if it ended or stayed silent."""
        with self.log.open("wb") as log:
            self._process = self.run_as_servant(self.command(), log=log.fileno())
        give_up = time.monotonic() + START_SECONDS
        while self.pid and time.monotonic() < give_up:
            if self.answers():
                return True
            time.sleep(POLL_SECONDS)
        self.kill()
        return False
