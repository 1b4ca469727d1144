"""Receipts: any order and any repetition of the same reports ends in the same state."""

import time
import uuid
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic.models import Channel, Consent, Patient
from reminders.channels.base import DeliveryNews, Outcome, Outgoing, SendResult, StatusEvent
from reminders.flow.claim import OnTheWire
from reminders.flow.outcomes import write_outcomes
from reminders.flow.receipts import (
    DEAD_NUMBER_CODES,
    MOVES_FROM,
    MOVES_TO,
    apply_receipts,
    store_receipt,
)
from reminders.models import (
    Alert,
    AlertKind,
    Attempt,
    AttemptStatus,
    Delivery,
    DeliveryReason,
    DeliveryStatus,
    Receipt,
    Tier,
)
from tests.factories import (
    NOON,
    AttemptFactory,
    ConsentFactory,
    DeliveryFactory,
    PatientFactory,
    ReceiptFactory,
    ReplyFactory,
)

MINUTE = timedelta(minutes=1)
NEWS = st.sampled_from(sorted(DeliveryNews))
UNSETTLED = st.sampled_from([DeliveryStatus.QUEUED, DeliveryStatus.SENDING, DeliveryStatus.UNKNOWN])

pytestmark = pytest.mark.django_db


def report(attempt, *news, code="", now=NOON, at_once=100):
    """The provider's reports on an attempt arrive in this order, and are applied."""
    for word in news:
        ReceiptFactory(reference=attempt.pk, provider_id="SM1", news=word, code=code)
    while apply_receipts(now=now, limit=at_once):
        pass
    attempt.refresh_from_db()
    attempt.delivery.refresh_from_db()
    return attempt.delivery


def safety_text(**also):
    """An attempt at a text that matters, of a step that goes by text or mail."""
    return AttemptFactory(delivery__reminder__is_high_priority=True, **also)


def by_rank(news):
    for word in (DeliveryNews.DELIVERED, DeliveryNews.UNDELIVERED):
        if word in news:
            return MOVES_TO[word]
    return DeliveryStatus.ACCEPTED


