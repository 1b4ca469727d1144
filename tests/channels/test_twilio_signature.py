"""Webhook signatures against the provider's own code, and the rows of list W."""

import uuid
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from reminders.channels.base import DeliveryNews
from reminders.channels.twilio_signature import (
    parse_inbound,
    parse_status,
    read_form,
    repeated_names,
    sign,
    signature_is_valid,
)

TOKEN = "a token for tests only"
URL = "https://care.example.org/hooks/twilio/inbound/"
PARAMS = [("Body", "STOP "), ("From", "+447700900123"), ("To", "+447700900999")]
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
ANY_PARAMS = st.lists(st.tuples(TEXTS, TEXTS), max_size=8)
URLS = st.sampled_from(
    [
        URL,
        "https://care.example.org:443/hooks/",
        "https://care.example.org:8443/hooks/?a=b&c=%20d",
        "http://127.0.0.1:8000/hooks/twilio/inbound/",
        "http://care.example.org/hooks/",
    ]
)


def as_query(params):
    query = QueryDict(mutable=True)
    for name, value in params:
        query.appendlist(name, value)
    return query


class TestAgainstTheProvidersOwnCode:
    @given(url=URLS, params=ANY_PARAMS, token=TEXTS.filter(bool))
    def test_both_make_the_same_signature(self, url, params, token):
        theirs = RequestValidator(token).compute_signature(url, as_query(params))

        assert sign(url, params, token) == theirs

    @given(url=URLS, signed_url=URLS, params=ANY_PARAMS)
    def test_both_accept_and_refuse_the_same_calls(self, url, signed_url, params):
        signature = sign(signed_url, params, TOKEN)
        theirs = RequestValidator(TOKEN).validate(url, as_query(params), signature)

        assert signature_is_valid(url, params, signature, TOKEN) == theirs

    def test_the_known_example_of_the_manual(self):
        params = {
            "CallSid": "CA1234567890ABCDE",
            "Digits": "1234",
            "From": "+14158675309",
            "To": "+18005551212",
            "Caller": "+14158675309",
        }
        url = "https://mycompany.com/myapp.php?foo=1&bar=2"

        assert sign(url, params.items(), "12345") == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


@given(params=ANY_PARAMS)
def test_a_form_is_read_back_as_it_was_sent(params):
    assert read_form(urlencode(params).encode()) == params


def test_untrimmed_values_carry_the_signature():
    body = b"Body=STOP+&From=%2B447700900123&To=%2B447700900999"

    assert signature_is_valid(URL, read_form(body), sign(URL, PARAMS, TOKEN), TOKEN)


@pytest.mark.parametrize("signature", [None, "", "x", "é", "\udcff", "A" * 10_000])
def test_a_missing_or_odd_signature_is_a_no(signature):
    assert not signature_is_valid(URL, PARAMS, signature, TOKEN)


def test_an_empty_token_opens_nothing():
    assert not signature_is_valid(URL, PARAMS, sign(URL, PARAMS, ""), "")


@pytest.mark.parametrize(
    "changed",
    [
        [("Body", "START"), *PARAMS[1:]],
        [*PARAMS, ("Extra", "1")],
        PARAMS[:-1],
        [],
    ],
)
def test_a_changed_body_is_refused(changed):
    assert not signature_is_valid(URL, changed, sign(URL, PARAMS, TOKEN), TOKEN)


def test_another_clinics_secret_is_refused():
    assert not signature_is_valid(URL, PARAMS, sign(URL, PARAMS, "another"), TOKEN)


@pytest.mark.parametrize(
    "signed",
    [
        "https://care.example.org:443/hooks/twilio/inbound/",
        "https://care.example.org/hooks/twilio/inbound/",
    ],
)
def test_the_default_port_makes_no_difference(signed):
    assert signature_is_valid(URL, PARAMS, sign(signed, PARAMS, TOKEN), TOKEN)


@pytest.mark.parametrize(
    "signed",
    [
        "http://care.example.org/hooks/twilio/inbound/",
        "https://evil.example.org/hooks/twilio/inbound/",
        "https://care.example.org:8443/hooks/twilio/inbound/",
    ],
)
def test_another_scheme_host_or_port_is_refused(signed):
    assert not signature_is_valid(URL, PARAMS, sign(signed, PARAMS, TOKEN), TOKEN)


def test_repeated_parameters_are_named():
    assert repeated_names(read_form(b"Body=a&Body=b&To=c")) == {"Body"}


