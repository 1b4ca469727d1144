"""A corrected number or address is used again, whoever corrects it."""

from datetime import UTC, datetime

import pytest

from clinic.models import Patient
from tests.factories import PatientFactory

YESTERDAY = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def unreachable(db):
    return PatientFactory(mobile_failed_at=YESTERDAY, email_failed_at=YESTERDAY)


def test_a_corrected_number_has_not_failed_yet(unreachable):
    unreachable.mobile = "+447700900999"

    unreachable.save()
    unreachable.refresh_from_db()

    assert unreachable.mobile_failed_at is None
    assert unreachable.email_failed_at == YESTERDAY


def test_a_corrected_address_has_not_failed_yet_through_any_door(unreachable):
    Patient.objects.filter(pk=unreachable.pk).update(email="new@example.com")

    unreachable.refresh_from_db()

    assert unreachable.email_failed_at is None
    assert unreachable.mobile_failed_at == YESTERDAY


def test_another_change_keeps_what_is_known_of_the_number(unreachable):
    unreachable.given_name = "Other"

    unreachable.save()
    unreachable.refresh_from_db()

    assert unreachable.mobile_failed_at == YESTERDAY
