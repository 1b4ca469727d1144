"""The clock of the demo stops where an alert is to climb, and starts behind today only once."""

import os
import subprocess
import sys
from datetime import timedelta

import psycopg
import pytest
from django.db import connection

from clinic import clock
from clinic.models import DemoClock
from reminders.demo.tasks import walk_on
from reminders.demo.walk import WALK_LOCK, is_drained, next_moment
from reminders.demo.weeks_behind import walk_to_today
from reminders.flow.ladder import climb
from tests.factories import NOON, ClinicFactory
from tests.ladders import raised

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.django_db
class TestAnAlertThatClimbs:
    def test_is_waited_for_at_each_step(self, released):
        raised(ClinicFactory(staff_email="desk@example.org"))

        assert not is_drained(NOON)
        climb(now=NOON)
        assert next_moment(NOON, until=NOON + DAY, stride=timedelta(0)) == NOON + 10 * MINUTE

    def test_does_not_stop_the_clock_at_each_repeat(self, released):
        alert = raised(ClinicFactory(staff_email="desk@example.org"))
        climb(now=NOON + 10 * MINUTE)
        alert.steps.first().notices.update(status="accepted")

        assert next_moment(NOON + 10 * MINUTE, until=NOON + DAY, stride=timedelta(0)) == NOON + DAY


@pytest.mark.django_db
def test_a_demo_that_is_started_again_goes_on_where_it_was(settings):
    settings.DEMO = True
    DemoClock.objects.create(pk=DemoClock.ONLY, ahead_seconds=0)

    walk_to_today(ClinicFactory())

    assert DemoClock.objects.get().ahead_seconds == 0


@pytest.fixture
def ahead(settings, released):
    """The row of a demo clock that is an hour ahead, and was asked to walk there."""
    settings.DEMO = True
    there = clock.now() + HOUR
    return DemoClock.objects.create(
        pk=DemoClock.ONLY, ahead_seconds=HOUR.total_seconds(), walking_to=there
    )


@pytest.mark.django_db
class TestTheClock:
    def test_is_moved_on(self, ahead):
        clock.move_demo_clock_to(clock.now() + HOUR)

        ahead.refresh_from_db()
        assert ahead.ahead_seconds == pytest.approx(2 * HOUR.total_seconds(), abs=60)

    def test_stays_where_it_is_when_the_moment_has_passed_while_it_was_looked_for(self, ahead):
        clock.move_demo_clock_to(clock.now() - MINUTE)

        ahead.refresh_from_db()
        assert ahead.ahead_seconds == HOUR.total_seconds()

    def test_starts_where_it_is_told_to(self, settings):
        settings.DEMO = True

        clock.move_demo_clock_to(clock.now() - DAY)

        behind = DemoClock.objects.get().ahead_seconds
        assert behind == pytest.approx(-DAY.total_seconds(), abs=60)


@pytest.mark.django_db
class TestAWalkThatHasArrived:
    def test_is_over(self, ahead):
        assert walk_on()

        ahead.refresh_from_db()
        assert ahead.walking_to is None

    def test_is_not_over_while_another_walker_sees_to_what_is_due_there(self, ahead):
        with psycopg.connect(**connection.get_connection_params()) as other:
            other.execute("SELECT pg_advisory_lock(%s)", [WALK_LOCK])

            assert not walk_on()

        ahead.refresh_from_db()
        assert ahead.walking_to is not None


RUNG_FOR = """
from clinic.celery import app
print(*(entry["task"] for entry in app.conf.beat_schedule.values()))
"""


def test_a_walk_that_broke_off_is_rung_for_again_in_the_demo_only():
    assert "demo.walk" in rung_for(demo="true")
    assert "demo.walk" not in rung_for(demo="false")


def rung_for(*, demo):
    told = subprocess.run(
        [sys.executable, "-c", RUNG_FOR],
        env=os.environ | {"DEMO": demo},
        capture_output=True,
        text=True,
        check=True,
    )
    return told.stdout.split()
