"""How long the longest waiting message has been due; asked every minute, so it must cost little."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.models import Channel
from reminders.flow.balance import oldest_due
from reminders.models import Reminder, ReminderStatus
from tests.factories import NOON, ClinicFactory, DeliveryFactory, ReminderFactory

pytestmark = pytest.mark.django_db

ONE_MINUTE, ONE_DAY = timedelta(minutes=1), timedelta(days=1)
MANY = 3_000


def many_to_come(surgery, step):
    """Write many reminders of one operation that are planned and not due yet, quickly."""
    Reminder.objects.bulk_create(
        Reminder(
            surgery=surgery,
            step=step,
            step_key=step.key,
            occurrence=n,
            is_high_priority=n % 7 == 0,
            due_at=NOON + n * ONE_MINUTE,
            not_after=NOON + (n + 60) * ONE_MINUTE,
            status_since=NOON,
        )
        for n in range(1, MANY)
    )


class TestTheLongestWaiting:
    def test_is_nobody_while_nothing_is_due(self):
        ReminderFactory(due_at=NOON + ONE_MINUTE)

        assert oldest_due(now=NOON) is None

    @pytest.mark.parametrize("late_one_matters", [True, False])
    def test_counts_whatever_its_priority(self, late_one_matters):
        ReminderFactory(due_at=NOON - 9 * ONE_MINUTE, is_high_priority=late_one_matters)
        ReminderFactory(due_at=NOON - 2 * ONE_MINUTE, is_high_priority=not late_one_matters)

        assert oldest_due(now=NOON) == 9 * ONE_MINUTE

    def test_is_not_one_that_a_hold_let_go_a_moment_ago(self):
        let_go = NOON - settings.SENDING_IS_STUCK_AFTER
        ReminderFactory(
            due_at=NOON - 3 * ONE_DAY, not_after=NOON, status_since=let_go + timedelta(seconds=1)
        )

        assert oldest_due(now=NOON) is None

    def test_is_one_that_was_let_go_and_does_not_go(self):
        let_go = NOON - settings.SENDING_IS_STUCK_AFTER
        ReminderFactory(due_at=NOON - 3 * ONE_DAY, not_after=NOON, status_since=let_go)

        assert oldest_due(now=NOON) == 3 * ONE_DAY

    @pytest.mark.parametrize("channel", Channel)
    def test_may_be_a_queued_delivery_of_either_channel(self, channel):
        DeliveryFactory(channel=channel, queued_at=NOON - 5 * ONE_MINUTE)

        assert oldest_due(now=NOON) == 5 * ONE_MINUTE

    def test_is_not_one_of_a_clinic_that_sends_nothing(self):
        silent = ClinicFactory(sending_stopped_at=NOON)
        ReminderFactory(due_at=NOON - ONE_MINUTE, surgery__patient__clinic=silent)

        assert oldest_due(now=NOON) is None

    @pytest.mark.parametrize("status", sorted(set(ReminderStatus) - {ReminderStatus.PLANNED}))
    def test_is_not_one_that_has_left_the_plan(self, status):
        ReminderFactory(due_at=NOON - ONE_MINUTE, status=status)

        assert oldest_due(now=NOON) is None


class TestTheCost:
    """Read from the database's own plan, so that no clock is needed."""

    @pytest.fixture
    def plans(self):
        def explained():
            with CaptureQueriesContext(connection) as asked:
                oldest_due(now=NOON)
            with connection.cursor() as cursor:
                for query in asked.captured_queries:
                    cursor.execute(f"EXPLAIN {query['sql']}")
                    yield "\n".join(line for (line,) in cursor.fetchall())

        return explained

    def test_is_a_look_at_the_first_row_of_an_index(self, plans):
        reminder = ReminderFactory(due_at=NOON + ONE_MINUTE)
        many_to_come(reminder.surgery, reminder.step)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE reminders_reminder")

        (plan,) = [plan for plan in plans() if "reminders_reminder" in plan]

        looks = [line for line in plan.split("Limit") if "reminders_reminder" in line]
        assert len(looks) == 2
        for look in looks:
            assert "using reminder_due" in look
            assert "Sort" not in look
            assert "Index Cond: ((is_high_priority = " in look
