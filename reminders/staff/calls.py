"""Open alerts → the calls to make, one for each patient, the most pressing first.

Silence and content stand in lists of their own: the one may be put off, the other is about nobody.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, Q, QuerySet, When

from clinic.access import visible_to
from clinic.models import Patient, Staff, Surgery
from reminders.models import Alert, AlertKind, AlertStatus, Tier
from reminders.staff.alerts import TIER_TONES
from reminders.staff.recovery import recovery_of, unconfirmed_operation, with_operations
from reminders.staff.tries import NONE, Tries, tries_of
from reminders.staff.words import age

CALLS_SHOWN = 10
# More alerts than this are not read for one page; the counts beside it are of all of them.
ALERTS_READ = 200
OWN_LISTS = Q(kind__in=(AlertKind.SILENT, AlertKind.CONTENT))


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
    tries: Tries = NONE


@dataclass(frozen=True, slots=True)
class Calls:
    """The calls that the page shows, and how much there is in all."""

    items: tuple[Call, ...]
    total: int
    tiers: tuple[tuple[str, str, str, int], ...]  # tier, label, tone, count; the most urgent first
    not_reached: int
    keys: str  # of the alerts that were read: what is not among them next time is news

    @property
    def more(self) -> int:
        """Return how many alerts stand in none of the calls."""
        return self.total - sum(1 + len(call.others) for call in self.items)


def calls_of(staff: Staff, *, now: datetime) -> Calls:
    """Return whom this person's clinic has to call; four queries whatever their number."""
    rows = alerts_to_call_about(staff)
    read = (
        rows.select_related("patient__clinic", "reply", "acknowledged_by")
        .prefetch_related(with_operations("patient__surgeries"))
        .order_by(*by_urgency())[:ALERTS_READ]
    )
    alerts = list(read)
    groups = _grouped(alerts)[:CALLS_SHOWN]
    tries = tries_of((group[0].patient for group in groups if group[0].patient), now=now)
    counted = rows.order_by().values_list("tier", "kind").annotate(Count("pk"))
    tiers, kinds = Counter[str](), Counter[str]()
    for tier, kind, number in counted:
        tiers[tier] += number
        kinds[kind] += number
    return Calls(
        items=tuple(_call(group, tries, now=now) for group in groups),
        total=tiers.total(),
        tiers=tuple((t.value, str(t.label), TIER_TONES[t], tiers[t]) for t in Tier),
        keys=" ".join(str(alert.pk) for alert in alerts),
        not_reached=kinds[AlertKind.NOT_REACHED],
    )


def by_urgency() -> tuple[Case, str, str]:
    """How alerts are ordered: by tier, then by how soon somebody has to act."""
    urgency = Case(*(When(tier=tier, then=place) for place, tier in enumerate(Tier)))
    return urgency, "act_before", "pk"


def alerts_to_call_about(staff: Staff) -> QuerySet[Alert]:
    """Exactly the rows behind Today's link to the rest of them."""
    return open_alerts(staff).exclude(OWN_LISTS)


def open_alerts(staff: Staff) -> QuerySet[Alert]:
    # exactly the condition of the partial index alert_waiting
    return visible_to(staff, Alert.objects.exclude(status=AlertStatus.CLOSED))


def _grouped(alerts: Iterable[Alert]) -> list[list[Alert]]:
    """Put the alerts of a patient together where the most pressing one stands."""
    groups: dict[str, list[Alert]] = {}
    for alert in alerts:
        # who cannot be matched may be anybody: such alerts are never put together
        key = f"patient {alert.patient_id}" if alert.patient_id else f"alert {alert.pk}"
        groups.setdefault(key, []).append(alert)
    return list(groups.values())


def _call(alerts: list[Alert], tries: dict[int, Tries], *, now: datetime) -> Call:
    first, *others = (shown(alert, now=now) for alert in alerts)
    patient = first.row.patient
    return Call(
        patient,
        recovery_of(patient, now=now),
        first,
        tuple(others),
        to_confirm=unconfirmed_operation(patient, now=now),
        tries=tries.get(patient.pk, NONE) if patient else NONE,
    )


def shown(alert: Alert, *, now: datetime) -> AlertShown:
    return AlertShown(
        row=alert,
        tone=TIER_TONES[Tier(alert.tier)],
        waited=age(alert.opened_at, now=now),
        is_overdue=alert.status == AlertStatus.OPEN and alert.act_before < now,
    )
