"""A thousand made-up patients, a whole year, the real workers: what became of every reminder.

The patients come from a CSV through the importer, as a clinic's would. While the clock walks, the
staff of the soak confirm operations, move some, cancel some and record deaths; some patients
answer, some say STOP. Everything is drawn from one seed, so that a run can be repeated.
"""

import csv
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as wall_time
from pathlib import Path

import requests
from django.conf import settings
from django.db.models import Q

from clinic import clock
from clinic.intake.importing import apply
from clinic.intake.spreadsheet import open_spreadsheet
from clinic.models import (
    Clinic,
    DemoClock,
    Patient,
    PatientStatus,
    Staff,
    Surgery,
    SurgeryStatus,
)
from reminders.demo.walk import wait_for_workers, walk
from reminders.flow.alerts import acknowledge, close
from reminders.models import Alert, AlertStatus

AREA_CODES = (202, 212, 305, 312, 404, 415, 503, 617, 702, 713, 801, 816)
ZONES = ("Europe/London",) * 7 + ("America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")
GIVEN = ("Ada", "Bea", "Cyril", "Dora", "Emil", "Flora", "Gus", "Hana", "Ivo", "Jun", "Kit", "Lea")
FAMILY = ("Ash", "Birch", "Cedar", "Dale", "Elm", "Fern", "Glen", "Hill", "Isle", "Lake", "Moor")
FACTS = ("day_case", "durotomy", "smoker", "opioids", "driver", "desk_work", "histology_sent")
OPERATED_OVER_DAYS = 7
FIRST_OPERATION_AFTER_DAYS = 8
YEAR_DAYS = 400  # a year after the last operation, and what the clinic moved
COLUMNS = (
    "record_number", "given_name", "family_name", "birth_date", "mobile", "email", "language",
    "zone", "channels", "consent_sms", "consent_email", "procedure", "region", "side",
    "surgery_date", "arrival_time", *FACTS,
)  # fmt: skip


