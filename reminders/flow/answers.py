"""A reply that was read → the service's short answer, queued like any other delivery."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import formats, translation

from clinic.models import Channel, Clinic
from reminders.flow.rows import insert_once
from reminders.flow.staffed import staffed_hours
from reminders.models import Delivery, Purpose, Reply
from reminders.rules.gsm7 import sms_size
from reminders.rules.hours import told_hour
from reminders.rules.language import EVERYWHERE, language_of
from reminders.rules.service_texts import TEXTS, ServiceText, service_text
from reminders.rules.wording import Unfillable

# Two machines must not talk to each other all night (bad_inputs R55).
ANSWERS_A_DAY = 3
LEAST_BETWEEN = timedelta(minutes=10)
# These are not kept back by an answer to something else, only by one to the same word.
ASKED_FOR = frozenset({ServiceText.OPTED_OUT, ServiceText.OPTED_IN, ServiceText.HELP})
ANSWER_IS_OF_USE = timedelta(hours=12)


class Desk:
    """What answers to some telephones depend on, read once for all of them.

    `now` is the moment of every answer. What the desk writes it remembers: a second answer to the
    same telephone is kept back as if the first were stored.
    """

    def __init__(self, replies: Iterable[Reply], *, now: datetime) -> None:
        self._now = now
        self._said = _said_lately({reply.sender for reply in replies}, now=now)
        self._opens: dict[int, datetime | None] = {}

    def answer(self, reply: Reply, which: ServiceText) -> Delivery | None:
        """Return one of the service's texts to the sender, not stored; None when none is due.

        Never more than one answer to a reply; at most every ten minutes and three times a day,
        where STOP, START and HELP are each counted apart; nothing to a sender that is no telephone
        number.
        """
        clinic = reply.clinic
        if clinic is None or not reply.sender.startswith("+") or self._is_enough(reply, which):
            return None
        writer = reply.carer or reply.patient
        asked = writer.language if writer else clinic.language
        language = language_of(TEXTS, patient=asked, clinic=clinic.language) or EVERYWHERE
        text = self._worded(which, clinic=clinic, language=language)
        if text is None:
            return None
        self._said[reply.sender].append((self._now, reply.meaning))
        return _delivery(reply, text, clinic=clinic, language=language, now=self._now)

    def _is_enough(self, reply: Reply, which: ServiceText) -> bool:
        said = self._said[reply.sender]
        moments = [at for at, to in said if which not in ASKED_FOR or to == reply.meaning]
        return len(moments) >= ANSWERS_A_DAY or any(self._now - m < LEAST_BETWEEN for m in moments)

    def _worded(self, which: ServiceText, *, clinic: Clinic, language: str) -> str | None:
        """Put it into words; None where the clinic lacks a number that the text needs."""
        opens = None
        if which is ServiceText.RECEIVED:
            opens = self._when_read(clinic)
        if opens is not None:
            which = ServiceText.RECEIVED_CLOSED
        values = numbers_of(clinic) | _told(opens, language=language)
        try:
            return service_text(which, language=language, values=values)
        except Unfillable:
            return None

    def _when_read(self, clinic: Clinic) -> datetime | None:
        """Return when staff are there to read again, on the clinic's wall; None while they are.

        Holidays and closures count. A clinic that opens on no day of the next month says nothing.
        """
        if clinic.pk not in self._opens:
            opens = staffed_hours(clinic).next_staffed(self._now)
            is_later = opens is not None and opens > self._now
            self._opens[clinic.pk] = opens.astimezone(clinic.tz) if opens and is_later else None
        return self._opens[clinic.pk]


def queue_answer(reply: Reply, which: ServiceText, *, now: datetime) -> None:
    """Queue one of the service's texts to the sender, when one is due. Again changes nothing."""
    answer = Desk([reply], now=now).answer(reply, which)
    if answer is not None:
        insert_once(answer)


def numbers_of(clinic: Clinic) -> dict[str, str]:
    """Return what the placeholders of the service's own texts stand for at this clinic."""
    return {
        "clinic": clinic.sender_name,
        "phone": clinic.phone,
        "urgent": clinic.urgent_phone,
        "emergency": clinic.emergency_phone,
        "fever": clinic.fever,
    }


def queue_text(reply: Reply, text: str, *, clinic: Clinic, language: str, now: datetime) -> None:
    """Queue a text as the one answer to this reply; again changes nothing."""
    insert_once(_delivery(reply, text, clinic=clinic, language=language, now=now))


def _delivery(reply: Reply, text: str, *, clinic: Clinic, language: str, now: datetime) -> Delivery:
    return Delivery(
        reply=reply,
        purpose=Purpose.ANSWER,
        patient=reply.carer.patient if reply.carer else reply.patient,
        carer=reply.carer,
        clinic=clinic,
        channel=Channel.SMS,
        is_high_priority=True,
        queued_at=now,
        status_since=now,
        next_try_at=now,
        not_after=now + ANSWER_IS_OF_USE,
        address=reply.sender,
        language=language,
        text=text,
        segments=sms_size(text).parts,
    )


def _told(opens: datetime | None, *, language: str) -> dict[str, str]:
    if opens is None:
        return {}
    with translation.override(language):
        day = formats.date_format(opens, "D j M")
    return {"date": day, "time": told_hour(opens.time(), language=language)}


def _said_lately(
    senders: Iterable[str], *, now: datetime
) -> defaultdict[str, list[tuple[datetime, str]]]:
    """Read our answers of the last day: when each was said, and to which meaning; by telephone."""
    answers = Delivery.objects.filter(
        purpose=Purpose.ANSWER, address__in=senders, queued_at__gt=now - timedelta(days=1)
    ).exclude(reply__check_in_answers__isnull=False)  # a question in a check-in keeps none back
    said: defaultdict[str, list[tuple[datetime, str]]] = defaultdict(list)
    for sender, at, meaning in answers.values_list("address", "queued_at", "reply__meaning"):
        said[sender].append((at, meaning))
    return said
