"""Walk made-up patients through a year on the running demo's workers; print the balance."""

import tempfile
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Count

from clinic import clock
from clinic.models import Clinic, Role, Staff
from reminders.demo.soak import YEAR_DAYS, Soak, clock_is_free
from reminders.flow.load import load_pathway, load_sources
from reminders.flow.signing import go_live, sign, submit
from reminders.models import Delivery, Reminder
from reminders.pathways.reading import read_pathways, read_sources


class Command(BaseCommand):
    help = "Import made-up patients and walk them through a year; the demo must be running."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--patients", type=int, default=1_000)
        parser.add_argument("--days", type=int, default=YEAR_DAYS)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO or not settings.STAND_IN_URL:
            raise CommandError("A soak needs the demo: DEMO=true and a stand-in provider.")
        if not clock_is_free():
            raise CommandError("The demo is walking to the next morning; wait until it is there.")
        began = time.monotonic()
        clinic, by = _clinic_of_the_soak()
        soak = Soak(
            clinic=clinic,
            by=by,
            patients=options["patients"],
            seed=options["seed"],
            say=lambda line: self._say(f"{time.monotonic() - began:6.0f} s  {line}"),
        )
        with tempfile.TemporaryDirectory() as folder:
            soak.run(Path(folder) / "patients.csv", days=options["days"])
        self._report(clinic, seconds=time.monotonic() - began)
        call_command("balance", stdout=self.stdout)

    def _report(self, clinic: Clinic, *, seconds: float) -> None:
        reminders = Reminder.objects.filter(surgery__patient__clinic=clinic)
        by_status = reminders.values_list("status", "reason").annotate(n=Count("pk"))
        for status, reason, count in by_status.order_by("status", "reason"):
            self._say(f"reminders {status} {reason}: {count}")
        deliveries = Delivery.objects.filter(clinic=clinic)
        for row in (
            deliveries.values("channel", "status").annotate(n=Count("pk")).order_by("channel")
        ):
            self._say(f"{row['channel']} {row['status']}: {row['n']}")
        self._say(f"{speed(deliveries.count(), seconds)}")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def speed(count: int, seconds: float) -> str:
    """Say how long it took and how fast that was."""
    return f"{count} deliveries in {seconds:.0f} s, {count / max(seconds, 1):.0f} a second"


def _clinic_of_the_soak() -> tuple[Clinic, Staff]:
    if Clinic.objects.filter(key="soak").exists():
        raise CommandError("There is a soak clinic already. Start over with `make demo-reset`.")
    clinic = Clinic.objects.create(
        key="soak", name="Soak Clinic", sender_name="Soak Care", country="GB", zone="Europe/London",
        phone="020 7946 0200", urgent_phone="020 7946 0201", emergency_phone="999",
        sms_sender="+447700900001", email_sender="care@soak.example", allowed_countries="GB,US",
        is_demo=True, live_since=clock.now(),
    )  # fmt: skip
    staff = [
        Staff.objects.create_user(
            f"soak-{role}", clinic=clinic, role=role, registration_number=f"SOAK-{role}"
        )
        for role in (Role.MANAGER, Role.SURGEON, Role.PHYSIOTHERAPIST)
    ]
    load_sources(read_sources())
    for content in read_pathways():
        version = load_pathway(content, clinic=clinic, author=staff[0], now=clock.now())
        if version is not None:
            submit(version.pk, by=staff[0], now=clock.now())
            sign(version.pk, by=staff[1], now=clock.now())
            sign(version.pk, by=staff[2], now=clock.now())
            go_live(version.pk, by=staff[1], now=clock.now())
    return clinic, staff[0]