@dataclass(slots=True)
class Soak:
    """One run. `say` prints progress; `happened` counts what was done to and by the patients."""

    clinic: Clinic
    by: Staff
    patients: int
    seed: int
    say: Callable[[str], None]
    draw: random.Random = field(init=False)
    happened: dict[str, int] = field(default_factory=dict)
    stride: timedelta = timedelta(minutes=110)

    def __post_init__(self) -> None:
        self.draw = random.Random(self.seed)  # noqa: S311 - a repeatable draw, no secret

    def run(self, csv_file: Path, *, days: int = YEAR_DAYS) -> None:
        """Write the file, import it, and walk the clock through the year."""
        start = clock.now()
        write_patients(csv_file, count=self.patients, first_day=start.date(), draw=self.draw)
        self._import(csv_file)
        end = start + timedelta(days=days)
        day = start
        while day < end:
            day = min(day + timedelta(days=1), end)
            self._walk(day)
            self._one_day_of_work()
            if (day - start).days % 30 == 0:
                self.say(f"day {(day - start).days}: {self.happened}")
        _wait_long()

    def _import(self, csv_file: Path) -> None:
        with csv_file.open("rb") as file:
            sheet = open_spreadsheet(file, name=csv_file.name)
            outcomes = apply(sheet.rows(), clinic=self.clinic, now=clock.now(), by=self.by)
            for outcome in outcomes:
                self._count(f"rows {outcome.action.value}")
        self.say(f"imported: {self.happened}")

    def _walk(self, until: datetime) -> None:
        while not walk(
            until=until,
            drain=_wait_long,
            stop_at=time.monotonic() + 600,
            stride=self.stride,
        ):
            pass

    def _one_day_of_work(self) -> None:
        """What staff and patients do on one day of the clinic."""
        now = clock.now()
        today = now.astimezone(self.clinic.tz).date()
        planned = Surgery.objects.filter(
            patient__clinic=self.clinic, status=SurgeryStatus.PLANNED
        ).select_related("patient")
        for surgery in planned.filter(surgery_date__lte=today).order_by("pk"):
            self._operation_day(surgery, today)
        for surgery in planned.filter(surgery_date=today + timedelta(days=5)).order_by("pk"):
            self._before_operation(surgery)
        self._results_come_back(today)
        self._alerts_are_closed(now)
        self._patients_write(now)

    def _results_come_back(self, today: date) -> None:
        """Specimen results are read about two weeks after the operation."""
        back = Surgery.objects.filter(
            patient__clinic=self.clinic,
            histology_sent=True,
            histology_reviewed=False,
            surgery_date__lte=today - timedelta(days=14),
        )
        for surgery in back.order_by("pk"):
            surgery.histology_result_date, surgery.histology_reviewed = today, True
            surgery.save()
            self._count("specimen results read")

    def _alerts_are_closed(self, now: datetime) -> None:
        """Once a day somebody takes whatever waits and closes most of it."""
        waiting = Alert.objects.filter(clinic=self.clinic).exclude(status=AlertStatus.CLOSED)
        for alert_id in list(waiting.order_by("pk").values_list("pk", flat=True)):
            acknowledge(alert_id, by=self.by, now=now)
            if self._happens(0.9):
                close(alert_id, by=self.by, outcome="Called the patient.", now=now)
                self._count("alerts closed")

    def _operation_day(self, surgery: Surgery, today: date) -> None:
        if surgery.surgery_date == today and not self._happens(0.5):
            return  # staff confirm in the evening or the next day
        surgery.status = SurgeryStatus.CONFIRMED
        surgery.discharge_date = surgery.surgery_date + timedelta(days=0 if surgery.day_case else 1)
        surgery.save()
        self._count("operations confirmed")

    def _before_operation(self, surgery: Surgery) -> None:
        if self._happens(0.05):
            surgery.surgery_date += timedelta(days=self.draw.choice((-2, 3, 7, 14)))
            surgery.save()
            self._count("operations moved")
        elif self._happens(0.02):
            surgery.status = SurgeryStatus.CANCELLED
            surgery.save()
            self._count("operations cancelled")

    def _patients_write(self, now: datetime) -> None:
        """Each day a few die, a few stop, and those who were asked something answer."""
        active = Patient.objects.filter(clinic=self.clinic, status=PatientStatus.ACTIVE)
        if self._happens(0.02) and (unlucky := active.order_by("?").first()):
            unlucky.status = PatientStatus.DECEASED
            unlucky.save()
            self._count("deaths recorded")
        if self._happens(0.06) and (leaver := active.exclude(mobile="").order_by("?").first()):
            self._text(leaver, "STOP")
        asked = active.filter(
            Q(deliveries__queued_at__gt=now - timedelta(days=1))
            & Q(deliveries__channel="sms")
            & ~Q(deliveries__reminder__step__replies=[])
        ).distinct()
        for patient in asked.order_by("pk"):
            if self._happens(0.4):
                self._text(patient, self.draw.choice(("1", "1", "1", "2", "3", "fine thanks")))

    def _text(self, patient: Patient, words: str) -> None:
        requests.post(
            f"{settings.STAND_IN_URL}/stand-in/inbound",
            json={"from": patient.mobile, "to": self.clinic.sms_sender, "body": words},
            timeout=30,
        ).raise_for_status()
        self._count("STOP received" if words == "STOP" else "replies received")

    def _happens(self, probability: float) -> bool:
        return self.draw.random() < probability

    def _count(self, what: str) -> None:
        self.happened[what] = self.happened.get(what, 0) + 1


def _wait_long() -> None:
    """A thousand messages of one moment take longer than a demo's; none may be late for it."""
    wait_for_workers(seconds=600)


def write_patients(path: Path, *, count: int, first_day: date, draw: random.Random) -> None:
    """Write a CSV of made-up patients with numbers and addresses that nobody has."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for number in range(count):
            writer.writerow(_row(number, first_day=first_day, draw=draw))


def _row(number: int, *, first_day: date, draw: random.Random) -> dict[str, str]:
    operated = first_day + timedelta(days=FIRST_OPERATION_AFTER_DAYS + number % OPERATED_OVER_DAYS)
    born = date(1940, 1, 2) + timedelta(days=draw.randrange(20_000))
    row = {
        "record_number": f"S-{number:05d}",
        "given_name": draw.choice(GIVEN),
        "family_name": f"{draw.choice(FAMILY)}",
        "birth_date": born.isoformat(),
        "mobile": f"+1{AREA_CODES[number // 100 % len(AREA_CODES)]}55501{number % 100:02d}",
        "email": f"patient{number}@example.com",
        "language": "en",
        "zone": draw.choice(ZONES),
        "channels": draw.choices(("both", "sms", "email"), (8, 1, 1))[0],
        "consent_sms": "yes",
        "consent_email": "yes",
        "procedure": "hemilaminectomy",
        "region": "lumbar",
        "side": draw.choice(("left", "right")),
        "surgery_date": operated.isoformat(),
        "arrival_time": wall_time(7, 30).isoformat("minutes"),
    }
    return row | {fact: "yes" if draw.random() < 0.3 else "no" for fact in FACTS}


def clock_is_free() -> bool:
    """True when no demo is walking the clock, so that a soak may."""
    return not DemoClock.objects.exclude(walking_to=None).exists()
