"""Today: whom do I call first? Everything that waits for a person, with its next action."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic import clock
from clinic.access import visible_to
from clinic.models import Patient, PatientStatus, Staff, Surgery, SurgeryStatus
from reminders.models import Reply
from reminders.staff import alerts as alert_screen
from reminders.staff import replies as reply_screen
from reminders.staff.backlog import backlog
from reminders.staff.banners import banners, forgotten_holds
from reminders.staff.break_glass.reviews import to_review
from reminders.staff.call_log import MAY_ADD
from reminders.staff.calls import calls_of, open_alerts
from reminders.staff.content_to_see import content_to_see
from reminders.staff.holds import holds_to_decide
from reminders.staff.hours import hours_of
from reminders.staff.outcomes import OutcomeForm
from reminders.staff.panel import WAITING_REPLIES
from reminders.staff.recovery import recovery_of, with_operations
from reminders.staff.screen import staff_of
from reminders.staff.silent_patients import silent_patients
from reminders.staff.words import age, day_of_recovery

ROWS_SHOWN = 8
MORNING_ENDS, AFTERNOON_ENDS = 12, 18


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that waits for a person, with the words that the page puts beside it."""

    row: Any
    patient: Patient | None
    recovery: str
    waited: str


@dataclass(frozen=True, slots=True)
class Section:
    """Some of the things that wait, and how many there are in all."""

    total: int
    items: list[Item]
    above: int = 0  # of the total, shown further up on the page

    @property
    def more(self) -> int:
        return self.total - self.above - len(self.items)


def today(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Fill the index page. The number of queries does not depend on how much waits."""
    staff, now = staff_of(request), clock.now()
    local_now = timezone.localtime(now, staff.clinic.tz) if staff.clinic else now
    holds = holds_to_decide(staff, now=now)
    return {
        **context,
        "heading": f"{_greeting(local_now)}, {staff.first_name or staff.username}",
        "local_now": local_now,
        "banners": [
            *to_review(staff, now=now),
            *banners(staff, now=now),
            *forgotten_holds(holds.forgotten, url=holds.url),
        ],
        "calls": calls_of(staff, now=now),
        "silent": silent_patients(staff, now=now),
        "replies": _replies(staff, now=now),
        "operations": _to_confirm(staff, today=local_now.date(), now=now),
        "holds": holds,
        "contacts": _contacts(staff, now=now),
        "content": content_to_see(staff, now=now),
        "backlog": backlog(staff, now=now),
        "hours": hours_of(staff, now=now),
        "outcome_form": OutcomeForm(),
        "may_call": staff.has_perm(MAY_ADD),
        "may_act_on_alerts": alert_screen.may_act(request),
        "may_act_on_replies": reply_screen.may_act(request),
    }


def _greeting(local_now: datetime) -> str:
    if local_now.hour < MORNING_ENDS:
        return _("Good morning")
    return _("Good afternoon") if local_now.hour < AFTERNOON_ENDS else _("Good evening")


def _replies(staff: Staff, *, now: datetime) -> Section:
    """The waiting replies, the oldest first; those with an open alert stand above with it."""
    rows = visible_to(staff, Reply.objects.filter(status__in=WAITING_REPLIES))
    alone = rows.filter(~Exists(open_alerts(staff).filter(reply=OuterRef("pk"))))
    shown = (
        alone.select_related("patient__clinic", "answer_to__reminder__step")
        .prefetch_related(with_operations("patient__surgeries"))
        .order_by("received_at", "pk")[:ROWS_SHOWN]
    )
    items = [_waiting(reply, reply.patient, since=reply.received_at, now=now) for reply in shown]
    total, listed = rows.count(), alone.count()
    return Section(total=total, items=items, above=total - listed)


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
        .prefetch_related(with_operations("surgeries"))
        .order_by("family_name", "pk")[:ROWS_SHOWN]
    )
    items = [
        _waiting(p, p, since=p.mobile_failed_at or p.email_failed_at or now, now=now) for p in shown
    ]
    return Section(total=rows.count(), items=items)


def _waiting(row: Any, patient: Patient | None, *, since: datetime, now: datetime) -> Item:
    return Item(
        row=row,
        patient=patient,
        recovery=recovery_of(patient, now=now),
        waited=age(since, now=now),
    )
