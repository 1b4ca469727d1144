"""What stops messages from going out, said loudly, with what to do about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.models import Clinic, Staff
from reminders.flow.readiness import gone_missing
from reminders.flow.watch import stuck_since
from reminders.models import Export, PathwayVersion, VersionStatus
from reminders.models.instance import sending_is_released
from reminders.staff.bulk.page import waiting_for
from reminders.staff.sending_switch import NUMBERS
from reminders.staff.set_up.words import PARTS_SAID, lack_said
from reminders.staff.shipped_words import shipped_said

EXPORT_SHOWN_FOR, EXPORTS_SHOWN = timedelta(days=3), 3


@dataclass(frozen=True, slots=True)
class Banner:
    """One thing to see to. `tone` is bad (nothing goes out) or warn (partly)."""

    tone: str
    title: str
    text: str
    action: str = ""
    url: str = ""


def banners(staff: Staff, *, now: datetime) -> list[Banner]:
    """Return what this person's clinic has to see to, the worst first."""
    found = [*_installation(staff, now=now), *_own_address(staff)]
    if staff.clinic is not None:
        found += _clinic(staff, staff.clinic, now=now)
        found += _exports(staff, staff.clinic, now=now)
        found += _asked(staff, now=now)
    return sorted(found, key=lambda banner: banner.tone != "bad")


def _installation(staff: Staff, *, now: datetime) -> Iterator[Banner]:
    if not sending_is_released():
        yield Banner(
            "bad",
            _("Sending has not been released"),
            _(
                "This database is new, restored or copied, so it sends nothing until a person says"
                " so. Ask the operator to run: manage.py release_sending"
            ),
        )
        return
    is_stopped = staff.clinic is not None and staff.clinic.sending_stopped_at is not None
    waiting = None if is_stopped else stuck_since(now=now)
    if waiting is not None:
        yield Banner(
            "bad",
            _("Messages are stuck: the oldest has waited {time}").format(time=_minutes(waiting)),
            _("Call patients whose messages matter today, and tell the operator."),
            _("See the messages"),
            reverse("admin:reminders_delivery_changelist"),
        )


def _own_address(staff: Staff) -> Iterator[Banner]:
    """Whoever has no mail address hears of no alert and of no change of their own sign-in."""
    if staff.email:
        return
    may_enter = staff.has_perm("clinic.change_staff")
    yield Banner(
        "warn",
        _("There is no mail address for you"),
        _("You are told of nothing by mail: no alert, and no change of your password.")
        + " "
        + (_("Enter one.") if may_enter else _("Ask the operator of this panel to enter one.")),
        _("Open your record") if may_enter else "",
        reverse("admin:clinic_staff_change", args=[staff.pk]) if may_enter else "",
    )


