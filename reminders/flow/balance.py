"""Rows → a balance that adds up to zero, or says what is missing. Promise P1."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q

from clinic.models import Channel, Clinic
from reminders.flow.ladder import OVERDUE_AFTER, overdue_steps, silent
from reminders.models import (
    Alert,
    AlertStep,
    AlertStepStatus,
    Attempt,
    AttemptStatus,
    Delivery,
    DeliveryStatus,
    Reminder,
    ReminderStatus,
)
from reminders.models.delivery import DeliveryQuerySet
from reminders.models.reminder import ReminderQuerySet

# A worker may hold a row, and a tick may be late, by this much before it counts as lost.
GRACE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Balance:
    """Reminders by state. `unaccounted` and `doubled` must be zero.

    So must `overdue_steps` and `silent_alerts` be: steps of alerts that were not taken when they
    were due, and open alerts without a step ahead of them.
    """

    planned: int
    dispatched: int
    missed: int
    cancelled: int
    held: int
    unaccounted: int
    doubled: int
    deliveries: dict[str, int]
    overdue_steps: int = 0
    silent_alerts: int = 0

    @property
    def line(self) -> str:
        return (
            f"planned={self.planned} dispatched={self.dispatched} missed={self.missed}"
            f" cancelled={self.cancelled} held={self.held}"
            f" unaccounted={self.unaccounted} doubled={self.doubled}"
        )

    def with_provider(self, *, doubled: int, unaccounted: int) -> "Balance":
        """Return the balance held against a provider's own log: the worse of the two counts."""
        return replace(
            self,
            doubled=max(self.doubled, doubled),
            unaccounted=self.unaccounted + unaccounted,
        )


def balance(*, now: datetime, clinic: Clinic | None = None) -> Balance:
    """Count every reminder once, and whatever stands where nothing should stand."""
    reminders = Reminder.objects.all()
    deliveries = Delivery.objects.all()
    if clinic is not None:
        reminders = reminders.filter(surgery__patient__clinic=clinic)
        deliveries = deliveries.filter(clinic=clinic)
    states = dict(reminders.values_list("status").annotate(Count("pk")).order_by())
    return Balance(
        planned=states.pop(ReminderStatus.PLANNED, 0),
        dispatched=states.pop(ReminderStatus.DISPATCHED, 0),
        missed=states.pop(ReminderStatus.MISSED, 0),
        cancelled=states.pop(ReminderStatus.CANCELLED, 0),
        held=states.pop(ReminderStatus.HELD, 0),
        unaccounted=sum(states.values())
        + _forgotten(reminders, now=now)
        + _without_outcome(reminders)
        + _stuck(deliveries, now=now),
        doubled=_doubled(deliveries),
        deliveries=dict(deliveries.values_list("status").annotate(Count("pk")).order_by()),
        overdue_steps=overdue_steps(now=now, clinic=clinic),
        silent_alerts=silent(clinic=clinic).count(),
    )


def _forgotten(reminders: ReminderQuerySet, *, now: datetime) -> int:
    """Open reminders that are too late already, and that nothing has ended."""
    return reminders.open().filter(not_after__lt=now - GRACE).count()


def _without_outcome(reminders: ReminderQuerySet) -> int:
    """Reminders that left the plan and have neither a delivery nor a staff task."""
    return (
        reminders.filter(status=ReminderStatus.DISPATCHED)
        .exclude(Exists(Delivery.objects.filter(reminder=OuterRef("pk"))))
        .exclude(Exists(Alert.objects.filter(reminder=OuterRef("pk"))))
        .count()
    )


def _stuck(deliveries: DeliveryQuerySet, *, now: datetime) -> int:
    """Deliveries that should have moved on: too late and still queued, or without an attempt."""
    late = Q(status=DeliveryStatus.QUEUED, not_after__lt=now - GRACE)
    ghost = Q(status=DeliveryStatus.SENDING) & ~Exists(
        Attempt.objects.filter(delivery=OuterRef("pk"), status=AttemptStatus.STARTED)
    )
    return deliveries.filter(late | ghost).count()


def _doubled(deliveries: DeliveryQuerySet) -> int:
    """Deliveries that a provider accepted more than once."""
    accepted = Count("attempts", filter=Q(attempts__status=AttemptStatus.ACCEPTED))
    return deliveries.annotate(accepted=accepted).filter(accepted__gt=1).count()


def doubled_references(references: Mapping[str, int], delivery_of: Mapping[str, int]) -> int:
    """Count how many messages more than one each delivery caused at the provider.

    `references` tells how often the provider took each reference, `delivery_of` whose it was.
    """
    taken: Counter[int | str] = Counter()
    for reference, times in references.items():
        taken[delivery_of.get(reference, reference)] += times
    return sum(times - 1 for times in taken.values())


def oldest_due(*, now: datetime) -> timedelta | None:
    """Return how long the longest waiting message or step of an alert has been due, or None.

    A reminder that was planned for a moment in the past, as when a hold ends, waits for nothing
    until it has had the time after which sending is stuck.
    """
    silent = list(Clinic.objects.silent().values_list("pk", flat=True))
    was_in_time = Q(status_since__lte=F("due_at"))
    had_time = Q(status_since__lte=now - settings.SENDING_IS_STUCK_AFTER)
    due = Reminder.objects.due(now).filter(was_in_time | had_time)
    if silent:  # without a join where there is none to wait for: this is asked every minute
        due = due.exclude(surgery__patient__clinic__in=silent)
    firsts = [*_firsts(due, "due_at"), _late_step(now)]
    for channel in Channel:
        queued = Delivery.objects.sendable(now, channel=channel)
        firsts += _firsts(queued.filter(next_try_at__gte=F("queued_at")), "next_try_at")
    moments = list(firsts[0].union(*firsts[1:], all=True))
    return now - min(moments) if moments else None


def _firsts(rows: ReminderQuerySet | DeliveryQuerySet, moment: str) -> list[Any]:
    """Return one look at the earliest row of each priority, not made yet.

    The partial indexes lead with the priority, so that asking for both at once reads them whole.
    """
    moments = rows.order_by(moment).values_list(moment, flat=True)
    return [moments.filter(is_high_priority=is_high)[:1] for is_high in (True, False)]


def _late_step(now: datetime) -> Any:
    """Return one look at the step of an alert that is overdue the longest, not made yet."""
    late = AlertStep.objects.filter(status=AlertStepStatus.WAITING, due_at__lt=now - OVERDUE_AFTER)
    return late.order_by("due_at").values_list("due_at", flat=True)[:1]
