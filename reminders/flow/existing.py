"""The reminders that operations have, held against change while a new plan is written."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from clinic.models import Channel, Surgery
from reminders.models import Delivery, DeliveryStatus, Reminder, ReminderStatus

# Only what is due can be claimed or missed meanwhile; a plan is written within seconds.
MAY_BE_CLAIMED_WITHIN = timedelta(hours=1)
# A message that ended like this reached nobody, so that it takes nobody's place.
CAME_TO_NOTHING = (
    DeliveryStatus.SKIPPED,
    DeliveryStatus.EXPIRED,
    DeliveryStatus.REFUSED,
    DeliveryStatus.UNDELIVERED,
)


def reminders_of(surgeries: Collection[Surgery], *, now: datetime) -> dict[int, list[Reminder]]:
    """Return the reminders of each surgery but the cancelled ones, in a transaction of the caller.

    Those that a drain may be claiming are locked first and read afterwards: what was dispatched
    until then is seen as dispatched, and nothing is dispatched before the caller commits.
    """
    reminders = Reminder.objects.filter(surgery__in=[surgery.pk for surgery in surgeries])
    soon_due = reminders.open().filter(due_at__lte=now + MAY_BE_CLAIMED_WITHIN)
    list(soon_due.order_by("pk").select_for_update().values_list("pk", flat=True))
    found: dict[int, list[Reminder]] = defaultdict(list)
    for row in reminders.exclude(status=ReminderStatus.CANCELLED).select_related("step"):
        found[row.surgery_id].append(row)
    return found


def recallable(reminders: Collection[Reminder]) -> frozenset[int]:
    """Return which dispatched reminders may be taken back: nobody has tried any of their messages.

    Their deliveries are locked, so that no sender begins on them before the caller commits. One
    that a sender holds already counts as tried.
    """
    dispatched = [row.pk for row in reminders if row.status == ReminderStatus.DISPATCHED]
    if not dispatched:
        return frozenset()
    deliveries = Delivery.objects.filter(reminder__in=dispatched)
    untried = deliveries.filter(status=DeliveryStatus.QUEUED, attempts_made=0)
    ours = set(untried.select_for_update(skip_locked=True).values_list("pk", flat=True))
    behind = defaultdict(list)
    for reminder, delivery in deliveries.values_list("reminder_id", "pk"):
        behind[reminder].append(delivery)
    return frozenset(pk for pk, rows in behind.items() if pk and ours.issuperset(rows))


def texts_by_hand(surgeries: Collection[Surgery]) -> dict[int, list[datetime]]:
    """Return when texts were sent to the patient by hand, by operation; one query."""
    rows = Delivery.objects.filter(
        reminder__surgery__in=[surgery.pk for surgery in surgeries],
        reminder__sent_by__isnull=False,
        channel=Channel.SMS,
    ).exclude(status__in=CAME_TO_NOTHING)
    found: dict[int, list[datetime]] = defaultdict(list)
    for surgery, at in rows.values_list("reminder__surgery_id", "queued_at"):
        found[surgery].append(at)
    return found
