"""An exact answer by text → tied to its question, kept as a check-in, and what follows from it.

The first answer is the one that the pathway offers (1, 2 or 3). Where it says that nothing is
wrong, a text asks for the pain, number by number, each as the answer to the one before; so a
patient who stops answering is asked nothing more.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from django.utils import timezone

from clinic.models import Channel
from reminders.flow.alerts import new_alert, raise_alerts
from reminders.flow.answers import numbers_of, queue_answer, queue_text
from reminders.flow.check_ins import hand_in, keep_answers, mode_of
from reminders.flow.questions import (
    ASKED,
    answered_on_a_form,
    codes_of,
    is_late,
    open_questions,
)
from reminders.flow.reach import consents_of, obstacle
from reminders.models import AlertKind, CheckIn, CheckInBy, Delivery, Reply, Tier
from reminders.pathways.check_in import shipped_check_in
from reminders.pathways.symptom_check import shipped_symptom_check
from reminders.rules.check_in import (
    CheckInText,
    Mode,
    ScoreQuestion,
    asked_by_sms,
    in_language,
    sheet,
)
from reminders.rules.check_in_answers import ReadAnswer, triage
from reminders.rules.content import Action
from reminders.rules.language import EVERYWHERE, language_of
from reminders.rules.service_texts import ServiceText
from reminders.rules.symptom_check import Outcome
from reminders.rules.wording import fill

TIER_OF_ACTION = {
    Action.STAFF_SAME_DAY: Tier.SAME_DAY,
    Action.STAFF_REBOOK: Tier.ROUTINE,
    Action.CALLBACK_ROUTINE: Tier.ROUTINE,
}
# "How bad is it today" is not answered tomorrow.
NUMBER_OPEN_FOR = timedelta(hours=24)
# The name under which a check-in keeps the answer by code.
BY_CODE = "by_code"
LONGEST_CHOICE = 30


@dataclass(frozen=True, slots=True)
class OpenNumber:
    """A question that a text has asked and whose number is still missing."""

    check_in: CheckIn
    question: ScoreQuestion
    asked_by: Delivery

    @property
    def codes(self) -> list[str]:
        return [str(number) for number in range(self.question.low, self.question.high + 1)]


@dataclass(frozen=True, slots=True)
class Asked:
    """The one thing that a reply may answer: a number, or a question by code; or neither."""

    number: OpenNumber | None = None
    question: Delivery | None = None

    @property
    def codes(self) -> list[str]:
        if self.number is not None:
            return self.number.codes
        return codes_of(self.question) if self.question is not None else []


def what_was_asked(reply: Reply) -> Asked:
    """Return the one open question of this patient; nothing where several are (bad_inputs R31)."""
    questions, number = open_questions(reply), _open_number(reply)
    if number is not None:
        others = [question for question in questions if not is_late(reply, question)]
        return Asked() if others else Asked(number=number)
    return the_one_of(questions)


def the_one_of(questions: Sequence[Delivery]) -> Asked:
    """Return the question that was asked, where it is the only one and no number is."""
    return Asked(question=questions[0]) if len(questions) == 1 else Asked()


def asked_for_numbers(replies: Collection[Reply]) -> frozenset[int]:
    """Return which of the patients who wrote these may have been asked for a number by text."""
    patients = {reply.patient_id for reply in replies if reply.patient_id}
    if not patients:
        return frozenset()
    since = min(reply.received_at for reply in replies) - NUMBER_OPEN_FOR
    going_on = CheckIn.objects.filter(
        patient__in=patients, by=CheckInBy.SMS, submitted_at__isnull=True, active_at__gt=since
    )
    return frozenset(going_on.values_list("patient_id", flat=True))


def take_answer(reply: Reply, code: str, *, asked: Asked, now: datetime) -> None:
    """Tie an exact answer to what it answers, and do what follows from it."""
    if asked.number is not None:
        _take_number(reply, code, asked.number, now=now)
    elif asked.question is not None:
        _take_code(reply, code, asked.question, now=now)


def _take_code(reply: Reply, code: str, question: Delivery, *, now: datetime) -> None:
    """Tie the answer to its question, and hand it to staff when the answer asks for that."""
    step, patient = question.the_reminder.step, reply.patient or question.the_patient
    answer = next(answer for answer in step.replies if answer["code"] == code)
    reply.answer_to, reply.answer_code = question, code
    reply.answer_meaning = answer["meaning"]
    reply.was_late = is_late(reply, question)
    reply.save()
    tier = TIER_OF_ACTION.get(Action(answer["action"]))
    check_in = _begin(reply, question, now=now)
    if tier is None:
        if reply.was_late or not _ask_next(check_in, reply, now=now):
            _end(check_in, now=now)
        return
    _end(check_in, now=now)
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


def _begin(reply: Reply, question: Delivery, *, now: datetime) -> CheckIn:
    """Keep the answer by code as a check-in of its own."""
    reminder, patient = question.the_reminder, reply.patient or question.the_patient
    today = timezone.localdate(now, patient.tz)
    check_in = CheckIn.objects.create(
        key=uuid4(),
        patient=patient,
        surgery=reminder.surgery,
        reminder=reminder,
        step_key=reminder.step_key,
        day=(today - reminder.surgery.surgery_date).days,
        by=CheckInBy.SMS,
        started_at=now,
        active_at=now,
        version=shipped_symptom_check().version,
        mode=mode_of(patient.clinic).value,
    )
    answer = ReadAnswer(
        BY_CODE,
        reminder.step.version.label,
        reply.text[:200],
        choice=reply.answer_meaning[:LONGEST_CHOICE],
    )
    keep_answers(check_in, [answer], at=now, reply=reply)
    return check_in


def _end(check_in: CheckIn, *, now: datetime) -> None:
    """End a check-in that consists of an answer by code; its text is the service's usual one."""
    check_in.submitted_at = now
    check_in.save(update_fields=["submitted_at"])


