"""Alerts: open until a named person has closed them with an outcome."""

import pytest

from reminders.flow.alerts import acknowledge
from reminders.models import AlertStatus
from tests.factories import NOON, AlertFactory, StaffFactory


@pytest.mark.django_db
def test_an_alert_is_taken_in_hand_by_a_named_person():
    nurse = StaffFactory()

    alert = acknowledge(AlertFactory().pk, by=nurse, now=NOON)

    assert (alert.status, alert.acknowledged_by) == (AlertStatus.ACKNOWLEDGED, nurse)
