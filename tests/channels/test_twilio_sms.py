"""The SMS channel against the stand-in provider, over real sockets."""

import socket
import threading
from datetime import timedelta

import pytest

from reminders.channels.base import HIDDEN, Outcome, Sighting
from reminders.channels.twilio import TwilioSms, form_of
from tests.channels.providers import LONGEST_WAIT_SECONDS, NOON, SID, TOKEN, text

# One channel has to wait for an answer that never comes, and then for one that does.
BUSY_MACHINE_SECONDS = 2.0


def test_a_text_is_accepted_with_the_providers_id_and_its_parts(sms, stand_in):
    message = text(body="x" * 161)

    result = sms.send(message)

    assert result.outcome == Outcome.ACCEPTED
    assert result.segments == 2
    assert stand_in.ledger.get(result.provider_id).text == message.body


@pytest.mark.parametrize("body", ["Tómelo con calma €5 [sí]", "تمش قليلا", "🩹 ok", " trailing \n"])
def test_a_text_arrives_letter_for_letter(sms, stand_in, body):
    result = sms.send(text(body=body))

    assert stand_in.ledger.get(result.provider_id).text == body


@pytest.mark.parametrize(
    ("mode", "outcome", "code"),
    [
        ("ok", Outcome.ACCEPTED, ""),
        ("rate_limited", Outcome.NOT_SENT, "20429"),
        ("blocked", Outcome.REFUSED, "21610"),
        ("unavailable", Outcome.UNKNOWN, "20503"),
        ("error_after_accepting", Outcome.UNKNOWN, "20500"),
        ("accept_then_reset", Outcome.UNKNOWN, "connection_lost"),
        ("half_response", Outcome.UNKNOWN, "connection_lost"),
        ("html_body", Outcome.UNKNOWN, "unreadable"),
        ("redirect", Outcome.UNKNOWN, "http_307"),
    ],
)
def test_each_answer_says_only_what_is_certain(sms, stand_in, mode, outcome, code):
    stand_in.modes.choose(mode, times=1)

    result = sms.send(text())

    assert (result.outcome, result.code) == (outcome, code)


@pytest.mark.parametrize("mode", ["accept_then_hang", "hang"])
def test_an_answer_that_never_comes_is_a_doubt(hurried_sms, stand_in, mode):
    stand_in.modes.choose(mode, times=1)

    result = hurried_sms.send(text())

    assert (result.outcome, result.code) == (Outcome.UNKNOWN, "timeout")


@pytest.mark.parametrize(
    ("mode", "sighting"),
    [
        ("unavailable", Sighting.ABSENT),
        ("html_body", Sighting.ABSENT),
        ("error_after_accepting", Sighting.FOUND),
        ("accept_then_reset", Sighting.FOUND),
        ("half_response", Sighting.FOUND),
    ],
)
def test_asking_afterwards_tells_whether_the_provider_took_it(sms, stand_in, mode, sighting):
    stand_in.modes.choose(mode, times=1)
    message = text()
    sms.send(message)

    seen = sms.find(message, since=NOON)

    assert seen.sighting == sighting
    assert bool(seen.provider_id) == (sighting == Sighting.FOUND)


def test_asking_afterwards_finds_a_text_that_was_taken_and_never_answered(
    hurried_sms, sms, stand_in, control
):
    stand_in.modes.choose("accept_then_hang", times=1)
    message = text()
    hurried_sms.send(message)
    _until_taken(control, 1)

    assert sms.find(message, since=NOON).sighting == Sighting.FOUND


def test_asking_afterwards_finds_no_text_that_was_never_taken(hurried_sms, sms, stand_in):
    stand_in.modes.choose("hang", times=1)
    message = text()
    hurried_sms.send(message)

    assert sms.find(message, since=NOON).sighting == Sighting.ABSENT


@pytest.mark.parametrize("mode", ["accept_then_reset", "half_response", "redirect"])
def test_nothing_is_offered_twice_and_the_next_text_goes_out(sms, stand_in, mode):
    sms.send(text())
    stand_in.modes.choose(mode, times=1)
    before = stand_in.ledger.counts()["sms"]

    sms.send(text(body="the one in trouble"))

    assert stand_in.ledger.counts()["sms"] - before <= 1
    assert sms.send(text()).outcome == Outcome.ACCEPTED


def test_after_an_answer_that_never_came_the_next_text_goes_out(stand_in):
    sms = TwilioSms(
        stand_in.url, account_sid=SID, auth_token=TOKEN, read_seconds=BUSY_MACHINE_SECONDS
    )
    stand_in.modes.choose("hang", times=1)

    sms.send(text(body="the one in trouble"))

    assert sms.send(text()).outcome == Outcome.ACCEPTED
    assert stand_in.ledger.counts()["sms"] == 1


def test_the_wait_that_the_provider_asks_for_is_handed_on(sms, stand_in):
    stand_in.modes.choose("rate_limited", times=1, wait_seconds=7)

    assert sms.send(text()).retry_after_seconds == 7


@pytest.mark.parametrize("number", ["+15005550001", "+15005550009"])
def test_a_number_that_cannot_work_is_called_a_bad_address(sms, number):
    result = sms.send(text(to=number))

    assert result.outcome == Outcome.REFUSED
    assert result.bad_address
    assert not result.blocked


def test_a_person_who_opted_out_at_the_provider_is_blocked_not_a_bad_address(sms):
    result = sms.send(text(to="+15005550004"))

    assert (result.blocked, result.bad_address) == (True, False)


