"""Which processes the demo consists of, and how each shows that it does its work."""

from __future__ import annotations

import signal
import sys
import urllib.error
import urllib.request
from pathlib import Path

from reminders.demo.running.child import Child
from reminders.demo.running.surroundings import Ports

QUEUES = "alerts,send,receipts,bulk"
WORKER_PROCESSES = 3
WEB_THREADS = 12
_PYTHON = sys.executable
# To whoever waits for a page or an answer: a backlog is read in what time is left.
GIVES_WAY = ("nice", "-n", "5")
# One worker needs neither gossip nor a look for others; without them it is ready a second sooner.
_WORKER = ("-l", "INFO", "--without-gossip", "--without-mingle", "--without-heartbeat")


def processes(folder: Path, *, ports: Ports, environment: dict[str, str]) -> list[Child]:
    """Return the stand-in, the web server, the worker and beat, in the order of their start."""
    logs = folder / "logs"
    logs.mkdir(exist_ok=True)
    celery = [_PYTHON, "-m", "celery", "-A", "clinic.celery:app"]
    return [
        Child(
            "stand-in provider",
            [_PYTHON, "manage.py", "stand_in", *_stand_in_options(folder, ports=ports)],
            environment,
            logs / "stand_in.log",
            is_ready=lambda child: _answers(f"{environment['STAND_IN_URL']}/stand-in/counts"),
        ),
        Child(
            "web server",
            [_PYTHON, "-m", "gunicorn", "clinic.wsgi:application", *_gunicorn_options(ports=ports)],
            environment,
            logs / "web.log",
            is_ready=lambda child: _answers(f"{environment['PUBLIC_URL']}/"),
        ),
        Child(
            "worker",
            [*GIVES_WAY, *celery, "worker", "-Q", QUEUES, "-c", str(WORKER_PROCESSES), *_WORKER],
            environment,
            logs / "worker.log",
            is_ready=lambda child: child.said("ready."),
            killed_parent_signal=signal.SIGQUIT,  # TERM would wait for a task that waits for Redis
        ),
        Child(
            "timetable (beat)",
            [*celery, "beat", "-l", "INFO", "--schedule", str(folder / "beat-schedule")],
            environment,
            logs / "beat.log",
            is_ready=lambda child: child.said("Starting"),
        ),
    ]


def _stand_in_options(folder: Path, *, ports: Ports) -> list[str]:
    listens = ["--http-port", str(ports.stand_in_http), "--smtp-port", str(ports.stand_in_smtp)]
    return [*listens, "--data-dir", str(folder / "stand-in")]


def _gunicorn_options(*, ports: Ports) -> list[str]:
    listens = ["--bind", f"127.0.0.1:{ports.web}", "--no-control-socket"]
    return [*listens, "--worker-class", "gthread", "--threads", str(WEB_THREADS), "--timeout", "60"]


def _answers(url: str) -> bool:
    """Say whether a page comes back, whatever it says, unless it says that it is broken."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own address
            return bool(answer.status < 500)
    except urllib.error.HTTPError as answer:
        return answer.code < 500
    except OSError:
        return False
