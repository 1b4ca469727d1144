"""A reply → the questions that it may answer, as they stood when it came."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta

from django.db.models import Exists, OuterRef

from clinic.models import Channel
from reminders.models import (
    CheckIn,
    CheckInBy,
    Delivery,
    DeliveryStatus,
    Meaning,
    Purpose,
    Reminder,
    Reply,
)

# A question is open this long; an answer after that is kept and marked late (bad_inputs R32).
QUESTION_OPEN_FOR = timedelta(days=3)
LATE_ANSWER_UNTIL = timedelta(days=14)
ASKED = (
    DeliveryStatus.SENDING,
    DeliveryStatus.UNKNOWN,
    DeliveryStatus.ACCEPTED,
    DeliveryStatus.DELIVERED,
)


def open_questions(reply: Reply) -> list[Delivery]:
    """The questions this patient had been asked and had not answered when they wrote.

    Where none was open any more, those it may be a late answer to.
    """
    return open_among(questions_of([reply]), reply=reply)


def questions_of(replies: Collection[Reply]) -> dict[int, list[Delivery]]:
    """Read what the patients who wrote these had not answered, the newest first, by patient."""
    patients = {reply.patient_id for reply in replies if reply.patient_id}
    if not patients:
        return {}
    moments = [reply.received_at for reply in replies]
    asked = (
        Delivery.objects.filter(
            ~answered_on_a_form("reminder"),
            purpose__in=(Purpose.REMINDER, Purpose.AGAIN),
            patient__in=patients,
            channel=Channel.SMS,
            status__in=ASKED,
            queued_at__lte=max(moments),
            queued_at__gt=min(moments) - LATE_ANSWER_UNTIL,
        )
        .exclude(reminder__step__replies=[])
        .exclude(answered_by_text("reminder"))
        .select_related("reminder__step")
        .order_by("-queued_at")
    )
    found: dict[int, list[Delivery]] = defaultdict(list)
    for question in asked:
        found[question.patient_id or 0].append(question)
    return found


def open_among(questions: Mapping[int, list[Delivery]], *, reply: Reply) -> list[Delivery]:
    """Return those of the questions that the reply may answer, by when it came."""
    asked = [
        question
        for question in questions.get(reply.patient_id or 0, [])
        if timedelta(0) <= reply.received_at - question.queued_at < LATE_ANSWER_UNTIL
    ]
    each = _each_once(asked)
    return [question for question in each if not is_late(reply, question)] or each


def _each_once(asked: Iterable[Delivery]) -> list[Delivery]:
    """Leave the newest text of each question: one that was asked twice is one question."""
    newest: dict[int | None, Delivery] = {}
    for question in asked:
        newest.setdefault(question.reminder_id, question)
    return list(newest.values())


def answered_by_text(reminder: str) -> Exists:
    """A condition: a text answered the reminder that this field of the rows names."""
    answers = Reply.objects.filter(answer_to__reminder=OuterRef(reminder), meaning=Meaning.ANSWER)
    return Exists(answers)


def answered_among(reminder_ids: Iterable[int | None]) -> frozenset[int]:
    """Return which of these reminders somebody has answered, by text or on a form."""
    ids = [pk for pk in reminder_ids if pk]
    if not ids:
        return frozenset()
    answered = answered_by_text("pk") | answered_on_a_form("pk")
    found = Reminder.objects.filter(answered, pk__in=ids)
    return frozenset(found.values_list("pk", flat=True))


def answered_on_a_form(reminder: str) -> Exists:
    """A condition: a form answered the reminder that this field of the rows names.

    It ends the question for texts too. What a text answered is still asked by the form, which
    asks for more.
    """
    forms = CheckIn.objects.filter(reminder=OuterRef(reminder), submitted_at__isnull=False)
    return Exists(forms.exclude(by=CheckInBy.SMS))


def is_late(reply: Reply, question: Delivery) -> bool:
    """Tell whether the question was closed when the reply came, whenever that is read."""
    return reply.received_at - question.queued_at > QUESTION_OPEN_FOR


def codes_of(question: Delivery) -> list[str]:
    """Return what may be typed in answer to a question."""
    return [answer["code"] for answer in question.the_reminder.step.replies]
