"""From a patient's report to the first notice in the provider's hands, with real workers."""

import statistics
import time
from collections.abc import Callable
from datetime import timedelta

from django.db.models import Min

from bench.house import workers
from bench.rows import START
from clinic import clock
from clinic.models import Clinic, Patient, Role, Staff
from reminders.channels.base import InboundMessage
from reminders.flow.ladder_writing import write_ladder
from reminders.flow.replies import store_reply
from reminders.flow.rota import add_shifts
from reminders.models import Alert, Delivery, How, Purpose, Rung, Tier, Whom
from reminders.tasks import ring

PATIENCE_SECONDS = 120.0
PAUSE_SECONDS = 0.5


def first_notice(clinic: Clinic, *, reports: int) -> None:
    """Print the median and the 99th percentile, by the bell and by the sweep alone."""
    _ladder(clinic)
    with workers():
        _wait_for_workers(clinic)
        _run(clinic, reports, start=1, bell=lambda: ring("reminders.replies"))
        _run(clinic, max(reports // 5, 1), start=reports + 1, bell=None)


def _ladder(clinic: Clinic) -> None:
    nurse = Staff.objects.create_user(
        "bench-nurse", clinic=clinic, role=Role.NURSE, phone="+447700900801"
    )
    urgent: dict[str, list[str]] = {"tiers": [Tier.EMERGENCY]}
    rungs = [
        Rung(after_minutes=0, whom=Whom.ON_DUTY, how=How.SMS, **urgent),
        Rung(after_minutes=60, whom=Whom.ADDRESS, address="020 7946 0109", how=How.PHONE, **urgent),
    ]
    write_ladder(
        clinic, rungs=rungs, repeat_minutes=240, raise_again_minutes=60, by=nurse, now=START
    )
    now = clock.now()
    hours = [(now - timedelta(hours=1), now + timedelta(hours=9))]
    add_shifts(clinic, staff=nurse, spans=hours, by=nurse, now=now)


def _wait_for_workers(clinic: Clinic) -> None:
    """Let one patient report who does not count, and wait until staff are told."""
    patient = Patient.objects.filter(clinic=clinic).order_by("pk")[0]
    _report(patient, "SM0")
    give_up = time.monotonic() + PATIENCE_SECONDS
    while not _waits(0) and time.monotonic() < give_up:
        time.sleep(PAUSE_SECONDS)


def _run(clinic: Clinic, count: int, *, start: int, bell: Callable[[], object] | None) -> None:
    """Let `count` patients report, one after the other, and print how long it took."""
    patients = Patient.objects.filter(clinic=clinic).order_by("pk")[start : start + count]
    before = Alert.objects.count()
    for number, patient in enumerate(patients):
        _report(patient, f"SM{start + number}")
        if bell:
            bell()
        time.sleep(PAUSE_SECONDS)
    give_up = time.monotonic() + PATIENCE_SECONDS
    while len(waits := _waits(before)) < count and time.monotonic() < give_up:
        time.sleep(PAUSE_SECONDS)
    lost = count - len(waits)
    which = "by the bell" if bell else "by the sweep alone"
    p99 = statistics.quantiles(waits, n=100, method="inclusive")[98]
    print(
        f"report to first notice, {which:<19} p50 {statistics.median(waits):6.2f} s"
        f"  p99 {p99:6.2f} s  {count} reports, {lost} lost",
        flush=True,
    )


def _report(patient: Patient, reference: str) -> None:
    store_reply(
        InboundMessage(
            provider="twilio",
            provider_message_id=reference,
            sender=patient.mobile,
            recipient=patient.clinic.sms_sender,
            body="I am numb between my legs",
            media_count=0,
            raw={},
        ),
        now=clock.now(),
    )


def _waits(before: int) -> list[float]:
    """Return the seconds from each report to its first accepted notice, but the first `before`."""
    taken = (
        Delivery.objects.filter(purpose=Purpose.NOTICE, status="accepted")
        .values("alert_step__alert__reply__received_at", "alert_step__alert")
        .annotate(first=Min("status_since"))
        .order_by("alert_step__alert")
    )
    rows = list(taken)[before:]
    return [
        (row["first"] - row["alert_step__alert__reply__received_at"]).total_seconds()
        for row in rows
    ]
