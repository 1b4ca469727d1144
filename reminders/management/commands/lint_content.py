"""`manage.py lint_content`: is the content that ships fit for a clinician's review?"""

from itertools import groupby
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reminders.pathways import composition, seed_fates
from reminders.pathways.fields import ContentError
from reminders.pathways.reading import read_pathways, read_sources
from reminders.pathways.word_lists import lint_settings
from reminders.rules.content import GENERAL_KNOWLEDGE, PathwayContent
from reminders.rules.lint import Finding, Severity, lint, worst_grade
from reminders.rules.lint_figures import Figures, figures


class Command(BaseCommand):
    """Prints the findings by step, then one line of totals. Reads files only, no database.

    `findings` counts those that block; the exit code is 1 when there is one. Notes for the
    reviewer are printed with --notes and counted beside each pathway; --figures adds what each
    pathway is made of. --seed-table and --composition print a page of docs/content/ and nothing
    else.
    """

    help = "Check every pathway, in every language, with the linter of the editor."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--notes", action="store_true", help="Print notes for the reviewer.")
        parser.add_argument("--figures", action="store_true", help="Print figures by pathway.")
        pages = parser.add_mutually_exclusive_group()
        pages.add_argument("--seed-table", action="store_true", help="Print the seed table.")
        pages.add_argument("--composition", action="store_true", help="Print what shares what.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            pathways, sources, settings = read_pathways(), read_sources(), lint_settings()
        except ContentError as error:
            raise CommandError(str(error)) from error
        if options["seed_table"]:
            self.stdout.write(seed_fates.as_markdown(seed_fates.read_seed_fates()), ending="")
            return
        if options["composition"]:
            self.stdout.write(composition.as_markdown(pathways), ending="")
            return
        blocking = 0
        for pathway in pathways:
            findings = lint(pathway, sources=sources, settings=settings)
            blocking += self._report(pathway, findings=findings, with_notes=options["notes"])
            if options["figures"]:
                base = next((one for one in pathways if one.key == pathway.based_on), None)
                self._write_figures(figures(pathway, base=base, settings=settings))
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

    def _write_figures(self, found: Figures) -> None:
        categories = ", ".join(f"{name} {count}" for name, count in found.steps.items())
        said = ", ".join(f"{lang} {count}" for lang, count in found.messages_said.items())
        parts = ", ".join(f"{lang} {share:g}%" for lang, share in found.one_part.items())
        self.stdout.write(f"  steps by category: {categories}")
        self.stdout.write(f"  tasks for staff: {found.for_staff}; own or changed: {found.own}")
        self.stdout.write(
            f"  sources a step: {found.sources_a_step} on average, {found.fewest_sources} at "
            f"least; {found.on_general_knowledge} rest on general knowledge too"
        )
        self.stdout.write(f"  messages with words: {said}; SMS in one part: {parts}")
        self.stdout.write(f"  worst grade: {found.worst_grade}")


def _totals(pathways: list[PathwayContent], *, findings: int) -> str:
    steps = [step for pathway in pathways for step in pathway.steps]
    sourced = sum(1 for step in steps if set(step.sources) - {GENERAL_KNOWLEDGE})
    languages = {language for pathway in pathways for language in pathway.languages}
    return (
        f"pathways={len(pathways)} steps={len(steps)} sourced={sourced} "
        f"languages={len(languages)} findings={findings} worst_grade={worst_grade(pathways)}"
    )
