"""Take away a person's second factor from the command line: when nobody is left to do it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clinic.models import Staff
from reminders.models import SignInChange
from reminders.staff.sign_in.factor import reset_second_factor
from reminders.staff.sign_in.notices import tell


class Command(BaseCommand):
    help = "Let somebody set up a new second factor at the next log-in, and sign them out."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="the name that they log in with")

    def handle(self, *args: Any, **options: Any) -> None:
        staff = Staff.objects.filter(username=options["username"]).first()
        if staff is None:
            raise CommandError(f"Nobody logs in as {options['username']}. Nothing was changed.")
        reset_second_factor(staff)
        tell(staff, SignInChange.FACTOR_RESET, by=None)
        self.stdout.write(f"{staff.username} sets up a new second factor at the next log-in.")
