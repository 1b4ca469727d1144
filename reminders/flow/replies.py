"""What patients write → understood, or for a person; and the service's own short answers.

Stored raw first. A reply is bound to a patient, or to a carer, only when exactly one fits, and an
answer to a question only when exactly one is open. STOP is obeyed for the number it came from and
never closes an alert.
"""

import logging
from dataclasses import replace
from datetime import datetime

from django.db import OperationalError, connection, transaction

from clinic.models import Channel, Staff
from reminders.channels.base import InboundMessage
from reminders.flow.alerts import raise_alerts
from reminders.flow.answers import queue_answer
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

NEEDS_NOBODY = frozenset(
    {Heard.OPT_OUT, Heard.OPT_IN, Heard.HELP, Heard.ANSWER, Heard.THANKS, Heard.TAP_BACK,
     Heard.AUTOMATIC}
)  # fmt: skip


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

    Each in a transaction of its own; one that cannot be read goes to a person, so that it holds up
    no other. Any number of workers may do so; a reply is read once.
    """
    count = 0
    while count < limit and _read_next(now=now):
        count += 1
    return count


@transaction.atomic
def _read_next(*, now: datetime) -> bool:
    reply = (
        Reply.objects.filter(status=ReplyStatus.RECEIVED)
        .order_by("-looks_urgent", "received_at", "pk")
        .select_for_update(skip_locked=True)
        .first()
    )
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
    asked = what_was_asked(reply) if senders.may_answer else Asked()
    understanding = understand(reply.text, open_codes=asked.codes)
    if reply.media_count and understanding.heard is not Heard.URGENT:
        understanding = replace(understanding, for_a_person=True)
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
    reply.status = ReplyStatus.FOR_A_PERSON
    is_known = bool(senders.everybody)
    if understanding.heard in NEEDS_NOBODY and is_known and not understanding.for_a_person:
        reply.status = ReplyStatus.UNDERSTOOD
    match understanding.heard:
        case Heard.OPT_OUT:
            opt_out(reply, senders, now=now)
            queue_answer(reply, ServiceText.OPTED_OUT, now=now)
        case Heard.OPT_IN if opt_in(reply, senders):
            queue_answer(reply, ServiceText.OPTED_IN, now=now)
        case Heard.OPT_IN:
            reply.status = ReplyStatus.FOR_A_PERSON
            queue_answer(reply, ServiceText.RECEIVED, now=now)
        case Heard.HELP:
            queue_answer(reply, ServiceText.HELP, now=now)
        case Heard.ANSWER:
            take_answer(reply, understanding.code, asked=asked, now=now)
        case Heard.URGENT | Heard.UNCLEAR:
            queue_answer(reply, ServiceText.RECEIVED, now=now)
        case Heard.THANKS | Heard.TAP_BACK | Heard.AUTOMATIC:
            pass


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
