"""A reply that was read → the service's short answer, queued like any other delivery."""

from datetime import datetime, timedelta

from django.utils import formats, translation

from clinic.models import Channel, Clinic
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


def queue_answer(reply: Reply, which: ServiceText, *, now: datetime) -> Delivery | None:
    """Queue one of the service's texts to the sender; return it, or None when none is due.

    Never more than one answer to a reply; at most every ten minutes and three times a day, where
    STOP, START and HELP are each counted apart; nothing to a sender that is no telephone number.
    """
    if reply.clinic is None or not reply.sender.startswith("+"):
        return None
    if _answered_enough(reply, which, now=now):
        return None
    clinic = reply.clinic
    writer = reply.carer or reply.patient
    asked = writer.language if writer else clinic.language
    language = language_of(TEXTS, patient=asked, clinic=clinic.language) or EVERYWHERE
    opens = _when_read(clinic, now=now)
    if which is ServiceText.RECEIVED and opens is not None:
        which = ServiceText.RECEIVED_CLOSED
    values = numbers_of(clinic) | _told(opens, language=language)
    try:
        text = service_text(which, language=language, values=values)
    except Unfillable:
        return None
    return queue_text(reply, text, clinic=clinic, language=language, now=now)


def numbers_of(clinic: Clinic) -> dict[str, str]:
    """Return what the placeholders of the service's own texts stand for at this clinic."""
    return {
        "clinic": clinic.sender_name,
        "phone": clinic.phone,
        "urgent": clinic.urgent_phone,
        "emergency": clinic.emergency_phone,
        "fever": clinic.fever,
    }


def queue_text(
    reply: Reply, text: str, *, clinic: Clinic, language: str, now: datetime
) -> Delivery:
    """Queue a text as the one answer to this reply; again changes nothing."""
    delivery, _ = Delivery.objects.get_or_create(
        reply=reply,
        defaults={
            "purpose": Purpose.ANSWER,
            "patient": reply.carer.patient if reply.carer else reply.patient,
            "carer": reply.carer,
            "clinic": clinic,
            "channel": Channel.SMS,
            "is_high_priority": True,
            "queued_at": now,
            "status_since": now,
            "next_try_at": now,
            "not_after": now + ANSWER_IS_OF_USE,
            "address": reply.sender,
            "language": language,
            "text": text,
            "segments": sms_size(text).parts,
        },
    )
    return delivery


def _when_read(clinic: Clinic, *, now: datetime) -> datetime | None:
    """Return when staff are there to read again, on the clinic's wall; None while they are.

    Holidays and closures count. A clinic that opens on no day of the next month says nothing.
    """
    opens = staffed_hours(clinic).next_staffed(now)
    return opens.astimezone(clinic.tz) if opens is not None and opens > now else None


def _told(opens: datetime | None, *, language: str) -> dict[str, str]:
    if opens is None:
        return {}
    with translation.override(language):
        day = formats.date_format(opens, "D j M")
    return {"date": day, "time": told_hour(opens.time(), language=language)}


def _answered_enough(reply: Reply, which: ServiceText, *, now: datetime) -> bool:
    answers = Delivery.objects.filter(
        purpose=Purpose.ANSWER, address=reply.sender, queued_at__gt=now - timedelta(days=1)
    ).exclude(reply__check_in_answers__isnull=False)  # a question in a check-in keeps none back
    if which in ASKED_FOR:
        answers = answers.filter(reply__meaning=reply.meaning)
    moments = list(answers.values_list("queued_at", flat=True)[:ANSWERS_A_DAY])
    return len(moments) >= ANSWERS_A_DAY or any(now - m < LEAST_BETWEEN for m in moments)
