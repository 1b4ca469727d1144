"""An empty database → the demo clinic, its patients, and the messages they have had so far.

What lies behind was not written by hand: the demo clock starts six weeks back and walks to today
through the real planner, dispatch and channels.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from datetime import time as wall_time
from functools import partial

from django.conf import settings
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
from reminders.channels import channel
from reminders.channels.base import DeliveryNews, StatusEvent
from reminders.demo.answering import answer_check_ins, write
from reminders.demo.cast import CLINIC_KEY, COLLEAGUES, PASSWORD, PATIENTS, Character, Colleague
from reminders.demo.duty import put_on_duty, tell_staff
from reminders.demo.walk import walk
from reminders.flow.alerts import close
from reminders.flow.deliver import deliver_queued
from reminders.flow.dispatch import dispatch_due
from reminders.flow.load import load_pathway, load_sources
from reminders.flow.plan import plan_stale
from reminders.flow.receipts import apply_receipts, store_receipt
from reminders.flow.rescue import miss_overdue
from reminders.flow.signing import go_live, sign, submit
from reminders.flow.silence import see_to_silence
from reminders.models import (
    Alert,
    AlertStatus,
    Attempt,
    AttemptStatus,
    DeliveryStatus,
    Instance,
    VersionStatus,
)
from reminders.models.instance import database_identity
from reminders.pathways.reading import read_pathways, read_sources
from reminders.rules.timing import wall_clock_moment

STARTS_DAYS_AGO = 52
OPEN_ALERT_DAYS = 3
ENROLLED_DAYS_BEFORE = 10
DRAIN_SECONDS = 60.0
# How far the walk steps at most: finely through the days that a visitor reads hour by hour.
STRIDE, LONG_STRIDE = timedelta(minutes=45), timedelta(hours=3)
READ_CLOSELY = timedelta(days=14)
# Before a question would be asked again.
LUNCH = wall_time(12, 30)
SIGNERS = ("surgeon", "physio", "nurse")
# What patients wrote, by record number: how many hours ago, and the words.
WROTE = (
    ("D-0006", 20, "Is it normal that my foot tingles a bit in the evening?"),
    ("D-0001", 5, "Thank you"),
)


def seed_demo() -> Clinic:
    """Make the demo clinic and walk it to today; return it. Run again it goes on where it was.

    Needs the stand-in provider to be there. The records are made in one transaction; the walk can
    be broken off at any moment and is picked up by the next run.
    """
    clinic = Clinic.objects.filter(key=CLINIC_KEY).first()
    if clinic is None:
        clinic = _make_records()
    _walk_to_today(clinic)
    return clinic


@transaction.atomic
def _make_records() -> Clinic:
    today = datetime.now(UTC)
    start = (today - timedelta(days=STARTS_DAYS_AGO)).replace(hour=7, minute=0)
    clinic = _clinic()
    staff = {colleague.username: _colleague(clinic, colleague) for colleague in COLLEAGUES}
    Staff.objects.create_superuser("operator", password=PASSWORD, first_name="Demo operator")
    load_sources(read_sources())
    for content in read_pathways():
        version = load_pathway(content, clinic=clinic, author=staff["author"], now=start)
        if version is not None:
            _put_live(version.pk, staff, now=start)
    for character in PATIENTS:
        _patient(clinic, character, recorded_by=staff["reception"], today=today)
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


def _colleague(clinic: Clinic, colleague: Colleague) -> Staff:
    return Staff.objects.create_user(
        colleague.username,
        password=PASSWORD,
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


def _walk_to_today(clinic: Clinic) -> None:
    """Walk to the real moment; nothing is left to do once the demo clock has got there."""
    for moment, act in _stops(clinic, today=datetime.now(UTC)):
        if _walk(until=moment):
            act()
    if _walk(until=datetime.now(UTC)):
        _start_the_present(clinic)


def _stops(clinic: Clinic, *, today: datetime) -> list[tuple[datetime, Callable[[], None]]]:
    """Where the walk stops for what patients do: each noon, and when some of them write."""
    stops: list[tuple[datetime, Callable[[], None]]] = []
    for days_ago in range(STARTS_DAYS_AGO):
        day = (today - timedelta(days=days_ago)).date()
        lunch = wall_clock_moment(day, LUNCH, tz=clinic.tz)
        if lunch < today:
            stops.append((lunch, partial(answer_check_ins, clinic)))
    for record_number, hours_ago, words in WROTE:
        patient = Patient.objects.get(clinic=clinic, record_number=record_number)
        stops.append((today - timedelta(hours=hours_ago), partial(write, patient, words)))
    return sorted(stops, key=lambda stop: stop[0])


def _walk(*, until: datetime) -> bool:
    """Walk to a moment that may have passed already; True when the clock moved."""
    if clock.now() >= until:
        return False
    stride = STRIDE if until > datetime.now(UTC) - READ_CLOSELY else LONG_STRIDE
    return walk(until=until, drain=_drain, stop_at=time.monotonic() + 600, stride=stride)


def _start_the_present(clinic: Clinic) -> None:
    DemoClock.objects.filter(pk=DemoClock.ONLY).update(ahead_seconds=0)
    _tidy_up(clinic)
    for character in PATIENTS:
        if character.hold_reason:
            Surgery.objects.filter(
                patient__clinic=clinic, patient__record_number=character.record_number
            ).update(on_hold=True, hold_reason=character.hold_reason)
    _drain()


def _tidy_up(clinic: Clinic) -> None:
    """The ward has done most of what it was asked to do: only the last days' tasks are open."""
    nurse = Staff.objects.get(clinic=clinic, username="nurse")
    old = Alert.objects.filter(
        clinic=clinic, opened_at__lt=clock.now() - timedelta(days=OPEN_ALERT_DAYS)
    ).exclude(status=AlertStatus.CLOSED)
    for alert in old:
        close(alert.pk, by=nurse, outcome="Done on the ward.", now=clock.now())


def _drain() -> None:
    """What the workers do, done here and now: plan, claim, send, and hear that it arrived."""
    now = clock.now()  # the walk moves it, nothing else does
    while plan_stale(now=now, limit=100):
        pass
    miss_overdue(now=now)
    tell_staff()
    asked_again = see_to_silence(now=now)
    if not dispatch_due(now=now, batch=100) and not asked_again:
        return
    for name in Channel:
        deliver_queued(channel(name), now=lambda: now, stop_at=time.monotonic() + DRAIN_SECONDS)
    for attempt in Attempt.objects.filter(
        status=AttemptStatus.ACCEPTED,
        delivery__channel=Channel.SMS,
        delivery__status=DeliveryStatus.ACCEPTED,
    ):
        store_receipt(_arrived(attempt), now=now)
    apply_receipts(now=now, limit=1_000)


def _arrived(attempt: Attempt) -> StatusEvent:
    """The report that the stand-in would send if our web server were up already."""
    return StatusEvent(
        provider=attempt.provider,
        event_key=f"{attempt.provider_id}:delivered",
        provider_id=attempt.provider_id,
        reference=attempt.pk,
        status=DeliveryNews.DELIVERED,
        code="",
        raw={"MessageStatus": "delivered", "MessageSid": attempt.provider_id},
    )
