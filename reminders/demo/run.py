"""`make demo`: everything a clinic needs, on this machine, until Ctrl-C.

Starts PostgreSQL and Redis (unless DATABASE_URL and REDIS_URL name some), brings the database up
to date, makes the demo clinic, then starts the stand-in provider, the web server, the worker and
beat, and watches them. Nothing outlives it, even when it is killed.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from clinic.embedded import (
    NoServer,
    Server,
    dies_with_parent,
    free_port,
    promised,
    running_services,
)
from clinic.embedded.home import is_in_use, remove_home
from reminders.demo.running.child import Child, DidNotStart
from reminders.demo.running.processes import processes
from reminders.demo.running.surroundings import Ports, demo_environment

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("AFTERCARE_DEMO_DIR") or ROOT / ".data" / "demo").resolve()
SURROUNDINGS = "surroundings.json"
START_SECONDS = 60.0
WATCH_SECONDS = 0.5
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Impossible(Exception):
    """The demo cannot start; the message is one sentence for the person at the terminal."""


def main(arguments: list[str]) -> int:
    """Return 0 after Ctrl-C or TERM, 1 with a sentence when the demo cannot run."""
    options = _options(arguments)
    for signum in SIGNALS:
        signal.signal(signum, _stop)
    if options.stop_with_parent and (tie := dies_with_parent(signal.SIGTERM, parent=os.getppid())):
        tie()
    try:
        if options.reset:
            return _reset()
        _run(time.monotonic())
    except KeyboardInterrupt:
        _say(f"Stopped. The data stays in {FOLDER}; `make demo` goes on with it.")
        return 0
    except (Impossible, NoServer, DidNotStart) as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    return 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make demo")
    parser.add_argument("--reset", action="store_true", help="throw the demo's data away")
    parser.add_argument("--stop-with-parent", action="store_true", help="end when make is killed")
    return parser.parse_args(arguments)


def _stop(_signum: int, _frame: FrameType | None) -> None:
    """Turn the first signal into a way out; the ones after it may not break the tidying up."""
    for signum in SIGNALS:
        signal.signal(signum, lambda _signum, _frame: None)
    raise KeyboardInterrupt


def _say(line: str, *, end: str = "\n") -> None:
    with contextlib.suppress(OSError):  # a terminal that has gone must not stop the tidying up
        sys.stdout.write(f"{line}{end}")
        sys.stdout.flush()


@contextlib.contextmanager
def _timed(what: str) -> Iterator[None]:
    """Say what begins, and on the same line how many seconds it took."""
    began = time.monotonic()
    _say(f"{what} ... ", end="")
    try:
        yield
    except BaseException:
        _say("")
        raise
    _say(f"{time.monotonic() - began:.1f} s")


def _run(began: float) -> None:
    """Start everything, say where it is, watch it until a signal ends this."""
    ports = Ports(_web_port(), free_port(), free_port())
    with contextlib.ExitStack() as running:
        with _timed("start: PostgreSQL and Redis"):
            services = running.enter_context(running_services(FOLDER))
        _say("".join(f"       {server.where}\n" for server in services.started), end="")
        FOLDER.mkdir(parents=True, exist_ok=True)
        environment = demo_environment(
            FOLDER, ports=ports, database_url=services.database_url, redis_url=services.redis_url
        )
        _keep(environment)
        provider, *others = processes(FOLDER, ports=ports, environment=environment)
        children = [provider, *others]
        running.callback(_stop_all, children)
        running.callback(_say, "Stopping ...")
        provider.start(now=time.monotonic())  # gets ready while this goes on
        with _timed("migrate"):
            _manage("migrate", "--verbosity", "0", environment=environment)
        with _timed(f"start: {provider.name}"):
            # the seed sends the messages of the past weeks through it
            provider.wait_until_ready(seconds=START_SECONDS)
        with _timed("seed: the clinic, its patients, and the messages they have had"):
            log_ins = _manage("seed_demo", environment=environment)
        with _timed("start: " + ", ".join(child.name for child in others)):
            _start_all(others)
        _invite(environment["PUBLIC_URL"], log_ins=log_ins)
        _say(f"Ready after {time.monotonic() - began:.0f} s. Ctrl-C stops it.")
        _watch(children, servers=services.started)


def _keep(environment: dict[str, str]) -> None:
    """Write down what the demo adds to the environment, for `make demo-do`; for our eyes only."""
    ours = {name: value for name, value in environment.items() if os.environ.get(name) != value}
    kept = FOLDER / SURROUNDINGS
    kept.touch(mode=0o600)
    kept.write_text(json.dumps(ours))


def _web_port() -> int:
    """Return PORT, or 8000. Raises Impossible if it is no port or somebody listens there."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise Impossible(f"PORT is {text!r}. Write a number from 1 to 65535.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except OSError as reason:
            raise Impossible(
                f"Port {text} cannot be used ({reason.strerror}). "
                "Stop what listens there, or choose another: make demo PORT=8001"
            ) from reason
    return promised(int(text))


def _manage(*command: str, environment: dict[str, str]) -> str:
    """Run one of Django's commands to its end; return what it printed."""
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
        preexec_fn=dies_with_parent(signal.SIGTERM),
    )
    if done.returncode:
        last = "\n".join((done.stdout + done.stderr).splitlines()[-12:])
        raise DidNotStart(f"`manage.py {' '.join(command)}` failed. It said:\n{last}")
    return done.stdout


def _start_all(children: list[Child]) -> None:
    """Start them side by side, and wait for each."""
    for child in children:
        child.start(now=time.monotonic())
    for child in children:
        child.wait_until_ready(seconds=START_SECONDS)


def _stop_all(children: list[Child]) -> None:
    """Ask all of them at once, then wait for each."""
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.stop()


def _watch(children: list[Child], *, servers: tuple[Server, ...]) -> None:
    """Start again whatever dies, until a signal."""
    while True:
        for server in servers:
            if not server.pid:
                _say(f"{server.name} ended and is started again. Its log: {server.log}")
                server.start()
        for child in children:
            child.watch(now=time.monotonic(), say=_say)
        time.sleep(WATCH_SECONDS)


def _invite(url: str, *, log_ins: str) -> None:
    _say(f"\n  The panel    {url}/\n  The phones   {url}/demo/phones/")
    _say(f"  The six digits that the log-in asks for: {url}/demo/authenticator/\n")
    for line in log_ins.strip().splitlines():
        _say(f"  {line}")
    _say("")


def _reset() -> int:
    if is_in_use(FOLDER):
        raise Impossible("The demo is running. Stop it first (Ctrl-C), then `make demo-reset`.")
    remove_home(FOLDER)
    if os.environ.get("DATABASE_URL"):
        _say("DATABASE_URL is set; that database was left as it is.")
    _say("The demo's data is gone. `make demo` starts over.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
