"""The providers' door, through Django's test client and with real signatures (list W)."""

import uuid
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from django.db import connection
from django.test import Client

from reminders.channels.twilio_signature import sign
from reminders.flow.receipts import apply_receipts
from reminders.flow.replies import read_replies
from reminders.models import Alert, DeliveryStatus, Meaning, Receipt, Reply
from tests.factories import NOON, AttemptFactory, PatientFactory

TOKEN = "a token for tests only"
FORM = "application/x-www-form-urlencoded"
INBOUND = "/hooks/twilio/inbound/"
SECURE = "https://care.example.org"
STOP = [
    ("MessageSid", "SM1"),
    ("From", "+447700900123"),
    ("To", "+447700900999"),
    ("Body", "STOP "),
]
SENT = [("MessageSid", "SM1"), ("MessageStatus", "sent")]


@pytest.fixture(autouse=True)
def _own_settings(settings, tmp_path):
    settings.TWILIO_AUTH_TOKEN = TOKEN
    # the file server warns about a folder that is not there, and warnings are errors here
    settings.STATIC_ROOT = tmp_path


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def attempt(db):
    return AttemptFactory(provider="twilio")


@pytest.fixture
def call(settings):
    """Post a form as the provider does, signed unless a signature is given."""

    def post(path, params, *, token=TOKEN, port="", **also):
        body = also.pop("body", None) or urlencode(params, errors="surrogateescape")
        headers = also.pop("headers", {})
        content_type = also.pop("content_type", FORM)
        signature = sign(settings.PUBLIC_URL + port + path, params, token)
        headers = {"X-Twilio-Signature": signature} | headers
        # an unforeseen error shall be seen as what the provider sees: a 500
        client = Client(raise_request_exception=False)
        return client.generic(
            "POST", path, body, content_type=content_type, headers=headers, **also
        )

    return post


def status_path(reference):
    return f"/hooks/twilio/status/{reference}/"


def stored():
    return Receipt.objects.count() + Reply.objects.count()


class TestStored:
    def test_a_message_as_it_came(self, db, call):  # W01, W05
        answer = call(INBOUND, STOP)

        assert (answer.status_code, answer.content) == (200, b"<Response/>")
        reply = Reply.objects.get()
        assert (reply.text, reply.raw) == ("STOP ", dict(STOP))
        assert (reply.sender, reply.recipient) == ("+447700900123", "+447700900999")
        assert reply.received_at == NOON

    def test_a_report_as_it_came(self, call, attempt):
        answer = call(status_path(attempt.pk), SENT)

        assert (answer.status_code, answer.content) == (204, b"")
        receipt = Receipt.objects.get()
        assert (receipt.reference, receipt.news) == (attempt.pk, "sent")
        assert (receipt.raw, receipt.received_at, receipt.applied_at) == (dict(SENT), NOON, None)

    def test_with_the_port_in_the_signed_address(self, db, call):  # W07
        assert call(INBOUND, STOP, port=":80").status_code == 200

    @pytest.mark.parametrize("content_type", [f"{FORM}; charset=UTF-8", f"{FORM};charset=utf-8"])
    def test_with_the_alphabet_named(self, db, call, content_type):
        assert call(INBOUND, STOP, content_type=content_type).status_code == 200

    @pytest.mark.parametrize("body", ["\x00", "a\x00b", "🆘", "نعم", "a\r\nb", "<script>", "'--"])
    def test_whatever_the_text_holds(self, db, call, body):  # W26
        assert call(INBOUND, [*STOP[:3], ("Body", body)]).status_code == 200
        assert Reply.objects.get().text == body.replace("\x00", "\\x00")

    @pytest.mark.parametrize(
        ("raw", "kept"),
        [(b"\xff\xfecaf\xe9", r"\xff\xfecaf\xe9"), (b"\xed\xa0\x80", r"\xed\xa0\x80")],
    )
    def test_with_bytes_that_are_no_text_escaped(self, db, call, raw, kept):  # W26
        body = raw.decode("utf-8", "surrogateescape")

        assert call(INBOUND, [*STOP[:3], ("Body", body)]).status_code == 200
        assert Reply.objects.get().text == kept

    def test_with_next_to_nothing_in_it(self, db, call):
        assert call(INBOUND, [("Body", "")]).status_code == 200
        assert Reply.objects.get().text == ""

    @pytest.mark.parametrize("sender", ["NHS-NoReply", "88222", "", "+266696687"])
    def test_from_nobody_we_know_and_bound_to_nobody(self, db, call, sender):  # W28
        patient = PatientFactory(mobile="")
        to = patient.clinic.sms_sender

        call(INBOUND, [("MessageSid", "SM1"), ("From", sender), ("To", to), ("Body", "STOP")])
        read_replies(now=NOON, limit=10)

        reply = Reply.objects.get()
        assert (reply.patient, reply.status) == (None, "for_a_person")

    def test_a_picture_as_a_number_of_pictures_and_nothing_is_fetched(self, db, call):  # W29
        media = [("NumMedia", "10"), ("MediaUrl0", "http://127.0.0.1:1/x.svg")]

        assert call(INBOUND, [*STOP, *media]).status_code == 200
        assert Reply.objects.get().media_count == 10

    @pytest.mark.parametrize("count", ["", "-1", "x", "1e9", "99999999999", "٣"])
    def test_a_number_of_pictures_that_is_none(self, db, call, count):
        assert call(INBOUND, [*STOP, ("NumMedia", count)]).status_code == 200
        assert Reply.objects.get().media_count == 0

    def test_the_longest_message_in_eleven_parts_as_one(self, db, call):  # R50
        call(INBOUND, [*STOP[:3], ("Body", "é" * 1600), ("NumSegments", "11")])

        assert len(Reply.objects.get().text) == 1600

    def test_a_message_id_of_any_length(self, db, call):
        assert call(INBOUND, [("MessageSid", "S" * 5000), *STOP[1:]]).status_code == 200
        assert stored() == 1


