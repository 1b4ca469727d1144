"""What a patient answers on a form → kept, read, and an alert where it asks for one. Promise P6.

Answers, tier and alert are written in one transaction, so whoever reads "your team gets your
answers" has an alert behind it. A form sent twice is one check-in.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from clinic.models import Clinic, Closure, Patient, Staff, Surgery, SurgeryStatus
from reminders.flow.alerts import new_alert, raise_alerts
from reminders.flow.answers import numbers_of
from reminders.flow.questions import QUESTION_OPEN_FOR, answered_on_a_form
from reminders.flow.record import workday_rule
from reminders.models import (
    Alert,
    AlertKind,
    CheckIn,
    CheckInAnswer,
    CheckInBy,
    Reminder,
    ReminderStatus,
    Reply,
    Tier,
)
from reminders.pathways.check_in import shipped_check_in
from reminders.pathways.symptom_check import shipped_symptom_check
from reminders.rules import symptom_check
from reminders.rules.check_in import Mode, Sheet, sheet
from reminders.rules.check_in_answers import Filled, ReadAnswer, what_is_told
from reminders.rules.symptom_check import Outcome

# A routine message waits at most this long for a patient in the middle of a check-in.
NOT_BROKEN_INTO = timedelta(minutes=30)
TIERS = {
    symptom_check.Tier.EMERGENCY: Tier.EMERGENCY,
    symptom_check.Tier.SAME_DAY: Tier.SAME_DAY,
    symptom_check.Tier.ROUTINE: Tier.ROUTINE,
}
SUMMARIES = {
    Tier.EMERGENCY: "Check-in: a sign that needs help now",
    Tier.SAME_DAY: "Check-in: call the patient today",
    Tier.ROUTINE: "Check-in: call the patient in the next two working days",
}


class AnotherPatientsForm(Exception):
    """The form's key belongs to the check-in of somebody else."""


class NotAccepted(Exception):
    """Something on the sheet is wrong and nothing on it is urgent: it is shown again, not kept."""


@dataclass(frozen=True, slots=True)
class CheckInForm:
    """What one patient is asked now, and which reminder's question that is, if any."""

    patient: Patient
    surgery: Surgery
    reminder: Reminder | None
    sheet: Sheet


def form_for(patient: Patient, *, now: datetime) -> CheckInForm | None:
    """Return what this patient is asked now; None for somebody without an operation.

    The questions are those of the latest check-in that is still open and was not answered on a
    form; without one, those of any day. Reads, and writes nothing.
    """
    surgery = current_operation(patient, now=now)
    if surgery is None:
        return None
    today = timezone.localdate(now, patient.tz)
    reminder = _open_reminder(surgery, now=now)
    content = shipped_check_in()
    return CheckInForm(
        patient=patient,
        surgery=surgery,
        reminder=reminder,
        sheet=sheet(
            reminder.step.questions if reminder else content.any_day,
            mode=mode_of(patient.clinic),
            region=surgery.region,
            day=(today - surgery.surgery_date).days,
            content=content,
            check=shipped_symptom_check(),
        ),
    )


def mode_of(clinic: Clinic) -> Mode:
    """Return what the clinic does with warning signs: nothing without the numbers to call."""
    return Mode.OFF if clinic.missing_numbers else Mode(clinic.symptom_check_mode)


def current_operation(patient: Patient, *, now: datetime) -> Surgery | None:
    """Return the last operation up to today; before the first one, the next that is planned."""
    today = timezone.localdate(now, patient.tz)
    surgeries = patient.surgeries.exclude(status=SurgeryStatus.CANCELLED).order_by("surgery_date")
    behind = surgeries.filter(surgery_date__lte=today).last()
    return behind or surgeries.first()


def _open_reminder(surgery: Surgery, *, now: datetime) -> Reminder | None:
    asked = Reminder.objects.filter(
        ~answered_on_a_form("pk"),
        surgery=surgery,
        status=ReminderStatus.DISPATCHED,
        due_at__lte=now,
        due_at__gt=now - QUESTION_OPEN_FOR,
    ).exclude(step__questions=[])
    return asked.select_related("step").order_by("-due_at", "-pk").first()


@transaction.atomic
def begin(
    form: CheckInForm, *, key: UUID, by: CheckInBy, now: datetime, recorded_by: Staff | None = None
) -> CheckIn:
    """Open a check-in under the form's key, or find it again; say that the patient is at it.

    Raises AnotherPatientsForm.
    """
    check_in, _ = CheckIn.objects.select_for_update(of=("self",)).get_or_create(
        key=key,
        defaults={
            "patient": form.patient,
            "surgery": form.surgery,
            "reminder": form.reminder,
            "step_key": form.reminder.step_key if form.reminder else "",
            "day": form.sheet.day,
            "by": by,
            "recorded_by": recorded_by,
            "started_at": now,
            "active_at": now,
            "version": shipped_symptom_check().version,
            "mode": form.sheet.mode.value,
        },
    )
    if check_in.patient_id != form.patient.pk:
        raise AnotherPatientsForm(f"check-in {check_in.pk} is not of patient {form.patient.pk}")
    if check_in.submitted_at is None and check_in.active_at < now:
        check_in.active_at = now
        check_in.save(update_fields=["active_at"])
    return check_in


