"""A clinic's processes for the tests of faults: real ones, started, killed and counted.

Each leads a process group of its own. Nothing here sleeps for a fixed time: whoever waits looks
again and again until what they wait for is there, and gives up after PATIENCE_SECONDS.
"""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import requests
from kombu.exceptions import OperationalError

from clinic.celery import app
from reminders.demo.running.child import Child
from reminders.demo.running.processes import QUEUES

PATIENCE_SECONDS = 30.0
POLL_SECONDS = 0.05
# As often as a test rings what the timetable would ring every ten to fifteen seconds.
TICK_SECONDS = 0.5
CELERY = (sys.executable, "-m", "celery", "-A", "clinic.celery:app")
_ALONE = ("--without-gossip", "--without-mingle", "--without-heartbeat")


def until(condition, *, meanwhile=lambda: None, seconds=PATIENCE_SECONDS):
    """Return what the condition finds as soon as it finds something."""
    give_up = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < give_up, f"waited {seconds:.0f} s in vain"
        meanwhile()
        time.sleep(POLL_SECONDS)
    return found


class House:
    """The processes of one clinic during one test, around its database and its Redis."""

    def __init__(self, folder: Path, *, environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = environment
        self.started: list[Child] = []

    def start(self, name, command, *, is_ready=lambda child: True, **environment):
        """Start a process, and wait for nothing."""
        log = self.folder / f"{len(self.started)}-{name}.log"
        child = Child(name, command, self.environment | environment, log, is_ready=is_ready)
        child.start(now=time.monotonic())
        self.started.append(child)
        return child

    def workers(self, count, *, processes=2, **environment):
        """Start some workers side by side; return them when all take tasks."""
        options = ["-Q", QUEUES, "-c", str(processes), "-l", "INFO", *_ALONE]
        workers = [
            self.start("worker", [*CELERY, "worker", *options], is_ready=is_at_work, **environment)
            for _ in range(count)
        ]
        for worker in workers:
            worker.wait_until_ready(seconds=PATIENCE_SECONDS)
        return workers

    def worker(self, **options):
        """Start one worker; return it when it takes tasks."""
        [worker] = self.workers(1, **options)
        return worker

    def beat(self):
        """Start the real timetable."""
        schedule = str(self.folder / "beat-schedule")
        self.start("beat", [*CELERY, "beat", "-l", "INFO", "--schedule", schedule])

    def web(self):
        """Start the web server; return its address when it answers."""
        address = self.environment["PUBLIC_URL"]
        options = ["--bind", address.removeprefix("http://"), "--no-control-socket"]
        options += ["--worker-class", "gthread", "--threads", "4"]
        command = [sys.executable, "-m", "gunicorn", "clinic.wsgi:application", *options]
        server = self.start("web", command, is_ready=lambda child: answers(address))
        server.wait_until_ready(seconds=PATIENCE_SECONDS)
        return address

    def manage(self, *words, **environment):
        """Run one management command to its end."""
        subprocess.run(
            [sys.executable, "manage.py", *words],
            env=self.environment | environment,
            check=True,
            capture_output=True,
        )

    def ring(self, *tasks):
        """Ring doorbells as the timetable does; without a Redis nobody hears them."""
        try:
            with app.connection_for_write(self.environment["REDIS_URL"]) as connection:
                for name in tasks:
                    app.send_task(name, connection=connection, retry=False)
        except (OperationalError, OSError):
            pass

    def timetable(self):
        """Return something to do while waiting: rings what beat would ring, only faster."""
        return self.timetable_of("reminders.dispatch", "reminders.deliver", "reminders.rescue")

    def timetable_of(self, *tasks):
        """Return something to do while waiting: rings these tasks, faster than beat would."""
        next_ring = 0.0

        def tick():
            nonlocal next_ring
            if time.monotonic() >= next_ring:
                self.ring(*tasks)
                next_ring = time.monotonic() + TICK_SECONDS

        return tick

    def end(self):
        """Kill everything; return the numbers of processes that are still there."""
        for child in self.started:
            kill_group(child)
        return [pid for child in self.started for pid in alive_in_group(child.process.pid)]


def is_at_work(worker):
    return worker.said("ready.")


def has_finished(worker, task):
    """Tell whether a worker has run this task to its end at least once."""
    return re.search(rf"Task {re.escape(task)}\[[^]]+\] succeeded", worker.log.read_text())


def answers(address):
    try:
        return requests.get(address, timeout=5, allow_redirects=False).status_code < 500
    except requests.RequestException:
        return False


def kill_group(child):
    """End a process and all its children at once, as a power cut or a lost container would."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.process.pid, signal.SIGKILL)
    child.process.wait()


def children_of(child):
    """Return the process numbers of the children, oldest first."""
    pid = child.process.pid
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def alive_in_group(group):
    """Return the numbers of the processes of a group that still run."""
    return [pid for pid, state, of in _processes() if of == group and state != "Z"]


def _processes():
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            words = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended while we looked
        yield int(folder.name), words[0], int(words[2])
