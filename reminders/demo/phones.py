"""The stand-in's messages and our records → one person's phone and mailbox."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from email.utils import parseaddr
from itertools import groupby

from django.utils import formats

from clinic.models import Channel, Patient
from reminders.demo import stand_in_client
from reminders.demo.people import (
    clinic_zone,
    colleagues_at,
    day_shown,
    hue,
    name_of_staff,
    names,
    patients_at,
    told,
    zone,
)
from reminders.demo.stand_in_client import Message
from reminders.flow.questions import ASKED, QUESTION_OPEN_FOR
from reminders.models import Delivery, Meaning
from reminders.staff.meanings import meaning_said

PREVIEW_LETTERS = 110


class NobodyThere(Exception):
    """No patient has this number or address, and no message went to it."""


@dataclass(frozen=True, slots=True)
class Bubble:
    """One text on the phone."""

    message: Message
    at: str
    news: str


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail of a mailbox."""

    message: Message
    sender: str
    sender_address: str
    preview: str
    at: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class QuickReply:
    """An answer that the open question knows."""

    code: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Phone:
    """Everything about the chosen person. `answers_to` is empty where a reply has no way."""

    key: str
    name: str
    day: str
    hue: int
    patients: tuple[Patient, ...]
    number: str
    mailboxes: tuple[str, ...]
    days: tuple[tuple[str, tuple[Bubble, ...]], ...]
    mails: tuple[Mail, ...]
    answers_to: str
    quick_replies: tuple[QuickReply, ...]

    @property
    def open_mail(self) -> Mail | None:
        return next((mail for mail in self.mails if mail.is_open), None)


def phone(key: str, *, mail: str, now: datetime) -> Phone:
    """Return the phone and the mailbox behind a number or mail address.

    `mail` is the id of the mail to open; the newest otherwise. Raises NobodyThere.
    """
    if not key.isprintable():
        raise NobodyThere
    number = _number_of(key)
    patients = tuple(patients_at({number or key}))
    colleague = None if patients else colleagues_at({key}).get(key)
    owners = patients or ((colleague,) if colleague else ())
    boxes = tuple(dict.fromkeys(p.email for p in owners if p.email)) or _as_mailbox(key)
    texts = stand_in_client.messages(number) if number else []
    mails = [message for box in boxes for message in stand_in_client.messages(box)]
    if not (patients or texts or mails):
        raise NobodyThere(key)
    tz = zone(patients, usual=clinic_zone())
    return Phone(
        key=number or key,
        name=names(patients) or name_of_staff(colleague) or key,
        day=day_shown(patients, now=now),
        hue=hue(patients),
        patients=patients,
        number=number,
        mailboxes=boxes,
        days=_by_day(texts, tz=tz),
        mails=_mailbox(mails, opened=mail, tz=tz, now=now),
        answers_to=_answers_to(texts, patients) if number else "",
        quick_replies=_quick_replies(patients, now=now),
    )


def _number_of(key: str) -> str:
    if "@" not in key:
        return key
    owner = Patient.objects.filter(email=key).order_by("pk").first()
    return owner.mobile if owner else ""


def _as_mailbox(key: str) -> tuple[str, ...]:
    return (key,) if "@" in key else ()


def _by_day(
    texts: list[Message], *, tz: tzinfo | None
) -> tuple[tuple[str, tuple[Bubble, ...]], ...]:
    local = [(text.at.astimezone(tz), text) for text in texts]
    return tuple(
        (
            formats.date_format(day, "l j F"),
            tuple(_bubble(text, at=at) for at, text in group),
        )
        for day, group in groupby(local, key=lambda pair: pair[0].date())
    )


def _bubble(text: Message, *, at: datetime) -> Bubble:
    known = text.status in {"queued", "sent", "delivered", "undelivered", "failed"}
    news = "" if text.is_from_patient else text.status if known else "queued"
    return Bubble(text, formats.time_format(at.time(), "H:i"), news)


def _mailbox(
    mails: list[Message], *, opened: str, tz: tzinfo | None, now: datetime
) -> tuple[Mail, ...]:
    newest_first = sorted(mails, key=lambda mail: mail.at, reverse=True)
    if opened not in {mail.id for mail in newest_first}:
        opened = newest_first[0].id if newest_first else ""
    return tuple(_mail(mail, opened=opened, tz=tz, now=now) for mail in newest_first)


def _mail(mail: Message, *, opened: str, tz: tzinfo | None, now: datetime) -> Mail:
    name, address = parseaddr(mail.sender)
    return Mail(
        message=mail,
        sender=name or address,
        sender_address=address,
        preview=" ".join(mail.text.split())[:PREVIEW_LETTERS],
        at=told(mail.at.astimezone(tz), now=now),
        is_open=mail.id == opened,
    )


def _answers_to(texts: list[Message], patients: tuple[Patient, ...]) -> str:
    """The number a reply goes to: the last sender's, else the clinic's. A name takes none."""
    senders = [text.sender for text in texts if not text.is_from_patient]
    sender = senders[-1] if senders else next((p.clinic.sms_sender for p in patients), "")
    return sender if sender.startswith("+") else ""


def _quick_replies(patients: tuple[Patient, ...], *, now: datetime) -> tuple[QuickReply, ...]:
    """The answers of the newest question that is still open."""
    question = (
        Delivery.objects.filter(
            patient__in=patients,
            channel=Channel.SMS,
            status__in=ASKED,
            queued_at__gt=now - QUESTION_OPEN_FOR,
            queued_at__lte=now + timedelta(minutes=1),
        )
        .exclude(reminder=None)
        .exclude(reminder__step__replies=[])
        .exclude(replies__meaning=Meaning.ANSWER)
        .select_related("reminder__step")
        .order_by("-queued_at", "-pk")
        .first()
    )
    if question is None or question.reminder is None:
        return ()
    return tuple(
        QuickReply(code=answer["code"], meaning=meaning_said(answer["meaning"]))
        for answer in question.reminder.step.replies
    )
