"""An empty database → the demo clinic, its patients, and the messages they have had so far.

What lies behind was not written by hand: the demo clock starts seven weeks back, and
`weeks_behind` walks it to today.
"""

from datetime import UTC, datetime, timedelta
from datetime import time as wall_time

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from clinic import clock
from clinic.models import (
    Channel,
    Clinic,
    Consent,
    ConsentSource,
    DemoClock,
    Patient,
    Staff,
    Surgery,
    SurgeryStatus,
    SymptomCheckMode,
)
from reminders.demo.authenticator import give_authenticators
from reminders.demo.cast import CLINIC_KEY, COLLEAGUES, PASSWORD, PATIENTS, Character, Colleague
from reminders.demo.duty import put_on_duty
from reminders.demo.own_set_up import try_everything, type_the_codes
from reminders.demo.second_clinic import make_second_clinic
from reminders.demo.weeks_behind import walk_to_today
from reminders.flow.figures import count_clinic
from reminders.flow.load import load_pathway, load_sources
from reminders.flow.signing import go_live, sign, submit
from reminders.models import Instance, VersionStatus
from reminders.models.instance import database_identity
from reminders.pathways.reading import read_pathways, read_sources
from reminders.rules.timing import wall_clock_moment

STARTS_DAYS_AGO = 52
ENROLLED_DAYS_BEFORE = 10
SIGNERS = ("surgeon", "physio", "nurse")


def seed_demo() -> Clinic:
    """Make the demo clinic and walk it to today; return it. Run again it goes on where it was.

    Needs the stand-in provider to be there. The records are made in one transaction; the walk can
    be broken off at any moment and is picked up by the next run.
    """
    clinic = Clinic.objects.filter(key=CLINIC_KEY).first()
    if clinic is None:
        clinic = _make_records()
    give_authenticators()
    walk_to_today(clinic)
    type_the_codes(clinic)
    count_clinic(clinic, now=clock.now())
    return clinic


@transaction.atomic
def _make_records() -> Clinic:
    today = datetime.now(UTC)
    start = (today - timedelta(days=STARTS_DAYS_AGO)).replace(hour=7, minute=0)
    clinic = _clinic()
    password = make_password(PASSWORD)  # slow on purpose, and the same for all of them
    staff = {who.username: _colleague(clinic, who, password=password) for who in COLLEAGUES}
    Staff.objects.create(
        username="operator",
        password=password,
        first_name="Demo operator",
        is_staff=True,
        is_superuser=True,
    )
    clinic.live_since, clinic.live_by = start, staff["surgeon"]
    clinic.save(update_fields=["live_since", "live_by"])
    load_sources(read_sources())
    for content in read_pathways():
        version = load_pathway(content, clinic=clinic, author=staff["author"], now=start)
        if version is not None:
            _put_live(version.pk, staff, now=start)
    for character in PATIENTS:
        _patient(clinic, character, recorded_by=staff["reception"], today=today)
    make_second_clinic(password=password, today=today)
    put_on_duty(clinic, staff, today=today, now=start)
    Instance.objects.update_or_create(
        pk=Instance.ONLY,
        defaults={
            "environment": settings.ENVIRONMENT,
            "identity": database_identity(),
            "released_at": start,
            "released_by": staff["surgeon"],
        },
    )
    try_everything(clinic, by=staff["nurse"], now=start)
    DemoClock.objects.create(
        pk=DemoClock.ONLY, ahead_seconds=(start - datetime.now(UTC)).total_seconds()
    )
    return clinic


def _clinic() -> Clinic:
    return Clinic.objects.create(
        key=CLINIC_KEY,
        name="Harbourside Demo Clinic",
        sender_name="Harbourside Care",
        country="GB",
        subdivision="ENG",
        zone="Europe/London",
        phone="020 7946 0100",
        booking_phone="020 7946 0101",
        urgent_phone="020 7946 0102",
        emergency_phone="999",
        sms_sender="+447700900000",
        email_sender="care@harbourside.example",
        staff_email="ward@harbourside.example",
        is_demo=True,
        symptom_check_mode=SymptomCheckMode.RELAY,
    )


def _colleague(clinic: Clinic, colleague: Colleague, *, password: str) -> Staff:
    return Staff.objects.create(
        username=colleague.username,
        password=password,
        first_name=colleague.first_name,
        last_name=colleague.last_name,
        email=f"{colleague.username}@harbourside.example",
        clinic=clinic,
        role=colleague.role,
        registration_number=colleague.registration_number,
        phone=colleague.phone,
        is_staff=True,
    )


def _put_live(version_id: int, staff: dict[str, Staff], *, now: datetime) -> None:
    version = submit(version_id, by=staff["author"], now=now)
    for signer in SIGNERS:
        if version.status == VersionStatus.IN_REVIEW:  # some content needs fewer signatures
            version = sign(version_id, by=staff[signer], now=now)
    go_live(version_id, by=staff["surgeon"], now=now)


def _patient(clinic: Clinic, character: Character, *, recorded_by: Staff, today: datetime) -> None:
    operated_on = today.astimezone(clinic.tz).date() + timedelta(days=character.operated)
    enrolled_at = wall_clock_moment(
        min(operated_on - timedelta(days=ENROLLED_DAYS_BEFORE), today.date()),
        wall_time(9, 0),
        tz=clinic.tz,
    )
    patient = Patient.objects.create(
        clinic=clinic,
        record_number=character.record_number,
        given_name=character.given_name,
        family_name=character.family_name,
        birth_date=character.birth_date,
        mobile=character.mobile,
        email=character.email,
        channels=character.channels,
        detailed_sms=character.detailed_sms,
        created_at=enrolled_at,
    )
    Consent.objects.bulk_create(
        Consent(
            patient=patient,
            channel=which,
            given=True,
            at=enrolled_at,
            source=ConsentSource.STAFF,
            recorded_by=recorded_by,
            wording="May we send you care messages this way? (form 3, version 2)",
        )
        for which in Channel
    )
    took_place = character.status == SurgeryStatus.CONFIRMED
    Surgery.objects.create(
        patient=patient,
        status=character.status,
        surgery_date=operated_on,
        discharge_date=operated_on + timedelta(days=1) if took_place else None,
        enrolled_at=enrolled_at,
        arrival_time=wall_time(7, 30),
        levels=character.levels,
        side=character.side,
        indication="disc_herniation",
        anaesthetic="general",
        approach="micro",
        **character.facts,
    )
