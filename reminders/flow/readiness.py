"""A clinic's records → what it has and what it lacks before it may write to patients.

Nothing here is ticked by hand: each answer is read from the records, so it changes with them. The
one thing that no record can tell, whether a message arrives, has rows of its own (SendingTest).
Source: clinical.md 5 (SR-30, SR-31, CG-2, CG-4), reliability.md P6 and P10.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.utils import timezone

from clinic.models import Channel, Clinic, Role, Staff
from reminders.flow.ladder_writing import checked
from reminders.flow.notices import recipients
from reminders.flow.sending_tests import has_arrived
from reminders.flow.stopped_content import is_overdue
from reminders.models import (
    Audience,
    DutyShift,
    PathwayVersion,
    Rung,
    Step,
    Tier,
    VersionEvent,
    VersionEventKind,
    VersionStatus,
    Whom,
)
from reminders.models.instance import sending_is_released
from reminders.rules.ladder_check import flaws_of

# A rota that ends sooner than this is about to leave the ladder with nobody.
ROTA_REACHES = timedelta(days=7)
# Two reviewers for what keeps patients safe (CG-2).
CLINICIANS_NEEDED = 2
RUNS_THE_CLINIC = (Role.MANAGER, Role.SURGEON)


class Part(StrEnum):
    """One part of getting ready, in the order in which a clinic goes through them."""

    PLACE = "place"
    NUMBERS = "numbers"
    HOURS = "hours"
    PEOPLE = "people"
    LADDER = "ladder"
    ROTA = "rota"
    CONTENT = "content"
    TRIED = "tried"
    TEXTS = "texts"
    MAILS = "mails"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that is missing: a word for it, and what or whom it is about."""

    what: str
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Readiness:
    """A part, and what it lacks; nothing: it is done."""

    part: Part
    lacks: tuple[Lack, ...]

    @property
    def is_done(self) -> bool:
        return not self.lacks


def readiness_of(clinic: Clinic, *, now: datetime) -> list[Readiness]:
    """Return every part of getting ready with what it lacks. Reads; changes nothing."""
    return [Readiness(part, tuple(lacks(clinic, now))) for part, lacks in PARTS.items()]


def gone_missing(clinic: Clinic, *, now: datetime) -> list[Readiness]:
    """Return what a clinic that is live has lost since, beside what Today says anyway.

    A few queries, whatever there is: it is asked each time that somebody opens Today.
    """
    found = [Readiness(part, tuple(PARTS[part](clinic, now))) for part in WATCHED]
    return [one for one in found if not one.is_done]


def _place(clinic: Clinic, now: datetime) -> Iterator[Lack]:
    if not clinic.name.strip() or not clinic.sender_name.strip():
        yield Lack("no_name")
    try:
        clinic.clean()
    except ValidationError as wrong:
        yield Lack("wrong", tuple(wrong.messages))


def _numbers(clinic: Clinic, now: datetime) -> Iterator[Lack]:
    if clinic.missing_numbers:
        yield Lack("numbers", tuple(clinic.missing_numbers))


def _hours(clinic: Clinic, now: datetime) -> Iterator[Lack]:
    if clinic.opens_at >= clinic.closes_at:
        yield Lack("hours")


def _people(clinic: Clinic, now: datetime) -> Iterator[Lack]:
    people = list(Staff.objects.filter(clinic=clinic, is_active=True))
    if not any(person.role in RUNS_THE_CLINIC for person in people):
        yield Lack("nobody_runs_it")
    signers = [p for p in people if p.is_clinician and p.registration_number.strip()]
    if len(signers) < CLINICIANS_NEEDED:
        yield Lack("few_clinicians")


