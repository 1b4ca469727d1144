"""A second clinic of the demo: one patient who is nobody's here, for trying emergency access.

It sends nothing: it has no texts of its own and has not gone live.
"""

from datetime import datetime, timedelta

from clinic.models import Carer, Clinic, Patient, Role, Staff, Surgery, SurgeryStatus
from reminders.demo.cast import ELSEWHERE
from reminders.models import PhoneCall, Reached

OPERATED_DAYS_AGO = 9
CALLED_DAYS_AGO = 2


def make_second_clinic(*, password: str, today: datetime) -> Clinic:
    """Write the clinic, its surgeon and its patient; `password` is kept as it comes: a hash."""
    clinic = Clinic.objects.create(
        key="riverside",
        name="Riverside Demo Clinic",
        sender_name="Riverside Care",
        country="GB",
        subdivision="ENG",
        zone="Europe/London",
        phone="020 7946 0200",
        urgent_phone="020 7946 0202",
        emergency_phone="999",
        email_sender="care@riverside.example",
        is_demo=True,
    )
    surgeon = Staff.objects.create(
        username="neighbour",
        password=password,
        first_name="Noor",
        last_name="Haddad",
        email="neighbour@riverside.example",
        clinic=clinic,
        role=Role.SURGEON,
        registration_number="DEMO-GMC-7001",
        is_staff=True,
    )
    _patient(clinic, surgeon, today=today)
    return clinic


def _patient(clinic: Clinic, surgeon: Staff, *, today: datetime) -> None:
    patient = Patient.objects.create(
        clinic=clinic,
        record_number=ELSEWHERE.record_number,
        given_name=ELSEWHERE.given_name,
        family_name=ELSEWHERE.family_name,
        birth_date=ELSEWHERE.birth_date,
        mobile=ELSEWHERE.mobile,
    )
    Surgery.objects.create(
        patient=patient,
        status=SurgeryStatus.CONFIRMED,
        surgery_date=today.astimezone(clinic.tz).date() - timedelta(days=OPERATED_DAYS_AGO),
        enrolled_at=today - timedelta(days=OPERATED_DAYS_AGO),
        levels=ELSEWHERE.levels,
        side=ELSEWHERE.side,
        named_surgeon=surgeon,
        **ELSEWHERE.facts,
    )
    Carer.objects.create(
        patient=patient,
        name="Ivo Novak",
        relation="husband",
        mobile="+447700900172",
        allowed_at=today,
        allowed_wording="May we tell Ivo too? (form 5)",
    )
    called = today - timedelta(days=CALLED_DAYS_AGO)
    PhoneCall.objects.create(
        patient=patient,
        by=surgeon,
        occurred_at=called,
        noted_at=called,
        reached=Reached.PATIENT,
        outcome="Wound is dry. Headache when upright, asked to come in if it gets worse",
    )
