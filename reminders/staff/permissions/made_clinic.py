"""A clinic with one row of each kind, for trying every address on it. Undone afterwards.

`mark` stands in every name, number of a record and text, so that a page which shows any of it is
seen to. Numbers are from drama ranges.
"""

import uuid
from datetime import date, datetime, timedelta

from clinic.models import (
    Carer,
    CarerConsent,
    Channel,
    Clinic,
    Closure,
    Consent,
    ConsentSource,
    EmergencyAccess,
    Patient,
    Role,
    Staff,
    Surgery,
    SurgeryStatus,
)
from reminders.models import (
    Alert,
    AlertKind,
    Anchor,
    Category,
    CheckIn,
    CheckInAnswer,
    Delivery,
    DeliveryStatus,
    DutyShift,
    Export,
    Pathway,
    PathwayVersion,
    PhoneCall,
    Privacy,
    Reached,
    Reminder,
    ReminderStatus,
    Reply,
    ReplyStatus,
    Step,
    StepText,
    Tier,
    VersionStatus,
)

MOBILE, EMAIL = "+447700900{:03}", "{}@example.com"


def made_clinic(mark: str, *, number: int, now: datetime) -> Clinic:
    """Write the clinic and its rows; `number` (0 to 9) keeps two of them apart. Returns it."""
    clinic = Clinic.objects.create(
        key=f"{mark.lower()}-{number}", name=mark, sender_name=mark, country="GB",
        zone="Europe/London", phone="020 7946 0100", urgent_phone="020 7946 0101",
        emergency_phone="999", sms_sender=f"+1201555010{number}", email_sender="care@example.org",
        staff_email="desk@example.org",
    )  # fmt: skip
    Closure.objects.create(clinic=clinic, first_day=now.date(), last_day=now.date())
    nurse = person(clinic, Role.NURSE, mark=mark)
    patient = _patient(clinic, mark=mark, number=number, now=now)
    surgery = Surgery.objects.create(
        patient=patient, status=SurgeryStatus.PLANNED, enrolled_at=now,
        surgery_date=now.date() - timedelta(days=1),
    )  # fmt: skip
    _messages(surgery, _content(clinic, mark=mark, now=now), mark=mark, now=now)
    _conversation(patient, nurse, mark=mark, now=now)
    check_in = CheckIn.objects.create(
        key=uuid.uuid4(), patient=patient, surgery=surgery, day=1, by="page", started_at=now,
        active_at=now, version="1", mode="off",
    )  # fmt: skip
    CheckInAnswer.objects.create(
        check_in=check_in, question="pain_back", version="1", raw=mark, number=4, at=now
    )
    Export.objects.create(
        clinic=clinic, by=nurse, at=now, rows_of="clinic.patient", format="csv", row_count=0
    )
    EmergencyAccess.objects.create(
        patient=patient, clinic=clinic, by=nurse, from_clinic=clinic, at=now, reason=mark * 15,
        until=now + timedelta(hours=1), ended_at=now,
    )  # fmt: skip
    DutyShift.objects.create(
        clinic=clinic, staff=nurse, starts_at=now, ends_at=now + timedelta(hours=8)
    )
    return clinic


def person(clinic: Clinic, role: str, *, mark: str) -> Staff:
    """Write a member of staff of this role."""
    return Staff.objects.create(
        clinic=clinic, role=role, username=f"{mark.lower()}-{clinic.pk}-{role}", last_name=mark,
        first_name=role, is_staff=True, registration_number=f"{mark}-{role}",
        email=EMAIL.format(f"{mark.lower()}-{role}"),
    )  # fmt: skip


def _patient(clinic: Clinic, *, mark: str, number: int, now: datetime) -> Patient:
    patient = Patient.objects.create(
        clinic=clinic, record_number=f"{mark}-1", given_name=f"{mark}ly", family_name=mark,
        birth_date=date(1960, 5, 17), mobile=MOBILE.format(890 + number),
        email=EMAIL.format(mark.lower()),
    )  # fmt: skip
    carer = Carer.objects.create(
        patient=patient, name=mark, relation=mark, mobile=MOBILE.format(880 + number),
        allowed_at=now, allowed_wording=mark,
    )  # fmt: skip
    said = {"channel": Channel.SMS, "given": True, "at": now, "wording": mark}
    Consent.objects.create(patient=patient, source=ConsentSource.IMPORT, **said)
    CarerConsent.objects.create(carer=carer, source=ConsentSource.IMPORT, **said)
    return patient


def _content(clinic: Clinic, *, mark: str, now: datetime) -> Step:
    """A live version and a draft of a pathway, each with a step; returns the live one's."""
    pathway = Pathway.objects.create(clinic=clinic, key="made", title=mark)
    steps = []
    for number, status in ((1, VersionStatus.LIVE), (2, VersionStatus.DRAFT)):
        version = PathwayVersion.objects.create(
            pathway=pathway, number=number, label=f"1.{number}", status=status,
            digest=f"{clinic.pk:062x}{number:02}", created_at=now,
            live_from=now if status == VersionStatus.LIVE else None,
        )  # fmt: skip
        step = Step.objects.create(
            version=version, position=1, key="made-step", category=Category.PHYSIO, intent=mark,
            anchor=Anchor.SURGERY, day_from=1, day_to=1, at="09:00", channels=["sms", "email"],
            privacy=Privacy.P1, evidence="gk",
        )  # fmt: skip
        StepText.objects.create(
            step=step, language="en", sms=mark, subject=mark, heading=mark, email=mark
        )
        steps.append(step)
    return steps[0]


def _messages(surgery: Surgery, step: Step, *, mark: str, now: datetime) -> None:
    later = now + timedelta(hours=6)
    reminder = Reminder.objects.create(
        surgery=surgery, step=step, step_key=step.key, category=step.category, due_at=now,
        not_after=later, status=ReminderStatus.DISPATCHED, status_since=now,
    )  # fmt: skip
    Delivery.objects.create(
        reminder=reminder, patient=surgery.patient, clinic=surgery.patient.clinic,
        channel=Channel.SMS, status=DeliveryStatus.DELIVERED, queued_at=now, status_since=now,
        next_try_at=now, not_after=later, address=surgery.patient.mobile, text=mark,
    )  # fmt: skip


def _conversation(patient: Patient, nurse: Staff, *, mark: str, now: datetime) -> None:
    clinic = patient.clinic
    Reply.objects.create(
        provider="twilio", provider_message_id=f"SM-{mark}-{clinic.pk}", channel=Channel.SMS,
        clinic=clinic, patient=patient, sender=patient.mobile, recipient=clinic.sms_sender,
        text=mark, raw={}, received_at=now, status=ReplyStatus.FOR_A_PERSON,
    )  # fmt: skip
    Alert.objects.create(
        patient=patient, clinic=clinic, kind=AlertKind.REPLY, tier=Tier.SAME_DAY,
        cause=f"made:{patient.pk}", summary=mark, opened_at=now,
        act_before=now + timedelta(hours=2),
    )  # fmt: skip
    PhoneCall.objects.create(
        patient=patient, by=nurse, occurred_at=now, noted_at=now, reached=Reached.PATIENT,
        outcome=mark,
    )  # fmt: skip
