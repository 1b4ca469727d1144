"""A pathway → everything that is wrong with it. The one linter of editor, loader and checks."""

from collections.abc import Iterable, Iterator, Mapping

from reminders.rules.content import PathwayContent, SourceContent, StepContent, StepTexts
from reminders.rules.findings import Finding, LintSettings, Severity, told
from reminders.rules.lint_plan import check_plan
from reminders.rules.lint_restrictions import check_days
from reminders.rules.lint_steps import check_step
from reminders.rules.lint_texts import check_text
from reminders.rules.marking import gettext_noop
from reminders.rules.readability import grade, has_measure

__all__ = ["Finding", "LintSettings", "Severity", "lint", "worst_grade"]

NO_WORD_LIST = gettext_noop("There is no blocklist or no list of private words for this language.")
INCOMPLETE = gettext_noop("Not complete: {said} of {all} messages have words.")
TEXT_FIELDS = ("sms", "sms_detailed", "subject", "heading", "email")


def lint(
    pathway: PathwayContent, *, sources: Iterable[SourceContent], settings: LintSettings
) -> list[Finding]:
    """Return every finding, in the order of the steps. Nothing blocking: fit for review.

    The same pathway and settings always give the same list.
    """
    known = {source.key: source for source in sources}
    return [
        *_check_word_lists(pathway, settings=settings),
        *_check_packs(pathway),
        *check_plan(pathway, settings=settings),
        *check_days(pathway, settings=settings),
        *(
            finding
            for step in pathway.steps
            for finding in _check_all_of(step, pathway=pathway, sources=known, settings=settings)
        ),
    ]


def worst_grade(pathways: Iterable[PathwayContent]) -> float:
    """Return the highest reading grade of any SMS or email; 0.0 when there is none."""
    return max(
        (
            grade(text, language=language)
            for pathway in pathways
            for step in pathway.steps
            for language, words in step.texts.items()
            if has_measure(language)
            for text in (words.sms, words.sms_detailed, words.email)
        ),
        default=0.0,
    )


def _check_word_lists(pathway: PathwayContent, *, settings: LintSettings) -> Iterator[Finding]:
    for language in pathway.languages:
        if not settings.blocklist.get(language) or not settings.private_words.get(language):
            message = told(NO_WORD_LIST)
            yield Finding("", language, "no_word_list", message)


def _check_packs(pathway: PathwayContent) -> Iterator[Finding]:
    """A pack that says it is incomplete gets one note, however much it lacks."""
    steps = [step for step in pathway.steps if step.is_sent]
    for pack in pathway.packs:
        said = sum(1 for step in steps if pack.language in step.texts)
        if not pack.complete:
            message = told(INCOMPLETE, said=said, all=len(steps))
            yield Finding("", pack.language, "incomplete_pack", message, Severity.NOTE)


def _check_all_of(
    step: StepContent,
    *,
    pathway: PathwayContent,
    sources: Mapping[str, SourceContent],
    settings: LintSettings,
) -> Iterator[Finding]:
    yield from check_step(step, pathway=pathway, sources=sources, settings=settings)
    for language, texts in step.texts.items():
        for name, text in _texts_of(texts):
            yield from check_text(text, field=name, step=step, language=language, settings=settings)


def _texts_of(texts: StepTexts) -> Iterator[tuple[str, str]]:
    for name in TEXT_FIELDS:
        if text := getattr(texts, name):
            yield name, text
