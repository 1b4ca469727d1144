"""`manage.py lint_content`: is the content that ships fit for a clinician's review?"""

from itertools import groupby
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reminders.pathways.fields import ContentError
from reminders.pathways.reading import read_pathways, read_sources
from reminders.pathways.word_lists import lint_settings
from reminders.rules.content import GENERAL_KNOWLEDGE, PathwayContent
from reminders.rules.lint import Finding, Severity, lint, worst_grade


class Command(BaseCommand):
    """Prints the findings by step, then one line of totals. Reads files only, no database.

    `findings` counts those that block; the exit code is 1 when there is one. Notes for the
    reviewer are printed with --notes and counted beside each pathway.
    """

    help = "Check every pathway, in every language, with the linter of the editor."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--notes", action="store_true", help="Print notes for the reviewer.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            pathways, sources, settings = read_pathways(), read_sources(), lint_settings()
        except ContentError as error:
            raise CommandError(str(error)) from error
        blocking = 0
        for pathway in pathways:
            findings = lint(pathway, sources=sources, settings=settings)
            blocking += self._report(pathway, findings=findings, with_notes=options["notes"])
        self.stdout.write(_totals(pathways, findings=blocking))
        if blocking:
            raise CommandError(f"{blocking} findings must be put right.")

    def _report(self, pathway: PathwayContent, *, findings: list[Finding], with_notes: bool) -> int:
        """Print the findings of one pathway, grouped by step; return how many block."""
        blocking = [finding for finding in findings if finding.severity is Severity.BLOCKS]
        notes = len(findings) - len(blocking)
        head = f"{pathway.key}: {len(pathway.steps)} steps, {len(blocking)} findings, {notes} notes"
        self.stdout.write(head)
        shown = findings if with_notes else blocking
        for step, group in groupby(shown, key=lambda finding: finding.step):
            self.stdout.write(f"  {step or 'whole pathway'}")
            for finding in group:
                place = " ".join(part for part in (finding.language, finding.field) if part)
                mark = "" if finding.severity is Severity.BLOCKS else "note: "
                self.stdout.write(f"    {mark}{finding.rule} {place}: {finding.message}")
        return len(blocking)


def _totals(pathways: list[PathwayContent], *, findings: int) -> str:
    steps = [step for pathway in pathways for step in pathway.steps]
    sourced = sum(1 for step in steps if set(step.sources) - {GENERAL_KNOWLEDGE})
    languages = {language for pathway in pathways for language in pathway.languages}
    return (
        f"pathways={len(pathways)} steps={len(steps)} sourced={sourced} "
        f"languages={len(languages)} findings={findings} worst_grade={worst_grade(pathways)}"
    )