def test_too_many_parameters_are_refused():
    with pytest.raises(ValueError, match="fields"):
        read_form(b"&".join(b"a=1" for _ in range(201)))


def test_bytes_that_are_no_utf8_keep_their_signature_and_are_stored_escaped():
    params = read_form(b"Body=ok%FF%00&From=%2B447700900123")

    message = parse_inbound(params)

    assert signature_is_valid(URL, params, sign(URL, params, TOKEN), TOKEN)
    assert message.body == "ok\\xff\\x00"
    assert message.raw["Body"] == message.body


class TestStatus:
    REFERENCE = uuid.UUID(int=7)

    def status(self, **params):
        given = {"MessageSid": "SM1", "MessageStatus": "sent", **params}
        return parse_status(list(given.items()), self.REFERENCE)

    @pytest.mark.parametrize(
        ("word", "news"),
        [
            ("accepted", DeliveryNews.ACCEPTED),
            ("queued", DeliveryNews.ACCEPTED),
            ("sending", DeliveryNews.ACCEPTED),
            ("sent", DeliveryNews.SENT),
            ("delivered", DeliveryNews.DELIVERED),
            ("read", DeliveryNews.DELIVERED),
            ("undelivered", DeliveryNews.UNDELIVERED),
            ("failed", DeliveryNews.UNDELIVERED),
            ("Delivered ", DeliveryNews.DELIVERED),
            ("partially_delivered", None),
            ("7", None),
            ("['sent']", None),
            ("", None),
        ],
    )
    def test_a_word_means_one_thing_or_is_left_open(self, word, news):
        assert self.status(MessageStatus=word).status == news

    def test_the_receipt_names_message_attempt_and_code(self):
        event = self.status(MessageStatus="undelivered", ErrorCode="30003")

        assert event.provider_id == "SM1"
        assert event.reference == self.REFERENCE
        assert event.code == "30003"
        assert event.raw["MessageStatus"] == "undelivered"

    def test_the_same_news_twice_is_one_event_and_other_news_is_another(self):
        assert self.status().event_key == self.status().event_key
        assert self.status().event_key != self.status(MessageStatus="delivered").event_key
        assert self.status().event_key != self.status(ErrorCode="30003").event_key

    def test_endless_values_still_fit_their_columns(self):
        event = self.status(MessageSid="S" * 5000, MessageStatus="x" * 5000, ErrorCode="9" * 5000)

        assert len(event.event_key) <= 120
        assert len(event.provider_id) <= 120
        assert len(event.code) <= 60

    @given(params=st.lists(st.tuples(st.text(max_size=20), st.text(max_size=50)), max_size=6))
    def test_no_call_is_too_odd_to_be_read(self, params):
        names = ["MessageSid", "MessageStatus", "ErrorCode", "Body", "From", "NumMedia"]
        odd = [*zip(names, [value for _, value in params], strict=False), *params]

        event, message = parse_status(odd, None), parse_inbound(odd)

        assert all("\x00" not in str(value) for value in event.raw.values())
        str(message.raw).encode()
        str(event.raw).encode()


class TestInbound:
    def test_the_message_is_kept_as_it_came(self):
        message = parse_inbound([*PARAMS, ("MessageSid", "SM9"), ("NumMedia", "2")])

        assert message.provider_message_id == "SM9"
        assert message.sender == "+447700900123"
        assert message.recipient == "+447700900999"
        assert message.body == "STOP "
        assert message.media_count == 2

    @pytest.mark.parametrize("sender", ["NHS-NoReply", "60777", "", "+266696687"])
    def test_a_sender_that_is_no_number_is_kept(self, sender):
        assert parse_inbound([("From", sender), ("MessageSid", "SM9")]).sender == sender

    @pytest.mark.parametrize("count", ["", "-1", "many", "1e9", "٣", "99999"])
    def test_an_odd_count_of_pictures_is_none(self, count):
        assert parse_inbound([("NumMedia", count)]).media_count == 0

    def test_without_an_id_a_repeat_is_still_the_same_message(self):
        first, again = parse_inbound(PARAMS), parse_inbound(PARAMS)
        other = parse_inbound([("Body", "other"), *PARAMS[1:]])

        assert first.provider_message_id == again.provider_message_id
        assert first.provider_message_id != other.provider_message_id
        assert len(first.provider_message_id) <= 120
