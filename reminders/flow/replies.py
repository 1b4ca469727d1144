"""What patients write → understood, or for a person; and the service's own short answers.

Stored raw first. A reply is bound to a patient, or to a carer, only when exactly one fits, and an
answer to a question only when exactly one is open. STOP is obeyed for the number it came from and
never closes an alert.
"""

import logging
from datetime import datetime

from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet

from clinic.models import Channel, Staff
from reminders.channels.base import InboundMessage
from reminders.flow.alerts import raise_alerts
from reminders.flow.answers import queue_answer
from reminders.flow.plain_replies import ANSWERED_BY, heard_in, read_plain, status_of
from reminders.flow.rows import insert_once
from reminders.flow.senders import Senders, be_silent, opt_in, opt_out, senders_of, urgent
from reminders.flow.sms_check_ins import Asked, take_answer, what_was_asked
from reminders.models import (
    Alert,
    AlertKind,
    AlertStatus,
    Meaning,
    Reply,
    ReplyStatus,
    Tier,
)
from reminders.rules.service_texts import ServiceText
from reminders.rules.triage import Heard, Understanding, tells_of_a_death, understand

logger = logging.getLogger(__name__)

# Read in one transaction; words of danger that come meanwhile wait for it.
READ_AT_ONCE = 50


class OutcomeMissing(Exception):
    """A reply is dealt with by saying what came of it."""


def store_reply(message: InboundMessage, *, now: datetime) -> bool:
    """Keep a message as it came; return False when it is here already.

    Nothing is done about it yet. Words of danger only put it before all that waits to be read: in
    a flood, or after hours without a worker, it is the first that a person hears of.
    """
    return insert_once(
        Reply(
            provider=message.provider,
            provider_message_id=message.provider_message_id,
            channel=Channel.SMS,
            clinic_id=_clinic_at(message.recipient),
            sender=message.sender[:254],
            recipient=message.recipient[:254],
            text=message.body,
            media_count=message.media_count,
            raw=message.raw,
            received_at=now,
            looks_urgent=_looks_urgent(message.body),
        )
    )


def _looks_urgent(text: str) -> bool:
    try:
        return understand(text, open_codes=()).is_urgent
    except Exception as error:  # noqa: BLE001 - kept all the same, and seen to before the others
        logger.error("a message could not be sorted on its way in: %s", type(error).__name__)
        return True


def _clinic_at(number: str) -> int | None:
    """The id of the clinic whose number a message came to; no two clinics have the same."""
    if not number:
        return None
    with connection.cursor() as cursor:  # as it stands: every message on its way in waits for it
        cursor.execute("SELECT id FROM clinic_clinic WHERE sms_sender = %s", [number])
        found = cursor.fetchone()
    return int(found[0]) if found else None


def read_replies(*, now: datetime, limit: int) -> int:
    """Read up to `limit` stored replies, words of danger first, then the oldest; return how many.

    What asks for no more than a short answer is read together, all else each in a transaction of
    its own; one that cannot be read goes to a person, so that it holds up no other. Any number of
    workers may do so; a reply is read once.
    """
    count = 0
    while count < limit:
        plain, others = _read_plain(now=now, limit=min(READ_AT_ONCE, limit - count))
        alone = 0
        while alone < others and _read_next(now=now):
            alone += 1
        if not plain + alone:
            break
        count += plain + alone
    return count


@transaction.atomic
def _read_plain(*, now: datetime, limit: int) -> tuple[int, int]:
    """Read the plain ones among the next `limit`; return how many, and how many there are beside.

    None before words of danger, and none where one of them cannot be read: then all are others.
    """
    replies = list(_unread()[:limit])
    if not replies:
        return 0, 0
    if replies[0].looks_urgent:
        return 0, sum(reply.looks_urgent for reply in replies)
    try:
        with transaction.atomic():
            plain = read_plain(replies, now=now)
    except Exception as error:  # noqa: BLE001 - whatever it is: alone, each shows whether it is its own
        logger.warning("replies could not be read together: %s", type(error).__name__)
        plain = 0
    return plain, len(replies) - plain


