"""Plans on hold: which ones somebody has to decide about, and what is said beside a patient."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Window
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.access import visible_to
from clinic.models import Hold, PatientStatus, Staff, Surgery, SurgeryStatus
from reminders.flow.pauses import open_hold_of
from reminders.staff.words import Said

# A hold for which nobody named a day is forgotten after this long (ADR 0016).
FORGOTTEN_AFTER = timedelta(days=14)
SHOWN = 6


@dataclass(frozen=True, slots=True)
class HoldToDecide:
    """One plan that waits, why it is named, and whether nobody has looked for too long."""

    surgery: Surgery
    reason: str
    why: str
    is_forgotten: bool


@dataclass(frozen=True, slots=True)
class HoldsToDecide:
    """Some of them, the longest waiting first, and how many there are in all."""

    total: int
    items: list[HoldToDecide]
    forgotten: int = 0

    @property
    def more(self) -> int:
        return self.total - len(self.items)


def holds_to_decide(staff: Staff, *, now: datetime) -> HoldsToDecide:
    """Return the holds whose day has come, and those without a day that have lasted too long."""
    today = timezone.localdate(now, staff.clinic.tz) if staff.clinic else now.date()
    forgotten = Q(until=None, began_at__lte=now - FORGOTTEN_AFTER)
    rows = open_holds(staff).filter(Q(until__lte=today, ends_itself=False) | forgotten)
    shown: list[Any] = list(
        rows.select_related("surgery__patient__clinic")
        .annotate(total=Window(Count("pk")), forgotten=Window(Count("pk", filter=forgotten)))
        .order_by("began_at", "pk")[:SHOWN]
    )
    total, loud = (shown[0].total, shown[0].forgotten) if shown else (0, 0)
    return HoldsToDecide(total, [_to_decide(hold, now=now) for hold in shown], loud)


def open_holds(staff: Staff) -> "QuerySet[Hold]":
    """The plans that wait, of operations that somebody could let go on."""
    in_care = Hold.objects.filter(
        ended_at=None, surgery__patient__status__in=(PatientStatus.ACTIVE, PatientStatus.ON_HOLD)
    )
    return visible_to(staff, in_care.exclude(surgery__status=SurgeryStatus.CANCELLED))


def _to_decide(hold: Hold, *, now: datetime) -> HoldToDecide:
    if hold.until is not None:
        why = _("asked for {day}").format(day=date_format(hold.until, "j M"))
        return HoldToDecide(hold.surgery, hold.reason, why, is_forgotten=False)
    return HoldToDecide(hold.surgery, hold.reason, _waited(hold, now=now), is_forgotten=True)


def _waited(hold: Hold, *, now: datetime) -> str:
    days = (now - hold.began_at).days
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
            day=since, waited=_waited(hold, now=now), reason=hold.reason
        )
    ]
    if hold.until is not None:
        words = _("It ends by itself on {day}.") if hold.ends_itself else _("Today asks on {day}.")
        parts.append(words.format(day=date_format(hold.until, "j F Y")))
    elif forgotten:
        parts.append(_("No day was named. Let the messages go on, or call the patient."))
    return Said(" ".join(parts), "bad" if forgotten else "warn")
