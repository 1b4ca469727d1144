"""What must be true when the dust has settled."""

from collections import Counter

from clinic import clock
from reminders.flow.balance import balance
from reminders.models import (
    Attempt,
    AttemptStatus,
    Delivery,
    DeliveryStatus,
    Reminder,
    ReminderStatus,
)

MOVING = (DeliveryStatus.QUEUED, DeliveryStatus.SENDING, DeliveryStatus.UNKNOWN)


def on_the_wire():
    """Return how many attempts a worker holds right now."""
    return Attempt.objects.filter(status=AttemptStatus.STARTED).count()


def all_is_quiet():
    """Tell whether every reminder has left the plan and every delivery has come to rest."""
    return not (
        Reminder.objects.filter(status=ReminderStatus.PLANNED).exists()
        or Delivery.objects.filter(status__in=MOVING).exists()
    )


def assert_each_was_told_exactly_once(provider, *, patients):
    """Hold our rows against the provider's own log: none lost, none doubled, none made up."""
    told = Counter((text["to"], text["text"]) for text in provider.texts())
    accepted = Attempt.objects.filter(status=AttemptStatus.ACCEPTED)
    deliveries = Delivery.objects.filter(status=DeliveryStatus.ACCEPTED)
    books = balance(now=clock.now())
    assert told == Counter(deliveries.values_list("address", "text"))
    assert told.total() == len(told) == patients
    assert provider.references() == Counter(str(pk) for pk in accepted.values_list("pk", flat=True))
    assert (books.unaccounted, books.doubled) == (0, 0)
