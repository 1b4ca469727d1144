"""What patients write → understood, or for a person; and the service's own short answers.

Stored raw first. A reply is bound to a patient only when exactly one fits, and an answer to a
question only when exactly one is open. STOP is obeyed for the number it came from and never
closes an alert.
"""

from datetime import datetime, timedelta

from django.db import transaction

from clinic.models import Channel, Clinic, ConsentSource, Patient, Staff
from clinic.models.consent import record_consent
from reminders.channels.base import InboundMessage
from reminders.flow.alerts import new_alert, raise_alerts
from reminders.flow.answers import queue_answer
from reminders.models import (
    Alert,
    AlertKind,
    Delivery,
    DeliveryStatus,
    Meaning,
    Reply,
    ReplyStatus,
    Tier,
)
from reminders.rules.content import Action
from reminders.rules.service_texts import ServiceText
from reminders.rules.triage import Heard, Understanding, understand

# A question is open this long; an answer after that is kept and marked late (bad_inputs R32).
QUESTION_OPEN_FOR = timedelta(days=3)
LATE_ANSWER_UNTIL = timedelta(days=14)
ASKED = (
    DeliveryStatus.SENDING,
    DeliveryStatus.UNKNOWN,
    DeliveryStatus.ACCEPTED,
    DeliveryStatus.DELIVERED,
)
TIER_OF_ACTION = {
    Action.STAFF_SAME_DAY: Tier.SAME_DAY,
    Action.STAFF_REBOOK: Tier.ROUTINE,
    Action.CALLBACK_ROUTINE: Tier.ROUTINE,
}
NEEDS_NOBODY = frozenset(
    {Heard.OPT_OUT, Heard.OPT_IN, Heard.HELP, Heard.ANSWER, Heard.THANKS, Heard.TAP_BACK,
     Heard.AUTOMATIC}
)  # fmt: skip


class OutcomeMissing(Exception):
    """A reply is dealt with by saying what came of it."""


def store_reply(message: InboundMessage, *, now: datetime) -> bool:
    """Keep a message as it came; return False when it is here already. Nothing is read yet."""
    _, is_new = Reply.objects.get_or_create(
        provider=message.provider,
        provider_message_id=message.provider_message_id,
        defaults={
            "channel": Channel.SMS,
            "clinic": Clinic.objects.filter(sms_sender=message.recipient).first(),
            "sender": message.sender[:254],
            "recipient": message.recipient[:254],
            "text": message.body,
            "media_count": message.media_count,
            "raw": message.raw,
            "received_at": now,
        },
    )
    return is_new


def read_replies(*, now: datetime, limit: int) -> int:
    """Read up to `limit` stored replies, oldest first; return how many.

    Each in a transaction of its own, so that one bad reply cannot hold up the next. Any number of
    workers may do so; a reply is read once.
    """
    count = 0
    while count < limit and _read_next(now=now):
        count += 1
    return count


@transaction.atomic
def _read_next(*, now: datetime) -> bool:
    reply = (
        Reply.objects.filter(status=ReplyStatus.RECEIVED)
        .order_by("received_at", "pk")
        .select_for_update(skip_locked=True)
        .first()
    )
    if reply is None:
        return False
    patients = _patients_of(reply)
    reply.patient = patients[0] if len(patients) == 1 else None
    questions = _open_questions(reply, now=now)
    codes = _codes(questions[0]) if len(questions) == 1 else []
    understanding = understand(reply.text, open_codes=codes)
    if reply.media_count and understanding.heard is not Heard.URGENT:
        understanding = Understanding(understanding.heard, understanding.code, for_a_person=True)
    reply.meaning = Meaning(understanding.heard.value)
    _act(reply, understanding, patients=patients, questions=questions, now=now)
    reply.save()
    return True


def _patients_of(reply: Reply) -> list[Patient]:
    """Whoever of the receiving clinic has the sender's number; nobody where no clinic fits."""
    if reply.clinic is None or not reply.sender.startswith("+"):
        return []
    patients = Patient.objects.filter(clinic=reply.clinic, mobile=reply.sender)
    return list(patients.select_related("clinic").order_by("pk"))


