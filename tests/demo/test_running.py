"""The processes of the demo: watched, started again, stopped, and kept away from real providers."""

import os
import socket
import subprocess
import sys

import pytest

from reminders.demo.running.child import LONGEST_PAUSE_SECONDS, YOUNG_SECONDS, Child, DidNotStart
from reminders.demo.running.surroundings import Ports, demo_environment, kept_secrets
from tests.waiting import PATIENCE_SECONDS, ends

PORTS = Ports(web=18001, stand_in_http=18002, stand_in_smtp=18003)
STUBBORN_FAMILY = """
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_DFL)
young = os.fork()
if young == 0:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.pause()
print(young, "born", flush=True)
signal.pause()
"""


@pytest.fixture
def child(tmp_path):
    children = []

    def start(code, **options):
        environment = dict(os.environ)
        log = tmp_path / "child.log"
        made = Child("clerk", [sys.executable, "-c", code], environment, log, **options)
        children.append(made)
        made.start(now=0.0)
        return made

    yield start
    for made in children:
        made.stop()


def test_a_child_that_dies_is_started_again_with_a_line_that_says_so(child):
    clerk = child("import signal; signal.pause()")
    first, lines = clerk.process.pid, []
    clerk.process.kill()
    ends(first)

    clerk.watch(now=YOUNG_SECONDS, say=lines.append)

    assert lines[0] == "The clerk ended (killed by SIGKILL) and is started again now."
    assert clerk.process.pid != first
    assert clerk.exit_code is None


def test_a_child_that_keeps_dying_waits_longer_each_time_and_never_silently(child):
    clerk = child("raise SystemExit(3)")
    now, pauses, lines = 0.0, [], []
    for _ in range(6):
        ends(clerk.process.pid)
        clerk.watch(now=now, say=lines.append)
        pauses.append(clerk.start_again_at - now)
        now = clerk.start_again_at
        clerk.watch(now=now, say=lines.append)

    assert pauses == [2.0, 4.0, 8.0, 16.0, LONGEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS]
    assert sum("exit code 3" in line for line in lines) == 6


def test_a_child_is_left_alone_while_it_waits_to_be_started_again(child):
    clerk = child("raise SystemExit(3)")
    ends(clerk.process.pid)
    clerk.watch(now=1.0, say=lambda line: None)
    lines = []

    clerk.watch(now=2.9, say=lines.append)

    assert clerk.process is None
    assert lines == []


def test_stopping_ends_what_a_child_has_started_too(child):
    family = child(STUBBORN_FAMILY, is_ready=lambda family: family.said("born"))
    family.wait_until_ready(seconds=PATIENCE_SECONDS)
    young = int(family.log.read_text().split()[0])

    family.stop()

    assert family.exit_code is not None
    assert ends(young)


def test_a_child_that_does_not_start_says_why(child):
    clerk = child("raise SystemExit('the desk is on fire')", is_ready=lambda clerk: False)

    with pytest.raises(DidNotStart, match=r"clerk did not start[\s\S]*the desk is on fire"):
        clerk.wait_until_ready(seconds=PATIENCE_SECONDS)


def test_no_setting_of_a_real_provider_reaches_the_demo(tmp_path, monkeypatch):
    for name in ("TWILIO_AUTH_TOKEN", "TWILIO_ACCOUNT_SID", "TWILIO_API_URL", "SECRET_KEY"):
        monkeypatch.setenv(name, "real")
    for name in ("EMAIL_BACKEND", "EMAIL_HOST", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD"):
        monkeypatch.setenv(name, "real")
    monkeypatch.setenv("ENVIRONMENT", "production")

    environment = demo_environment(tmp_path, ports=PORTS, database_url="d", redis_url="r")

    assert "real" not in environment.values()
    assert environment["ENVIRONMENT"] == "demo"
    assert environment["TWILIO_API_URL"] == "http://127.0.0.1:18002"


def test_the_keys_are_made_once_and_are_nobody_elses_business(tmp_path):
    first = kept_secrets(tmp_path / "secrets.json")

    assert kept_secrets(tmp_path / "secrets.json") == first
    assert len(first["SECRET_KEY"]) > 50
    assert (tmp_path / "secrets.json").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("port", ["eighty", "0", "65536", "-1"])
def test_a_port_that_is_none_is_named(port):
    demo = start_demo(port)

    assert demo.returncode == 1
    assert demo.stderr == f"PORT is '{port}'. Write a number from 1 to 65535.\n"


def test_a_port_that_is_taken_gets_one_clear_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        demo = start_demo(str(port))

    assert demo.returncode == 1
    assert demo.stderr.startswith(f"Port {port} cannot be used (Address already in use).")
    assert demo.stderr.count("\n") == 1
    assert demo.stdout == ""


def start_demo(port):
    return subprocess.run(
        [sys.executable, "-m", "reminders.demo.run"],
        env=os.environ | {"PORT": port},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
