"""Each row of section W of the list of bad inputs: what the provider's door answers, what is kept.

`told` is what the provider is answered, `kept` how many rows there are afterwards. The rows with
more to look at stand below the table and in test_webhooks.py. W31, the database that is away, is
there; W32, a hundred calls a second for ten minutes, is run by hand.
"""

import uuid

import pytest

from reminders.flow.receipts import apply_receipts
from reminders.flow.replies import read_replies
from reminders.models import DeliveryStatus, Receipt, Reply
from tests.factories import NOON, AttemptFactory, PatientFactory
from tests.provider_calls import FORM, INBOUND, TOKEN, post_signed, status_path, text_message

OURS, PATIENT = "+447700900999", "+447700900123"
STOP = text_message("SM1", sender=PATIENT, recipient=OURS, body="STOP ")
NOBODYS = status_path(uuid.UUID(int=1))
SENT = [("MessageSid", "SM1"), ("MessageStatus", "sent")]
FORGED = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_settings(settings, tmp_path):
    settings.TWILIO_AUTH_TOKEN = TOKEN
    settings.STATIC_ROOT = tmp_path


def row(number, path, params, told, kept, **also):
    return pytest.param(path, params, told, kept, also, id=f"{number} {told} {len(also)}")


@pytest.mark.parametrize(
    ("path", "params", "told", "kept", "also"),
    [
        row("W01", INBOUND, STOP, 200, 1),
        row("W01", NOBODYS, SENT, 204, 1),
        row("W02", INBOUND, STOP, 403, 0, headers={"X-Twilio-Signature": ""}),
        row("W04 changed", INBOUND, STOP, 403, 0, body="Body=START"),
        row("W04 added", INBOUND, STOP, 403, 0, body="MessageSid=SM1&Body=STOP+&More=1"),
        row("W04 removed", INBOUND, STOP, 403, 0, body="MessageSid=SM1"),
        row("W05", INBOUND, [*STOP[:3], ("Body", "STOP  ")], 200, 1),
        row("W07", INBOUND, STOP, 200, 1, port=":80"),
        row("W08", INBOUND, STOP, 200, 1, headers=FORGED),
        row("W11", INBOUND, STOP, 403, 0, token="another clinic's"),
        row("W13", NOBODYS, SENT, 204, 1),
        row("W19 word", NOBODYS, [SENT[0], ("MessageStatus", "teleported")], 204, 1),
        row("W19 number", NOBODYS, [SENT[0], ("MessageStatus", "7")], 204, 1),
        row("W19 array", NOBODYS, [*SENT, ("MessageStatus", "queued")], 400, 0),
        row("W20", NOBODYS, [*SENT, ("ErrorCode", "no number")], 204, 1),
        row("W23 type", INBOUND, STOP, 415, 0, content_type="application/json"),
        row("W23 utf-7", INBOUND, STOP, 415, 0, content_type=f"{FORM}; charset=utf-7"),
        row("W23 gzip", INBOUND, STOP, 415, 0, headers={"Content-Encoding": "gzip"}),
        row("W25", INBOUND, [*STOP, ("Body", "START")], 400, 0),
        row("W26 NUL", INBOUND, [*STOP[:3], ("Body", "a\x00b")], 200, 1),
        row("W26 bytes", INBOUND, [*STOP[:3], ("Body", "\udcff")], 200, 1),
        row("W28 word", INBOUND, [STOP[0], ("From", "NHS-NoReply"), *STOP[2:]], 200, 1),
        row("W28 short", INBOUND, [STOP[0], ("From", "88222"), *STOP[2:]], 200, 1),
        row("W28 blank", INBOUND, [STOP[0], ("From", ""), *STOP[2:]], 200, 1),
        row("W28 nobody", INBOUND, [STOP[0], ("From", "+266696687"), *STOP[2:]], 200, 1),
    ],
)
def test_a_call_is_answered_and_kept_as_the_list_says(path, params, told, kept, also):
    answer = post_signed(path, params, **also)

    assert answer.status_code == told
    assert Receipt.objects.count() + Reply.objects.count() == kept


def test_plain_http_is_refused_and_led_nowhere(settings):  # W22
    settings.PUBLIC_URL, settings.SECURE_SSL_REDIRECT = "https://care.example.org", True

    assert post_signed(INBOUND, STOP).status_code == 403


def test_a_message_played_again_a_month_later_is_known_already():  # W10
    assert [post_signed(INBOUND, STOP).status_code for _ in range(2)] == [200, 200]
    assert Reply.objects.count() == 1


def reported(attempt, *words):
    for word in words:
        form = [("MessageSid", "SM1"), ("MessageStatus", word)]
        assert post_signed(status_path(attempt.pk), form).status_code == 204
        apply_receipts(now=NOON, limit=10)
    attempt.delivery.refresh_from_db()
    return attempt.delivery


def test_what_was_delivered_stays_so_whatever_is_reported_after_it():  # W16
    attempt = AttemptFactory(provider="twilio")

    delivery = reported(attempt, "delivered", "sent", "queued")

    assert delivery.status == DeliveryStatus.DELIVERED


def test_a_failure_after_it_was_delivered_stays_on_its_receipt():  # W17
    attempt = AttemptFactory(provider="twilio")

    delivery = reported(attempt, "delivered", "failed")

    assert delivery.status == DeliveryStatus.DELIVERED
    assert Receipt.objects.filter(news="undelivered", attempt=attempt).count() == 1


def test_a_report_about_one_clinics_message_touches_no_other():  # W14
    ours, others = AttemptFactory(provider="twilio"), AttemptFactory(provider="twilio")

    reported(ours, "delivered")

    others.delivery.refresh_from_db()
    assert others.delivery.status == DeliveryStatus.SENDING


@pytest.mark.parametrize("link", ["http://127.0.0.1:1/x.svg", "file:///etc/passwd"])
def test_of_media_the_number_is_kept_and_nothing_is_fetched(link):  # W29
    patient = PatientFactory()
    message = text_message(
        "SM1", sender=patient.mobile, recipient=patient.clinic.sms_sender, body="",
        NumMedia="10", MediaUrl0=link, MediaContentType0="image/svg+xml",
    )  # fmt: skip

    assert post_signed(INBOUND, message).status_code == 200
    read_replies(now=NOON, limit=1)

    reply = Reply.objects.get()
    assert (reply.media_count, reply.status) == (10, "for_a_person")
