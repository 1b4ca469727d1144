"""The stand-in speaks the provider's language and keeps what it accepted."""

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from reminders.channels.base import Outcome
from reminders.channels.email import EmailChannel
from reminders.channels.twilio_signature import signature_is_valid
from reminders.demo.stand_in.account import Account
from reminders.demo.stand_in.sms_api import segments
from reminders.demo.stand_in.stand_in import StandIn
from tests.channels.providers import NOON, SID, TOKEN, mail, text

PATIENT, CLINIC = "+447700900123", "+447700900999"


class ToStandIn(TwilioHttpClient):
    """The provider's own client, led to the stand-in."""

    def __init__(self, url):
        super().__init__(pool_connections=False)
        self._url = url

    def request(self, method, url, **options):
        return super().request(method, url.replace("https://api.twilio.com", self._url), **options)


@pytest.fixture
def client(stand_in):
    return Client(SID, TOKEN, http_client=ToStandIn(stand_in.url))


class TestTheProvidersOwnClient:
    def test_creates_and_fetches_a_text(self, client):
        created = client.messages.create(to=PATIENT, from_=CLINIC, body="Hello")

        fetched = client.messages(created.sid).fetch()

        assert (fetched.body, fetched.to, fetched.from_) == ("Hello", PATIENT, CLINIC)
        assert fetched.direction == "outbound-api"
        assert fetched.date_created == NOON
        assert fetched.num_segments == "1"

    def test_lists_texts_by_number_and_day_newest_first(self, client):
        for body in ("one", "two"):
            client.messages.create(to=PATIENT, from_=CLINIC, body=body)
        client.messages.create(to="+447700900124", from_=CLINIC, body="to another")

        assert [each.body for each in client.messages.list(to=PATIENT)] == ["two", "one"]
        assert len(client.messages.list(from_=CLINIC)) == 3
        assert client.messages.list(to=PATIENT, date_sent_after=NOON.replace(day=4)) == []
        assert len(client.messages.list(to=PATIENT, date_sent_after=NOON.replace(hour=1))) == 2
        assert client.messages.list(to=PATIENT, date_sent_before=NOON.replace(hour=1)) == []

    def test_lists_what_patients_sent_to_the_clinic(self, client, control):
        client.messages.create(to=PATIENT, from_=CLINIC, body="one")
        control("POST", "inbound", **{"from": PATIENT, "to": CLINIC, "body": "a reply"})

        [reply] = client.messages.list(to=CLINIC)
        assert (reply.body, reply.from_, reply.direction) == ("a reply", PATIENT, "inbound")

    @pytest.mark.parametrize(
        ("to", "body", "code"),
        [
            ("+15005550001", "Hello", 21211),
            ("not a number", "Hello", 21211),
            ("+15005550002", "Hello", 21612),
            ("+15005550004", "Hello", 21610),
            ("+15005550009", "Hello", 21614),
            (PATIENT, "", 21602),
            (PATIENT, "x" * 1601, 21617),
        ],
    )
    def test_hears_the_providers_codes(self, client, to, body, code):
        with pytest.raises(TwilioRestException) as refused:
            client.messages.create(to=to, from_=CLINIC, body=body)

        assert (refused.value.status, refused.value.code) == (400, code)

    def test_a_wrong_key_is_told_so(self, stand_in):
        client = Client(SID, "wrong", http_client=ToStandIn(stand_in.url))

        with pytest.raises(TwilioRestException) as refused:
            client.messages("SM1").fetch()

        assert (refused.value.status, refused.value.code) == (401, 20003)