def _minutes(waiting: timedelta) -> str:
    minutes = int(waiting.total_seconds() // 60)
    if minutes < 120:
        return ngettext("{number} minute", "{number} minutes", minutes).format(number=minutes)
    return _("{number} hours").format(number=minutes // 60)


def _clinic(staff: Staff, clinic: Clinic, *, now: datetime) -> Iterator[Banner]:
    page = reverse("admin:clinic_clinic_change", args=[clinic.pk])
    may_open = staff.has_perm("clinic.view_clinic")
    if clinic.sending_stopped_at:
        yield Banner(
            "bad",
            _("Sending is stopped"),
            _("Stopped on {moment}: {reason}. What becomes too late meanwhile is not sent.").format(
                moment=date_format(
                    timezone.localtime(clinic.sending_stopped_at, clinic.tz), "j M, H:i"
                ),
                reason=clinic.sending_stopped_why.rstrip(".") or _("no reason is on record"),
            ),
            _("Resume it") if may_open else "",
            page if may_open else "",
        )
    if clinic.missing_numbers:
        named = ", ".join(str(NUMBERS[name]) for name in clinic.missing_numbers)
        yield Banner(
            "bad",
            _("Nothing is sent: numbers are missing"),
            _("Patients must be able to call. Missing: {numbers}.").format(numbers=named),
            _("Enter them") if may_open else "",
            page if may_open else "",
        )
    yield from _content(clinic, now=now)
    yield from _set_up(staff, clinic, now=now)


def _set_up(staff: Staff, clinic: Clinic, *, now: datetime) -> Iterator[Banner]:
    """A clinic that is not live yet, or that has lost since what it had when it went live."""
    may_open = staff.has_perm("reminders.view_ladder")
    url = reverse("admin:clinic_clinic_set_up", args=[clinic.pk]) if may_open else ""
    if clinic.live_since is None:
        yield Banner(
            "bad",
            _("This clinic is not live yet"),
            _("Nothing is sent to patients. The set-up shows what is missing."),
            _("Go on with the set-up") if url else "",
            url,
        )
        return
    for part in gone_missing(clinic, now=now):
        yield Banner(
            "warn",
            _("{part}: something is missing").format(part=PARTS_SAID[part.part].title),
            " ".join(lack_said(lack) for lack in part.lacks),
            _("Open the set-up") if url else "",
            url,
        )


def _asked(staff: Staff, *, now: datetime) -> Iterator[Banner]:
    """What others want to change for many patients, for those who may agree."""
    for asked in waiting_for(staff, now=now):
        yield Banner(
            "warn",
            _("{person} asks for your yes: {action}, {count} patients").format(
                person=asked.asked_by,
                action=asked.get_action_display(),
                count=asked.patient_count,
            ),
            asked.reason,
            _("Look at it"),
            reverse("admin:reminders_bulk", args=[asked.pk]),
        )


def _exports(staff: Staff, clinic: Clinic, *, now: datetime) -> Iterator[Banner]:
    """What left with names lately, for those who answer for it; not one's own."""
    if not staff.has_perm("reminders.view_export"):
        return
    lately = Export.objects.filter(clinic=clinic, with_names=True, at__gt=now - EXPORT_SHOWN_FOR)
    for export in lately.exclude(by=staff).select_related("by")[:EXPORTS_SHOWN]:
        yield Banner(
            "warn",
            ngettext(
                "{person} exported {count} row with names",
                "{person} exported {count} rows with names",
                export.row_count,
            ).format(person=export.by, count=export.row_count),
            _("{moment}. Reason: {reason}").format(
                moment=date_format(timezone.localtime(export.at, clinic.tz), "j M, H:i"),
                reason=export.reason,
            ),
        )


def forgotten_holds(number: int, *, url: str) -> Iterator[Banner]:
    """Say how many have waited without a day for too long, if any; `url` lists them."""
    if not number:
        return
    title = ngettext(
        "{number} plan has been on hold for two weeks or more",
        "{number} plans have been on hold for two weeks or more",
        number,
    )
    yield Banner(
        "bad",
        title.format(number=number),
        _("Nobody named a day on which they go on, and these patients are told nothing."),
        _("See who"),
        url,
    )


def _content(clinic: Clinic, *, now: datetime) -> Iterator[Banner]:
    url = reverse("admin:reminders_pathwayversion_changelist")
    running = PathwayVersion.objects.filter(pathway__clinic=clinic, status=VersionStatus.LIVE)
    live = list(running.select_related("pathway"))
    for version in live:
        if not version.sealed:
            yield Banner(
                "bad",
                _("{pathway} was changed after it was signed").format(
                    pathway=shipped_said(version.pathway.title)
                ),
                _("Nothing of it is sent. Begin a draft from it, and have it signed."),
                _("See the pathways"),
                url,
            )
    if not live:
        yield Banner(
            "bad",
            _("No pathway is live"),
            _("Nothing can be planned until clinicians have signed a pathway and it is live."),
            _("Read and sign"),
            url,
        )
    today = timezone.localdate(now, clinic.tz)
    first = min((v.review_by for v in live if v.review_by), default=None)
    if first is not None and first < today:
        yield Banner(
            "bad",
            _("Content is overdue for review"),
            _(
                "A live pathway had to be looked at again by {day}. Warning signs, check-ins and"
                " appointments go on; tips stop when their own date has passed."
            ).format(day=date_format(first, "j F Y")),
            _("See the pathways"),
            url,
        )
