"""What a provider's call costs the database; a flood of them is stored at the rate it comes."""

import pytest

from reminders.channels.base import DeliveryNews, InboundMessage, StatusEvent
from reminders.flow.receipts import store_receipt
from reminders.flow.replies import store_reply
from reminders.models import Reply
from tests.factories import NOON, ClinicFactory

SENDER, NUMBER = "+447700900123", "+447700900000"
EVENT = StatusEvent("twilio", "SM1:sent:", "SM1", None, DeliveryNews.SENT, "", {})


def message(number):
    return InboundMessage("twilio", number, SENDER, NUMBER, "Hello", 0, {"Body": "Hello"})


@pytest.mark.django_db
class TestOneCall:
    def test_stores_a_message_with_two_questions_and_no_transaction(
        self, django_assert_num_queries
    ):
        clinic = ClinicFactory(sms_sender=NUMBER)

        with django_assert_num_queries(2):
            store_reply(message("SM1"), now=NOON)

        assert Reply.objects.get().clinic == clinic

    def test_finds_a_message_that_is_here_at_the_same_price(self, django_assert_num_queries):
        store_reply(message("SM1"), now=NOON)

        with django_assert_num_queries(2):
            assert store_reply(message("SM1"), now=NOON) is False

        assert Reply.objects.count() == 1

    def test_stores_a_receipt_with_one(self, django_assert_num_queries):
        with django_assert_num_queries(1):
            assert store_receipt(EVENT, now=NOON) is True
