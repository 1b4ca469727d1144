"""Say that this database, and no copy of it, may send. Promise P9."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from clinic import clock
from clinic.models import Staff
from reminders.models import Instance
from reminders.models.instance import database_identity


class Command(BaseCommand):
    help = (
        "Release this database for sending. After a restore, a copy or a failover nothing is sent "
        "until somebody does this; look at the balance and the provider's log first."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--by", required=True, help="Your username; it is written down.")

    def handle(self, *args: Any, **options: Any) -> None:
        person = Staff.objects.filter(username=options["by"], is_active=True).first()
        if person is None:
            raise CommandError(f"Nobody active has the username {options['by']!r}.")
        Instance.objects.update_or_create(
            pk=Instance.ONLY,
            defaults={
                "environment": settings.ENVIRONMENT,
                "identity": database_identity(),
                "released_at": clock.now(),
                "released_by": person,
            },
        )
        self.stdout.write(f"This database ({settings.ENVIRONMENT}) may send now.")
