from datetime import UTC, datetime

import pytest

from clinic.models import Clinic, Role, Staff

NOON = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)


@pytest.fixture
def now():
    return NOON


@pytest.fixture
def clinic(db):
    return Clinic.objects.create(
        key="harbour",
        name="Harbour Clinic",
        sender_name="Harbour",
        country="GB",
        zone="Europe/London",
        phone="01632 960000",
        email_sender="reminders@example.org",
    )


@pytest.fixture
def importer(clinic):
    return Staff.objects.create(username="ira", clinic=clinic, role=Role.RECEPTION)
