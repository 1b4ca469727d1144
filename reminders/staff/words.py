"""Days, ages and states in the words that a nurse uses."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import get_language_info

from clinic.models import Channel
from reminders.models import (
    AttemptStatus,
    Delivery,
    DeliveryStatus,
    Reminder,
    ReminderReason,
    ReminderStatus,
)

ONE_HOUR = timedelta(hours=1)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Said:
    """A few words about a state, and their tone: good, wait, warn, bad or quiet."""

    text: str
    tone: str = "quiet"
    reason: str = ""


def day_of_recovery(surgery_date: date, *, on: date) -> str:
    """Say where a day lies: "day 12", "day of operation", "3 days before"."""
    days = (on - surgery_date).days
    if days == 0:
        return "day of operation"
    if days > 0:
        return f"day {days}"
    return "1 day before" if days == -1 else f"{-days} days before"


def language_name(code: str) -> str:
    """Return a language in English, as in "Spanish"; its code when Django does not know it."""
    try:
        return str(get_language_info(code)["name"])
    except KeyError:
        return code


def age(since: datetime, *, now: datetime) -> str:
    """Say how long something has waited, in one unit: "4 min", "3 h", "2 days"."""
    waited = max(now - since, timedelta())
    if waited < ONE_HOUR:
        return f"{int(waited.total_seconds() // 60)} min"
    if waited < 2 * ONE_DAY:
        return f"{int(waited.total_seconds() // 3600)} h"
    return f"{waited.days} days"


def on_the_wall(moment: datetime, *, tz: ZoneInfo) -> str:
    """Return the hour and minute as the patient's clock shows them."""
    return moment.astimezone(tz).strftime("%H:%M")


_DELIVERY_SAID: dict[str, tuple[str, str]] = {
    DeliveryStatus.QUEUED: ("Waiting to be sent", "wait"),
    DeliveryStatus.SENDING: ("Being sent now", "wait"),
    DeliveryStatus.ACCEPTED: ("Sent, no receipt yet", "wait"),
    DeliveryStatus.DELIVERED: ("Delivered", "good"),
    DeliveryStatus.UNDELIVERED: ("Did not arrive", "bad"),
    DeliveryStatus.REFUSED: ("Refused by the provider", "bad"),
    DeliveryStatus.UNKNOWN: ("Not known whether it arrived", "warn"),
    DeliveryStatus.SKIPPED: ("Not sent", "quiet"),
    DeliveryStatus.EXPIRED: ("Not sent: too late", "warn"),
}


def delivery_said(delivery: Delivery) -> Said:
    """Say how a message stands, with the reason when it did not arrive."""
    text, tone = _DELIVERY_SAID[delivery.status]
    if delivery.status == DeliveryStatus.ACCEPTED and delivery.channel == Channel.EMAIL:
        text, tone = "Sent", "good"  # mail servers send no receipts
    if delivery.status == DeliveryStatus.QUEUED and delivery.attempts_made:
        text = "Will be tried again"
    is_said = delivery.status == DeliveryStatus.EXPIRED
    return Said(text, tone, "" if is_said else delivery.get_failure_reason_display())


_REMINDER_SAID: dict[str, tuple[str, str]] = {
    ReminderStatus.PLANNED: ("Planned", "wait"),
    ReminderStatus.HELD: ("Held", "warn"),
    ReminderStatus.DISPATCHED: ("On its way", "wait"),
    ReminderStatus.MISSED: ("Not sent", "warn"),
    ReminderStatus.CANCELLED: ("Cancelled", "quiet"),
}
# Missed, yet nobody's fault and nothing to do about.
_EXPECTED = frozenset({ReminderReason.ENROLLED_LATE})


def reminder_said(reminder: Reminder, *, now: datetime) -> Said:
    """Say how a planned message stands while it has no delivery yet."""
    text, tone = _REMINDER_SAID[reminder.status]
    if reminder.status == ReminderStatus.PLANNED and reminder.due_at <= now:
        text, tone = "Due, not out yet", "warn"
    if reminder.reason in _EXPECTED:
        tone = "quiet"
    return Said(text, tone, reminder.get_reason_display())


ATTEMPT_SAID: dict[str, str] = {
    AttemptStatus.STARTED: "on the wire",
    AttemptStatus.ACCEPTED: "the provider took it",
    AttemptStatus.NOT_SENT: "the provider did not take it; tried again later",
    AttemptStatus.REFUSED: "the provider said no",
    AttemptStatus.UNKNOWN: "the provider's answer was lost",
}
NEWS_SAID: dict[str, str] = {
    "accepted": "taken by the provider",
    "sent": "handed to the network",
    "delivered": "reached the phone",
    "undelivered": "could not be delivered",
    "": "a word that we do not know",
}
CATEGORY_ICONS: dict[str, str] = {
    "warning_signs": "emergency_home",
    "check_in": "chat_bubble",
    "appointment": "event",
    "medication": "pill",
    "wound": "healing",
    "activity": "directions_walk",
    "physio": "physical_therapy",
    "lifestyle": "nutrition",
    "histology": "biotech",
}
