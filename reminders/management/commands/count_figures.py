"""Count the figures of every clinic again from its first message on."""

from typing import Any

from django.core.management.base import BaseCommand

from clinic import clock
from clinic.models import Clinic
from reminders.flow.figures import count_clinic


class Command(BaseCommand):
    help = "Count the numbers of all days again. Running it at any time makes the same rows."

    def handle(self, *args: Any, **options: Any) -> None:
        for clinic in Clinic.objects.order_by("pk"):
            rows = count_clinic(clinic, now=clock.now(), everything=True)
            self.stdout.write(f"{clinic.key}: {rows} rows")
