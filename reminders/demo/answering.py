"""What the demo's patients do at lunch: they answer their check-ins, by text or on their page.

Through the doors that a real patient uses: a stored reply that is read, or a form that is handed
in. So the charts of the demo are drawn from answers and not from rows that somebody wrote.
"""

import time
import uuid
from datetime import datetime

from clinic import clock
from clinic.models import Clinic, Patient, Staff
from reminders.channels import channel
from reminders.channels.base import InboundMessage
from reminders.demo.cast import PATIENTS, Character
from reminders.flow.alerts import close
from reminders.flow.check_ins import CheckInForm, form_for, submit
from reminders.flow.deliver import deliver_queued
from reminders.flow.questions import QUESTION_OPEN_FOR
from reminders.flow.replies import read_replies, store_reply
from reminders.models import CheckIn, CheckInBy, Reminder, ReminderStatus
from reminders.pathways.check_in import shipped_check_in
from reminders.pathways.symptom_check import shipped_symptom_check
from reminders.rules.check_in_answers import NO, fill_in

DRAIN_SECONDS = 60.0
MOST_NUMBERS = 3
ALL_WELL = "1"
READ = "Done on the ward."


ANSWERERS = {person.record_number: person for person in PATIENTS if person.answers}


def answer_check_ins(clinic: Clinic, *, now: datetime) -> int:
    """Let each patient who answers at all answer the check-in that is open; return how many did.

    Twice is once.
    """
    asked = Reminder.objects.filter(
        status=ReminderStatus.DISPATCHED,
        due_at__gt=now - QUESTION_OPEN_FOR,
        check_ins=None,
        surgery__patient__clinic=clinic,
        surgery__patient__record_number__in=ANSWERERS,
    ).exclude(step__questions=[])
    patients = Patient.objects.filter(surgeries__reminders__in=asked).distinct()
    return sum(_answer(patient, now=now) for patient in patients)


def _answer(patient: Patient, *, now: datetime) -> int:
    character = ANSWERERS[patient.record_number]
    form = form_for(patient, now=now)
    if form is None or form.reminder is None or form.reminder.check_ins.exists():
        return 0
    if character.answers == CheckInBy.SMS:
        _by_text(patient, character)
    else:
        _on_the_page(form, character)
    return 1


def _by_text(patient: Patient, character: Character) -> None:
    write(patient, ALL_WELL)
    for turn in range(MOST_NUMBERS):
        asked = CheckIn.objects.filter(patient=patient, submitted_at=None, by=CheckInBy.SMS).first()
        if asked is None:
            return
        write(patient, str(character.pain_on(asked.day, turn=turn)))


def _on_the_page(form: CheckInForm, character: Character) -> None:
    day = form.sheet.day
    given = {sign.key: NO for sign in form.sheet.signs if not sign.kind.is_number}
    given |= {
        "pain_limb": str(character.pain_on(day, turn=0)),
        "pain_spine": str(character.pain_on(day, turn=1)),
        "wound": "dry_closed",
        "walk_minutes": str(max(5, 5 + 2 * day)),
        "sit_minutes": str(max(10, 10 + day)),
        "strong_tablets": "some_days" if day < 10 else "none",
    }
    filled = fill_in(
        form.sheet, given=given, content=shipped_check_in(), check=shipped_symptom_check()
    )
    check_in = submit(
        form,
        filled,
        key=uuid.uuid4(),
        by=CheckInBy.PAGE,
        language=form.patient.language,
        now=clock.now(),
    )
    if check_in.alert_id is not None:
        close(check_in.alert_id, by=_nurse(form.patient.clinic), outcome=READ, now=clock.now())


def _nurse(clinic: Clinic) -> Staff:
    return Staff.objects.get(clinic=clinic, username="nurse")


def write(patient: Patient, words: str) -> None:
    """Let a patient text these words to the clinic, and let the answer go out."""
    store_reply(
        InboundMessage(
            provider="twilio",
            provider_message_id=f"demo-{uuid.uuid4()}",
            sender=patient.mobile,
            recipient=patient.clinic.sms_sender,
            body=words,
            media_count=0,
            raw={},
        ),
        now=clock.now(),
    )
    read_replies(now=clock.now(), limit=10)
    deliver_queued(channel("sms"), now=clock.now, stop_at=time.monotonic() + DRAIN_SECONDS)
