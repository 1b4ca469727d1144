"""The stand-in provider as a process: `manage.py stand_in --http-port N --smtp-port N ...`."""

import signal
import threading
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from clinic import clock
from reminders.demo.stand_in.account import Account
from reminders.demo.stand_in.demo_clock import DemoClockReader
from reminders.demo.stand_in.stand_in import StandIn


class Command(BaseCommand):
    """Runs until SIGINT or SIGTERM; nothing it accepted is lost by kill -9."""

    help = "Run the stand-in provider: a telephone network and a mail server for demo and tests."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--http-port", type=int, default=0, help="0: any free port")
        parser.add_argument("--smtp-port", type=int, default=0, help="0: any free port")
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--data-dir", type=Path, required=True, help="where its log lives")

    def handle(self, *args: object, **options: object) -> None:
        """Start, print one line that begins with `Stand-in ready`, and wait to be stopped."""
        if settings.ENVIRONMENT == "production":
            raise CommandError("The stand-in is no provider: it never runs in production.")
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        with self._stand_in(options) as stand_in:
            place = f"{stand_in.url} (texts), {stand_in.host}:{stand_in.smtp_port} (mail)"
            self.stdout.write(f"Stand-in ready: {place}")
            self.stdout.flush()
            stop.wait()

    def _stand_in(self, options: dict[str, object]) -> StandIn:
        account = Account(
            sid=settings.TWILIO_ACCOUNT_SID,
            token=settings.TWILIO_AUTH_TOKEN,
            public_url=settings.PUBLIC_URL,
        )
        return StandIn(
            Path(str(options["data_dir"])),
            account=account,
            now=DemoClockReader(clock.now).now,
            host=str(options["host"]),
            http_port=int(str(options["http_port"])),
            smtp_port=int(str(options["smtp_port"])),
        )
