"""A clinic's records → the parts of the set-up page, with what stands on record in each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.models import Channel, ChannelChoice, Clinic, Closure, Staff
from clinic.models.clinic import WEEKDAYS
from reminders.flow.readiness import (
    Part,
    Readiness,
    last_trial,
    readiness_of,
    sent_by_other_ways,
)
from reminders.flow.record import why_closed
from reminders.models import Ladder, PathwayVersion, Tier, VersionStatus
from reminders.staff.climbing import HOW_SAID
from reminders.staff.duty.rota_week import on_duty_now
from reminders.staff.kept_words import kept_said
from reminders.staff.set_up.sending import SendingShown, sending_shown
from reminders.staff.set_up.words import PARTS_SAID, lack_said
from reminders.staff.shipped_words import version_said
from reminders.staff.words import language_name

DAYS_OFF_SHOWN, DAYS_OFF_WITHIN = 3, 120
ANCHORS = {
    Part.PLACE: "#id_name",
    Part.NUMBERS: "#id_phone",
    Part.HOURS: "#id_opens_at",
    Part.TEXTS: "#id_sms_sender",
    Part.MAILS: "#id_email_sender",
}
CHANNELS = {Part.TEXTS: Channel.SMS, Part.MAILS: Channel.EMAIL}
PAGES = {
    Part.PEOPLE: "clinic_staff_changelist",
    Part.CONTENT: "reminders_pathwayversion_changelist",
}
OF_CLINIC = {Part.LADDER: "reminders_ladder", Part.ROTA: "reminders_rota"}


@dataclass(frozen=True, slots=True)
class PartShown:
    """One part of the page: what it is for, what is there, what is missing and where to mend it."""

    part: str
    title: str
    why: str
    facts: tuple[str, ...]
    lacks: tuple[str, ...]
    link: str
    url: str
    sending: SendingShown | None = None

    @property
    def is_done(self) -> bool:
        return not self.lacks


def parts_of(clinic: Clinic, *, now: datetime) -> list[PartShown]:
    """Return every part in the order in which a clinic goes through them."""
    return [_shown(one, clinic, now=now) for one in readiness_of(clinic, now=now)]


def _shown(one: Readiness, clinic: Clinic, *, now: datetime) -> PartShown:
    said = PARTS_SAID[one.part]
    channel = CHANNELS.get(one.part)
    is_used = channel is None or clinic.sends(channel)
    return PartShown(
        part=one.part.value,
        title=str(said.title),
        why=str(said.why) if is_used else _("The clinic's page says that none go to patients."),
        facts=tuple(FACTS[one.part](clinic, now)),
        lacks=tuple(lack_said(lack) for lack in one.lacks),
        link=str(said.link),
        url=address_of(one.part, clinic),
        sending=sending_shown(clinic, channel, now=now) if channel and is_used else None,
    )


def address_of(part: Part, clinic: Clinic) -> str:
    """Return where a part is mended; empty where only an operator can, outside the panel."""
    if part in ANCHORS:
        return reverse("admin:clinic_clinic_change", args=[clinic.pk]) + ANCHORS[part]
    if part in OF_CLINIC:
        return reverse(f"admin:{OF_CLINIC[part]}", args=[clinic.pk])
    if part == Part.TRIED:
        live = PathwayVersion.objects.filter(pathway__clinic=clinic, status=VersionStatus.LIVE)
        version = live.order_by("pk").first()
        if version is not None:
            return reverse("admin:reminders_content_made_up", args=[version.pk])
        return reverse("admin:reminders_pathwayversion_changelist")
    return reverse(f"admin:{PAGES[part]}") if part in PAGES else ""


def _place(clinic: Clinic, now: datetime) -> Iterator[str]:
    words = _(
        "{name}, in messages “{sender}”. {zone}, {language}. No messages from {first} to {last}."
    )
    yield words.format(
        name=clinic.name,
        sender=clinic.sender_name,
        zone=clinic.zone,
        language=language_name(clinic.language),
        first=f"{clinic.quiet_from:%H:%M}",
        last=f"{clinic.quiet_until:%H:%M}",
    )


def _numbers(clinic: Clinic, now: datetime) -> Iterator[str]:
    named = (
        (_("Emergency"), clinic.emergency_phone),
        (_("Same-day help"), clinic.urgent_phone),
        (_("Questions"), clinic.phone),
    )
    yield from (f"{name}: {number}" for name, number in named if number)


def _hours(clinic: Clinic, now: datetime) -> Iterator[str]:
    days = ", ".join(str(WEEKDAYS_ABBR[WEEKDAYS.index(d)]) for d in clinic.workday_names)
    yield f"{days}: {clinic.opens_at:%H:%M}–{clinic.closes_at:%H:%M}"
    closures, today = (
        list(Closure.objects.filter(clinic=clinic)),
        timezone.localdate(now, clinic.tz),
    )
    off = [
        f"{date_format(day, 'D j M')} ({kept_said(why)})"
        for day in (today + timedelta(days=n) for n in range(DAYS_OFF_WITHIN))
        if (why := why_closed(clinic, closures, day=day)) and why != f"{day:%A}"
    ]
    if off:
        yield _("Next days off: {days}").format(days=", ".join(off[:DAYS_OFF_SHOWN]))


def _people(clinic: Clinic, now: datetime) -> Iterator[str]:
    people = Staff.objects.filter(clinic=clinic, is_active=True)
    with_factor = set(
        Authenticator.objects.filter(user__in=people, type=Authenticator.Type.TOTP).values_list(
            "user_id", flat=True
        )
    )
    for person in people:
        has_one = person.pk in with_factor
        factor = _("second factor set up") if has_one else _("no second factor yet")
        said = (str(person), person.get_role_display(), person.registration_number, factor)
        yield ", ".join(filter(None, said))


def _ladder(clinic: Clinic, now: datetime) -> Iterator[str]:
    ladder = Ladder.objects.filter(clinic=clinic).prefetch_related("rungs__staff").first()
    for rung in ladder.rungs.all() if ladder else ():
        if Tier.EMERGENCY in rung.tiers:
            after = _("after {number} min").format(number=rung.after_minutes)
            yield f"{after}: {kept_said(rung.words)}, {HOW_SAID[rung.how]}"


def _rota(clinic: Clinic, now: datetime) -> Iterator[str]:
    for one in on_duty_now(clinic, now=now):
        yield _("On duty now: {person} until {time}").format(person=one.staff, time=one.until)


def _content(clinic: Clinic, now: datetime) -> Iterator[str]:
    versions = PathwayVersion.objects.filter(pathway__clinic=clinic).select_related("pathway")
    for version in versions.exclude(status=VersionStatus.RETIRED):
        signed = ", ".join(str(s.signer) for s in version.signatures.standing())
        by = _(", signed by {people}").format(people=signed) if signed else ""
        yield f"{version_said(version)}: {version.get_status_display().lower()}{by}"


def _tried(clinic: Clinic, now: datetime) -> Iterator[str]:
    trial = last_trial(clinic)
    if trial is not None:
        yield _("{version}: seen by {person} on {day}").format(
            version=version_said(trial.version),
            person=trial.by,
            day=date_format(timezone.localtime(trial.at, clinic.tz), "j M Y"),
        )


def _texts(clinic: Clinic, now: datetime) -> Iterator[str]:
    if clinic.sms_sender:
        yield _("They come from {sender}").format(sender=clinic.sms_sender)
    if clinic.sends_by == ChannelChoice.SMS:
        yield from _alone(clinic, Channel.SMS)


def _mails(clinic: Clinic, now: datetime) -> Iterator[str]:
    if clinic.email_sender:
        yield _("They come from {sender}").format(sender=clinic.email_sender)
    if clinic.staff_email:
        yield _("{address} is told when sending stops").format(address=clinic.staff_email)
    if clinic.sends_by == ChannelChoice.EMAIL:
        yield from _alone(clinic, Channel.EMAIL)


def _alone(clinic: Clinic, channel: Channel) -> Iterator[str]:
    """What it means that a clinic sends one way alone."""
    if channel == Channel.SMS:
        yield _("Texts alone: patients whom no text may reach are told nothing; call them.")
    else:
        yield _("Mails alone: patients whom no mail may reach are told nothing; call them.")
    if number := sent_by_other_ways(clinic, channel):
        words = ngettext(
            "{number} message of the live pathways does not exist this way and goes to nobody.",
            "{number} messages of the live pathways do not exist this way and go to nobody.",
            number,
        )
        yield words.format(number=number)


def _nothing(clinic: Clinic, now: datetime) -> Iterator[str]:
    yield from ()


FACTS: dict[Part, Callable[[Clinic, datetime], Iterator[str]]] = {
    Part.PLACE: _place,
    Part.NUMBERS: _numbers,
    Part.HOURS: _hours,
    Part.PEOPLE: _people,
    Part.LADDER: _ladder,
    Part.ROTA: _rota,
    Part.CONTENT: _content,
    Part.TRIED: _tried,
    Part.TEXTS: _texts,
    Part.MAILS: _mails,
    Part.RELEASED: _nothing,
}