@pytest.mark.parametrize(
    "number", ["", "07700900123", "+44 7700 900123", "whatsapp:+447700900123", "+447700900123,+1"]
)
def test_what_is_no_number_never_reaches_the_provider(sms, stand_in, number):
    result = sms.send(text(to=number))

    assert (result.outcome, result.bad_address) == (Outcome.REFUSED, True)
    assert stand_in.ledger.counts()["sms"] == 0


@pytest.mark.parametrize(("sid", "token"), [(SID, "wrong"), ("AC" + "1" * 32, TOKEN)])
def test_a_wrong_key_loses_nothing(stand_in, sid, token):
    channel = TwilioSms(stand_in.url, account_sid=sid, auth_token=token)

    result = channel.send(text())

    assert (result.outcome, result.code) == (Outcome.NOT_SENT, "20003")


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:1", "http://no-such-host.invalid", "https://127.0.0.1:1"],
)
def test_no_connection_means_not_sent(url):
    channel = TwilioSms(url, account_sid=SID, auth_token=TOKEN)

    result = channel.send(text())

    assert (result.outcome, result.code) == (Outcome.NOT_SENT, "connection")
    assert channel.find(text(), since=NOON).sighting == Sighting.CANNOT_TELL


def test_a_failed_tls_handshake_means_not_sent(stand_in):
    channel = TwilioSms(
        stand_in.url.replace("http:", "https:"), account_sid=SID, auth_token=TOKEN, read_seconds=0.3
    )

    result = channel.send(text())

    assert (result.outcome, result.code) == (Outcome.NOT_SENT, "connection")


def test_a_connection_closed_on_the_first_byte_is_a_doubt(closing_server):
    channel = TwilioSms(closing_server, account_sid=SID, auth_token=TOKEN)

    result = channel.send(text())

    assert (result.outcome, result.code) == (Outcome.UNKNOWN, "connection_lost")


def test_connections_are_kept_between_texts_of_one_thread(sms, stand_in):
    for _ in range(5):
        sms.send(text())

    assert stand_in.http_connections() == 1


def test_each_thread_has_a_connection_of_its_own(sms, stand_in):
    together = threading.Barrier(4)
    threads = [threading.Thread(target=_send_with, args=(sms, together)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert stand_in.ledger.counts()["sms"] == 4


def test_the_form_names_sender_service_receipts_and_validity():
    message = text(
        sender="MG" + "2" * 32, status_url="https://example.org/s/", valid_seconds=99_999
    )

    assert form_of(message) == {
        "To": "+447700900123",
        "MessagingServiceSid": "MG" + "2" * 32,
        "Body": message.body,
        "StatusCallback": "https://example.org/s/",
        "ValidityPeriod": "36000",
    }


class TestFind:
    def test_another_text_to_the_same_number_is_not_ours(self, sms):
        sms.send(text(body="Your visit is tomorrow."))

        assert sms.find(text(), since=NOON).sighting == Sighting.ABSENT

    def test_a_text_whose_link_is_hidden_on_record_is_found_by_the_rest_of_it(self, sms):
        link = "https://care.example.org/p/"
        sms.send(text(body=f"Your page: {link}aB3-dEf6_Jk9mN2pQ5rS8tA Emergency: 999"))

        stored = text(body=f"Your page: {link}{HIDDEN} Emergency: 999")
        another = text(body=f"Your diary: {link}{HIDDEN} Emergency: 999")

        assert sms.find(stored, since=NOON).sighting == Sighting.FOUND
        assert sms.find(another, since=NOON).sighting == Sighting.ABSENT

    def test_the_same_text_of_last_week_is_not_this_one(self, sms):
        sms.send(text())

        assert sms.find(text(), since=NOON + timedelta(days=7)).sighting == Sighting.ABSENT

    def test_a_clock_a_minute_behind_does_not_hide_it(self, sms):
        message = text()
        sms.send(message)

        assert sms.find(message, since=NOON + timedelta(minutes=1)).sighting == Sighting.FOUND

    def test_a_text_from_the_patient_is_not_ours(self, sms, control):
        message = text(body="yes")
        control(
            "POST", "inbound", **{"from": "+447700900123", "to": "+447700900999", "body": "yes"}
        )

        assert sms.find(message, since=NOON).sighting == Sighting.ABSENT

    def test_it_is_found_behind_hundreds_of_later_texts(self, sms):
        first = text(body="the first one")
        sms.send(first)
        for number in range(250):
            sms.send(text(body=f"a later one, {number}"))

        assert sms.find(first, since=NOON).sighting == Sighting.FOUND

    def test_a_wrong_key_cannot_tell(self, stand_in):
        channel = TwilioSms(stand_in.url, account_sid=SID, auth_token="wrong")

        assert channel.find(text(), since=NOON).sighting == Sighting.CANNOT_TELL


def _until_taken(control, count):
    """Return once the provider has taken so many texts; fail if it never does."""
    for _ in range(5_000):  # each turn asks the provider, which takes its time
        if control("GET", "counts")["sms"] >= count:
            return
    raise AssertionError("the provider took nothing")


def _send_with(sms, together):
    together.wait(timeout=LONGEST_WAIT_SECONDS)
    sms.send(text())


@pytest.fixture
def closing_server():
    """A server that takes the request and closes without a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_take_and_close, args=(server,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
    thread.join(timeout=LONGEST_WAIT_SECONDS)


def _take_and_close(server):
    connection, _ = server.accept()
    with connection:
        connection.recv(1)