def _open_questions(reply: Reply, *, now: datetime) -> list[Delivery]:
    """The questions this patient was asked and has not answered, the newest first."""
    if reply.patient is None:
        return []
    asked = (
        Delivery.objects.filter(
            patient=reply.patient,
            channel=Channel.SMS,
            status__in=ASKED,
            queued_at__gt=now - LATE_ANSWER_UNTIL,
        )
        .exclude(reminder__step__replies=[])
        .exclude(replies__meaning=Meaning.ANSWER)
        .select_related("reminder__step")
        .order_by("-queued_at")
    )
    questions = list(asked)
    return [q for q in questions if now - q.queued_at <= QUESTION_OPEN_FOR] or questions[:1]


def _codes(question: Delivery) -> list[str]:
    return [answer["code"] for answer in question.the_reminder.step.replies]


def _act(
    reply: Reply,
    understanding: Understanding,
    *,
    patients: list[Patient],
    questions: list[Delivery],
    now: datetime,
) -> None:
    """Do what the reply asks for and say where it stands now."""
    reply.status = ReplyStatus.FOR_A_PERSON
    if understanding.heard in NEEDS_NOBODY and patients and not understanding.for_a_person:
        reply.status = ReplyStatus.UNDERSTOOD
    match understanding.heard:
        case Heard.OPT_OUT:
            _change_consent(reply, patients, given=False, now=now)
            queue_answer(reply, ServiceText.OPTED_OUT, now=now)
        case Heard.OPT_IN:
            _change_consent(reply, patients, given=True, now=now)
            queue_answer(reply, ServiceText.OPTED_IN, now=now)
        case Heard.HELP:
            queue_answer(reply, ServiceText.HELP, now=now)
        case Heard.ANSWER:
            _answer(reply, understanding.code, questions[0], now=now)
        case Heard.URGENT:
            raise_alerts(_urgent(reply, now=now))
            queue_answer(reply, ServiceText.RECEIVED, now=now)
        case Heard.UNCLEAR:
            queue_answer(reply, ServiceText.RECEIVED, now=now)
        case Heard.THANKS | Heard.TAP_BACK | Heard.AUTOMATIC:
            pass


def _change_consent(reply: Reply, patients: list[Patient], *, given: bool, now: datetime) -> None:
    """Obey for every patient of that number: the word is about the telephone.

    START undoes a stop and nothing else: a patient who never consented is not opted in by it.
    """
    for patient in patients:
        if given and not patient.consents.filter(channel=reply.channel).exists():
            continue
        record_consent(
            patient,
            channel=Channel(reply.channel),
            given=given,
            at=reply.received_at,
            source=ConsentSource.REPLY,
            wording=reply.text,
        )
    if not given:
        raise_alerts(_opted_out(reply, patient, now=now) for patient in patients)


def _opted_out(reply: Reply, patient: Patient, *, now: datetime) -> Alert:
    return new_alert(
        patient.clinic,
        kind=AlertKind.OPTED_OUT,
        tier=Tier.ROUTINE,
        cause=f"opted-out:{reply.pk}:{patient.pk}",
        summary="The patient stopped our texts",
        to_do="Check that they have the warning signs list and our numbers.",
        patient=patient,
        reply=reply,
        now=now,
    )


def _answer(reply: Reply, code: str, question: Delivery, *, now: datetime) -> None:
    """Tie the answer to its question, and hand it to staff when the answer asks for that."""
    step, patient = question.the_reminder.step, question.the_patient
    answer = next(answer for answer in step.replies if answer["code"] == code)
    reply.answer_to, reply.answer_code = question, code
    reply.answer_meaning = answer["meaning"]
    reply.was_late = now - question.queued_at > QUESTION_OPEN_FOR
    tier = TIER_OF_ACTION.get(Action(answer["action"]))
    if tier is None:
        return
    raise_alerts(
        [
            new_alert(
                patient.clinic,
                kind=AlertKind.CHECK_IN,
                tier=tier,
                cause=f"reply:{reply.pk}",
                summary=f"{step.intent}: {answer['meaning']}",
                to_do=step.staff_action or "Call the patient.",
                patient=patient,
                reply=reply,
                now=now,
            )
        ]
    )
    queue_answer(reply, ServiceText.RECEIVED, now=now)


def _urgent(reply: Reply, *, now: datetime) -> list[Alert]:
    """One alert for a text that may mean danger. No clinic has the number: nobody to tell."""
    if reply.clinic is None:
        return []
    return [
        new_alert(
            reply.clinic,
            kind=AlertKind.REPLY,
            tier=Tier.EMERGENCY,
            cause=f"reply:{reply.pk}",
            summary="A reply that may be urgent",
            to_do="Read the reply and call the patient now.",
            patient=reply.patient,
            reply=reply,
            now=now,
        )
    ]


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
