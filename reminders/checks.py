"""Settings that contradict each other → a refusal at the start, in words."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from reminders.channels import channel

# Between the longest call and the end of the lease: time to write the answer.
LEAST_MARGIN_SECONDS = 5.0


@register()
def leases_outlive_calls(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """A lease that ends while its call is running would let a second worker doubt the message."""
    lease = settings.SEND_LEASE.total_seconds()
    return [
        Error(
            f"SEND_LEASE_SECONDS is {lease:.0f}, but one call by {name} can take "
            f"{channel(name).post_timeout_seconds:.0f} s.",
            hint="Raise SEND_LEASE_SECONDS.",
            id="reminders.E001",
        )
        for name in ("sms", "email")
        if channel(name).post_timeout_seconds + LEAST_MARGIN_SECONDS > lease
    ]


@register()
def tasks_end_before_they_are_given_again(
    app_configs: Sequence[Any] | None, **kwargs: Any
) -> list[CheckMessage]:
    """A task that outlives the broker's visibility timeout would be started a second time."""
    given_again = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    if given_again > 2 * settings.CELERY_TASK_TIME_LIMIT:
        return []
    return [
        Error(
            f"The broker gives a task again after {given_again} s, and a task may take "
            f"{settings.CELERY_TASK_TIME_LIMIT} s.",
            hint="Keep visibility_timeout above twice the time limit.",
            id="reminders.E002",
        )
    ]