def _ladder(clinic: Clinic, now: datetime) -> Iterator[Lack]:
    """Steps that a person's or a role's record decides are checked when an alert opens."""
    rungs = list(Rung.objects.filter(ladder__clinic=clinic))
    if not rungs:
        yield Lack("no_ladder")
        return
    urgent = [rung for rung in rungs if Tier.EMERGENCY in rung.tiers]
    yield from (Lack(flaw.value) for flaw in flaws_of([checked(rung) for rung in urgent]))
    fixed = [recipients(rung, clinic, at=now) for rung in urgent if rung.whom == Whom.ADDRESS]
    problems = [one.problem for one in fixed if one.problem]
    if problems:
        yield Lack("reaches_nobody", tuple(problems))


def _rota(clinic: Clinic, now: datetime) -> Iterator[Lack]:
    soon = DutyShift.objects.filter(
        clinic=clinic, ends_at__gt=now, starts_at__lt=now + ROTA_REACHES, staff__is_active=True
    )
    people = {shift.staff_id: shift.staff for shift in soon.select_related("staff")}
    if not people:
        yield Lack("nobody_on_duty")
    silent = [str(person) for person in people.values() if not person.phone.strip()]
    if silent:
        yield Lack("no_mobile", tuple(silent))


def _content(clinic: Clinic, now: datetime) -> Iterator[Lack]:
    versions = PathwayVersion.objects.filter(pathway__clinic=clinic).select_related("pathway")
    live = list(versions.filter(status=VersionStatus.LIVE))
    if not live:
        waiting = versions.filter(status__in=(VersionStatus.IN_REVIEW, VersionStatus.APPROVED))
        titles = tuple(str(version.pathway) for version in waiting)
        yield Lack("in_review", titles) if titles else Lack("nothing_signed")
    broken = [str(version.pathway) for version in live if not version.sealed]
    if broken:
        yield Lack("unsealed", tuple(broken))
    today = timezone.localdate(now, clinic.tz)
    overdue = [str(v.pathway) for v in live if is_overdue(v.safety_review_by, today=today)]
    if overdue:
        yield Lack("overdue", tuple(overdue))


def _tried(clinic: Clinic, now: datetime) -> Iterator[Lack]:
    if last_trial(clinic) is None:
        yield Lack("not_tried")


def last_trial(clinic: Clinic) -> VersionEvent | None:
    """Return who last said that a made-up patient would get the right things, of what is live."""
    tried = VersionEvent.objects.filter(
        version__pathway__clinic=clinic,
        version__status=VersionStatus.LIVE,
        kind=VersionEventKind.TRIED,
    )
    return tried.select_related("by", "version__pathway").last()


def _texts(clinic: Clinic, now: datetime) -> Iterator[Lack]:
    """What texts to patients need; nothing where the clinic says that it sends none."""
    if not clinic.sends(Channel.SMS):
        return
    if not clinic.sms_sender:
        yield Lack("no_sms_sender")
    elif not has_arrived(clinic, Channel.SMS):
        yield Lack("no_text_arrived")


def _mails(clinic: Clinic, now: datetime) -> Iterator[Lack]:
    """What mails to patients need; the staff's own address is needed where none are sent too."""
    if not clinic.staff_email:
        yield Lack("no_staff_email")
    if not clinic.sends(Channel.EMAIL):
        return
    if not clinic.email_sender:
        yield Lack("no_email_sender")
    elif not has_arrived(clinic, Channel.EMAIL):
        yield Lack("no_mail_arrived")


def sent_by_other_ways(clinic: Clinic, channel: str) -> int:
    """Return how many live messages to patients and carers do not exist for this channel."""
    live = Step.objects.filter(
        version__pathway__clinic=clinic, version__status=VersionStatus.LIVE
    ).exclude(audience=Audience.STAFF)
    return live.exclude(channels__contains=channel).count()


def _released(clinic: Clinic, now: datetime) -> Iterator[Lack]:
    if not sending_is_released():
        yield Lack("not_released")


PARTS: dict[Part, Callable[[Clinic, datetime], Iterator[Lack]]] = {
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
    Part.RELEASED: _released,
}
# What leaves patients or alerts with nobody when it goes, and has no banner of its own on Today.
WATCHED = (Part.PLACE, Part.HOURS, Part.LADDER, Part.ROTA, Part.TEXTS, Part.MAILS)
