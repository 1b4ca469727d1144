"""What is due leaves the plan, once, for the channels and hours that the record allows."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.models import Clinic, Patient, Surgery
from reminders.flow.dispatch import BACKLOG_AFTER, claim_due, dispatch_due
from reminders.models import (
    Alert,
    AlertKind,
    Delivery,
    DeliveryStatus,
    Instance,
    Reminder,
    ReminderReason,
    ReminderStatus,
)
from tests.factories import (
    NOON,
    ConsentFactory,
    DeliveryFactory,
    PatientFactory,
    ReminderFactory,
    SurgeryFactory,
)

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
NIGHT = datetime(2026, 3, 3, 22, 30, tzinfo=UTC)
MORNING = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
OTHER_STATUSES = sorted(set(ReminderStatus) - {ReminderStatus.PLANNED})
TASK = {"step__audience": "staff", "step__channels": ["task"]}


def claim(now=NOON):
    return claim_due(now=now, limit=100)


def read(reminder):
    reminder.refresh_from_db()
    return reminder.status, reminder.reason


class TestDue:
    def test_to_the_second(self):
        ReminderFactory(due_at=NOON + SECOND)
        due = ReminderFactory(due_at=NOON)

        assert claim() == 1
        assert read(due) == (ReminderStatus.DISPATCHED, "")

    @pytest.mark.parametrize("status", OTHER_STATUSES)
    def test_never_takes_a_reminder_that_is_not_planned(self, status):
        reminder = ReminderFactory(status=status)

        assert claim() == 0
        assert read(reminder)[0] == status

    def test_takes_no_more_than_it_may_and_what_matters_first(self):
        ReminderFactory(due_at=NOON - timedelta(hours=1))
        urgent = ReminderFactory(step__is_high_priority=True)

        assert claim_due(now=NOON, limit=1) == 1
        assert read(urgent)[0] == ReminderStatus.DISPATCHED

    def test_the_longest_waiting_comes_first(self):
        ReminderFactory()
        older = ReminderFactory(due_at=NOON - SECOND)

        claim_due(now=NOON, limit=1)

        assert read(older)[0] == ReminderStatus.DISPATCHED

    def test_claims_until_nothing_is_due(self, released):
        ReminderFactory.create_batch(5)

        assert dispatch_due(now=NOON, batch=2) == 5
        assert dispatch_due(now=NOON, batch=2) == 0

    def test_those_that_wait_do_not_hide_the_others(self, released):
        ReminderFactory.create_batch(3, due_at=NOON - SECOND, surgery__planned_revision=0)
        ready = ReminderFactory()

        assert dispatch_due(now=NOON, batch=2) == 1
        assert read(ready)[0] == ReminderStatus.DISPATCHED


class TestDeliveries:
    def test_one_for_each_channel_of_the_step(self):
        reminder = ReminderFactory(step__is_high_priority=True)

        claim()

        text, mail = Delivery.objects.order_by("-channel")
        assert (text.channel, mail.channel) == ("sms", "email")
        for delivery in (text, mail):
            assert (delivery.reminder, delivery.status) == (reminder, DeliveryStatus.QUEUED)
            assert delivery.patient == reminder.surgery.patient
            assert delivery.clinic == reminder.surgery.patient.clinic
            assert delivery.is_high_priority
            assert delivery.queued_at == delivery.next_try_at == delivery.status_since == NOON
            assert delivery.not_after == reminder.not_after

    @pytest.mark.parametrize(
        ("wants", "consented", "channels"),
        [
            ("both", ("sms", "email"), {"sms", "email"}),
            ("sms", ("sms", "email"), {"sms"}),
            ("email", ("sms", "email"), {"email"}),
            ("both", ("sms",), {"sms"}),
            ("both", ("email",), {"email"}),
            ("email", ("sms",), {"sms"}),  # a wish chooses among what is allowed
        ],
    )
    def test_by_what_the_patient_wants_and_allows(self, wants, consented, channels):
        patient = PatientFactory(channels=wants, consented=consented)
        ReminderFactory(surgery__patient=patient)

        claim()

        assert set(Delivery.objects.values_list("channel", flat=True)) == channels

    def test_never_by_a_channel_that_the_step_has_not(self):
        ReminderFactory(step__channels=["email"], surgery__patient__channels="sms")

        claim()

        assert Delivery.objects.get().channel == "email"

    @pytest.mark.parametrize(
        "unreachable",
        [
            {"consented": ()},
            {"mobile": "", "email": ""},
            {"mobile_failed_at": NOON, "email_failed_at": NOON},
        ],
        ids=str,
    )
    def test_to_nobody_who_cannot_be_reached(self, unreachable):
        patient = PatientFactory(**unreachable)
        reminder = ReminderFactory(surgery__patient=patient)

        claim()

        assert read(reminder) == (ReminderStatus.MISSED, ReminderReason.NO_CHANNEL)
        assert not Delivery.objects.exists()
        assert not Alert.objects.exists()

    def test_what_matters_and_reaches_nobody_goes_to_a_person(self):
        patient = PatientFactory(consented=())
        ReminderFactory(surgery__patient=patient, step__is_high_priority=True)

        claim()

        alert = Alert.objects.get()
        assert (alert.kind, alert.patient) == (AlertKind.NOT_REACHED, patient)

    def test_a_withdrawn_consent_counts(self):
        patient = PatientFactory()
        ConsentFactory(patient=patient, channel="sms", given=False, at=NOON)
        ReminderFactory(surgery__patient=patient)

        claim()

        assert Delivery.objects.get().channel == "email"


class TestStaffSteps:
    def test_become_a_task_and_no_message(self):
        reminder = ReminderFactory(
            step__intent="Ring about the specimen", step__staff_action="Ask the lab.", **TASK
        )

        claim()

        alert = Alert.objects.get()
        assert (alert.kind, alert.reminder) == (AlertKind.STAFF_STEP, reminder)
        assert (alert.summary, alert.to_do) == ("Ring about the specimen", "Ask the lab.")
        assert read(reminder)[0] == ReminderStatus.DISPATCHED
        assert not Delivery.objects.exists()

    @pytest.mark.parametrize("why", [{"sending_stopped_at": NOON}, {"urgent_phone": ""}], ids=str)
    def test_come_though_the_clinic_sends_nothing_to_patients(self, why):
        reminder = ReminderFactory(**TASK)
        Clinic.objects.update(**why)

        claim()

        assert read(reminder)[0] == ReminderStatus.DISPATCHED


class TestHours:
    def test_a_text_in_the_night_waits_for_the_morning(self):
        reminder = ReminderFactory(due_at=NIGHT, not_after=MORNING)

        claim(NIGHT)

        assert read(reminder)[0] == ReminderStatus.PLANNED
        assert reminder.due_at == MORNING

    def test_a_text_whose_time_ends_in_the_night_is_missed(self):
        reminder = ReminderFactory(due_at=NIGHT, not_after=MORNING - SECOND)

        claim(NIGHT)

        assert read(reminder) == (ReminderStatus.MISSED, ReminderReason.TOO_LATE)

    def test_the_night_is_the_patients_own(self):
        fields = {"surgery__patient__zone": "Asia/Tokyo"}  # 21:00 there
        reminder = ReminderFactory(not_after=NOON + timedelta(days=1), **fields)

        claim()

        assert read(reminder)[0] == ReminderStatus.PLANNED

    def test_the_last_moment_still_counts_and_the_next_second_does_not(self):
        in_time = ReminderFactory(due_at=NOON - SECOND, not_after=NOON)
        too_late = ReminderFactory(due_at=NOON - SECOND, not_after=NOON - SECOND)

        claim()

        assert read(in_time) == (ReminderStatus.DISPATCHED, "")
        assert read(too_late) == (ReminderStatus.MISSED, ReminderReason.TOO_LATE)

    def test_what_matters_and_is_too_late_goes_to_a_person(self):
        ReminderFactory(due_at=NOON - SECOND, not_after=NOON - SECOND, step__is_high_priority=True)

        claim()

        assert Alert.objects.get().kind == AlertKind.NOT_REACHED


class TestBacklog:
    """After an outage: one routine text a day for each patient, and what matters at once."""

    LATE = NOON - BACKLOG_AFTER - SECOND

    @pytest.fixture
    def surgery(self):
        return SurgeryFactory(planned_revision=1)

    def waiting(self, surgery, **fields):
        fields = {"due_at": self.LATE, "not_after": NOON + timedelta(days=3)} | fields
        return ReminderFactory(surgery=surgery, **fields)

    def test_sends_one_and_puts_the_next_off_by_a_day(self, surgery):
        first = self.waiting(surgery)
        second = self.waiting(surgery, due_at=self.LATE + SECOND / 2)

        claim()

        assert read(first)[0] == ReminderStatus.DISPATCHED
        assert read(second)[0] == ReminderStatus.PLANNED
        assert second.due_at == self.LATE + SECOND / 2 + timedelta(days=1)

    def test_counts_what_the_patient_had_in_the_last_day(self, surgery):
        patient = surgery.patient
        DeliveryFactory(reminder__surgery=surgery, patient=patient, queued_at=NOON - SECOND)
        waiting = self.waiting(surgery)

        claim()

        assert read(waiting)[0] == ReminderStatus.PLANNED

    def test_misses_what_would_be_too_late_a_day_on(self, surgery):
        self.waiting(surgery)
        second = self.waiting(surgery, not_after=NOON + timedelta(hours=1))

        claim()

        assert read(second) == (ReminderStatus.MISSED, ReminderReason.TOO_LATE)

    def test_a_text_that_went_nowhere_takes_nobodys_turn(self, surgery):
        self.waiting(surgery, due_at=self.LATE - SECOND, not_after=NOON - SECOND)
        useful = self.waiting(surgery)

        claim()

        assert read(useful)[0] == ReminderStatus.DISPATCHED

    def test_what_matters_never_waits(self, surgery):
        rows = [self.waiting(surgery, step__is_high_priority=True) for _ in range(3)]

        claim()

        assert {read(row)[0] for row in rows} == {ReminderStatus.DISPATCHED}

    def test_is_no_backlog_until_two_hours_have_passed(self, surgery):
        rows = [self.waiting(surgery, due_at=NOON - BACKLOG_AFTER) for _ in range(2)]

        claim()

        assert {read(row)[0] for row in rows} == {ReminderStatus.DISPATCHED}

    def test_of_one_patient_does_not_hold_up_another(self, surgery):
        self.waiting(surgery)
        other = self.waiting(SurgeryFactory(planned_revision=1))

        claim()

        assert read(other)[0] == ReminderStatus.DISPATCHED

    def test_ends(self, surgery, released):
        for _ in range(3):
            self.waiting(surgery, due_at=NOON - timedelta(days=5))

        dispatch_due(now=NOON, batch=10)

        assert Delivery.objects.filter(channel="sms").count() == 1
        assert not Reminder.objects.due(NOON).exists()


class TestWaits:
    def test_for_the_planner_while_the_record_has_changed(self):
        reminder = ReminderFactory()
        Surgery.objects.update(smoker=True)

        assert claim() == 0
        assert read(reminder)[0] == ReminderStatus.PLANNED

    @pytest.mark.parametrize(
        "why",
        [
            {"sending_stopped_at": NOON},
            {"phone": ""},
            {"urgent_phone": ""},
            {"emergency_phone": " "},
        ],
        ids=str,
    )
    def test_for_a_clinic_that_is_stopped_or_not_ready(self, why):
        waiting = ReminderFactory()
        Clinic.objects.update(**why)
        other = ReminderFactory()

        assert claim() == 1
        assert read(waiting)[0] == ReminderStatus.PLANNED
        assert read(other)[0] == ReminderStatus.DISPATCHED

    def test_in_a_database_that_nobody_released(self):
        ReminderFactory()

        assert dispatch_due(now=NOON, batch=10) == 0

    @pytest.mark.parametrize("copied", [{"identity": "7-1-1"}, {"environment": "production"}])
    def test_in_a_copy_of_a_database_that_was_released(self, released, copied):
        ReminderFactory()
        Instance.objects.update(**copied)

        assert dispatch_due(now=NOON, batch=10) == 0


def test_a_reminder_in_another_workers_hands_is_skipped(other_worker):
    held, free = ReminderFactory.create_batch(2)

    with other_worker(held):
        assert claim() == 1

    assert read(held)[0] == ReminderStatus.PLANNED
    assert read(free)[0] == ReminderStatus.DISPATCHED


def test_drains_at_once_claim_each_reminder_once(released, workers):
    ReminderFactory.create_batch(20)

    drains = [workers(dispatch_due, now=NOON, batch=3) for _ in range(8)]

    assert sum(drain.result() for drain in drains) == 20
    assert Delivery.objects.count() == 40


def test_asks_the_database_as_often_for_thirty_as_for_three():
    counts = set()
    for size in (3, 30):
        ReminderFactory.create_batch(size, due_at=NOON - timedelta(hours=5))
        ReminderFactory.create_batch(size, **TASK)
        with CaptureQueriesContext(connection) as asked:
            assert claim() == 2 * size
        counts.add(len(asked))

    assert len(counts) == 1


def test_a_patient_who_has_died_meanwhile_waits_for_the_planner():
    reminder = ReminderFactory()
    Patient.objects.update(status="deceased")

    claim()

    assert read(reminder)[0] == ReminderStatus.PLANNED
