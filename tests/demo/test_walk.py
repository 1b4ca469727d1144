"""The clock stops where an alert is to climb, and goes on when that has happened."""

from datetime import timedelta

import pytest

from reminders.demo.walk import is_drained, next_moment
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
