"""The stand-in's threads and our records → the phones and mailboxes that the demo shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from email.utils import parseaddr
from itertools import groupby

from django.db.models import Q, QuerySet
from django.utils import formats

from clinic.models import Channel, Clinic, Patient, Surgery, SurgeryStatus
from reminders.demo import stand_in_client
from reminders.demo.stand_in_client import Message, Thread
from reminders.flow.replies import ASKED, QUESTION_OPEN_FOR
from reminders.models import Delivery, Meaning

MOST_PEOPLE = 150
PREVIEW_LETTERS = 110
HUES = 6


class NobodyThere(Exception):
    """No patient has this number or address, and no message went to it."""


@dataclass(frozen=True, slots=True)
class Person:
    """One line of the list: whoever is behind a number and its mailbox. `key` leads there."""

    key: str
    name: str
    day: str
    hue: int
    is_known: bool
    texts: int
    mails: int
    last_kind: str
    last_text: str
    last_at: str


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


def people(*, now: datetime) -> list[Person]:
    """Return everybody with messages, the latest news first; at most MOST_PEOPLE threads deep."""
    threads = stand_in_client.threads()[:MOST_PEOPLE]
    patients = _patients({thread.address for thread in threads})
    owners: dict[str, list[Patient]] = {}
    for patient in patients:
        for address in (patient.mobile, patient.email):
            owners.setdefault(address, []).append(patient)
    together: dict[str, list[Thread]] = {}
    for thread in threads:
        together.setdefault(_key(thread.address, owners), []).append(thread)
    return [_person(key, own, owners.get(key, []), now=now) for key, own in together.items()]


def phone(key: str, *, mail: str, now: datetime) -> Phone:
    """Return the phone and the mailbox behind a number or mail address.

    `mail` is the id of the mail to open; the newest otherwise. Raises NobodyThere.
    """
    number = _number_of(key)
    patients = tuple(_patients({number or key}))
    boxes = tuple(dict.fromkeys(p.email for p in patients if p.email)) or _as_mailbox(key)
    texts = stand_in_client.messages(number) if number else []
    mails = [message for box in boxes for message in stand_in_client.messages(box)]
    if not (patients or texts or mails):
        raise NobodyThere(key)
    tz = _zone(patients)
    return Phone(
        key=number or key,
        name=_names(patients) or key,
        day=_day(patients, now=now),
        hue=_hue(patients),
        patients=patients,
        number=number,
        mailboxes=boxes,
        days=_by_day(texts, tz=tz),
        mails=_mailbox(mails, opened=mail, tz=tz, now=now),
        answers_to=_answers_to(texts, patients) if number else "",
        quick_replies=_quick_replies(patients, now=now),
    )


def first_clinic() -> Clinic | None:
    """Return the clinic whose wall clock the demo shows."""
    return Clinic.objects.order_by("pk").first()


def told(moment: datetime, *, now: datetime) -> str:
    """Return the hour of a moment of today, or its day; both in their own zone."""
    local_now = now.astimezone(moment.tzinfo)
    if moment.date() == local_now.date():
        return formats.time_format(moment.time(), "H:i")
    return formats.date_format(moment, "D j M")


def _patients(addresses: Iterable[str]) -> QuerySet[Patient]:
    wanted = [address for address in addresses if address]
    found = Patient.objects.filter(Q(mobile__in=wanted) | Q(email__in=wanted))
    return found.select_related("clinic").prefetch_related("surgeries").order_by("pk")


def _key(address: str, owners: dict[str, list[Patient]]) -> str:
    own = owners.get(address, [])
    return (own[0].mobile or own[0].email) if own else address


def _number_of(key: str) -> str:
    if "@" not in key:
        return key
    owner = Patient.objects.filter(email=key).order_by("pk").first()
    return owner.mobile if owner else ""


def _as_mailbox(key: str) -> tuple[str, ...]:
    return (key,) if "@" in key else ()


def _person(
    key: str, threads: list[Thread], patients: list[Patient], *, now: datetime
) -> Person:
    last = threads[0]
    counts = dict.fromkeys(Channel.values, 0)
    for thread in threads:
        counts[thread.kind] += thread.count
    return Person(
        key=key,
        name=_names(patients) or key,
        day=_day(patients, now=now),
        hue=_hue(patients),
        is_known=bool(patients),
        texts=counts[Channel.SMS],
        mails=counts[Channel.EMAIL],
        last_kind=last.kind,
        last_text=last.last_text,
        last_at=told(last.last_at.astimezone(_zone(patients)), now=now),
    )


def _names(patients: Iterable[Patient]) -> str:
    return " and ".join(str(patient) for patient in patients)


def _hue(patients: Iterable[Patient]) -> int:
    return next((patient.pk % HUES + 1 for patient in patients), 0)


def _zone(patients: Iterable[Patient]) -> tzinfo | None:
    return next((patient.tz for patient in patients), None) or _clinic_zone()


def _clinic_zone() -> tzinfo | None:
    clinic = first_clinic()
    return clinic.tz if clinic else None


def _day(patients: Iterable[Patient], *, now: datetime) -> str:
    return ", ".join(day for patient in patients if (day := _day_of(patient, now=now)))


def _day_of(patient: Patient, *, now: datetime) -> str:
    """Where the patient stands: "day 10", "operation today", "operation in 3 days"."""
    surgery = next((s for s in patient.surgeries.all() if _counts(s)), None)
    if surgery is None:
        return ""
    days = (now.astimezone(patient.tz).date() - surgery.surgery_date).days
    if days > 0:
        return f"day {days}"
    return f"operation in {-days} day{'s' if days < -1 else ''}" if days else "operation today"


def _counts(surgery: Surgery) -> bool:
    return surgery.status != SurgeryStatus.CANCELLED


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
        QuickReply(code=answer["code"], meaning=answer["meaning"].replace("_", " "))
        for answer in question.reminder.step.replies
    )