class TestAnyOrder:
    @settings(
        max_examples=80,
        deadline=None,
        # one attempt serves all examples; each puts it back first
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(news=st.lists(NEWS, min_size=1, max_size=7), at_once=st.integers(1, 4), begin=UNSETTLED)
    def test_ends_in_the_state_of_the_highest_rank(self, one_attempt, news, at_once, begin):
        one_attempt.put_back(begin)

        delivery = report(one_attempt.attempt, *news, at_once=at_once)

        failed = by_rank(news) == DeliveryStatus.UNDELIVERED
        assert delivery.status == by_rank(news)
        assert delivery.failure_reason == (DeliveryReason.UNDELIVERED if failed else "")
        assert one_attempt.attempt.provider_id == "SM1"

    @pytest.mark.parametrize(
        "news", [("delivered", "sent", "accepted"), ("accepted", "delivered", "sent", "delivered")]
    )
    def test_delivered_stays_delivered(self, news):  # W16
        assert report(AttemptFactory(), *news).status == DeliveryStatus.DELIVERED

    def test_a_failure_after_delivery_is_kept_on_the_receipt_alone(self):  # W17
        attempt = safety_text()

        delivery = report(attempt, "delivered", "undelivered", code="30005")

        assert (delivery.status, delivery.failure_code) == (DeliveryStatus.DELIVERED, "")
        assert Receipt.objects.filter(attempt=attempt, news="undelivered").exists()
        assert not Alert.objects.exists()
        assert Patient.objects.get().mobile_failed_at is None

    def test_delivery_after_a_failure_is_believed(self):
        delivery = report(AttemptFactory(), "undelivered", "delivered", code="30008")

        assert (delivery.status, delivery.failure_reason) == (DeliveryStatus.DELIVERED, "")

    @pytest.mark.parametrize("status", sorted(set(DeliveryStatus)))
    @pytest.mark.parametrize("news", sorted(DeliveryNews))
    def test_moves_a_delivery_from_the_states_that_are_listed_and_no_other(self, status, news):
        attempt = AttemptFactory(delivery__status=status, status=AttemptStatus.ACCEPTED)

        delivery = report(attempt, news)

        moves = status in MOVES_FROM[news]
        assert delivery.status == (MOVES_TO[news] if moves else status)

    @pytest.mark.parametrize("status", ["refused", "skipped", "expired", "delivered"])
    @pytest.mark.parametrize("news", ["accepted", "sent", "undelivered"])
    def test_moves_nothing_that_has_ended(self, status, news):
        attempt = AttemptFactory(delivery__status=status, status=AttemptStatus.ACCEPTED)

        assert report(attempt, news).status == status


@pytest.fixture
def one_attempt(db):
    class OneAttempt:
        attempt = AttemptFactory()

        def put_back(self, status):
            Receipt.objects.all().delete()
            Delivery.objects.update(status=status, failure_reason="", failure_code="")
            Attempt.objects.update(status=AttemptStatus.UNKNOWN, provider_id="")

    return OneAttempt()


class TestTwice:
    EVENT = StatusEvent("twilio", "SM1:sent:", "SM1", uuid.UUID(int=1), DeliveryNews.SENT, "", {})

    def test_the_same_report_is_stored_once(self):
        assert [store_receipt(self.EVENT, now=NOON + n * MINUTE) for n in range(3)] == [1, 0, 0]
        assert Receipt.objects.get().received_at == NOON

    def test_what_is_applied_is_not_applied_again(self):
        report(AttemptFactory(), "delivered")

        assert apply_receipts(now=NOON, limit=10) == 0

    def test_no_more_than_the_limit_is_applied_the_oldest_first(self):
        late = ReceiptFactory(received_at=NOON + MINUTE)
        ReceiptFactory(received_at=NOON)

        assert apply_receipts(now=NOON, limit=1) == 1
        assert list(Receipt.objects.filter(applied_at=None)) == [late]

    def test_a_failure_told_twice_is_one_alert_of_each_kind_and_one_withdrawal(self):
        attempt = safety_text(delivery__reminder__step__channels=["sms"])

        report(attempt, "undelivered", "undelivered", code="21610")

        told = sorted(Alert.objects.values_list("kind", flat=True))
        assert told == [AlertKind.NOT_REACHED, AlertKind.OPTED_OUT]
        assert Consent.objects.filter(given=False).count() == 1


def test_a_report_in_another_workers_hands_is_skipped(other_worker):
    held, free = ReceiptFactory.create_batch(2)

    with other_worker(held):
        assert apply_receipts(now=NOON, limit=10) == 1

    assert list(Receipt.objects.filter(applied_at=None)) == [held]
    assert free.pk != held.pk


class TestWhichAttempt:
    def test_the_one_whose_reference_it_carries(self):
        attempt, other = AttemptFactory.create_batch(2)

        report(attempt, "delivered")

        other.delivery.refresh_from_db()
        assert other.delivery.status == DeliveryStatus.SENDING

    def test_the_one_with_the_providers_id_where_there_is_no_reference(self):
        attempt = AttemptFactory(provider_id="SM7", status=AttemptStatus.ACCEPTED)
        receipt = ReceiptFactory(reference=None, provider_id="SM7", news="delivered")

        apply_receipts(now=NOON, limit=10)

        receipt.refresh_from_db()
        attempt.delivery.refresh_from_db()
        assert receipt.attempt == attempt
        assert attempt.delivery.status == DeliveryStatus.DELIVERED

    @pytest.mark.parametrize("provider_id", ["", "SM-of-a-stranger"])
    def test_none_where_we_know_neither(self, provider_id):
        AttemptFactory(provider_id="")
        receipt = ReceiptFactory(reference=uuid.UUID(int=9), provider_id=provider_id)

        apply_receipts(now=NOON, limit=10)

        receipt.refresh_from_db()
        assert (receipt.attempt, receipt.applied_at) == (None, NOON)

    def test_an_unknown_word_is_tied_to_its_attempt_and_moves_nothing(self):  # W19
        attempt = AttemptFactory()

        delivery = report(attempt, "")

        assert (delivery.status, attempt.status) == ("sending", AttemptStatus.STARTED)
        assert attempt.receipts.exists()

    def test_that_an_earlier_try_failed_says_nothing_of_the_one_on_the_wire(self):
        delivery = DeliveryFactory(status=DeliveryStatus.SENDING, attempts_made=2)
        first = AttemptFactory(delivery=delivery, number=1, status=AttemptStatus.NOT_SENT)

        assert report(first, "undelivered").status == DeliveryStatus.SENDING

    def test_that_an_earlier_try_arrived_spares_the_patient_a_second(self):
        delivery = DeliveryFactory(status=DeliveryStatus.QUEUED, attempts_made=1)
        first = AttemptFactory(delivery=delivery, number=1, status=AttemptStatus.NOT_SENT)

        report(first, "sent")

        assert not Delivery.objects.sendable(NOON + MINUTE, channel="sms").exists()


class TestBeforeTheAnswerWasWritten:
    @pytest.mark.parametrize("news", sorted(DeliveryNews))
    @pytest.mark.parametrize("outcome", sorted(Outcome))
    def test_the_report_stands_whatever_the_answer_says(self, news, outcome):
        attempt = AttemptFactory()
        wire = on_the_wire(attempt)
        reported = report(attempt, news).status

        write_outcomes([(wire, SendResult(outcome, provider_id="SM1", code="x"))], now=NOON)

        attempt.refresh_from_db()
        attempt.delivery.refresh_from_db()
        assert attempt.delivery.status == reported
        assert (attempt.status, attempt.look_up_at) == (AttemptStatus.ACCEPTED, None)

    def test_an_answer_that_was_lost_is_no_longer_looked_up(self):
        attempt = AttemptFactory(status=AttemptStatus.UNKNOWN, delivery__status="unknown")

        report(attempt, "sent")

        assert (attempt.status, attempt.look_up_at) == (AttemptStatus.ACCEPTED, None)


def on_the_wire(attempt):
    """The attempt as the worker holds it that waits for the provider's answer."""
    message = Outgoing(attempt.pk, attempt.delivery.address, "+447700900900", "Walk a little.")
    delivery = Delivery.objects.get(pk=attempt.delivery_id)
    held = Attempt.objects.get(pk=attempt.pk)
    return OnTheWire(
        delivery=delivery, attempt=held, message=message, give_up_at=time.monotonic() + 60
    )


class TestWhatAFailureSaysOfThePatient:
    def test_an_opt_out_at_the_provider_is_an_opt_out_here(self):
        delivery = report(AttemptFactory(), "undelivered", code="21610")

        word = Consent.objects.in_force([delivery.patient_id]).get(channel=Channel.SMS)
        assert (word.given, word.source) == (False, "provider")
        assert Consent.objects.in_force([delivery.patient_id]).get(channel=Channel.EMAIL).given

    def test_a_start_that_came_after_the_try_stands(self):
        attempt = AttemptFactory()
        patient = attempt.delivery.patient
        ConsentFactory(patient=patient, at=NOON + MINUTE, source="reply")

        report(attempt, "undelivered", code="21610", now=NOON + 2 * MINUTE)

        assert Consent.objects.in_force([patient.pk]).get(channel=Channel.SMS).given

    @pytest.mark.parametrize("code", sorted(DEAD_NUMBER_CODES))
    def test_a_dead_number_is_used_no_more_and_raises_one_alert(self, code):
        delivery = report(AttemptFactory(), "undelivered", code=code)

        patient = Patient.objects.get(pk=delivery.patient_id)
        assert (patient.mobile_failed_at, patient.email_failed_at) == (NOON, None)
        alert = Alert.objects.get()
        assert (alert.kind, alert.tier, alert.patient) == (AlertKind.CONTACT, "routine", patient)

    def test_two_texts_to_a_dead_number_are_one_alert(self):
        patient = PatientFactory()
        for hour in (0, 30):
            attempt = AttemptFactory(delivery__reminder__surgery__patient=patient)
            report(attempt, "undelivered", code="30005", now=NOON + timedelta(hours=hour))

        assert Alert.objects.count() == 1

    def test_a_corrected_number_that_fails_on_the_same_day_is_another_alert(self):
        patient = PatientFactory()
        for number in ("+447700900123", "+447700900124"):
            Patient.objects.update(mobile=number, mobile_failed_at=None)
            patient.refresh_from_db()
            attempt = AttemptFactory(delivery__reminder__surgery__patient=patient)
            report(attempt, "undelivered", code="30005", now=NOON + MINUTE * attempt.delivery.pk)

        assert Alert.objects.count() == 2

    @pytest.mark.parametrize("code", ["21610", "30005"])
    def test_nothing_of_the_new_number_when_it_was_the_old_one(self, code):
        attempt = AttemptFactory()
        Patient.objects.update(mobile="+447700900899")

        report(attempt, "undelivered", code=code)

        assert Patient.objects.get().mobile_failed_at is None
        assert not Consent.objects.filter(given=False).exists()
        assert not Alert.objects.exists()

    @pytest.mark.parametrize("code", ["", "30008", "99999"])
    def test_nothing_when_the_code_is_another(self, code):  # W20
        delivery = report(AttemptFactory(), "undelivered", code=code)

        assert (delivery.status, delivery.failure_code) == (DeliveryStatus.UNDELIVERED, code)
        assert Patient.objects.get().mobile_failed_at is None
        assert not Consent.objects.filter(given=False).exists()

    def test_nothing_where_we_do_not_know_the_patient(self):
        reply = ReplyFactory()
        answer = Delivery.objects.create(
            reply=reply, purpose="answer", clinic=reply.clinic, channel="sms", queued_at=NOON,
            status_since=NOON, next_try_at=NOON, not_after=NOON, address=reply.sender,
            status="sending", attempts_made=1,
        )  # fmt: skip

        delivery = report(AttemptFactory(delivery=answer), "undelivered", code="21610")

        assert delivery.status == DeliveryStatus.UNDELIVERED


class TestAMessageThatMatters:
    def test_goes_to_the_other_channel_when_it_was_not_delivered(self):
        delivery = report(safety_text(), "undelivered", code="30008")

        other = delivery.reminder.deliveries.get(channel=Channel.EMAIL)
        assert (other.status, other.is_high_priority) == (DeliveryStatus.QUEUED, True)
        assert not Alert.objects.exists()

    @pytest.mark.parametrize(
        "why_not",
        [
            {"delivery__reminder__step__channels": ["sms"]},
            {"delivery__reminder__surgery__patient__email": ""},
            {"delivery__reminder__surgery__patient__email_failed_at": NOON},
            {"delivery__reminder__surgery__patient__consented": [Channel.SMS]},
        ],
    )
    def test_goes_to_a_person_where_there_is_no_other_channel(self, why_not):
        delivery = report(safety_text(**why_not), "undelivered")

        assert delivery.reminder.deliveries.count() == 1
        alert = Alert.objects.get()
        assert (alert.kind, alert.tier) == (AlertKind.NOT_REACHED, Tier.SAME_DAY)
        assert alert.reminder == delivery.reminder

    def test_goes_to_a_person_when_the_other_channel_failed_too(self):
        attempt = safety_text()
        DeliveryFactory(reminder=attempt.delivery.reminder, channel="email", status="refused")

        report(attempt, "undelivered")

        assert Alert.objects.get().kind == AlertKind.NOT_REACHED

    @pytest.mark.parametrize("status", ["queued", "sending", "accepted", "delivered", "unknown"])
    def test_troubles_nobody_while_the_other_channel_may_reach_them(self, status):
        attempt = safety_text()
        DeliveryFactory(reminder=attempt.delivery.reminder, channel="email", status=status)

        report(attempt, "undelivered")

        assert not Alert.objects.exists()

    def test_goes_to_a_person_once_it_is_too_late_for_the_other_channel(self):
        attempt = safety_text()
        too_late = attempt.delivery.reminder.not_after + MINUTE

        delivery = report(attempt, "undelivered", now=too_late)

        assert delivery.reminder.deliveries.count() == 1
        assert Alert.objects.get().kind == AlertKind.NOT_REACHED

    def test_is_not_sent_again_when_delivery_is_reported_in_the_same_breath(self):
        delivery = report(safety_text(), "undelivered", "delivered")

        assert delivery.reminder.deliveries.count() == 1

    def test_that_is_routine_is_only_shown(self):
        delivery = report(AttemptFactory(), "undelivered")

        assert delivery.reminder.deliveries.count() == 1
        assert not Alert.objects.exists()

    @pytest.mark.parametrize("news", ["accepted", "sent", "delivered"])
    def test_that_arrives_troubles_nobody(self, news):
        delivery = report(safety_text(), news)

        assert delivery.reminder.deliveries.count() == 1
        assert not Alert.objects.exists()
