"""Plans on hold: which ones somebody has to decide about, and what is said beside a patient."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Window
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.access import visible_to
from clinic.models import Hold, Patient, PatientStatus, Staff, Surgery, SurgeryStatus
from reminders.flow.pauses import open_hold_of
from reminders.staff.words import Said

# A hold for which nobody named a day is forgotten after this long (ADR 0016).
FORGOTTEN_AFTER = timedelta(days=14)
SHOWN = 6
# Of a hold that came through another door than ours only the record's own age is known.
HELD_SINCE = Coalesce("held_since", "created_at")


@dataclass(frozen=True, slots=True)
class HoldToDecide:
    """One patient whose messages wait, why they are named, and where that is decided.

    `is_forgotten`: nobody has looked for too long.
    """

    patient: Patient
    reason: str
    why: str
    url: str
    is_forgotten: bool = True


@dataclass(frozen=True, slots=True)
class HoldsToDecide:
    """Some of them, the longest waiting first, how many there are in all, and the list of them."""

    total: int
    items: list[HoldToDecide]
    forgotten: int = 0
    url: str = ""

    @property
    def more(self) -> int:
        return self.total - len(self.items)


def holds_to_decide(staff: Staff, *, now: datetime) -> HoldsToDecide:
    """Return what has to be decided about plans on hold, and patients on hold by their status.

    Plans whose day has come, and whatever waits without a day for too long.
    """
    plans, patients = _plans(staff, now=now), _patients(staff, now=now)
    return HoldsToDecide(
        plans.total + patients.total,
        [*plans.items, *patients.items][:SHOWN],
        plans.forgotten + patients.forgotten,
        plans.url if plans.total else patients.url,
    )


def _plans(staff: Staff, *, now: datetime) -> HoldsToDecide:
    today = timezone.localdate(now, staff.clinic.tz) if staff.clinic else now.date()
    forgotten = Q(until=None, began_at__lte=now - FORGOTTEN_AFTER)
    rows = open_holds(staff).filter(Q(until__lte=today, ends_itself=False) | forgotten)
    shown: list[Any] = list(
        rows.select_related("surgery__patient__clinic")
        .annotate(total=Window(Count("pk")), forgotten=Window(Count("pk", filter=forgotten)))
        .order_by("began_at", "pk")[:SHOWN]
    )
    total, loud = (shown[0].total, shown[0].forgotten) if shown else (0, 0)
    url = f"{reverse('admin:clinic_surgery_changelist')}?on_hold__exact=1"
    return HoldsToDecide(total, [_to_decide(hold, now=now) for hold in shown], loud, url)


def _patients(staff: Staff, *, now: datetime) -> HoldsToDecide:
    """Patients who are on hold themselves: no day can be named for it, so it is only forgotten."""
    held = visible_to(staff, Patient.objects.filter(status=PatientStatus.ON_HOLD))
    shown: list[Any] = list(
        held.annotate(since=HELD_SINCE)
        .filter(since__lte=now - FORGOTTEN_AFTER)
        .select_related("clinic")
        .annotate(total=Window(Count("pk")))
        .order_by("since", "pk")[:SHOWN]
    )
    total = shown[0].total if shown else 0
    items = [
        HoldToDecide(
            patient,
            patient.hold_reason,
            _waited(patient.since, now=now),
            f"{reverse('admin:clinic_patient_change', args=[patient.pk])}#id_status",
        )
        for patient in shown
    ]
    url = f"{reverse('admin:clinic_patient_changelist')}?status__exact={PatientStatus.ON_HOLD}"
    return HoldsToDecide(total, items, total, url)


def open_holds(staff: Staff) -> "QuerySet[Hold]":
    """The plans that wait, of operations that somebody could let go on."""
    in_care = Hold.objects.filter(
        ended_at=None, surgery__patient__status__in=(PatientStatus.ACTIVE, PatientStatus.ON_HOLD)
    )
    return visible_to(staff, in_care.exclude(surgery__status=SurgeryStatus.CANCELLED))


def _to_decide(hold: Hold, *, now: datetime) -> HoldToDecide:
    patient = hold.surgery.patient
    url = reverse("admin:clinic_surgery_step", args=[hold.surgery_id, "resume"])
    if hold.until is not None:
        why = _("asked for {day}").format(day=date_format(hold.until, "j M"))
        return HoldToDecide(patient, hold.reason, why, url, is_forgotten=False)
    return HoldToDecide(patient, hold.reason, _waited(hold.began_at, now=now), url)


def _waited(since: datetime, *, now: datetime) -> str:
    days = (now - since).days
    return ngettext("for {days} day", "for {days} days", days).format(days=days)


def hold_said(surgery: Surgery, *, now: datetime) -> Said | None:
    """Say since when and why the messages of this operation wait; None when they do not."""
    if not surgery.on_hold:
        return None
    hold = open_hold_of(surgery)
    if hold is None:
        return Said(_("On hold: {reason}").format(reason=surgery.hold_reason), "warn")
    forgotten = hold.until is None and now - hold.began_at >= FORGOTTEN_AFTER
    tz = surgery.patient.tz
    since = date_format(timezone.localtime(hold.began_at, tz), "j F Y")
    parts = [
        _("On hold since {day}, {waited}: {reason}.").format(
            day=since, waited=_waited(hold.began_at, now=now), reason=hold.reason
        )
    ]
    if hold.until is not None:
        words = _("It ends by itself on {day}.") if hold.ends_itself else _("Today asks on {day}.")
        parts.append(words.format(day=date_format(hold.until, "j F Y")))
    elif forgotten:
        parts.append(_("No day was named. Let the messages go on, or call the patient."))
    return Said(" ".join(parts), "bad" if forgotten else "warn")
