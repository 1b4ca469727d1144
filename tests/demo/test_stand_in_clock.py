"""The stand-in's moment: the clinic's, also while the database is away."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError

from reminders.demo.stand_in.demo_clock import DemoClockReader

A_YEAR = timedelta(days=365)


class ClinicClock:
    """Runs a year ahead; unreachable while `away`."""

    away = False

    def __init__(self):
        self.threads = set()

    def read(self):
        self.threads.add(threading.get_ident())
        if self.away:
            raise OperationalError("the server closed the connection")
        return datetime.now(UTC) + A_YEAR


@pytest.mark.parametrize("away", [False, True])
def test_it_runs_ahead_as_the_clinics_clock_does(away):
    clinic = ClinicClock()
    reader = DemoClockReader(clinic.read)
    reader.now()
    clinic.away = away

    ahead = reader.now() - datetime.now(UTC)

    assert abs(ahead - A_YEAR) < timedelta(seconds=5)


def test_every_thread_asks_through_one_connection():
    clinic = ClinicClock()
    reader = DemoClockReader(clinic.read)
    askers = [threading.Thread(target=reader.now) for _ in range(5)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()

    assert len(clinic.threads) == 1
    assert threading.get_ident() not in clinic.threads
