"""Answers that the stand-in does not give: each with the one class that it proves."""

import json

import pytest
from requests.structures import CaseInsensitiveDict

from reminders.channels.base import Outcome, Outgoing, Sighting
from reminders.channels.twilio import TwilioSms
from reminders.channels.twilio_answers import listed_messages, read_answer, retry_after_seconds
from reminders.channels.wire import Answer
from tests.channels.providers import NOON, SID, TOKEN, text


def answer(status, body, **headers):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(status, CaseInsensitiveDict(headers), raw)


@pytest.mark.parametrize(
    ("given", "outcome"),
    [
        (answer(200, {"sid": "SM1", "num_segments": "1"}), Outcome.ACCEPTED),
        (answer(201, {"sid": ""}), Outcome.UNKNOWN),
        (answer(201, {"sid": 5}), Outcome.UNKNOWN),
        (answer(201, b"{"), Outcome.UNKNOWN),
        (answer(201, b"[]"), Outcome.UNKNOWN),
        (answer(201, b"\xff\xfe"), Outcome.UNKNOWN),
        (answer(204, b""), Outcome.UNKNOWN),
        (answer(302, b""), Outcome.UNKNOWN),
        (answer(400, {"code": 21602}), Outcome.REFUSED),
        (answer(400, b"<h1>Bad Request</h1>"), Outcome.UNKNOWN),
        (answer(400, {"code": 21611}), Outcome.NOT_SENT),
        (answer(401, b""), Outcome.NOT_SENT),
        (answer(403, {"code": 20006}), Outcome.NOT_SENT),
        (answer(404, {"code": 20404}), Outcome.NOT_SENT),
        (answer(407, b""), Outcome.NOT_SENT),
        (answer(408, b""), Outcome.UNKNOWN),
        (answer(429, b""), Outcome.NOT_SENT),
        (answer(500, {"code": 20500}), Outcome.UNKNOWN),
        (answer(500, {"code": 20429}), Outcome.UNKNOWN),
        (answer(502, b"<html>"), Outcome.UNKNOWN),
        (answer(503, {"code": 20503}), Outcome.UNKNOWN),
        (answer(504, b""), Outcome.UNKNOWN),
    ],
)
def test_an_answer_proves_one_thing(given, outcome):
    assert read_answer(given).outcome == outcome


@pytest.mark.parametrize("code", [21211, 21214, 21217, 21614])
def test_codes_about_the_number_mark_the_address(code):
    assert read_answer(answer(400, {"code": code})).bad_address


@pytest.mark.parametrize("code", [21602, 21610, 21612, 21617, 99999])
def test_other_refusals_leave_the_address_alone(code):
    assert not read_answer(answer(400, {"code": code})).bad_address


def test_the_detail_never_repeats_what_the_provider_said():
    said = {"code": 21211, "message": "The 'To' number +447700900123 is not valid"}

    assert "900123" not in read_answer(answer(400, said)).detail


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0),
        ("60", 60),
        ("999999999999", 86_400),
        ("Tue, 03 Mar 2026 12:00:30 GMT", 30),
        ("Tue, 03 Mar 2026 11:00:00 GMT", 0),
        ("-5", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_seconds_or_a_moment(header, seconds):
    date = "Tue, 03 Mar 2026 12:00:00 GMT"

    assert retry_after_seconds(header, answered_at=date) == seconds


@pytest.mark.parametrize("body", [b"", b"{}", b'{"messages": 1}', b'{"messages": [1]}'])
def test_a_list_that_is_none_is_unreadable(body):
    assert listed_messages(body) is None


class TestFindInHandMadeLists:
    @pytest.fixture
    def find(self, responses):
        """Ask for one text where the provider lists these."""
        channel = TwilioSms("http://provider.example", account_sid=SID, auth_token=TOKEN)

        def ask(message: Outgoing, *items):
            responses.get(
                f"http://provider.example/2010-04-01/Accounts/{SID}/Messages.json",
                json={"messages": [{**item(message), **each} for each in items]},
            )
            return channel.find(message, since=NOON)

        return ask

    @pytest.mark.parametrize(
        "listed",
        [
            "Do your walk today, at your own pace.",
            "Do your walk today, at your own pace. ",
            "Sent from your Twilio trial account - Do your walk today, at your own pace.",
        ],
    )
    def test_a_text_that_the_provider_touched_is_still_ours(self, find, listed):
        assert find(text(), {"body": listed}).sighting == Sighting.FOUND

    def test_straightened_quotes_are_no_difference(self, find):
        assert (
            find(text(body="Don’t drive…"), {"body": "Don't drive..."}).sighting == Sighting.FOUND
        )

    @pytest.mark.parametrize("hidden", ["", None])
    def test_a_text_that_the_provider_hides_could_be_ours(self, find, hidden):
        assert find(text(), {"body": hidden}).sighting == Sighting.CANNOT_TELL

    def test_a_text_of_signs_only_is_compared_as_it_is(self, find):
        assert find(text(body="🩹"), {"body": "👍"}).sighting == Sighting.ABSENT

    def test_an_unreadable_date_does_not_hide_it(self, find):
        assert find(text(), {"date_created": "yesterday"}).sighting == Sighting.FOUND

    def test_a_provider_that_echoes_our_address_settles_it(self, find):
        message = text(status_url="https://example.org/hooks/twilio/status/1/")
        other = {"status_callback": "https://example.org/hooks/twilio/status/2/"}

        assert find(message, other).sighting == Sighting.ABSENT


def item(message):
    return {
        "sid": "SM1",
        "to": message.to,
        "body": message.body,
        "direction": "outbound-api",
        "date_created": "Tue, 03 Mar 2026 12:00:00 +0000",
        "status": "sent",
    }
