"""Today: whom do I call first? Everything that waits for a person, with its next action."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Count, Prefetch, Q, QuerySet, When
from django.http import HttpRequest
from django.utils import timezone

from clinic import clock
from clinic.access import visible_to
from clinic.models import Patient, PatientStatus, Staff, Surgery, SurgeryStatus
from reminders.models import Alert, AlertKind, AlertStatus, Reply, Tier
from reminders.staff import alerts as alert_screen
from reminders.staff import replies as reply_screen
from reminders.staff.banners import banners
from reminders.staff.hours import hours_of
from reminders.staff.outcomes import OutcomeForm
from reminders.staff.panel import WAITING_REPLIES
from reminders.staff.patients import current_operation
from reminders.staff.screen import staff_of
from reminders.staff.words import age, day_of_recovery

ALERTS_SHOWN = 12
ROWS_SHOWN = 8
MORNING_ENDS, AFTERNOON_ENDS = 12, 18


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that waits for a person, with the words that the page puts beside it."""

    row: Any
    patient: Patient | None
    recovery: str
    waited: str
    is_overdue: bool = False
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Some of the things that wait, and how many there are in all."""

    total: int
    items: list[Item]

    @property
    def more(self) -> int:
        return self.total - len(self.items)


def today(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Fill the index page. The number of queries does not depend on how much waits."""
    staff, now = staff_of(request), clock.now()
    local_now = timezone.localtime(now, staff.clinic.tz) if staff.clinic else now
    return {
        **context,
        "heading": f"{_greeting(local_now)}, {staff.first_name or staff.username}",
        "local_now": local_now,
        "banners": banners(staff, now=now),
        "alerts": _alerts(staff, now=now),
        "tiers": _tiers(staff),
        "not_reached": _not_reached(staff),
        "replies": _replies(staff, now=now),
        "operations": _to_confirm(staff, today=local_now.date(), now=now),
        "contacts": _contacts(staff, now=now),
        "hours": hours_of(staff, now=now),
        "outcome_form": OutcomeForm(),
        "may_act_on_alerts": alert_screen.may_act(request),
        "may_act_on_replies": reply_screen.may_act(request),
    }


def _greeting(local_now: datetime) -> str:
    if local_now.hour < MORNING_ENDS:
        return "Good morning"
    return "Good afternoon" if local_now.hour < AFTERNOON_ENDS else "Good evening"


def _open_alerts(staff: Staff) -> QuerySet[Alert]:
    # exactly the condition of the partial index alert_waiting
    return visible_to(staff, Alert.objects.exclude(status=AlertStatus.CLOSED))


def _with_operations(name: str) -> "Prefetch[str, QuerySet[Surgery], str]":
    surgeries = Surgery.objects.exclude(status=SurgeryStatus.CANCELLED)
    return Prefetch(name, surgeries.order_by("-surgery_date"), to_attr="operations")


def _tiers(staff: Staff) -> list[tuple[str, str, int]]:
    """Return label, tone and count of each tier, the most urgent first."""
    rows = _open_alerts(staff).order_by().values_list("tier").annotate(Count("pk"))
    counts: dict[str, int] = dict(rows)
    return [(str(tier.label), alert_screen.TIER_TONES[tier], counts.get(tier, 0)) for tier in Tier]


def _not_reached(staff: Staff) -> int:
    return _open_alerts(staff).filter(kind=AlertKind.NOT_REACHED).count()


def _alerts(staff: Staff, *, now: datetime) -> Section:
    """The open alerts: emergencies first, then whoever has to be looked at soonest."""
    rows = _open_alerts(staff)
    urgency = Case(
        *(When(tier=tier, then=place) for place, tier in enumerate(Tier)), default=len(Tier)
    )
    shown = (
        rows.select_related("patient__clinic", "reply", "acknowledged_by")
        .prefetch_related(_with_operations("patient__surgeries"))
        .order_by(urgency, "act_before", "pk")[:ALERTS_SHOWN]
    )
    return Section(total=rows.count(), items=[_waiting_alert(alert, now=now) for alert in shown])


def _waiting_alert(alert: Alert, *, now: datetime) -> Item:
    return _waiting(
        alert,
        alert.patient,
        since=alert.opened_at,
        now=now,
        is_overdue=alert.status == AlertStatus.OPEN and alert.act_before < now,
        tone=alert_screen.TIER_TONES[Tier(alert.tier)],
    )


def _replies(staff: Staff, *, now: datetime) -> Section:
    rows = visible_to(staff, Reply.objects.filter(status__in=WAITING_REPLIES))
    shown = (
        rows.select_related("patient__clinic", "answer_to__reminder__step")
        .prefetch_related(_with_operations("patient__surgeries"))
        .order_by("received_at", "pk")[:ROWS_SHOWN]
    )
    items = [_waiting(reply, reply.patient, since=reply.received_at, now=now) for reply in shown]
    return Section(total=rows.count(), items=items)


def _to_confirm(staff: Staff, *, today: date, now: datetime) -> Section:
    """Operations whose day has come and of which nobody has said that they took place."""
    rows = visible_to(
        staff,
        Surgery.objects.filter(status=SurgeryStatus.PLANNED, surgery_date__lte=today),
    )
    shown = rows.select_related("patient__clinic").order_by("surgery_date", "pk")[:ROWS_SHOWN]
    items = [
        Item(
            row=surgery,
            patient=surgery.patient,
            recovery=day_of_recovery(
                surgery.surgery_date, on=timezone.localdate(now, surgery.patient.tz)
            ),
            waited="",
        )
        for surgery in shown
    ]
    return Section(total=rows.count(), items=items)


def _contacts(staff: Staff, *, now: datetime) -> Section:
    """Patients in care whose telephone or mail address has stopped working."""
    failed = Q(mobile_failed_at__isnull=False) | Q(email_failed_at__isnull=False)
    rows = visible_to(staff, Patient.objects.filter(failed, status=PatientStatus.ACTIVE))
    shown = (
        rows.select_related("clinic")
        .prefetch_related(_with_operations("surgeries"))
        .order_by("family_name", "pk")[:ROWS_SHOWN]
    )
    items = [
        _waiting(p, p, since=p.mobile_failed_at or p.email_failed_at or now, now=now) for p in shown
    ]
    return Section(total=rows.count(), items=items)


def _waiting(
    row: Any, patient: Patient | None, *, since: datetime, now: datetime, **more: Any
) -> Item:
    return Item(
        row=row,
        patient=patient,
        recovery=_recovery(patient, now=now),
        waited=age(since, now=now),
        **more,
    )


def _recovery(patient: Patient | None, *, now: datetime) -> str:
    operation = current_operation(patient) if patient else None
    if patient is None or operation is None:
        return ""
    return day_of_recovery(operation.surgery_date, on=timezone.localdate(now, patient.tz))
