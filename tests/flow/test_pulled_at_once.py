"""The stop key in the very moment in which a worker takes a message: each row has one story."""

from clinic.models import Role
from reminders.flow.governance import pull_step
from reminders.models import DeliveryStatus, ReminderStatus
from tests.factories import NOON, DeliveryFactory, ReminderFactory, StaffFactory


def pulled_meanwhile(workers, reminder):
    clinic = reminder.surgery.patient.clinic
    nurse = StaffFactory(clinic=clinic, role=Role.NURSE)
    return workers(
        pull_step, clinic.pk, step_key=reminder.step_key, by=nurse, reason="Wrong", now=NOON
    )


def test_a_message_that_a_worker_takes_meanwhile_is_called_sent_and_listed(
    other_worker, workers, until_somebody_waits
):
    delivery = DeliveryFactory()

    with other_worker(delivery) as sender:
        sender.execute("UPDATE reminders_delivery SET status = 'sending'")
        pull = pulled_meanwhile(workers, delivery.reminder)
        until_somebody_waits()

    done = pull.result()
    delivery.refresh_from_db()
    assert delivery.status == DeliveryStatus.SENDING
    assert done.skipped == 0
    assert [one.patient for one in done.reached] == [delivery.patient]


def test_a_reminder_that_dispatch_takes_meanwhile_is_not_held_as_well(
    other_worker, workers, until_somebody_waits
):
    reminder = ReminderFactory()

    with other_worker(reminder) as dispatcher:
        dispatcher.execute("UPDATE reminders_reminder SET status = 'dispatched'")
        pull = pulled_meanwhile(workers, reminder)
        until_somebody_waits()

    done = pull.result()
    reminder.refresh_from_db()
    assert reminder.status == ReminderStatus.DISPATCHED
    assert done.held == 0
