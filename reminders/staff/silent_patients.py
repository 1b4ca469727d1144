"""Patients who went silent → whom to call next, and whose next try lies ahead."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, When

from clinic.access import visible_to
from clinic.models import Patient, Staff, Surgery
from reminders.models import Alert, AlertKind, AlertStatus
from reminders.staff.calls import AlertShown, by_urgency, shown
from reminders.staff.recovery import recovery_of, unconfirmed_operation, with_operations
from reminders.staff.tries import NONE, Tries, said_moment, tries_of

SHOWN = 8
LATER_SHOWN = 20
# More alerts than this are not read for one page; the counts beside it are of all of them.
ALERTS_READ = 200
SILENT = Alert.objects.filter(kind=AlertKind.SILENT).exclude(status=AlertStatus.CLOSED)


@dataclass(frozen=True, slots=True)
class Silent:
    """One patient of whom nothing is heard; `first` is the most pressing of the questions."""

    patient: Patient
    recovery: str
    first: AlertShown
    others: tuple[AlertShown, ...]
    tries: Tries
    to_confirm: Surgery | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """A patient whose next try lies ahead, and when, on the clinic's wall."""

    patient: Patient
    at: str
    alert: Alert


@dataclass(frozen=True, slots=True)
class SilentPatients:
    """Who is to be called now (`total` in all), and who is called later."""

    items: tuple[Silent, ...]
    total: int
    later: tuple[Later, ...]
    later_total: int
    keys: str  # of the alerts that stand here: what is not among them next time is news

    @property
    def more(self) -> int:
        return self.total - len(self.items)

    @property
    def later_more(self) -> int:
        return self.later_total - len(self.later)


def silent_patients(staff: Staff, *, now: datetime) -> SilentPatients:
    """Return whom this person's clinic calls because they are silent; four queries, always."""
    waits = Q(try_again_at=None) | Q(try_again_at__lte=now)
    rows = visible_to(staff, SILENT)
    read = rows.annotate(is_later=Case(When(waits, then=0), default=1)).order_by(
        "is_later", *by_urgency()
    )
    alerts = list(_with_patients(read)[:ALERTS_READ])
    due = _by_patient(alert for alert in alerts if not alert.is_later)
    tries = tries_of((group[0].patient for group in due if group[0].patient), now=now)
    items = [_silent(group, tries, now=now) for group in due]
    items.sort(key=lambda item: not item.tries.is_loud)  # the rest stays in its order
    later = [_later(group[0], now=now) for group in _by_patient(a for a in alerts if a.is_later)]
    later.sort(key=lambda one: one.alert.try_again_at or now)
    totals = rows.order_by().aggregate(
        due=Count("patient", filter=waits, distinct=True),
        later=Count("patient", filter=~waits, distinct=True),
    )
    return SilentPatients(
        items=tuple(items[:SHOWN]),
        total=totals["due"],
        later=tuple(later[:LATER_SHOWN]),
        later_total=totals["later"],
        keys=" ".join(str(alert.pk) for alert in alerts if not alert.is_later),
    )


def _with_patients(alerts: QuerySet[Any]) -> QuerySet[Any]:
    return alerts.select_related("patient__clinic", "acknowledged_by", "reply").prefetch_related(
        with_operations("patient__surgeries")
    )


def _by_patient(alerts: Iterable[Alert]) -> list[list[Alert]]:
    groups: dict[int, list[Alert]] = {}
    for alert in alerts:
        if alert.patient_id is not None:
            groups.setdefault(alert.patient_id, []).append(alert)
    return list(groups.values())


def _silent(alerts: list[Alert], tries: dict[int, Tries], *, now: datetime) -> Silent:
    first, *others = (shown(alert, now=now) for alert in alerts)
    patient = _patient(first.row)
    return Silent(
        patient=patient,
        recovery=recovery_of(patient, now=now),
        first=first,
        others=tuple(others),
        tries=tries.get(patient.pk, NONE),
        to_confirm=unconfirmed_operation(patient, now=now),
    )


def _later(alert: Alert, *, now: datetime) -> Later:
    patient = _patient(alert)
    at = said_moment(alert.try_again_at, patient=patient, now=now) if alert.try_again_at else ""
    return Later(patient, at, alert)


def _patient(alert: Alert) -> Patient:
    if alert.patient is None:
        raise TypeError(f"alert {alert.pk} is about nobody we know")
    return alert.patient
