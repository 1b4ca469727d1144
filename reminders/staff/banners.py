"""What stops messages from going out, said loudly, with what to do about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from clinic.models import Clinic, Staff
from reminders.flow.watch import stuck_since
from reminders.models import PathwayVersion, VersionStatus
from reminders.models.instance import sending_is_released
from reminders.staff.clinics import NUMBERS

# Content that has to be looked at again within this time is named already.
REVIEW_SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Banner:
    """One thing to see to. `tone` is bad (nothing goes out) or warn (soon, or partly)."""

    tone: str
    title: str
    text: str
    action: str = ""
    url: str = ""


def banners(staff: Staff, *, now: datetime) -> list[Banner]:
    """Return what this person's clinic has to see to, the worst first."""
    found = list(_installation(staff, now=now))
    if staff.clinic is not None:
        found += _clinic(staff, staff.clinic, now=now)
    return sorted(found, key=lambda banner: banner.tone != "bad")


def _installation(staff: Staff, *, now: datetime) -> Iterator[Banner]:
    if not sending_is_released():
        yield Banner(
            "bad",
            "Sending has not been released",
            "This database is new, restored or copied, so it sends nothing until a person says so."
            " Ask the operator to run: manage.py release_sending",
        )
        return
    is_stopped = staff.clinic is not None and staff.clinic.sending_stopped_at is not None
    waiting = None if is_stopped else stuck_since(now=now)
    if waiting is not None:
        yield Banner(
            "bad",
            f"Messages are stuck: the oldest has waited {_minutes(waiting)}",
            "Call patients whose messages matter today, and tell the operator.",
            "See the messages",
            reverse("admin:reminders_delivery_changelist"),
        )


def _minutes(waiting: timedelta) -> str:
    minutes = int(waiting.total_seconds() // 60)
    return f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours"


def _clinic(staff: Staff, clinic: Clinic, *, now: datetime) -> Iterator[Banner]:
    page = reverse("admin:clinic_clinic_change", args=[clinic.pk])
    may_open = staff.has_perm("clinic.view_clinic")
    if clinic.sending_stopped_at:
        yield Banner(
            "bad",
            "Sending is stopped",
            f"Stopped on {timezone.localtime(clinic.sending_stopped_at, clinic.tz):%-d %b, %H:%M}."
            " What becomes too late meanwhile is not sent.",
            "Resume it" if may_open else "",
            page if may_open else "",
        )
    if clinic.missing_numbers:
        named = ", ".join(NUMBERS[name] for name in clinic.missing_numbers)
        yield Banner(
            "bad",
            "Nothing is sent: numbers are missing",
            f"Patients must be able to call. Missing: {named}.",
            "Enter them" if may_open else "",
            page if may_open else "",
        )
    yield from _content(clinic, now=now)


def _content(clinic: Clinic, *, now: datetime) -> Iterator[Banner]:
    url = reverse("admin:reminders_pathwayversion_changelist")
    running = PathwayVersion.objects.filter(pathway__clinic=clinic, status=VersionStatus.LIVE)
    live = list(running.select_related("pathway"))
    for version in live:
        if not version.sealed:
            yield Banner(
                "bad",
                f"{version.pathway} was changed after it was signed",
                "Nothing of it is sent. Begin a draft from it, and have it signed.",
                "See the pathways",
                url,
            )
    if not live:
        yield Banner(
            "bad",
            "No pathway is live",
            "Nothing can be planned until clinicians have signed a pathway and it is live.",
            "Read and sign",
            url,
        )
    today = timezone.localdate(now, clinic.tz)
    first = min((v.review_by for v in live if v.review_by), default=None)
    if first is not None and first <= today + REVIEW_SOON:
        yield _review(first, today=today, url=url)


def _review(first: date, *, today: date, url: str) -> Banner:
    if first < today:
        return Banner(
            "bad",
            "Content is overdue for review",
            f"A live pathway had to be looked at again by {first:%-d %B %Y}. Warning signs,"
            " check-ins and appointments go on; tips stop when their own date has passed.",
            "See the pathways",
            url,
        )
    return Banner(
        "warn",
        "Content is about to expire",
        f"A live pathway has to be looked at again by {first:%-d %B %Y}.",
        "See the pathways",
        url,
    )