def _unread() -> QuerySet[Reply]:
    """What nobody has read and no other worker holds, in the order of reading; locked by us."""
    waiting = Reply.objects.filter(status=ReplyStatus.RECEIVED).defer("raw")
    waiting = waiting.order_by("-looks_urgent", "received_at", "pk")
    return waiting.select_for_update(skip_locked=True, of=("self",))


@transaction.atomic
def _read_next(*, now: datetime) -> bool:
    reply = _unread().select_related("clinic").first()
    if reply is None:
        return False
    try:
        with transaction.atomic():
            _read(reply, now=now)
    except OperationalError:
        raise  # the database, not the reply: it is read again
    except Exception as error:  # noqa: BLE001 - whatever it is, a person can still read the words
        logger.error("reply %s could not be read: %s", reply.pk, type(error).__name__)
        _leave_to_a_person(reply.pk, now=now)
    return True


def _leave_to_a_person(reply_id: int, *, now: datetime) -> None:
    Reply.objects.filter(pk=reply_id).update(
        status=ReplyStatus.FOR_A_PERSON, meaning=Meaning.UNCLEAR
    )
    reply = Reply.objects.get(pk=reply_id)
    _alert_if_new(reply, senders_of(reply), now=now)


def _read(reply: Reply, *, now: datetime) -> None:
    senders = senders_of(reply)
    senders.sign(reply)
    understanding, asked = heard_in(reply), Asked()
    if understanding.may_be_an_answer and senders.may_answer:
        asked = what_was_asked(reply)
        understanding = heard_in(reply, codes=asked.codes)
    reply.meaning = Meaning(understanding.heard.value)
    if understanding.is_urgent:
        _alert_if_new(reply, senders, now=now)
    if understanding.is_hold:
        be_silent(reply, senders, is_death=tells_of_a_death(reply.text), now=now)
    _act(reply, understanding, senders=senders, asked=asked, now=now)
    reply.save()


def _act(
    reply: Reply,
    understanding: Understanding,
    *,
    senders: Senders,
    asked: Asked,
    now: datetime,
) -> None:
    """Do what the reply asks for and say where it stands now."""
    reply.status = status_of(understanding, senders)
    match understanding.heard:
        case Heard.OPT_OUT:
            opt_out(reply, senders, now=now)
            queue_answer(reply, ServiceText.OPTED_OUT, now=now)
        case Heard.OPT_IN if opt_in(reply, senders):
            queue_answer(reply, ServiceText.OPTED_IN, now=now)
        case Heard.OPT_IN:
            reply.status = ReplyStatus.FOR_A_PERSON
            queue_answer(reply, ServiceText.RECEIVED, now=now)
        case Heard.ANSWER:
            take_answer(reply, understanding.code, asked=asked, now=now)
        case heard if which := ANSWERED_BY.get(heard):
            queue_answer(reply, which, now=now)


def _alert_if_new(reply: Reply, senders: Senders, *, now: datetime) -> None:
    """One alert for texts that may mean danger, until somebody has it in hand (bad_inputs R59)."""
    if not _is_waiting_for(reply):
        raise_alerts(urgent(reply, senders, now=now))


def _is_waiting_for(reply: Reply) -> bool:
    """Tell whether nobody has looked yet at an earlier text of this telephone."""
    open_alerts = Alert.objects.filter(
        clinic=reply.clinic, kind=AlertKind.REPLY, tier=Tier.EMERGENCY, status=AlertStatus.OPEN
    )
    return open_alerts.filter(reply__sender=reply.sender).exists()


def deal_with(reply_id: int, *, by: Staff, outcome: str, now: datetime) -> Reply:
    """Write down that a person dealt with the reply, and how. Again overwrites nothing.

    Raises OutcomeMissing without an outcome.
    """
    if not outcome.strip():
        raise OutcomeMissing("Say what you did, as in: called, will come on Friday.")
    with transaction.atomic():
        reply = Reply.objects.select_for_update().get(pk=reply_id)
        if reply.status != ReplyStatus.ANSWERED:
            reply.status = ReplyStatus.ANSWERED
            reply.dealt_with_by, reply.dealt_with_at = by, now
            reply.outcome = outcome.strip()[:200]
            reply.save(update_fields=["status", "dealt_with_by", "dealt_with_at", "outcome"])
        return reply
