"""Settings that contradict each other stop the start."""

from datetime import timedelta

from reminders.checks import leases_outlive_calls, tasks_end_before_they_are_given_again


def test_the_shipped_settings_agree():
    assert leases_outlive_calls(None) == []
    assert tasks_end_before_they_are_given_again(None) == []


def test_a_lease_shorter_than_a_call_is_refused(settings):
    settings.SEND_LEASE = timedelta(seconds=30)

    [error] = leases_outlive_calls(None)

    assert "SEND_LEASE_SECONDS is 30" in error.msg
    assert "email" in error.msg


def test_a_task_that_could_be_given_twice_is_refused(settings):
    settings.CELERY_TASK_TIME_LIMIT = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]

    [error] = tasks_end_before_they_are_given_again(None)

    assert error.id == "reminders.E002"