class TestReports:
    def test_of_a_message_we_never_sent_are_kept_unmatched(self, db, call):  # W13
        answer = call(status_path(uuid.uuid4()), SENT)
        apply_receipts(now=NOON, limit=10)

        assert answer.status_code == 204
        assert Receipt.objects.get().attempt is None

    @pytest.mark.parametrize("word", ["teleported", "7", "['sent']", "", "sent " * 100])  # W19
    def test_of_a_word_we_do_not_know_are_kept_and_change_nothing(self, call, attempt, word):
        params = [("MessageSid", "SM1"), ("MessageStatus", word)]

        assert call(status_path(attempt.pk), params).status_code == 204
        apply_receipts(now=NOON, limit=10)

        receipt = Receipt.objects.get()
        assert (receipt.news, receipt.raw) == ("", dict(params))
        attempt.delivery.refresh_from_db()
        assert attempt.delivery.status == DeliveryStatus.SENDING

    @pytest.mark.parametrize("code", ["99999", "no number", "3" * 500])  # W20
    def test_of_a_failure_with_an_unknown_code_are_failures(self, call, attempt, code):
        params = [("MessageSid", "SM1"), ("MessageStatus", "undelivered"), ("ErrorCode", code)]

        call(status_path(attempt.pk), params)
        apply_receipts(now=NOON, limit=10)

        delivery = attempt.delivery
        delivery.refresh_from_db()
        assert (delivery.status, delivery.failure_code) == ("undelivered", code[:60])

    def test_of_one_clinic_touch_no_other(self, call, attempt):  # W14
        other = AttemptFactory(provider="twilio", provider_id="SM2")

        call(status_path(attempt.pk), [("MessageSid", "SM1"), ("MessageStatus", "delivered")])
        apply_receipts(now=NOON, limit=10)

        other.delivery.refresh_from_db()
        assert other.delivery.status == DeliveryStatus.SENDING

    def test_of_no_attempts_id_have_no_address(self, db, call):
        assert call("/hooks/twilio/status/not-an-id/", SENT).status_code == 404


class TestTwice:
    @pytest.mark.parametrize("later", [timedelta(), timedelta(seconds=1), timedelta(days=30)])
    def test_a_message_is_one_reply_and_one_alert(self, db, call, later):  # W10
        patient = PatientFactory()
        cry = [("MessageSid", "SM1"), ("From", patient.mobile), ("Body", "cant breathe")]
        cry.append(("To", patient.clinic.sms_sender))

        for moment in (NOON, NOON + later):
            with time_machine.travel(moment, tick=False):
                assert call(INBOUND, cry).status_code == 200
            read_replies(now=moment, limit=10)

        assert Reply.objects.get().received_at == NOON
        assert Alert.objects.count() == 1

    def test_a_report_is_one_receipt(self, call, attempt):
        for _ in range(3):
            assert call(status_path(attempt.pk), SENT).status_code == 204

        assert Receipt.objects.count() == 1

    def test_an_old_stop_played_again_undoes_no_later_start(self, db, call):
        patient = PatientFactory()
        to = [("From", patient.mobile), ("To", patient.clinic.sms_sender)]
        stop = [("MessageSid", "SM1"), ("Body", "STOP"), *to]
        start = [("MessageSid", "SM2"), ("Body", "START"), *to]

        for minute, params in enumerate((stop, start, stop)):
            with time_machine.travel(NOON + timedelta(minutes=minute), tick=False):
                call(INBOUND, params)
            read_replies(now=NOON + timedelta(minutes=minute), limit=10)

        assert patient.consents.filter(channel="sms").first().given
        assert set(Reply.objects.values_list("meaning", flat=True)) == {
            Meaning.OPT_OUT,
            Meaning.OPT_IN,
        }


