"""What the stand-in tells the product's webhooks, in every mode."""

import pytest

from tests.channels.providers import text


@pytest.mark.parametrize(
    ("mode", "statuses"),
    [
        ("ok", ["queued", "sent", "delivered"]),
        ("duplicate_receipts", ["queued", "queued", "sent", "sent", "delivered", "delivered"]),
        ("reordered_receipts", ["delivered", "sent", "queued"]),
        ("contradictory_receipts", ["queued", "sent", "delivered", "undelivered"]),
        ("receipt_before_answer", ["delivered", "queued", "sent", "delivered"]),
        ("undelivered", ["queued", "sent", "undelivered"]),
    ],
)
def test_receipts_come_signed_and_in_the_order_of_the_mode(sms, stand_in, webhook, mode, statuses):
    stand_in.modes.choose(mode, times=1)
    message = text(webhook)

    result = sms.send(message)

    assert webhook.statuses(len(statuses)) == statuses
    assert all(call["signed"] for call in webhook.calls)
    assert {call["path"] for call in webhook.calls} == {
        f"/hooks/twilio/status/{message.reference}/"
    }
    assert {call["params"]["MessageSid"] for call in webhook.calls} == {result.provider_id}


def test_the_receipt_before_the_answer_really_comes_before_it(sms, stand_in, webhook):
    stand_in.modes.choose("receipt_before_answer", times=1)

    result = sms.send(text(webhook))

    assert webhook.calls[0]["params"]["MessageSid"] == result.provider_id


def test_a_wrong_signature_is_really_wrong(sms, stand_in, webhook):
    stand_in.modes.choose("wrong_signature", times=1)

    sms.send(text(webhook))

    assert [call["signed"] for call in webhook.wait_for(3)] == [False, False, False]


def test_an_undelivered_text_carries_its_code(sms, stand_in, webhook):
    stand_in.modes.choose("undelivered", times=1)

    sms.send(text(webhook))

    assert webhook.wait_for(3)[-1]["params"]["ErrorCode"] == "30005"


@pytest.mark.parametrize("silence", ["mode", "switch"])
def test_without_receipts_the_text_is_delivered_in_silence(
    sms, stand_in, webhook, control, silence
):
    if silence == "mode":
        control("POST", "mode", mode="no_receipts", times=1)
    else:
        control("POST", "receipts", on=False)
    silent = sms.send(text(webhook))
    control("POST", "receipts", on=True)

    heard = sms.send(text(webhook))

    sids = {call["params"]["MessageSid"] for call in webhook.wait_for(3)}
    assert sids == {heard.provider_id}
    assert stand_in.ledger.get(silent.provider_id).status == "delivered"


def test_receipts_can_be_made_to_wait(sms, control, webhook):
    control("POST", "receipts", delay_seconds=60)

    sms.send(text(webhook))

    assert control("GET", "counts")["receipts_waiting"] == 1
    assert webhook.calls == []


def test_a_webhook_that_fails_hears_the_receipt_again(sms, webhook):
    webhook.status = 503
    sms.send(text(webhook))
    webhook.wait_for(1)
    webhook.status = 200

    assert webhook.statuses(4) == ["queued", "queued", "sent", "delivered"]


def test_a_webhook_that_says_no_does_not_hear_it_again(sms, webhook):
    webhook.status = 403
    sms.send(text(webhook))

    assert webhook.statuses(3) == ["queued", "sent", "delivered"]
