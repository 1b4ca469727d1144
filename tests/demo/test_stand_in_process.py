"""The stand-in as a process of its own: it starts, says so, and survives kill -9."""

import os
import signal
import subprocess
import sys

import pytest
import requests

from reminders.channels.base import Outcome
from reminders.channels.twilio import TwilioSms
from tests.channels.providers import text

SID, TOKEN = "ACtest", "a token for tests only"


@pytest.fixture
def start(tmp_path):
    started = []

    def begin(**environment):
        process = subprocess.Popen(
            [sys.executable, "manage.py", "stand_in", "--data-dir", str(tmp_path / "stand_in")],
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def channel_to(process):
    line = process.stdout.readline()
    assert line.startswith("Stand-in ready: http://127.0.0.1:"), line + process.stderr.read()
    url = line.split()[2]
    return url, TwilioSms(url, account_sid=SID, auth_token=TOKEN)


def test_what_was_accepted_survives_kill_9(start):
    process = start()
    _, sms = channel_to(process)
    message = text()
    accepted = sms.send(message)
    process.kill()
    process.wait()

    url, _ = channel_to(start())

    [kept] = requests.get(f"{url}/stand-in/messages", timeout=5).json()["messages"]
    assert accepted.outcome == Outcome.ACCEPTED
    assert (kept["id"], kept["text"]) == (accepted.provider_id, message.body)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_when_asked(start, number):
    process = start()
    channel_to(process)

    process.send_signal(number)

    assert process.wait(timeout=10) == 0


def test_it_never_runs_in_production(start):
    process = start(
        ENVIRONMENT="production",
        PUBLIC_URL="https://care.example.org",
        SECRET_KEY="a key as long as a real one has to be, for this one test only",
    )

    _, errors = process.communicate(timeout=30)

    assert process.returncode == 1
    assert "never runs in production" in errors
