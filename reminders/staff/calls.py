"""Open alerts → the calls to make, one for each patient, the most pressing first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, QuerySet, When

from clinic.access import visible_to
from clinic.models import Patient, Staff, Surgery
from reminders.models import Alert, AlertKind, AlertStatus, Tier
from reminders.staff.alerts import TIER_TONES
from reminders.staff.recovery import recovery_of, unconfirmed_operation, with_operations
from reminders.staff.words import age

CALLS_SHOWN = 10
# More alerts than this are not read for one page; the counts beside it are of all of them.
ALERTS_READ = 200


@dataclass(frozen=True, slots=True)
class AlertShown:
    """An alert with the words that the page puts beside it."""

    row: Alert
    tone: str
    waited: str
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Call:
    """All open alerts about one patient; `first` is the reason to call now."""

    patient: Patient | None
    recovery: str
    first: AlertShown
    others: tuple[AlertShown, ...]
    to_confirm: Surgery | None = None  # an operation of which nobody has said that it took place


@dataclass(frozen=True, slots=True)
class Calls:
    """The calls that the page shows, and how much there is in all."""

    items: tuple[Call, ...]
    total: int
    tiers: tuple[tuple[str, str, int], ...]  # label, tone and count, the most urgent first
    not_reached: int

    @property
    def more(self) -> int:
        """Return how many alerts stand in none of the calls."""
        return self.total - sum(1 + len(call.others) for call in self.items)


def calls_of(staff: Staff, *, now: datetime) -> Calls:
    """Return whom this person's clinic has to call; four queries whatever their number."""
    rows = open_alerts(staff)
    urgency = Case(*(When(tier=tier, then=place) for place, tier in enumerate(Tier)))
    read = (
        rows.select_related("patient__clinic", "reply", "acknowledged_by")
        .prefetch_related(with_operations("patient__surgeries"))
        .order_by(urgency, "act_before", "pk")[:ALERTS_READ]
    )
    counts: dict[str, int] = dict(rows.order_by().values_list("tier").annotate(Count("pk")))
    return Calls(
        items=tuple(_grouped(read, now=now))[:CALLS_SHOWN],
        total=sum(counts.values()),
        tiers=tuple((str(t.label), TIER_TONES[t], counts.get(t, 0)) for t in Tier),
        not_reached=rows.filter(kind=AlertKind.NOT_REACHED).count(),
    )


def open_alerts(staff: Staff) -> QuerySet[Alert]:
    # exactly the condition of the partial index alert_waiting
    return visible_to(staff, Alert.objects.exclude(status=AlertStatus.CLOSED))


def _grouped(alerts: Iterable[Alert], *, now: datetime) -> list[Call]:
    """Put the alerts of a patient together where the most pressing one stands."""
    groups: dict[str, list[Alert]] = {}
    for alert in alerts:
        # who cannot be matched may be anybody: such alerts are never put together
        key = f"patient {alert.patient_id}" if alert.patient_id else f"alert {alert.pk}"
        groups.setdefault(key, []).append(alert)
    return [_call(group, now=now) for group in groups.values()]


def _call(alerts: list[Alert], *, now: datetime) -> Call:
    first, *others = (_shown(alert, now=now) for alert in alerts)
    patient = first.row.patient
    return Call(
        patient,
        recovery_of(patient, now=now),
        first,
        tuple(others),
        to_confirm=unconfirmed_operation(patient, now=now),
    )


def _shown(alert: Alert, *, now: datetime) -> AlertShown:
    return AlertShown(
        row=alert,
        tone=TIER_TONES[Tier(alert.tier)],
        waited=age(alert.opened_at, now=now),
        is_overdue=alert.status == AlertStatus.OPEN and alert.act_before < now,
    )
