"""Make the demo clinic; run again it changes nothing. Only where DEMO is true."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from reminders.demo.cast import COLLEAGUES, PASSWORD
from reminders.demo.seed import seed_demo


class Command(BaseCommand):
    help = "Make the demo clinic with its patients and their messages so far."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is not a demo: DEMO is false. Nothing was changed.")
        seed_demo()
        names = ", ".join(c.username for c in COLLEAGUES if c.registration_number)
        self.stdout.write(f"Log in as one of: {names}, reception, operator")
        self.stdout.write(f"Password: {PASSWORD}")
