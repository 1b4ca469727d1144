"""Messages that did not arrive, or wait too long to go out: how many, and where they stand."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy

from clinic.access import visible_to
from clinic.models import Staff
from reminders.models import Delivery, DeliveryStatus
from reminders.staff.words import Words

# What lies further back has been seen to, or stands as an alert.
LOOK_BACK = timedelta(hours=24)
TROUBLES: dict[str, Words] = {
    "waiting": gettext_lazy("Waiting too long to go out"),
    "lost": gettext_lazy("Did not arrive, last 24 hours"),
    "unknown": gettext_lazy("Not known whether it arrived, last 24 hours"),
}
_STATES: dict[str, tuple[str, ...]] = {
    "waiting": (DeliveryStatus.QUEUED, DeliveryStatus.SENDING),
    "lost": (DeliveryStatus.UNDELIVERED, DeliveryStatus.REFUSED, DeliveryStatus.EXPIRED),
    "unknown": (DeliveryStatus.UNKNOWN,),
}
TONES = {"waiting": "bad", "lost": "warn", "unknown": "wait"}


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of trouble, and the list of exactly these messages."""

    label: str
    tone: str
    number: int
    url: str


def trouble(name: str, *, now: datetime) -> Q:
    """Return what tells such messages from others; an unknown name is no condition.

    Messages wait too long once they could have gone out for as long as counts as stuck.
    """
    if name not in _STATES:
        return Q()
    since = Q(queued_at__gte=now - LOOK_BACK)
    if name == "waiting":
        since &= Q(next_try_at__lte=now - settings.SENDING_IS_STUCK_AFTER)
    return since & Q(status__in=_STATES[name])


def backlog(staff: Staff, *, now: datetime) -> list[Row]:
    """Return the troubles that there are, in one query over the messages of a day."""
    rows = visible_to(staff, Delivery.objects.filter(queued_at__gte=now - LOOK_BACK))
    counts = rows.order_by().aggregate(
        **{name: Count("pk", filter=trouble(name, now=now)) for name in TROUBLES}
    )
    page = reverse("admin:reminders_delivery_changelist")
    return [
        Row(str(words), TONES[name], counts[name], f"{page}?trouble={name}")
        for name, words in TROUBLES.items()
        if counts[name]
    ]
