"""Asking the provider about messages whose answer was lost, while the provider is slow to say."""

import time

import pytest
from django.db import connection

from reminders.channels.base import LookUp, Sighting
from reminders.flow.rescue import look_up_unknown
from reminders.models import Attempt, AttemptStatus, DeliveryStatus
from tests.factories import NOON, AttemptFactory


class Provider:
    """A channel that has every message, and remembers how often it was asked."""

    name = "sms"

    def __init__(self, *, others=()):
        self.asked = []
        self.others = others

    def find(self, message, *, since):
        self.asked.append(message.reference)
        return LookUp(Sighting.FOUND, provider_id="SM-latest", others=self.others)


@pytest.fixture
def in_doubt(db):
    return AttemptFactory(
        status=AttemptStatus.UNKNOWN, delivery__status=DeliveryStatus.UNKNOWN, provider="twilio"
    )


def test_nothing_is_asked_once_the_time_is_up(in_doubt):
    provider = Provider()

    assert look_up_unknown(provider, now=NOON, stop_at=time.monotonic()) == 0
    assert provider.asked == []


def test_nothing_is_asked_while_another_worker_asks(in_doubt):
    provider, other = Provider(), connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext('look-up sms'))")
            assert look_up_unknown(provider, now=NOON) == 0
            cursor.execute("SELECT pg_advisory_unlock_all()")
    finally:
        other.close()

    assert look_up_unknown(provider, now=NOON) == 1
    assert provider.asked == [in_doubt.pk]


def test_of_two_texts_that_look_alike_the_one_that_nobody_has_booked_is_ours(in_doubt):
    AttemptFactory(status=AttemptStatus.ACCEPTED, provider="twilio", provider_id="SM-latest")

    look_up_unknown(Provider(others=("SM-earlier",)), now=NOON)

    in_doubt.refresh_from_db()
    assert (in_doubt.status, in_doubt.provider_id) == (AttemptStatus.ACCEPTED, "SM-earlier")


def test_a_text_that_another_attempt_has_booked_is_no_proof_of_ours(in_doubt):
    AttemptFactory(status=AttemptStatus.ACCEPTED, provider="twilio", provider_id="SM-latest")

    look_up_unknown(Provider(), now=NOON)

    assert Attempt.objects.get(pk=in_doubt.pk).status == AttemptStatus.UNKNOWN
