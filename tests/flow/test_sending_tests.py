"""A test of sending: by the way of every message, to the clinic's own people, seen to arrive."""

from datetime import timedelta

import pytest

from clinic.models import Channel
from reminders.channels.base import HIDDEN, DeliveryNews, Outcome, SendResult, StatusEvent
from reminders.channels.memory import MemoryChannel
from reminders.flow.deliver import deliver_queued
from reminders.flow.receipts import apply_receipts, store_receipt
from reminders.flow.sending_tests import (
    CannotTest,
    addresses_for,
    ask_for_test,
    code_of,
    confirm_test,
    has_arrived,
)
from reminders.models import Attempt, Delivery, DeliveryStatus, SendingTest
from tests.factories import NOON, ClinicFactory, PatientFactory, StaffFactory

pytestmark = pytest.mark.django_db
MOBILE = "+447700900801"


@pytest.fixture
def clinic():
    return ClinicFactory(live_since=None)


@pytest.fixture
def manager(clinic):
    return StaffFactory(clinic=clinic, phone="07700 900801", email="manager@example.org")


@pytest.fixture
def ask(clinic, manager):
    def ask(*, channel="sms", to=MOBILE, now=NOON):
        return ask_for_test(clinic.pk, channel=channel, to=to, by=manager, now=now)

    return ask


def sent_now(channel="sms", *, answers=(), now=NOON):
    door = MemoryChannel(channel)
    door.answers.extend(answers)
    deliver_queued(door, now=lambda: now, stop_at=float("inf"))
    return door.sent


@pytest.mark.parametrize(("channel", "to"), [("sms", MOBILE), ("email", "desk@example.org")])
def test_goes_out_before_the_clinic_is_live_with_a_code_that_is_kept_nowhere(
    channel, to, ask, released
):
    test = ask(channel=channel, to=to)

    [message] = sent_now(channel)

    assert message.to == to
    assert code_of(test) in message.body
    kept = Delivery.objects.get()
    assert HIDDEN in kept.text
    assert code_of(test) not in kept.text


def test_nothing_goes_out_of_a_database_that_nobody_released(ask):
    ask()

    assert sent_now() == []


def test_it_has_arrived_once_somebody_types_its_code(ask, clinic, manager, released):
    test = ask()
    sent_now()
    assert not has_arrived(clinic, "sms")

    confirm_test(clinic.pk, channel="sms", code=f" {code_of(test)} ", by=manager, now=NOON)

    assert has_arrived(clinic, "sms")
    test.refresh_from_db()
    assert (test.confirmed_by, test.confirmed_at) == (manager, NOON)


def test_it_has_arrived_when_the_provider_says_so(ask, clinic, released):
    ask()
    sent_now()
    attempt = Attempt.objects.get()

    store_receipt(
        StatusEvent("twilio", "1", attempt.provider_id, attempt.pk, DeliveryNews.DELIVERED, "", {}),
        now=NOON,
    )
    apply_receipts(now=NOON, limit=9)

    assert has_arrived(clinic, "sms")


@pytest.mark.parametrize("code", ["", "1", "abcdef", "0000000"])
def test_another_code_confirms_nothing(code, ask, clinic, manager, released):
    ask()
    sent_now()

    with pytest.raises(CannotTest, match="wrong_code"):
        confirm_test(clinic.pk, channel="sms", code=code, by=manager, now=NOON)

    assert not has_arrived(clinic, "sms")


def test_nothing_is_confirmed_before_it_went_out(ask, clinic, manager):
    test = ask()

    with pytest.raises(CannotTest, match="nothing_sent"):
        confirm_test(clinic.pk, channel="sms", code=code_of(test), by=manager, now=NOON)


def test_a_test_of_another_sender_counts_no_more(ask, clinic, manager, released):
    test = ask()
    sent_now()
    confirm_test(clinic.pk, channel="sms", code=code_of(test), by=manager, now=NOON)

    clinic.sms_sender = "+12015550188"

    assert not has_arrived(clinic, "sms")


def test_goes_to_nobody_but_the_clinics_own_people(ask, clinic):
    patient = PatientFactory(clinic=clinic)

    for stranger in (patient.mobile, "+447700900899", ""):
        with pytest.raises(CannotTest, match="not_ours"):
            ask(to=stranger)

    assert not SendingTest.objects.exists()


def test_a_number_that_takes_no_texts_is_not_offered(clinic, manager):
    StaffFactory(clinic=clinic, phone="020 7946 0100")
    StaffFactory(clinic=clinic, phone="07700 900802", is_active=False)

    assert list(addresses_for(clinic, Channel.SMS)) == [MOBILE]


def test_a_second_one_waits_a_minute(ask):
    ask()

    with pytest.raises(CannotTest, match="too_soon"):
        ask(now=NOON + timedelta(seconds=59))

    assert ask(now=NOON + timedelta(seconds=60))


def test_without_a_sender_there_is_none(ask, clinic):
    clinic.sms_sender = ""
    clinic.save()

    with pytest.raises(CannotTest, match="no_sender"):
        ask()


def test_one_that_is_refused_raises_no_alert_and_says_why(ask, clinic, released):
    ask()

    sent_now(answers=[SendResult(Outcome.REFUSED, code="21211", bad_address=True)])

    assert Delivery.objects.get().status == DeliveryStatus.REFUSED
    assert not has_arrived(clinic, "sms")