class TestPhonesAndMailbox:
    def test_messages_of_one_number_stand_in_order_both_ways(self, sms, control):
        message = text()
        sms.send(message)
        control("POST", "inbound", **{"from": PATIENT, "to": CLINIC, "body": "Thanks"})

        sent, answer = control("GET", "messages", to=PATIENT)["messages"]

        assert (sent["text"], sent["direction"], sent["at"]) == (
            message.body,
            "to_patient",
            NOON.isoformat(),
        )
        assert (answer["text"], answer["direction"]) == ("Thanks", "from_patient")

    def test_the_reference_is_the_last_part_of_the_receipts_address(self, sms, webhook, control):
        message = text(webhook)
        sms.send(message)

        assert control("GET", "references")["sms"] == {str(message.reference): 1}

    def test_a_limit_keeps_the_newest(self, sms, control):
        for number in range(3):
            sms.send(text(body=str(number)))

        shown = control("GET", "messages", limit=2)["messages"]
        assert [each["text"] for each in shown] == ["1", "2"]

    def test_threads_are_one_line_a_person(self, sms, stand_in, settings, control):
        sms.send(text())
        sms.send(text(body="Second"))
        _send_mail(stand_in, settings, mail())

        threads = control("GET", "threads")["threads"]

        lines = {
            each["address"]: (each["kind"], each["count"], each["last_text"]) for each in threads
        }
        assert lines == {
            PATIENT: ("sms", 2, "Second"),
            "jane.doe@example.com": ("email", 1, "Your exercises today"),
        }

    def test_counts_tell_what_was_accepted_twice(self, sms, stand_in, settings, webhook, control):
        once, twice = text(webhook), text(webhook)
        for message in (once, twice, twice):
            sms.send(message)
        _send_mail(stand_in, settings, mail())

        counts = control("GET", "counts")

        assert (counts["sms"], counts["email"], counts["by_reference_doubles"]) == (3, 1, 1)


class TestInbound:
    def test_a_reply_reaches_the_product_signed_and_unchanged(self, webhook, control):
        answer = control("POST", "inbound", **{"from": PATIENT, "to": CLINIC, "body": "STOP "})

        [call] = webhook.wait_for(1)
        assert (call["path"], call["signed"]) == ("/hooks/twilio/inbound/", True)
        assert call["params"]["Body"] == "STOP "
        assert call["params"]["MessageSid"] == answer["id"]
        assert (answer["status"], answer["body"]) == (200, "<Response/>")

    def test_a_reply_can_be_repeated_with_its_id(self, webhook, control, stand_in):
        reply = {"from": PATIENT, "to": CLINIC, "body": "1"}
        first = control("POST", "inbound", **reply)

        control("POST", "inbound", id=first["id"], **reply)

        assert len({call["params"]["MessageSid"] for call in webhook.wait_for(2)}) == 1
        assert len(stand_in.ledger.messages()) == 1

    def test_the_webhooks_refusal_is_told(self, webhook, control):
        webhook.status = 403

        answer = control("POST", "inbound", **{"from": PATIENT, "to": CLINIC, "body": "1"})

        assert answer["status"] == 403


class TestStop:
    def stop(self, control, word="Stop "):
        control("POST", "inbound", **{"from": PATIENT, "to": CLINIC, "body": word})

    def test_the_stand_in_leaves_the_opt_out_to_the_product(self, sms, control):
        self.stop(control)

        assert sms.send(text()).outcome == Outcome.ACCEPTED

    def test_a_carrier_that_blocks_refuses_until_start(self, sms, control):
        control("POST", "mode", mode="carrier_stop")
        self.stop(control)
        refused = sms.send(text())
        another = sms.send(text(to="+447700900124"))
        self.stop(control, "START")

        assert refused.blocked
        assert another.outcome == Outcome.ACCEPTED
        assert sms.send(text()).outcome == Outcome.ACCEPTED