@transaction.atomic
def submit(
    form: CheckInForm,
    filled: Filled,
    *,
    key: UUID,
    by: CheckInBy,
    language: str,
    now: datetime,
    recorded_by: Staff | None = None,
) -> CheckIn:
    """Keep a filled-in sheet, and raise its alert, together; again changes nothing.

    Raises NotAccepted and AnotherPatientsForm.
    """
    check_in = begin(form, key=key, by=by, now=now, recorded_by=recorded_by)
    if check_in.submitted_at is not None:
        return check_in
    if not filled.is_accepted:
        raise NotAccepted(f"check-in {check_in.pk}")
    keep_answers(check_in, filled.answers, at=now)
    hand_in(
        check_in,
        outcome=filled.outcome,
        is_relayed=form.sheet.mode is Mode.RELAY and bool(form.sheet.signs),
        language=language,
        now=now,
    )
    return check_in


def keep_answers(
    check_in: CheckIn, answers: Iterable[ReadAnswer], *, at: datetime, reply: Reply | None = None
) -> None:
    """Write down answers as they were given, each with the version of its question."""
    CheckInAnswer.objects.bulk_create(
        CheckInAnswer(
            check_in=check_in,
            question=answer.question,
            version=answer.version,
            raw=answer.raw,
            number=answer.number,
            choice=answer.choice,
            at=at,
            reply=reply,
        )
        for answer in answers
    )


def hand_in(
    check_in: CheckIn, *, outcome: Outcome | None, is_relayed: bool, language: str, now: datetime
) -> None:
    """End a check-in: its tier, its alert and the words that the patient is told."""
    clinic = check_in.patient.clinic
    check_in.submitted_at = check_in.active_at = now
    check_in.language = language
    if outcome is not None:
        check_in.tier, check_in.rules = outcome.tier.value, list(outcome.rules)
        check_in.sla_minutes = outcome.sla_minutes
    check_in.told = what_is_told(
        mode=Mode.RELAY if is_relayed else Mode.OFF if outcome is None else Mode.TRIAGE,
        outcome=outcome,
        is_staffed=is_staffed(clinic, now),
        language=language,
        values=numbers_of(clinic),
        content=shipped_check_in(),
        check=shipped_symptom_check(),
    )
    check_in.alert = _raise_alert(check_in, outcome, is_relayed=is_relayed, now=now)
    check_in.save()


def _raise_alert(
    check_in: CheckIn, outcome: Outcome | None, *, is_relayed: bool, now: datetime
) -> Alert | None:
    """Raise what the answers ask for; nothing where they are only kept."""
    tier = TIERS.get(outcome.tier) if outcome is not None else None
    if is_relayed:
        summary, tier = "A check-in to read", Tier.SAME_DAY
        to_do = "Read the answers and call where needed. Nobody has sorted them."
    elif outcome is not None and tier is not None:
        summary, to_do = SUMMARIES[tier], _what_to_do(outcome)
    else:
        return None
    patient = check_in.patient
    alert = new_alert(
        patient.clinic,
        kind=AlertKind.CHECK_IN,
        tier=tier,
        cause=f"check-in:{check_in.pk}",
        summary=summary,
        to_do=to_do,
        patient=patient,
        reminder=check_in.reminder,
        now=now,
    )
    if outcome is not None and outcome.sla_minutes is not None:
        alert.act_before = now + timedelta(minutes=outcome.sla_minutes)
    raise_alerts([alert])
    return Alert.objects.get(clinic=alert.clinic, cause=alert.cause)


def _what_to_do(outcome: Outcome) -> str:
    """The staff action of the tier, and which rules led to it (clinical content research, 4c)."""
    check = shipped_symptom_check()
    codes = {rule.key: rule.code for rule in check.rules}
    held = ", ".join(f"{key} ({codes[key]})" for key in outcome.rules)
    return f"{check.tiers[outcome.tier].staff_action} Rules: {held}."


def is_staffed(clinic: Clinic, now: datetime) -> bool:
    """True while somebody is at the clinic to read what comes in."""
    local = now.astimezone(clinic.tz)
    closures = list(Closure.objects.filter(clinic=clinic))
    is_open_day = workday_rule(clinic, closures)(local.date())
    return is_open_day and clinic.opens_at <= local.time() < clinic.closes_at


def open_checks(patient_ids: Iterable[int], *, now: datetime) -> dict[int, datetime]:
    """Return until when each of these patients is taken to be in the middle of a check-in.

    A routine message waits for that long, so that it does not break in; nobody is waited for
    longer than this after they were last seen at it.
    """
    seen = (
        CheckIn.objects.filter(
            patient__in=list(patient_ids),
            submitted_at__isnull=True,
            active_at__gt=now - NOT_BROKEN_INTO,
        )
        .exclude(by=CheckInBy.STAFF)
        .values_list("patient_id")
        .annotate(last=Max("active_at"))
        .order_by()
    )
    return {patient_id: last + NOT_BROKEN_INTO for patient_id, last in seen}
