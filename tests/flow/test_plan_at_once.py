"""Planners, senders and editors at the same moment: connections of their own, and real locks."""

from datetime import UTC, date, datetime

import pytest

from clinic.models import Surgery
from reminders.flow.plan import plan_stale, plan_surgery
from reminders.models import Delivery, Reminder, ReminderStatus
from tests.factories import (
    NOON,
    DeliveryFactory,
    PathwayVersionFactory,
    StepFactory,
    SurgeryFactory,
)

PLANNED_AT = datetime(2026, 2, 20, 12, tzinfo=UTC)
MOVED_TO = date(2026, 3, 16)


@pytest.fixture
def surgery(transactional_db):
    version = PathwayVersionFactory()
    StepFactory.create_batch(3, version=version)
    return SurgeryFactory(patient__clinic=version.pathway.clinic)


@pytest.fixture
def due(surgery):
    """A reminder of the operation, planned and due."""
    plan_surgery(surgery.pk, now=PLANNED_AT)
    return Reminder.objects.first()


def test_a_surgery_in_another_planners_hands_is_skipped(surgery, other_worker):
    free = SurgeryFactory(patient__clinic=surgery.patient.clinic)

    with other_worker(surgery):
        assert plan_stale(now=PLANNED_AT, limit=1) == 1

    assert list(Surgery.objects.stale()) == [surgery]
    assert set(Reminder.objects.values_list("surgery", flat=True)) == {free.pk}


def test_fifty_plans_of_one_surgery_at_once_write_one_set(surgery, workers):
    plans = [workers(plan_surgery, surgery.pk, now=PLANNED_AT) for _ in range(50)]

    added = sorted(len(plan.result().adds) for plan in plans)

    assert added == [0] * 49 + [3]
    assert Reminder.objects.count() == 3


def test_sweeps_at_once_plan_every_surgery_once(surgery, workers):
    SurgeryFactory.create_batch(11, patient__clinic=surgery.patient.clinic)

    sweeps = [workers(plan_stale, now=PLANNED_AT, limit=3) for _ in range(8)]
    [sweep.result() for sweep in sweeps]
    while plan_stale(now=PLANNED_AT, limit=3):
        pass

    assert not Surgery.objects.stale().exists()
    assert Reminder.objects.count() == 36


def test_a_plan_that_waited_for_an_edit_of_the_patient_obeys_it(
    surgery, other_worker, workers, until_somebody_waits
):
    with other_worker() as editor:
        editor.execute(
            "UPDATE clinic_patient SET status = 'deceased' WHERE id = %s", [surgery.patient_id]
        )
        planning = workers(plan_surgery, surgery.pk, now=PLANNED_AT)
        until_somebody_waits()
        editor.execute("COMMIT")
        planning.result()

    assert not Reminder.objects.exists()
    assert not Surgery.objects.stale().exists()


def test_a_reminder_that_is_being_dispatched_is_not_taken_back_into_the_plan(
    surgery, due, other_worker, workers, until_somebody_waits
):
    Surgery.objects.update(surgery_date=MOVED_TO)

    with other_worker() as drain:
        drain.execute("UPDATE reminders_reminder SET status = 'dispatched' WHERE id = %s", [due.pk])
        planning = workers(plan_surgery, surgery.pk, now=due.due_at)
        until_somebody_waits()
        drain.execute("COMMIT")
        planning.result()

    due.refresh_from_db()
    assert due.status == ReminderStatus.DISPATCHED


def test_a_message_in_a_senders_hands_is_not_recalled(surgery, due, other_worker):
    Reminder.objects.filter(pk=due.pk).update(status=ReminderStatus.DISPATCHED)
    being_sent = DeliveryFactory(reminder=due, channel="sms")
    DeliveryFactory(reminder=due, channel="email")
    Surgery.objects.update(surgery_date=MOVED_TO)

    with other_worker(being_sent):
        plan_surgery(surgery.pk, now=NOON)

    due.refresh_from_db()
    assert due.status == ReminderStatus.DISPATCHED
    assert Delivery.objects.count() == 2
