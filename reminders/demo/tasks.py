"""The demo's one task: walk the clock while the workers do their usual work."""

import time
from datetime import timedelta

from celery import shared_task
from django.conf import settings

from clinic.models import DemoClock
from reminders.demo.walk import wait_for_workers, walk

# Well below the time limit of a task; the next ring walks what is left.
WALK_SECONDS = 60.0


@shared_task(name="demo.walk", expires=60)
def walk_on() -> bool:
    """Walk on to where the demo was asked to go; True when it is there. The demo's only.

    The timetable rings again as long as it is not: a walk that broke off goes on where it was.
    """
    row = DemoClock.objects.filter(pk=DemoClock.ONLY).first()
    if not settings.DEMO or row is None or row.walking_to is None:
        return False
    arrived = walk(
        until=row.walking_to,
        drain=wait_for_workers,
        stop_at=time.monotonic() + WALK_SECONDS,
        stride=timedelta(0),
    )
    if arrived:
        DemoClock.objects.filter(walking_to=row.walking_to).update(walking_to=None)
    return arrived
