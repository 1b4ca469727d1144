"""The processes of a running clinic, for measurements that need them."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from clinic.embedded import free_port

QUEUES = "alerts,send,receipts,bulk"
CELERY = (sys.executable, "-m", "celery", "-A", "clinic.celery:app")
GUNICORN = (sys.executable, "-m", "gunicorn", "clinic.wsgi:application", "--no-control-socket")
START_SECONDS = 60.0
POLL_SECONDS = 0.1


@contextlib.contextmanager
def workers() -> Iterator[None]:
    """One worker with two processes, and the real timetable; what patients see goes first."""
    with tempfile.TemporaryDirectory() as folder:
        worker = ["nice", "-n", "5", *CELERY, "worker", "-Q", QUEUES, "-c", "2", "-l", "WARNING"]
        beat = [*CELERY, "beat", "-l", "WARNING", "--schedule", f"{folder}/beat"]
        with _running(worker, log=f"{folder}/worker"), _running(beat, log=f"{folder}/beat-log"):
            yield


@contextlib.contextmanager
def web(*, processes: int = 1, threads: int = 12) -> Iterator[int]:
    """The web server as the demo runs it; gives its port."""
    port = free_port()
    command = [
        *GUNICORN, "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread",
        "--workers", str(processes), "--threads", str(threads),
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder, _running(command, log=f"{folder}/web"):
        _wait_until_it_answers(f"http://127.0.0.1:{port}/health")
        yield port


@contextlib.contextmanager
def _running(command: list[str], *, log: str) -> Iterator[None]:
    with Path(log).open("w") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file, start_new_session=True)
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=30)


def _wait_until_it_answers(url: str) -> None:
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up:
        with contextlib.suppress(OSError):
            with contextlib.suppress(urllib.error.HTTPError):  # an answer is all we ask
                urllib.request.urlopen(url, timeout=5).close()
            return
        time.sleep(POLL_SECONDS)
    raise SystemExit("The web server did not start.")
