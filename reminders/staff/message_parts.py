"""One message → its words on each channel, sent or to come, and how each stands."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clinic.models import Channel, Patient
from reminders.flow.dispatch import open_channels
from reminders.flow.reach import Consents
from reminders.flow.render import CannotRender, render
from reminders.models import Attempt, Audience, Delivery, Purpose, Reminder
from reminders.models.reminder import OPEN
from reminders.rules.language import direction
from reminders.staff.words import (
    ATTEMPT_SAID,
    NEWS_SAID,
    Said,
    delivery_said,
    on_the_wall,
    reminder_said,
)


@dataclass(frozen=True, slots=True)
class AttemptSaid:
    """One try in words: when, how it ended, and what the provider reported afterwards."""

    at: str
    text: str
    detail: str
    receipts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A message on one channel: its words, where it goes, how it stands."""

    channel: str
    icon: str
    said: Said
    when: str = ""
    subject: str = ""
    text: str = ""
    address: str = ""
    language: str = ""
    segments: int = 0
    may_be_repeat: bool = False
    is_again: bool = False  # a question that was asked before
    attempts: tuple[AttemptSaid, ...] = ()
    problem: str = ""

    @property
    def direction(self) -> str:
        return direction(self.language)


def parts_of(
    reminder: Reminder,
    deliveries: list[Delivery],
    *,
    patient: Patient,
    consents: Consents,
    now: datetime,
    tz: ZoneInfo,
) -> tuple[Part, ...]:
    """Return what was sent of a reminder, or what would be sent if it went out now."""
    if deliveries:
        return tuple(delivery_part(delivery, tz=tz) for delivery in deliveries)
    if reminder.step.audience == Audience.STAFF or reminder.status not in OPEN:
        return ()
    return tuple(_coming_parts(reminder, patient, consents, now=now))


def _coming_parts(
    reminder: Reminder, patient: Patient, consents: Consents, *, now: datetime
) -> Iterator[Part]:
    channels = open_channels(
        reminder.carer or patient, reminder.step.channels, consents, clinic=patient.clinic
    )
    said = reminder_said(reminder, now=now)
    if not channels:
        nobody = Said(
            _("Cannot be sent"), "bad", _("No consent or address for any of its channels")
        )
        yield Part(channel="", icon="block", said=nobody)
    for channel in channels:
        yield _coming_part(reminder, channel, patient, said)


def _coming_part(reminder: Reminder, channel: str, patient: Patient, said: Said) -> Part:
    try:
        words = render(
            reminder.step,
            patient=patient,
            carer=reminder.carer,
            clinic=patient.clinic,
            surgery=reminder.surgery,
            channel=channel,
            is_moved=reminder.shifted_days > 0,
        )
    except CannotRender as missing:
        return Part(
            channel=str(Channel(channel).label),
            icon=_icon(channel),
            said=said,
            problem=str(missing),
        )
    return Part(
        channel=str(Channel(channel).label),
        icon=_icon(channel),
        said=said,
        subject=words.subject,
        text=words.text,
        language=words.language,
        segments=words.segments,
    )


def delivery_part(delivery: Delivery, *, tz: ZoneInfo) -> Part:
    """Return a message as it was sent, with all that is known of its way."""
    return Part(
        channel=delivery.get_channel_display(),
        icon=_icon(delivery.channel),
        said=delivery_said(delivery),
        when=on_the_wall(delivery.status_since, tz=tz),
        subject=delivery.subject,
        text=delivery.text,
        address=delivery.address,
        language=delivery.language,
        segments=delivery.segments,
        may_be_repeat=delivery.may_be_repeat,
        is_again=delivery.purpose == Purpose.AGAIN,
        attempts=attempts_said(delivery.attempts.all(), tz=tz),
    )


def _icon(channel: str) -> str:
    return "sms" if channel == Channel.SMS else "mail"


def attempts_said(attempts: Iterable[Attempt], *, tz: ZoneInfo) -> tuple[AttemptSaid, ...]:
    """Say each try and what was reported about it, in order."""
    return tuple(
        AttemptSaid(
            at=date_format(attempt.started_at.astimezone(tz), "j M, H:i"),
            text=str(ATTEMPT_SAID[attempt.status]),
            detail=" ".join(part for part in (attempt.code, attempt.detail) if part),
            receipts=tuple(_receipts_said(attempt, tz=tz)),
        )
        for attempt in attempts
    )


def _receipts_said(attempt: Attempt, *, tz: ZoneInfo) -> Iterator[str]:
    for receipt in sorted(attempt.receipts.all(), key=lambda r: r.received_at):
        said = NEWS_SAID.get(receipt.news, receipt.news)
        yield f"{on_the_wall(receipt.received_at, tz=tz)} {said}"
