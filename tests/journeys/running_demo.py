"""`make demo` for a test: started in an empty folder, stopped by Ctrl-C, nothing left behind."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS, STOP_SECONDS = 240, 60


@contextlib.contextmanager
def running_demo(folder):
    """Yield the address once the demo says Ready; at the end no process of it may be left."""
    port = _free_port()
    started = subprocess.Popen(
        [sys.executable, "-m", "reminders.demo.run"],
        cwd=ROOT,
        env=_own_environment(folder, port=port),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with started:
        try:
            _wait_until_ready(started)
            yield f"http://127.0.0.1:{port}"
            broken = _errors_logged(folder)
        finally:
            _press_ctrl_c(started)
    assert started.returncode == 0, "the demo did not stop in order"
    assert not (left := _processes_of(folder)), f"the demo left processes behind: {left}"
    assert not broken, "tasks or pages broke while nobody looked:\n" + "\n".join(broken)


def _own_environment(folder, *, port):
    """Neither the servers nor the settings of the test run: the demo starts its own."""
    theirs = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "SECRET_KEY", "ALLOWED_HOSTS")
    kept = {name: value for name, value in os.environ.items() if name not in theirs}
    return kept | {
        "AFTERCARE_DEMO_DIR": str(folder / "demo"),
        "PORT": str(port),
        "SIGN_OUT_WHEN_IDLE_MINUTES": "60",  # the nurse waits between two journeys
    }


def _wait_until_ready(started):
    said = []
    stuck = _after(START_SECONDS, started.kill)
    with stuck:
        for line in started.stdout:
            said.append(line)
            if line.startswith("Ready"):
                return
    raise AssertionError("The demo did not get ready. It said:\n" + "".join(said))


def _errors_logged(folder):
    """What the processes of the demo logged as an error, before anybody stopped them."""
    return [
        f"{log.name}: {line}"
        for log in sorted((folder / "demo" / "logs").glob("*.log"))
        for line in log.read_text(errors="replace").splitlines()
        if '"level": "error"' in line or '"level": "critical"' in line
    ]


def _press_ctrl_c(started):
    if started.poll() is None:
        started.send_signal(signal.SIGINT)
    with _after(STOP_SECONDS, started.kill):
        started.stdout.read()
        started.wait()


@contextlib.contextmanager
def _after(seconds, act):
    """Act if the block takes longer than so many seconds."""
    timer = threading.Timer(seconds, act)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _processes_of(folder):
    """Every process whose command or environment names the demo's folder."""
    mark = str(folder).encode()
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            told = (place / "environ").read_bytes() + (place / "cmdline").read_bytes()
            if mark in told and int(place.name) != os.getpid():
                found.append(f"{place.name} {(place / 'cmdline').read_bytes()!r}")
    return found


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