def _open_number(reply: Reply) -> OpenNumber | None:
    """Return the number that this patient had been asked for when they wrote, if any.

    None as well when a form has answered the same reminder since.
    """
    if not asked_for_numbers([reply]):  # nearly always, and the look below is a wide one
        return None
    check_in = (
        CheckIn.objects.select_for_update(of=("self",))
        .filter(
            ~answered_on_a_form("reminder"),
            patient=reply.patient,
            by=CheckInBy.SMS,
            submitted_at__isnull=True,
            active_at__gt=reply.received_at - NUMBER_OPEN_FOR,
        )
        .select_related("patient__clinic", "surgery", "reminder__step")
        .first()
    )
    question = _next_question(check_in) if check_in else None
    asked_by = _asked_by(check_in, reply) if check_in else None
    if check_in is None or question is None or asked_by is None:
        return None
    return OpenNumber(check_in, question, asked_by)


def _asked_by(check_in: CheckIn, reply: Reply) -> Delivery | None:
    """Return the text that asked for the number, once it is on its way."""
    last = check_in.answers.order_by("-pk").first()
    if last is None or last.reply is None:
        return None
    asked = last.reply.answers.filter(status__in=ASKED, queued_at__lte=reply.received_at)
    return asked.first()


def _take_number(reply: Reply, code: str, asked: OpenNumber, *, now: datetime) -> None:
    """Keep one number, and ask for the next or end the check-in with its fixed text."""
    check_in = asked.check_in
    label = in_language(asked.question.worded(check_in.surgery.region).label, EVERYWHERE)
    reply.answer_to, reply.answer_code = asked.asked_by, code
    reply.answer_meaning = f"{label}: {code}"
    reply.save()
    version = shipped_check_in().version
    answer = ReadAnswer(asked.question.key, version, reply.text[:200], number=Decimal(code))
    keep_answers(check_in, [answer], at=now, reply=reply)
    check_in.active_at = now
    if _ask_next(check_in, reply, now=now):
        check_in.save(update_fields=["active_at"])
        return
    outcome, language = _outcome(check_in), _language(check_in)
    hand_in(check_in, outcome=outcome, is_relayed=False, language=language, now=now)
    clinic = check_in.patient.clinic
    if check_in.told:
        text = f"{clinic.sender_name}: {check_in.told}"
        queue_text(reply, text, clinic=clinic, language=language, now=now)


def _ask_next(check_in: CheckIn, reply: Reply, *, now: datetime) -> bool:
    """Queue the text that asks for the next number; False when there is none to ask for."""
    question = _next_question(check_in)
    patient = check_in.patient
    if question is None:
        return False
    if obstacle(patient, Channel.SMS, consents_of([patient.pk]), clinic=patient.clinic):
        return False
    language = _language(check_in)
    opening = shipped_check_in().texts[CheckInText.NEXT_BY_SMS]
    text = f"{in_language(opening, language)} {in_language(question.sms, language)}"
    words = fill(text, values=numbers_of(patient.clinic))
    queue_text(reply, words, clinic=patient.clinic, language=language, now=now)
    return True


def _next_question(check_in: CheckIn) -> ScoreQuestion | None:
    if check_in.reminder is None:
        return None
    keys, detailed = check_in.reminder.step.questions, check_in.patient.detailed_sms
    content = shipped_check_in()
    answered = set(check_in.answers.values_list("question", flat=True))
    asked = asked_by_sms(keys, detailed=detailed, content=content)
    return next((question for question in asked if question.key not in answered), None)


def _language(check_in: CheckIn) -> str:
    patient = check_in.patient
    offered = shipped_check_in().texts[CheckInText.NEXT_BY_SMS]
    wanted = language_of(offered, patient=patient.language, clinic=patient.clinic.language)
    return wanted or EVERYWHERE


def _outcome(check_in: CheckIn) -> Outcome | None:
    """Sort by the numbers alone, where the clinic sorts; a text asks for no sign."""
    if check_in.mode != Mode.TRIAGE:
        return None
    content, check = shipped_check_in(), shipped_symptom_check()
    answers = [
        ReadAnswer(answer.question, answer.version, answer.raw, number=answer.number)
        for answer in check_in.answers.all()
    ]
    asked = sheet(
        (), mode=Mode.TRIAGE, region=check_in.surgery.region, day=check_in.day,
        content=content, check=check,
    )  # fmt: skip
    return triage(asked, answers, content=content, check=check)
