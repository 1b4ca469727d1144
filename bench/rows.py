"""A clinic with live content and patients with operations, quickly."""

from datetime import UTC, date, datetime, timedelta

from django.conf import settings

from clinic.models import Channel, Clinic, Consent, Patient, Role, Staff, Surgery, SurgeryStatus
from reminders.flow.load import load_pathway, load_sources
from reminders.flow.signing import go_live, sign, submit
from reminders.models import Instance
from reminders.models.instance import database_identity
from reminders.pathways.reading import read_pathways, read_sources

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def a_clinic() -> Clinic:
    """Return a clinic that may send, with the shipped pathways signed and live."""
    clinic = Clinic.objects.create(
        key="bench", name="Bench", sender_name="Bench", country="GB", zone="Europe/London",
        phone="020 7946 0300", urgent_phone="020 7946 0301", emergency_phone="999",
        sms_sender="+447700900002", email_sender="care@bench.example",
        live_since=START,
    )  # fmt: skip
    staff = [
        Staff.objects.create_user(
            f"bench-{role}", clinic=clinic, role=role, registration_number=f"B-{role}"
        )
        for role in (Role.MANAGER, Role.SURGEON, Role.PHYSIOTHERAPIST)
    ]
    load_sources(read_sources())
    for content in read_pathways():
        version = load_pathway(content, clinic=clinic, author=staff[0], now=START)
        if version is not None:
            submit(version.pk, by=staff[0], now=START)
            sign(version.pk, by=staff[1], now=START)
            sign(version.pk, by=staff[2], now=START)
            go_live(version.pk, by=staff[1], now=START)
    Instance.objects.create(
        pk=Instance.ONLY,
        environment=settings.ENVIRONMENT,
        identity=database_identity(),
        released_at=START,
    )
    return clinic


def operations(clinic: Clinic, count: int, *, operated_on: date, start: int = 0) -> list[Surgery]:
    """Make `count` patients with consent and a confirmed operation; return the operations."""
    patients = Patient.objects.bulk_create(
        Patient(
            clinic=clinic,
            record_number=f"B-{start + n}",
            given_name="Bench",
            family_name=f"Number {start + n}",
            mobile=f"+447700{start + n:06d}",
            email=f"bench{start + n}@example.com",
        )
        for n in range(count)
    )
    Consent.objects.bulk_create(
        Consent(patient=p, channel=channel, given=True, at=START, source="import", wording="bench")
        for p in patients
        for channel in Channel
    )
    return Surgery.objects.bulk_create(
        Surgery(
            patient=patient,
            status=SurgeryStatus.CONFIRMED,
            surgery_date=operated_on,
            discharge_date=operated_on + timedelta(days=1),
            enrolled_at=START,
        )
        for patient in patients
    )
