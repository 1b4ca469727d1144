"""A restored or copied database is silent until a person releases it (H20, promise P9)."""

import contextlib

import psycopg
import pytest
from django.db import connection

from clinic.models import Clinic
from tests.factories import StaffFactory
from tests.faults.conftest import database_url
from tests.faults.house import has_finished, until
from tests.faults.rows import due_reminders, queued_deliveries

BELLS = ("reminders.dispatch", "reminders.deliver", "reminders.rescue")


def test_a_copy_of_the_database_sends_nothing_until_a_person_releases_it(
    house, provider, copied_database
):
    queued_deliveries(3)
    due_reminders(3)
    StaffFactory(username="asha", clinic=Clinic.objects.first())
    with copied_database() as copy:
        worker = house.worker(DATABASE_URL=copy)
        house.ring(*BELLS)
        until(lambda: all(has_finished(worker, bell) for bell in BELLS))
        assert provider.texts() == []

        house.manage("release_sending", "--by", "asha", DATABASE_URL=copy)
        until(lambda: len(provider.texts()) == 6, meanwhile=house.timetable())


@pytest.fixture
def copied_database():
    """Copy our database into another of the same server, as a restore beside it would."""
    ours = connection.settings_dict["NAME"]
    copy = f"{ours}_copy"

    def say(*sentences):
        with psycopg.connect(database_url("postgres"), autocommit=True) as admin:
            for sentence in sentences:
                admin.execute(sentence)

    gone = f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)'

    @contextlib.contextmanager
    def copied():
        connection.close()  # a database that somebody uses cannot be copied
        say(gone, f'CREATE DATABASE "{copy}" TEMPLATE "{ours}"')
        yield database_url(copy)

    yield copied
    say(gone)