@pytest.mark.parametrize("path", [INBOUND, status_path(uuid.UUID(int=1))])
class TestRefused:
    @pytest.mark.parametrize("signature", ["", "x", "ü", "=" * 28, "A" * 100_000])
    def test_with_no_signature_or_a_wrong_one(self, db, call, path, signature):  # W02
        answer = call(path, STOP, headers={"X-Twilio-Signature": signature})

        assert (answer.status_code, answer.content, stored()) == (403, b"", 0)

    def test_without_the_header(self, db, path):  # W02
        answer = Client().post(path, urlencode(STOP), content_type=FORM)

        assert (answer.status_code, stored()) == (403, 0)

    @pytest.mark.parametrize(
        "sent",
        [
            [*STOP[:3], ("Body", "START")],
            [*STOP, ("More", "1")],
            STOP[:3],
            [*STOP[:3], ("Body", "STOP")],
        ],
    )
    def test_when_anything_differs_from_what_was_signed(self, db, call, path, sent):  # W04, W05
        assert call(path, STOP, body=urlencode(sent)).status_code == 403
        assert stored() == 0

    def test_when_signed_by_another_account(self, db, call, path):  # W11
        assert call(path, STOP, token="another token").status_code == 403
        assert stored() == 0

    def test_when_no_token_is_set(self, db, call, settings, path):
        settings.TWILIO_AUTH_TOKEN = ""

        assert call(path, STOP, token="").status_code == 403

    def test_when_signed_for_another_address(self, db, call, path):
        assert call(path, STOP, port=":8443").status_code == 403

    def test_when_the_address_is_taken_from_forged_headers(self, db, path):  # W08
        forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
        signature = sign(f"https://evil.example{path}", STOP, TOKEN)

        answer = Client().post(
            path,
            urlencode(STOP),
            content_type=FORM,
            headers=forged | {"X-Twilio-Signature": signature},
        )

        assert (answer.status_code, stored()) == (403, 0)

    def test_when_a_parameter_comes_twice(self, db, call, path):  # W25
        assert call(path, [*STOP, ("Body", "START")]).status_code == 400
        assert stored() == 0

    def test_when_there_are_too_many_parameters(self, db, call, path):
        assert call(path, [(f"P{n}", "1") for n in range(201)]).status_code == 400
        assert stored() == 0

    @pytest.mark.parametrize(
        "content_type",
        ["application/json", "text/plain", "multipart/form-data; boundary=x", "",
         f"{FORM}; charset=utf-7", f"{FORM}; charset=utf-16", f"{FORM}; charset=nonsense"],
    )  # fmt: skip
    def test_in_another_form_than_the_providers(self, db, call, path, content_type):  # W23
        assert call(path, STOP, content_type=content_type).status_code == 415
        assert stored() == 0

    def test_when_it_is_packed(self, db, call, path):  # W23
        assert call(path, STOP, headers={"Content-Encoding": "gzip"}).status_code == 415
        assert stored() == 0

    def test_when_it_is_larger_than_any_message(self, db, call, path):
        assert call(path, [*STOP, ("More", "x" * 65_536)]).status_code == 413
        assert stored() == 0

    @pytest.mark.parametrize("length", ["x", "-5", "1_0", "٣"])
    def test_when_its_length_is_no_number(self, db, call, path, length):
        assert call(path, STOP, CONTENT_LENGTH=length).status_code == 400
        assert stored() == 0

    @pytest.mark.parametrize("method", ["get", "put", "delete", "head"])
    def test_when_it_is_not_posted(self, db, path, method):
        assert getattr(Client(), method)(path).status_code == 405

    def test_over_plain_http_where_we_are_on_https(self, db, call, settings, path):  # W22
        settings.PUBLIC_URL, settings.SECURE_SSL_REDIRECT = SECURE, True

        answer = call(path, STOP)

        assert (answer.status_code, stored()) == (403, 0)

    def test_only_over_plain_http(self, db, call, settings, path):
        settings.PUBLIC_URL, settings.SECURE_SSL_REDIRECT = SECURE, True

        assert call(path, STOP, secure=True).status_code in (200, 204)
        assert stored() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", [INBOUND, status_path(uuid.UUID(int=1))])
def test_while_the_database_is_away_the_provider_is_asked_to_come_again(call, path):  # W31
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (our_session,) = cursor.fetchone()
    second = connection.copy()
    with second.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [our_session])
    second.close()

    away = call(path, STOP)
    connection.close()
    again = call(path, STOP)

    assert away.status_code == 503
    assert again.status_code in (200, 204)
    assert stored() == 1
