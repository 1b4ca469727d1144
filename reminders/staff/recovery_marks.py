"""One row of a patient → a mark on the recovery picture: a shape that says its state, and words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy

from clinic.models import Surgery
from reminders.models import (
    Alert,
    AlertStatus,
    Audience,
    DeliveryStatus,
    PhoneCall,
    Reminder,
    ReminderStatus,
    Reply,
)
from reminders.staff.call_words import call_said, came_of_it
from reminders.staff.kept_words import kept_said
from reminders.staff.shipped_words import shipped_said
from reminders.staff.words import Words

# Shapes, not colours alone, say how a message stands.
STATE_SAID: dict[str, Words] = {
    "arrived": gettext_lazy("arrived"),
    "sent": gettext_lazy("sent, no receipt"),
    "planned": gettext_lazy("planned"),
    "held": gettext_lazy("held"),
    "unknown": gettext_lazy("not known whether it arrived"),
    "lost": gettext_lazy("did not arrive, or not sent"),
}
TIER_SHAPES = {"emergency": "alert-bad", "same_day": "alert-warn", "routine": "alert-wait"}
_PLANNED = {ReminderStatus.PLANNED: "planned", ReminderStatus.HELD: "held"}
# The best that became of a message on any of its channels.
_BEST = (
    (frozenset({DeliveryStatus.DELIVERED}), "arrived"),
    (frozenset({DeliveryStatus.ACCEPTED}), "sent"),
    (frozenset({DeliveryStatus.UNKNOWN}), "unknown"),
    (frozenset({DeliveryStatus.QUEUED, DeliveryStatus.SENDING}), "planned"),
)


@dataclass(frozen=True, slots=True)
class Mark:
    """Something on one day: its shape, and the words of its tip and of the table."""

    day: float
    at: datetime
    shape: str
    what: str
    state: str
    when: str


def message_marks(
    reminders: Iterable[Reminder], surgery: Surgery, *, tz: ZoneInfo
) -> dict[str, list[Mark]]:
    """Return the patient's messages of this operation by category; what fell away is left out."""
    marks: dict[str, list[Mark]] = {}
    for reminder in reminders:
        state = _state(reminder)
        is_told = reminder.step.audience == Audience.PATIENT
        if reminder.surgery_id != surgery.pk or not state or not is_told:
            continue
        mark = _mark(
            reminder.due_at,
            surgery,
            shape=state,
            what=shipped_said(reminder.step.intent),
            state=str(STATE_SAID[state]),
            tz=tz,
        )
        marks.setdefault(reminder.category, []).append(mark)
    return marks


def _state(reminder: Reminder) -> str:
    statuses = {delivery.status for delivery in reminder.deliveries.all()}
    if not statuses:
        if reminder.status == ReminderStatus.MISSED and reminder.reason != "enrolled_late":
            return "lost"
        return _PLANNED.get(ReminderStatus(reminder.status), "")
    return next((word for among, word in _BEST if statuses & among), "lost")


def alert_marks(alerts: Iterable[Alert], surgery: Surgery, *, tz: ZoneInfo) -> list[Mark]:
    """Return the alerts as they are drawn, the most pressing last: nothing lies on top of it."""
    return [
        _mark(
            alert.opened_at,
            surgery,
            shape=TIER_SHAPES[alert.tier]
            + ("-closed" if alert.status == AlertStatus.CLOSED else ""),
            what=kept_said(alert.summary),
            state=f"{alert.get_tier_display()}, {alert.get_status_display().lower()}",
            tz=tz,
        )
        for alert in sorted(alerts, key=_weight)
    ]


def _weight(alert: Alert) -> tuple[bool, int]:
    return alert.status != AlertStatus.CLOSED, -list(TIER_SHAPES).index(alert.tier)


def word_marks(
    replies: Iterable[Reply], calls: Iterable[PhoneCall], surgery: Surgery, *, tz: ZoneInfo
) -> list[Mark]:
    """Return what was said: replies that came, calls that reached somebody, and tries."""
    said = [
        _mark(reply.received_at, surgery, shape="reply", what=reply.text[:80],
              state=reply.get_status_display(), tz=tz)
        for reply in replies if reply.carer_id is None
    ]  # fmt: skip
    talks = [
        _mark(call.occurred_at, surgery, shape="call" if call.is_contact else "try",
              what=call_said(call), state=came_of_it(call), tz=tz)
        for call in calls
    ]  # fmt: skip
    return sorted([*said, *talks], key=lambda mark: mark.at)


def _mark(
    at: datetime, surgery: Surgery, *, shape: str, what: str, state: str, tz: ZoneInfo
) -> Mark:
    local = at.astimezone(tz)
    whole = (local.date() - surgery.surgery_date).days
    return Mark(
        day=whole + local.hour / 24,
        at=at,
        shape=shape,
        what=what,
        state=state,
        when=date_format(local, "j M Y, H:i"),
    )
