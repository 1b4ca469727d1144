"""Count every reminder once and say whether any is lost or doubled. Promise P1."""

from typing import Any

import requests
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from clinic import clock
from clinic.models import Clinic
from reminders.flow.balance import Balance, balance, doubled_references
from reminders.models import Attempt, AttemptStatus


class Command(BaseCommand):
    help = "Print the balance of all reminders; exit 1 when one is unaccounted for or doubled."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--clinic", help="Key of one clinic; without it, all of them.")

    def handle(self, *args: Any, **options: Any) -> None:
        clinic = None
        if options["clinic"]:
            clinic = Clinic.objects.filter(key=options["clinic"]).first()
            if clinic is None:
                raise CommandError(f"There is no clinic {options['clinic']!r}.")
        found = balance(now=clock.now(), clinic=clinic)
        for status, count in sorted(found.deliveries.items()):
            self.stdout.write(f"deliveries {status}: {count}")
        if settings.STAND_IN_URL and clinic is None:
            found = self._with_provider(found)
        self.stdout.write(
            f"alerts: steps overdue {found.overdue_steps}, open without a step"
            f" {found.silent_alerts}"
        )
        self.stdout.write(found.line)
        if found.unaccounted or found.doubled:
            raise SystemExit(1)

    def _with_provider(self, found: Balance) -> Balance:
        """Hold the rows against the stand-in's log: what it took twice, what only one knows."""
        try:
            answer = requests.get(f"{settings.STAND_IN_URL}/stand-in/references", timeout=60)
            taken: dict[str, dict[str, int]] = answer.json()
        except requests.RequestException as error:
            raise CommandError(f"The stand-in does not answer: {type(error).__name__}") from error
        references = {key: times for kind in taken.values() for key, times in kind.items() if key}
        ours = {
            str(pk): (delivery, status)
            for pk, delivery, status in Attempt.objects.values_list("pk", "delivery", "status")
        }
        doubled = doubled_references(references, {key: row[0] for key, row in ours.items()})
        accepted = {key for key, row in ours.items() if row[1] == AttemptStatus.ACCEPTED}
        unseen = accepted - references.keys()
        in_doubt = {key for key, row in ours.items() if row[1] == AttemptStatus.UNKNOWN}
        unbooked = {key for key in references if key in ours} - accepted - in_doubt
        strangers = references.keys() - ours.keys()
        self.stdout.write(
            f"provider took {sum(references.values())}, we hold {len(accepted)} accepted;"
            f" only ours {len(unseen)}, only theirs {len(unbooked) + len(strangers)},"
            f" in doubt {len(in_doubt)}"
        )
        lost = len(unseen) + len(unbooked) + len(strangers)
        return found.with_provider(doubled=doubled, unaccounted=lost)
