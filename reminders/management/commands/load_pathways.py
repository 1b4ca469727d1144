"""Load the shipped pathways as draft versions of a clinic. Signs nothing and sends nothing."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from clinic import clock
from clinic.models import Clinic, Staff
from reminders.flow.load import load_pathway, load_sources
from reminders.pathways.reading import ContentError, read_pathways, read_sources


class Command(BaseCommand):
    help = "Load the shipped pathways as drafts. What a clinic has already is left as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--clinic", help="Key of one clinic; without it, every clinic.")
        parser.add_argument("--by", help="Username of the author, who will not be able to sign.")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        clinics = Clinic.objects.all()
        if options["clinic"]:
            clinics = clinics.filter(key=options["clinic"])
        if not clinics:
            raise CommandError("There is no such clinic. Make one in the panel first.")
        author = Staff.objects.filter(username=options["by"]).first()
        if options["by"] and author is None:
            raise CommandError(f"Nobody has the username {options['by']!r}.")
        try:
            sources, contents = read_sources(), read_pathways()
        except ContentError as error:
            raise CommandError(str(error)) from error
        load_sources(sources)
        for clinic in clinics:
            for content in contents:
                version = load_pathway(content, clinic=clinic, author=author, now=clock.now())
                news = f"draft version {version.number}" if version else "already there"
                self.stdout.write(f"{clinic.key}: {content.title}: {news}")
