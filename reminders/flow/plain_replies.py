"""Unread replies that ask for nothing beyond a short answer → read many at once.

Most of what people write is kept for a person or needs nobody, and is answered by a fixed text.
In a flood that is nearly all: what such replies depend on is read once for all of them, and what
comes of them is written once. Whatever alarms, stops, starts, holds or answers a question is left
to be read alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from clinic.models import Clinic
from reminders.flow.answers import Desk
from reminders.flow.questions import open_among, questions_of
from reminders.flow.rows import update_rows
from reminders.flow.senders import Senders, senders_of_each
from reminders.flow.sms_check_ins import asked_for_numbers, the_one_of
from reminders.models import Delivery, Meaning, Reply, ReplyStatus
from reminders.rules.service_texts import ServiceText
from reminders.rules.triage import Heard, Understanding, understand

NEEDS_NOBODY = frozenset(
    {Heard.OPT_OUT, Heard.OPT_IN, Heard.HELP, Heard.ANSWER, Heard.THANKS, Heard.TAP_BACK,
     Heard.AUTOMATIC}
)  # fmt: skip
# The fixed text that is all that such a reply leads to; nothing is said to the others.
ANSWERED_BY = {
    Heard.HELP: ServiceText.HELP,
    Heard.URGENT: ServiceText.RECEIVED,
    Heard.UNCLEAR: ServiceText.RECEIVED,
}
PLAIN = frozenset({Heard.HELP, Heard.UNCLEAR, Heard.THANKS, Heard.TAP_BACK, Heard.AUTOMATIC})
WRITTEN = ("status", "meaning", "patient", "carer")


def heard_in(reply: Reply, *, codes: Sequence[str] = ()) -> Understanding:
    """Return what the reply means; `codes` are the answers of the one open question."""
    understanding = understand(reply.text, open_codes=codes)
    if reply.media_count and understanding.heard is not Heard.URGENT:
        return replace(understanding, for_a_person=True)
    return understanding


def status_of(understanding: Understanding, senders: Senders) -> ReplyStatus:
    """Return where a reply stands that is dealt with as it was understood."""
    needs_nobody = understanding.heard in NEEDS_NOBODY and not understanding.for_a_person
    if needs_nobody and senders.everybody:
        return ReplyStatus.UNDERSTOOD
    return ReplyStatus.FOR_A_PERSON


def read_plain(replies: Sequence[Reply], *, now: datetime) -> int:
    """Read those of these replies that are plain; return how many. The others stay as they are.

    They are locked, and stand in the order in which they are read: what somebody wrote after a
    reply that is not plain waits for that one. The number of queries does not depend on how many
    they are. Where one cannot be read this raises, and is to leave none behind.
    """
    heard = {reply.pk: heard_in(reply) for reply in replies}
    hopeful = [reply for reply in replies if _is_plain(heard[reply.pk])]
    if not hopeful:
        return 0
    known = _look_up(hopeful)
    read, not_yet = [], set()
    for reply in replies:
        where = (reply.clinic_id, reply.sender)
        if where in not_yet or not known.is_plain(reply, heard[reply.pk]):
            not_yet.add(where)
            continue
        reply.meaning = Meaning(heard[reply.pk].heard.value)
        reply.status = status_of(heard[reply.pk], known.senders[reply.pk])
        read.append(reply)
    _write(read, now=now)
    return len(read)


def _is_plain(understanding: Understanding) -> bool:
    is_more = understanding.is_urgent or understanding.is_hold
    return understanding.heard in PLAIN and not is_more


@dataclass(frozen=True, slots=True)
class _Known:
    """What the record says about those who wrote."""

    senders: Mapping[int, Senders]
    questions: Mapping[int, list[Delivery]]
    asked_for_numbers: frozenset[int]

    def is_plain(self, reply: Reply, understanding: Understanding) -> bool:
        """True when nothing has been asked that the reply answers."""
        if not _is_plain(understanding):
            return False
        if not (understanding.may_be_an_answer and self.senders[reply.pk].may_answer):
            return True
        if reply.patient_id in self.asked_for_numbers:
            return False
        codes = the_one_of(open_among(self.questions, reply=reply)).codes
        return not codes or heard_in(reply, codes=codes).heard is not Heard.ANSWER


def _look_up(replies: Sequence[Reply]) -> _Known:
    """Write down who wrote each, and read what they had been asked."""
    clinics = Clinic.objects.in_bulk({reply.clinic_id for reply in replies if reply.clinic_id})
    for reply in replies:
        reply.clinic = clinics.get(reply.clinic_id or 0)
    senders = senders_of_each(replies)
    for reply in replies:
        senders[reply.pk].sign(reply)
    return _Known(senders, questions_of(replies), asked_for_numbers(replies))


def _write(replies: Sequence[Reply], *, now: datetime) -> None:
    desk = Desk(replies, now=now)
    answers = []
    for reply in replies:
        which = ANSWERED_BY.get(Heard(reply.meaning))
        answer = desk.answer(reply, which) if which else None
        if answer is not None:
            answers.append(answer)
    Delivery.objects.bulk_create(answers, ignore_conflicts=True)
    update_rows(replies, WRITTEN)
