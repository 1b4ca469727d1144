"""What the tests of the channels stand on: a real stand-in, and a webhook that remembers."""

import contextlib
import threading
import uuid
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests
from responses import RequestsMock

from reminders.channels.base import Outgoing
from reminders.channels.twilio import TwilioSms
from reminders.channels.twilio_signature import read_form, signature_is_valid
from reminders.demo.stand_in.account import Account
from reminders.demo.stand_in.stand_in import StandIn

SID = "AC" + "0" * 32
TOKEN = "a token for tests only"
LONGEST_WAIT_SECONDS = 10
NOON = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)


class Webhook(ThreadingHTTPServer):
    """Listens like the product and keeps each call: path, parameters, whether it was signed."""

    daemon_threads = True

    def __init__(self):
        self.calls = []
        self.status = 200
        self._heard = threading.Condition()
        super().__init__(("127.0.0.1", 0), _WebhookHandler)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def keep(self, path, params, signature):
        signed = signature_is_valid(self.url + path, params, signature, TOKEN)
        with self._heard:
            self.calls.append({"path": path, "params": dict(params), "signed": signed})
            self._heard.notify_all()

    def wait_for(self, count):
        """Return the first `count` calls as soon as there are so many."""
        with self._heard:
            assert self._heard.wait_for(lambda: len(self.calls) >= count, LONGEST_WAIT_SECONDS), (
                f"{len(self.calls)} of {count} calls came"
            )
            return self.calls[:count]

    def statuses(self, count):
        return [call["params"]["MessageStatus"] for call in self.wait_for(count)]


class _WebhookHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.keep(self.path, read_form(body), self.headers["X-Twilio-Signature"])
        answer = b"<Response/>"
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args):
        pass


@contextlib.contextmanager
def running_webhook():
    with Webhook() as webhook:
        thread = threading.Thread(target=webhook.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield webhook
        webhook.shutdown()
        thread.join()


@pytest.fixture
def webhook():
    with running_webhook() as webhook:
        yield webhook


@pytest.fixture
def stand_in(tmp_path: Path, webhook):
    account = Account(sid=SID, token=TOKEN, public_url=webhook.url)
    with StandIn(tmp_path, account=account, now=lambda: NOON) as stand_in:
        yield stand_in


@pytest.fixture
def sms(stand_in):
    """The channel as it is in production: a busy machine has seconds to answer in."""
    return TwilioSms(stand_in.url, account_sid=SID, auth_token=TOKEN)


@pytest.fixture
def hurried_sms(stand_in):
    """A channel that gives up soon; only for a call that the provider never answers anyway."""
    return TwilioSms(stand_in.url, account_sid=SID, auth_token=TOKEN, read_seconds=0.3)


@pytest.fixture
def responses():
    """Answers that no real server gives on request."""
    with RequestsMock() as mock:
        yield mock


@pytest.fixture
def control(stand_in):
    """Ask something of the stand-in as people do: `control("POST", "mode", mode="slow")`."""
    with requests.Session() as session:

        def ask(method, path, **said):
            kind = "params" if method == "GET" else "json"
            answer = session.request(method, f"{stand_in.url}/stand-in/{path}", **{kind: said})
            return answer.json()

        yield ask


def text(webhook=None, **changes):
    """An outgoing text; its receipts go to the webhook when there is one."""
    reference = uuid.uuid4()
    url = f"{webhook.url}/hooks/twilio/status/{reference}/" if webhook else ""
    usual = {
        "reference": reference,
        "to": "+447700900123",
        "sender": "+447700900999",
        "body": "Do your walk today, at your own pace.",
        "status_url": url,
    }
    return Outgoing(**{**usual, **changes})


def mail(**changes):
    """An outgoing mail with both parts."""
    usual = {
        "reference": uuid.uuid4(),
        "to": "jane.doe@example.com",
        "sender": "Hill Clinic <care@example.org>",
        "subject": "Your exercises today",
        "body": "Walk for ten minutes.\n.\nA line of one dot stands above.\n",
        "html": "<p>Walk for ten minutes.</p>",
        "headers": {"List-Unsubscribe": "<https://example.org/u/1>"},
    }
    return Outgoing(**{**usual, **changes})
