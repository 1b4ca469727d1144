"""Days, ages and states in the words that a nurse uses."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.translation import get_language_info, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from clinic.models import Channel
from reminders.models import (
    AttemptStatus,
    Delivery,
    DeliveryStatus,
    Reminder,
    ReminderReason,
    ReminderStatus,
)

# Words as they stand, or such as wait for the language of whoever looks at them.
if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    Words = str | StrPromise
else:
    Words = object

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
        return _("day of operation")
    if days > 0:
        return _("day {number}").format(number=days)
    before = ngettext("{number} day before", "{number} days before", -days)
    return before.format(number=-days)


def language_name(code: str) -> str:
    """Return a language's name for the reader, as in "Spanish"; its code when it has none."""
    try:
        return _(get_language_info(code)["name"])
    except KeyError:
        return code


def age(since: datetime, *, now: datetime) -> str:
    """Say how long something has waited, in one unit: "4 min", "3 h", "2 days"."""
    waited = max(now - since, timedelta())
    if waited < ONE_HOUR:
        return _("{number} min").format(number=int(waited.total_seconds() // 60))
    if waited < 2 * ONE_DAY:
        return _("{number} h").format(number=int(waited.total_seconds() // 3600))
    return _("{number} days").format(number=waited.days)


def on_the_wall(moment: datetime, *, tz: ZoneInfo) -> str:
    """Return the hour and minute as the patient's clock shows them."""
    return moment.astimezone(tz).strftime("%H:%M")


_DELIVERY_SAID: dict[str, tuple[Words, str]] = {
    DeliveryStatus.QUEUED: (gettext_lazy("Waiting to be sent"), "wait"),
    DeliveryStatus.SENDING: (gettext_lazy("Being sent now"), "wait"),
    DeliveryStatus.ACCEPTED: (gettext_lazy("Sent, no receipt yet"), "wait"),
    DeliveryStatus.DELIVERED: (gettext_lazy("Delivered"), "good"),
    DeliveryStatus.UNDELIVERED: (gettext_lazy("Did not arrive"), "bad"),
    DeliveryStatus.REFUSED: (gettext_lazy("Refused by the provider"), "bad"),
    DeliveryStatus.UNKNOWN: (gettext_lazy("Not known whether it arrived"), "warn"),
    DeliveryStatus.SKIPPED: (gettext_lazy("Not sent"), "quiet"),
    DeliveryStatus.EXPIRED: (gettext_lazy("Not sent: too late"), "warn"),
}


def delivery_said(delivery: Delivery) -> Said:
    """Say how a message stands, with the reason when it did not arrive."""
    words, tone = _DELIVERY_SAID[delivery.status]
    text = str(words)
    if delivery.status == DeliveryStatus.ACCEPTED and delivery.channel == Channel.EMAIL:
        text, tone = _("Sent"), "good"  # mail servers send no receipts
    if delivery.status == DeliveryStatus.QUEUED and delivery.attempts_made:
        text = _("Will be tried again")
    is_said = delivery.status == DeliveryStatus.EXPIRED
    return Said(text, tone, "" if is_said else delivery.get_failure_reason_display())


_REMINDER_SAID: dict[str, tuple[Words, str]] = {
    ReminderStatus.PLANNED: (gettext_lazy("Planned"), "wait"),
    ReminderStatus.HELD: (gettext_lazy("Held"), "warn"),
    ReminderStatus.DISPATCHED: (gettext_lazy("On its way"), "wait"),
    ReminderStatus.MISSED: (gettext_lazy("Not sent"), "warn"),
    ReminderStatus.CANCELLED: (gettext_lazy("Cancelled"), "quiet"),
}
# Missed, yet nobody's fault and nothing to do about.
_EXPECTED = frozenset({ReminderReason.ENROLLED_LATE, ReminderReason.WHILE_HELD})


def reminder_said(reminder: Reminder, *, now: datetime) -> Said:
    """Say how a planned message stands while it has no delivery yet."""
    words, tone = _REMINDER_SAID[reminder.status]
    text = str(words)
    if reminder.status == ReminderStatus.PLANNED and reminder.due_at <= now:
        text, tone = _("Due, not out yet"), "warn"
    if reminder.reason in _EXPECTED:
        tone = "quiet"
    return Said(text, tone, reminder.get_reason_display() or _moved(reminder))


def _moved(reminder: Reminder) -> str:
    days = reminder.shifted_days
    told = ngettext("Moved by {days} day by a hold", "Moved by {days} days by a hold", days)
    return told.format(days=days) if days else ""


ATTEMPT_SAID: dict[str, Words] = {
    AttemptStatus.STARTED: gettext_lazy("on the wire"),
    AttemptStatus.ACCEPTED: gettext_lazy("the provider took it"),
    AttemptStatus.NOT_SENT: gettext_lazy("the provider did not take it; tried again later"),
    AttemptStatus.REFUSED: gettext_lazy("the provider said no"),
    AttemptStatus.UNKNOWN: gettext_lazy("the provider's answer was lost"),
}
NEWS_SAID: dict[str, Words] = {
    "accepted": gettext_lazy("taken by the provider"),
    "sent": gettext_lazy("handed to the network"),
    "delivered": gettext_lazy("reached the phone"),
    "undelivered": gettext_lazy("could not be delivered"),
    "": gettext_lazy("a word that we do not know"),
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
