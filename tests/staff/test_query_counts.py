"""A long list costs as many queries as a short one."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.models import SurgeryStatus
from reminders.models import DeliveryStatus, ReplyStatus
from tests.factories import (
    NOON,
    AlertFactory,
    AttemptFactory,
    DeliveryFactory,
    PathwayVersionFactory,
    PatientFactory,
    PhoneCallFactory,
    PulledStepFactory,
    ReceiptFactory,
    ReminderFactory,
    ReplyFactory,
    StaffFactory,
    StepFactory,
    SurgeryFactory,
)
from tests.ladders import ShiftFactory

HOUR = timedelta(hours=1)
MOST = 27  # one of them writes the history of views
MOST_ON_TODAY = 45  # a dozen sections, each with a fixed few


def _patients(clinic, count):
    for patient in PatientFactory.create_batch(count, clinic=clinic):
        SurgeryFactory.create_batch(2, patient=patient)


def _surgeries(clinic, count):
    SurgeryFactory.create_batch(count, patient__clinic=clinic, status=SurgeryStatus.PLANNED)


def _alerts(clinic, count):
    for _ in range(count):
        patient = SurgeryFactory(patient__clinic=clinic).patient
        AlertFactory(patient=patient, reply=ReplyFactory(by=patient, patient=patient))


def _replies(clinic, count):
    for _ in range(count):
        patient = SurgeryFactory(patient__clinic=clinic).patient
        ReplyFactory(by=patient, patient=patient, status=ReplyStatus.FOR_A_PERSON)


def _deliveries(clinic, count):
    DeliveryFactory.create_batch(count, reminder__surgery__patient__clinic=clinic)


def _versions(clinic, count):
    for version in PathwayVersionFactory.create_batch(count, pathway__clinic=clinic, signed=True):
        StepFactory(version=version)


def _staff(clinic, count):
    StaffFactory.create_batch(count, clinic=clinic)


LISTS = {
    "clinic_patient": _patients,
    "clinic_surgery": _surgeries,
    "reminders_alert": _alerts,
    "reminders_reply": _replies,
    "reminders_delivery": _deliveries,
    "reminders_pathwayversion": _versions,
    "clinic_staff": _staff,
}


def queries_of(browser, address):
    assert browser.get(address).status_code == 200  # fills what Django keeps for the process
    with CaptureQueriesContext(connection) as captured:
        browser.get(address)
    return len(captured)


@pytest.fixture
def manager(own_clinic, signed_in):
    return signed_in(StaffFactory(clinic=own_clinic, role="surgeon"))


@pytest.mark.parametrize("screen", LISTS)
def test_a_list_of_thirty_costs_what_a_list_of_three_costs(screen, manager, own_clinic):
    address = reverse(f"admin:{screen}_changelist")
    LISTS[screen](own_clinic, 3)
    few = queries_of(manager, address)
    LISTS[screen](own_clinic, 27)

    assert queries_of(manager, address) == few
    assert few <= MOST


def test_today_costs_the_same_however_much_waits(manager, own_clinic, released):
    def more(count):
        for make in (_alerts, _replies, _surgeries):
            make(own_clinic, count)
        PatientFactory.create_batch(count, clinic=own_clinic, mobile_failed_at="2026-03-01T00:00Z")
        ReminderFactory.create_batch(count, surgery__patient__clinic=own_clinic)
        for patient in PatientFactory.create_batch(count, clinic=own_clinic):
            AlertFactory(patient=patient, kind="silent")
            later = AlertFactory(patient=patient, kind="silent", try_again_at=NOON + HOUR)
            PhoneCallFactory(patient=later.patient, reached="nobody")
        for version in PathwayVersionFactory.create_batch(
            count, pathway__clinic=own_clinic, other_review_by=NOON.date()
        ):
            step = StepFactory(version=version)
            PulledStepFactory(clinic=own_clinic, step_key=step.key)

    more(2)
    few = queries_of(manager, reverse("admin:index"))
    more(6)

    assert queries_of(manager, reverse("admin:index")) == few
    assert few <= MOST_ON_TODAY


def test_a_long_timeline_costs_what_a_short_one_costs(manager, own_clinic):
    patient = PatientFactory(clinic=own_clinic)
    version = PathwayVersionFactory(pathway__clinic=own_clinic)
    surgery = SurgeryFactory(patient=patient, planned_revision=1)

    def more(count):
        for _ in range(count):
            planned = StepFactory(version=version)
            ReminderFactory(surgery=surgery, step=planned)
            sent = ReminderFactory(
                surgery=surgery, step=StepFactory(version=version), status="dispatched"
            )
            delivery = DeliveryFactory(reminder=sent, status=DeliveryStatus.DELIVERED, text="Hello")
            ReceiptFactory(attempt=AttemptFactory(delivery=delivery, status="accepted"))
            ReplyFactory(by=patient, patient=patient)
            AlertFactory(patient=patient)
            PhoneCallFactory(patient=patient)

    address = reverse("admin:clinic_patient_timeline", args=[patient.pk])
    more(3)
    few = queries_of(manager, address)
    more(27)

    assert queries_of(manager, address) == few
    assert few <= MOST


def test_a_pathway_of_thirty_steps_costs_what_one_of_three_costs(manager, own_clinic):
    version = PathwayVersionFactory(pathway__clinic=own_clinic, signed=True)
    address = reverse("admin:reminders_pathwayversion_change", args=[version.pk])
    StepFactory.create_batch(3, version=version)
    few = queries_of(manager, address)
    StepFactory.create_batch(27, version=version)

    assert queries_of(manager, address) == few


def test_a_full_rota_costs_what_an_empty_one_costs(manager, own_clinic):
    address = reverse("admin:reminders_rota", args=[own_clinic.pk])
    ShiftFactory.create_batch(2, clinic=own_clinic)
    few = queries_of(manager, address)
    ShiftFactory.create_batch(20, clinic=own_clinic)

    assert queries_of(manager, address) == few
    assert few <= MOST
