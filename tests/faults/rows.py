"""Rows for the tests of faults: many patients of one clinic, each with one reminder due now."""

from datetime import time, timedelta

from django.db import connection

from clinic import clock
from clinic.models import Channel, Consent, Patient, Surgery
from reminders.flow.dispatch import claim_due
from reminders.models import AttemptStatus, Delivery, Reminder
from tests.factories import (
    ClinicFactory,
    ConsentFactory,
    PatientFactory,
    ReminderFactory,
    StepFactory,
    SurgeryFactory,
)

ONE_CLAIM = 1_000


def due_reminders(count, *, channels=("sms",)):
    """Write `count` patients whose reminder is due, each with a number of their own."""
    # These tests run at any hour of the day, so this clinic keeps no quiet hours.
    clinic = ClinicFactory(quiet_from=time.max, quiet_until=time.min)
    step = StepFactory(version__pathway__clinic=clinic, channels=list(channels))
    patients = Patient.objects.bulk_create(
        PatientFactory.build_batch(count, clinic=clinic, consented=())
    )
    Consent.objects.bulk_create(
        ConsentFactory.build(patient=patient, channel=channel)
        for patient in patients
        for channel in Channel
    )
    surgeries = Surgery.objects.bulk_create(
        SurgeryFactory.build(patient=patient, planned_revision=1) for patient in patients
    )
    return Reminder.objects.bulk_create(
        ReminderFactory.build(surgery=surgery, step=step, due_at=clock.now() - timedelta(minutes=1))
        for surgery in surgeries
    )


def queued_deliveries(count, *, channels=("sms",)):
    """Write `count` patients whose reminder has been dispatched and waits to be sent."""
    due_reminders(count, channels=channels)
    claim_due(now=clock.now(), limit=ONE_CLAIM)
    return Delivery.objects.all()


def let_leases_run_out():
    """Do what waiting for a minute does: every lease that runs now has run out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE reminders_attempt SET lease_until = now() - interval '1 second'"
            " WHERE status = %s",
            [AttemptStatus.STARTED],
        )
        return cursor.rowcount
