"""The mail channel against a real SMTP server, and against mail providers' answers."""

import socket
import threading
import uuid

import pytest

from reminders.channels.base import Outcome, Sighting
from reminders.channels.email import MAILS_PER_CONNECTION, EmailChannel
from tests.channels.providers import NOON, TOKEN, mail

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture
def channel(stand_in, settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", stand_in.smtp_port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    channel = EmailChannel(SMTP, answer_seconds=0.3)
    yield channel
    channel.hang_up()


def arrived(stand_in):
    return [stand_in.ledger.shown(entry) for entry in stand_in.ledger.messages()]


def test_a_mail_arrives_with_both_parts_and_our_reference(channel, stand_in):
    message = mail()

    result = channel.send(message)

    [letter] = arrived(stand_in)
    assert result.outcome == Outcome.ACCEPTED
    assert result.provider_id == f"{message.reference}@example.org"
    assert letter["text"] == message.body
    assert letter["html"].strip() == message.html
    assert letter["subject"] == message.subject
    assert letter["message_id"] == f"<{message.reference}@example.org>"
    assert letter["reference"] == str(message.reference)
    assert letter["headers"] == {
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": "<https://example.org/u/1>",
        "X-Aftercare-Attempt": str(message.reference),
    }


@pytest.mark.parametrize(
    "words",
    ["Tómelo con calma — sí", "اليوم: المشي", ".dot first\n..two\n", "x" * 1200, "🩹"],
)
def test_the_words_of_a_mail_arrive_unchanged(channel, stand_in, words):
    channel.send(mail(body=words, html="", subject="Señal: 🩹"))

    [letter] = arrived(stand_in)
    assert letter["text"].rstrip("\n") == words.rstrip("\n")
    assert letter["subject"] == "Señal: 🩹"


def test_a_header_that_looks_encoded_stays_one_literal_line(channel, stand_in):
    channel.send(mail(subject="=?utf-8?q?=0ABcc:?= x@example.net"))

    [letter] = arrived(stand_in)
    assert "Bcc" not in letter["headers"]
    assert letter["address"] == "jane.doe@example.com"


@pytest.mark.parametrize(
    ("mode", "outcome", "code", "accepted"),
    [
        ("refuse_rcpt", Outcome.REFUSED, "550 5.1.1", 0),
        ("greylist", Outcome.NOT_SENT, "451 4.7.1", 0),
        ("refuse_data", Outcome.REFUSED, "554 5.7.1", 0),
        ("drop_after_data", Outcome.UNKNOWN, "connection_lost", 1),
        ("hang_after_data", Outcome.UNKNOWN, "timeout", 1),
    ],
)
def test_each_failure_says_only_what_is_certain(channel, stand_in, mode, outcome, code, accepted):
    stand_in.modes.choose(mode, times=1)

    result = channel.send(mail())

    assert (result.outcome, result.code) == (outcome, code)
    assert stand_in.ledger.counts()["email"] == accepted
    assert channel.send(mail()).outcome == Outcome.ACCEPTED


def test_only_a_mailbox_that_does_not_exist_is_a_bad_address(channel, stand_in):
    stand_in.modes.choose("refuse_rcpt", times=1)
    no_mailbox = channel.send(mail())
    stand_in.modes.choose("refuse_data", times=1)
    disliked = channel.send(mail())

    assert (no_mailbox.bad_address, disliked.bad_address) == (True, False)


def test_the_detail_of_a_refusal_never_names_the_address(channel, stand_in):
    stand_in.modes.choose("refuse_rcpt", times=1)

    result = channel.send(mail())

    assert "jane" not in result.detail + result.code


@pytest.mark.parametrize(
    "to",
    [
        "jane.doe@example.com,bob@example.com",
        "jane.doe@example.com;bob@example.com",
        "jane.doe@example.com bob@example.com",
        "Jane <jane.doe@example.com>",
        "jane.doe@example.com\r\nBcc: x@example.net",
        "jane.doe@example.com\n",
        "jane.doe@example.com\x00",
        "jane.doe@" + "a." * 130 + "example.com",
        "jane.doe",
        "",
    ],
)
def test_what_is_not_one_address_is_refused_here(channel, stand_in, to):
    result = channel.send(mail(to=to))

    assert (result.outcome, result.bad_address) == (Outcome.REFUSED, True)
    assert arrived(stand_in) == []


@pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r", "\x00", "\x85", "\u2028"])
@pytest.mark.parametrize("place", ["subject", "headers"])
def test_a_line_break_in_a_header_is_refused_here(channel, stand_in, place, line_break):
    words = f"Hello{line_break}Bcc: x@example.net"
    message = mail(subject=words) if place == "subject" else mail(headers={"X-Note": words})

    result = channel.send(message)

    assert (result.outcome, result.code) == (Outcome.REFUSED, "header")
    assert arrived(stand_in) == []


@pytest.mark.parametrize("sender", ["", "Hill Clinic", "care@example.org\nBcc: x@example.net"])
def test_a_sender_that_is_no_address_waits_until_it_is_mended(channel, sender):
    result = channel.send(mail(sender=sender))

    assert (result.outcome, result.code) == (Outcome.NOT_SENT, "sender")


def test_no_server_means_not_sent(settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    result = EmailChannel(SMTP).send(mail())

    assert (result.outcome, result.code) == (Outcome.NOT_SENT, "connection")


def test_a_wrong_password_loses_nothing(channel, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "clinic", "wrong"

    result = channel.send(mail())

    assert (result.outcome, result.code) == (Outcome.NOT_SENT, "login")


def test_the_right_password_opens_the_door(channel, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "clinic", TOKEN

    assert channel.send(mail()).outcome == Outcome.ACCEPTED


@pytest.mark.parametrize(
    ("greeting", "outcome"),
    [(b"554 no mail service here\r\n", Outcome.NOT_SENT), (b"", Outcome.NOT_SENT)],
)
def test_a_server_that_turns_us_away_at_the_door_means_not_sent(settings, greeting, outcome):
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_greet_and_close, args=(server, greeting), daemon=True).start()
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.getsockname()

        assert EmailChannel(SMTP).send(mail()).outcome == outcome


def test_one_connection_carries_many_mails_and_is_replaced_in_time(channel, stand_in):
    ports = set()
    for _ in range(MAILS_PER_CONNECTION + 1):
        channel.send(mail(html="", headers={}))
        ports.add(channel._kept.backend.connection.sock.getsockname())

    assert stand_in.ledger.counts()["email"] == MAILS_PER_CONNECTION + 1
    assert len(ports) == 2


def test_a_connection_that_died_while_it_rested_is_replaced(channel, stand_in):
    channel.send(mail())
    channel._kept.backend.connection.sock.shutdown(socket.SHUT_RDWR)
    channel._kept.used_at = 0.0

    assert channel.send(mail()).outcome == Outcome.ACCEPTED


def test_a_connection_that_dies_before_the_letter_means_not_sent(channel):
    channel.send(mail())
    channel._kept.backend.connection.sock.shutdown(socket.SHUT_RDWR)

    assert channel.send(mail()).outcome == Outcome.NOT_SENT


def test_nobody_can_be_asked_about_a_mail(channel):
    message = mail()
    channel.send(message)

    assert channel.find(message, since=NOON).sighting == Sighting.CANNOT_TELL


class TestMailProvider:
    """django-anymail's Postmark backend stands for all of them."""

    URL = "https://api.postmarkapp.com/email"

    @pytest.fixture
    def channel(self, settings):
        settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "a token for tests only"}
        return EmailChannel("anymail.backends.postmark.EmailBackend")

    def test_an_accepted_mail_has_the_providers_id_and_no_tracking(self, channel, responses):
        given = str(uuid.uuid4())
        responses.post(
            self.URL,
            json={
                "ErrorCode": 0,
                "Message": "OK",
                "MessageID": given,
                "To": "jane.doe@example.com",
            },
        )

        result = channel.send(mail())

        sent = responses.calls[0].request.body
        assert (result.outcome, result.provider_id) == (Outcome.ACCEPTED, given)
        assert '"TrackOpens": false' in sent
        assert '"TrackLinks": "None"' in sent
        assert channel.provider == "postmark"

    @pytest.mark.parametrize(
        ("status", "outcome"),
        [
            (401, Outcome.NOT_SENT),
            (429, Outcome.NOT_SENT),
            (400, Outcome.REFUSED),
            (500, Outcome.UNKNOWN),
            (503, Outcome.UNKNOWN),
        ],
    )
    def test_an_answer_proves_one_thing(self, channel, responses, status, outcome):
        responses.post(self.URL, status=status, body="-", headers={"Retry-After": "9"})

        result = channel.send(mail())

        assert result.outcome == outcome
        assert result.retry_after_seconds == (9 if status == 429 else None)

    def test_an_unreadable_yes_is_a_doubt(self, channel, responses):
        responses.post(self.URL, status=200, body="<html>")

        assert channel.send(mail()).outcome == Outcome.UNKNOWN

    @pytest.mark.parametrize(
        ("words", "outcome"),
        [
            (
                "Found inactive addresses: jane.doe@example.com.\nInactive recipients are ones",
                Outcome.REFUSED,
            ),
            ("Something about inactive people that nobody can read.", Outcome.UNKNOWN),
        ],
    )
    def test_an_inactive_recipient_is_blocked(self, channel, responses, words, outcome):
        responses.post(self.URL, status=422, json={"ErrorCode": 406, "Message": words})

        result = channel.send(mail())

        assert (result.outcome, result.blocked) == (outcome, outcome == Outcome.REFUSED)

    def test_no_connection_means_not_sent(self, settings):
        settings.ANYMAIL = {
            "POSTMARK_SERVER_TOKEN": "a token for tests only",
            "POSTMARK_API_URL": "http://127.0.0.1:1/",
        }
        channel = EmailChannel("anymail.backends.postmark.EmailBackend")

        assert channel.send(mail()).outcome == Outcome.NOT_SENT

    def test_a_lost_answer_is_a_doubt(self, settings, stand_in):
        stand_in.modes.choose("ok")
        with socket.create_server(("127.0.0.1", 0)) as server:
            threading.Thread(target=_greet_and_close, args=(server, b""), daemon=True).start()
            settings.ANYMAIL = {
                "POSTMARK_SERVER_TOKEN": "a token for tests only",
                "POSTMARK_API_URL": f"http://127.0.0.1:{server.getsockname()[1]}/",
            }
            channel = EmailChannel("anymail.backends.postmark.EmailBackend")

            assert channel.send(mail()).outcome == Outcome.UNKNOWN


def _greet_and_close(server, greeting):
    connection, _ = server.accept()
    with connection:
        connection.sendall(greeting)
        if not greeting:
            connection.settimeout(1)
            connection.shutdown(socket.SHUT_WR)
