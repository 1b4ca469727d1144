"""The clock of the demo stops where an alert is to climb, and starts behind today only once."""

from datetime import timedelta

import pytest

from clinic.models import DemoClock
from reminders.demo.walk import is_drained, next_moment
from reminders.demo.weeks_behind import walk_to_today
from reminders.flow.ladder import climb
from tests.factories import NOON, ClinicFactory
from tests.ladders import raised

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


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