class TestModes:
    def test_a_mode_ends_after_its_times(self, sms, control):
        control("POST", "mode", mode="blocked", times=2)

        outcomes = [sms.send(text()).outcome for _ in range(3)]

        assert outcomes == [Outcome.REFUSED, Outcome.REFUSED, Outcome.ACCEPTED]

    def test_a_mode_can_strike_one_in_some(self, sms, control):
        control("POST", "mode", mode="blocked", one_in=3)

        outcomes = [sms.send(text()).blocked for _ in range(6)]

        assert outcomes == [False, False, True, False, False, True]

    def test_a_mode_of_mails_leaves_texts_alone(self, sms, control):
        control("POST", "mode", mode="refuse_rcpt")

        assert sms.send(text()).outcome == Outcome.ACCEPTED

    def test_an_unknown_mode_is_refused(self, control):
        assert "error" in control("POST", "mode", mode="explode")

    def test_slow_still_accepts(self, sms, control):
        control("POST", "mode", mode="slow", wait_seconds=0.05, times=1)

        assert sms.send(text()).outcome == Outcome.ACCEPTED

    def test_reset_forgets_everything(self, sms, control):
        sms.send(text())
        control("POST", "mode", mode="blocked")

        control("POST", "reset")

        assert control("GET", "counts")["sms"] == 0
        assert control("GET", "messages")["messages"] == []
        assert sms.send(text()).outcome == Outcome.ACCEPTED


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "nonsense", b"", 404),
        ("POST", "inbound", b"{}", 400),
        ("POST", "inbound", b"not json", 400),
        ("POST", "mode", b"[]", 400),
        ("GET", "messages?limit=many", b"", 400),
    ],
)
def test_nonsense_is_answered_not_crashed_on(stand_in, method, path, body, status):
    answer = requests.request(method, f"{stand_in.url}/stand-in/{path}", data=body, timeout=5)

    assert answer.status_code == status


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("€" * 80, 1),
        ("€" * 80 + "a", 2),
        ("ş" * 70, 1),
        ("ş" * 71, 2),
        ("🩹" * 35, 1),
        ("🩹" * 36, 2),
    ],
)
def test_parts_are_counted_as_the_network_does(words, parts):
    assert segments(words) == parts


class TestTheLog:
    def start(self, folder):
        account = Account(sid=SID, token=TOKEN, public_url="http://127.0.0.1:1")
        return StandIn(folder, account=account, now=lambda: NOON)

    def test_a_restart_remembers_texts_mails_and_their_status(self, tmp_path, settings):
        with self.start(tmp_path) as before:
            sid = before.ledger.add(_kept_text()).id
            before.ledger.set_status(
                before.ledger.get(sid), status="undelivered", error_code="30003"
            )
            _send_mail(before, settings, mail())
            shown = [before.ledger.shown(entry) for entry in before.ledger.messages()]

        with self.start(tmp_path) as after:
            assert [after.ledger.shown(entry) for entry in after.ledger.messages()] == shown
            assert after.ledger.counts() == {"sms": 1, "email": 1, "by_reference_doubles": 0}

    def test_a_line_cut_short_by_a_kill_is_passed_over(self, tmp_path):
        with self.start(tmp_path) as before:
            before.ledger.add(_kept_text())
        with (tmp_path / "stand_in.jsonl").open("ab") as log:
            log.write(b'{"record": "mess')

        with self.start(tmp_path) as again:
            again.ledger.add({**_kept_text(), "text": "after the kill"})
            shown = [again.ledger.shown(entry)["text"] for entry in again.ledger.messages()]

        with self.start(tmp_path) as last:
            assert shown == ["Hello", "after the kill"]
            assert [last.ledger.shown(each)["text"] for each in last.ledger.messages()] == shown

    def test_what_was_forgotten_stays_forgotten(self, tmp_path):
        with self.start(tmp_path) as before:
            before.ledger.add(_kept_text())
            before.ledger.reset()

        with self.start(tmp_path) as after:
            assert after.ledger.messages() == []


def test_the_inbound_signature_is_the_one_that_the_product_checks(stand_in, webhook, control):
    control("POST", "inbound", **{"from": PATIENT, "to": CLINIC, "body": "çé 🩹"})

    [call] = webhook.wait_for(1)
    params = list(call["params"].items())
    assert call["signed"]
    assert not signature_is_valid(webhook.url + call["path"], params, "x", TOKEN)


def _kept_text():
    return {
        "id": "SM1",
        "kind": "sms",
        "direction": "to_patient",
        "address": PATIENT,
        "from": CLINIC,
        "to": PATIENT,
        "text": "Hello",
        "reference": "r1",
        "segments": 1,
        "status": "queued",
    }


def _send_mail(stand_in, settings, message):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", stand_in.smtp_port
    channel = EmailChannel("django.core.mail.backends.smtp.EmailBackend")
    assert channel.send(message).outcome == Outcome.ACCEPTED
    channel.hang_up()
