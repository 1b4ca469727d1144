"""What every page shows around its content: the clinic, what waits, what is made up."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from clinic import clock
from clinic.access import visible_to
from clinic.models import Clinic, Staff
from reminders.models import Alert, AlertStatus, Reply, ReplyStatus
from reminders.staff.climbing import Unclaimed, unclaimed
from reminders.staff.sign_in.idle import seconds_left
from reminders.staff.sign_in.kept_text import kept_for
from reminders.staff.words import Words

INTENDED_PURPOSE = gettext_lazy(
    "Sends appointment, self-care and general warning-sign reminders that a clinic has approved."
    " It does not diagnose, monitor, triage or advise on treatment."
)
NOT_A_MONITOR = gettext_lazy(
    "Reminder tool. Not a monitoring or triage device. Check urgent replies by phone."
)
# The second letter, the page, and who may open it; the words of the menu.
KEYS: tuple[tuple[str, Words, str, str], ...] = (
    ("t", gettext_lazy("Today"), "index", "clinic.view_patient"),
    ("p", gettext_lazy("Patients"), "clinic_patient_changelist", "clinic.view_patient"),
    ("a", gettext_lazy("Alerts"), "reminders_alert_changelist", "reminders.view_alert"),
    ("r", gettext_lazy("Replies"), "reminders_reply_changelist", "reminders.view_reply"),
    ("m", gettext_lazy("Messages"), "reminders_delivery_changelist", "reminders.view_delivery"),
)
WAITING_REPLIES = (ReplyStatus.RECEIVED, ReplyStatus.FOR_A_PERSON)
# A number beside a menu entry says "many" above this; counting on would cost without telling more.
COUNTED_AT_MOST = 99


@dataclass
class Waiting:
    """How many things wait for a person, counted only where a page shows it."""

    staff: Staff

    @cached_property
    def alerts(self) -> str:
        rows = Alert.objects.filter(status__in=[AlertStatus.OPEN, AlertStatus.ACKNOWLEDGED])
        return _short(visible_to(self.staff, rows).order_by()[: COUNTED_AT_MOST + 1].count())

    @cached_property
    def unclaimed(self) -> Unclaimed | None:
        return unclaimed(self.staff, now=clock.now())

    @cached_property
    def replies(self) -> str:
        rows = Reply.objects.filter(status__in=WAITING_REPLIES)
        return _short(visible_to(self.staff, rows).order_by()[: COUNTED_AT_MOST + 1].count())


def _short(count: int) -> str:
    if count > COUNTED_AT_MOST:
        return f"{COUNTED_AT_MOST}+"
    return str(count or "")


def on_every_page(request: HttpRequest) -> dict[str, Any]:
    """Return what the frame of each page needs; costs three short queries and nothing else."""
    shown: dict[str, Any] = {
        "intended_purpose": INTENDED_PURPOSE,
        "not_a_monitor": NOT_A_MONITOR,
        "is_demo": settings.DEMO,
        "other_languages": other_languages(),
    }
    if isinstance(request.user, Staff):
        shown["clinic"] = clinic = clinic_of(request.user)
        shown["sees_utc"] = clinic is None
        shown["waiting"] = Waiting(request.user)
        shown["seconds_left"] = seconds_left(request)
        shown["kept_text"] = kept_for(request)
        shown["is_demo"] = bool(clinic and clinic.is_demo) or settings.DEMO
        shown["keys_to"] = keys_to(request.user)
    return shown


@dataclass(frozen=True, slots=True)
class KeyTo:
    """A page that "g" and then a letter lead to."""

    letter: str
    title: Words
    url: str


def keys_to(staff: Staff) -> list[KeyTo]:
    """Return what the keyboard leads this person to; only what their role opens."""
    return [
        KeyTo(letter, title, reverse(f"admin:{page}"))
        for letter, title, page, permission in KEYS
        if staff.has_perm(permission)
    ]


def other_languages() -> list[tuple[str, str]]:
    """Return code and own name of the languages that the panel could speak instead."""
    return [both for both in settings.PANEL_LANGUAGES if both[0] != get_language()]


def clinic_of(staff: Staff) -> Clinic | None:
    """Return the staff member's clinic; None for an operator, who sees all of them."""
    return staff.clinic


def clinic_name(request: HttpRequest) -> str:
    """Return the line under the name in the menu."""
    if not isinstance(request.user, Staff):
        return _("Reminders after spinal surgery")
    clinic = clinic_of(request.user)
    return clinic.name if clinic else _("All clinics")
