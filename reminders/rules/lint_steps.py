"""One step → what it lacks: words, sources, the way to help and the way out."""

from collections.abc import Iterator, Mapping

from reminders.rules.content import (
    GENERAL_KNOWLEDGE,
    Anchor,
    Category,
    Channel,
    Grade,
    PathwayContent,
    Privacy,
    SourceContent,
    StepContent,
    StepTexts,
)
from reminders.rules.findings import Finding, LintSettings, Severity, told
from reminders.rules.lint_restrictions import check_activities
from reminders.rules.marking import gettext_noop
from reminders.rules.wording import PLACEHOLDERS, placeholders

NAMES_SYMPTOMS = frozenset({Category.WARNING_SIGNS, Category.CHECK_IN})
NO_QUESTION = gettext_noop('"{key}" is no question of a check-in.')
NO_LANGUAGE = gettext_noop("There are no words in any language.")
NO_WORDS = gettext_noop("There are no words in this language.")
NO_SOURCE = gettext_noop("Name at least one source.")
STRANGE_SOURCE = gettext_noop("Name at least one source. {sources} is not one.")
ONLY_KNOWLEDGE = gettext_noop("Rests on general knowledge alone; a clinician must review it.")
WEAK_SOURCE = gettext_noop("No source of grade A or B; grades C and M only show a range.")
NO_FACT = gettext_noop('Nobody can record the fact "{fact}", so the step would never fit.')
NO_PLACEHOLDER = gettext_noop("must_have names {placeholder}, which is no placeholder.")
PRIVATE_BY_SMS = gettext_noop("A P2 step goes by email or behind the link, never by SMS.")
EMPTY = gettext_noop("The {field} is empty.")
MISSING = gettext_noop("{placeholder} is missing.")
NO_NUMBER = gettext_noop("Names symptoms without the emergency number.")
NO_WAY_OUT = gettext_noop("The first message must say how to stop: {either}.")
FIRST_CARRIES = gettext_noop("The first message must carry {placeholder}.")
_MAIL = ("subject", "heading", "email")
_CARRIES_ALONE = frozenset({Grade.A, Grade.B})


def check_step(
    step: StepContent,
    *,
    pathway: PathwayContent,
    sources: Mapping[str, SourceContent],
    settings: LintSettings,
) -> Iterator[Finding]:
    """Yield what the step lacks as a whole, then in each language of its pathway."""
    yield from _check_sources(step, sources=sources)
    yield from _check_conditions(step, settings=settings)
    yield from check_activities(step, pathway=pathway, settings=settings)
    for key in sorted(set(step.questions) - settings.questions):
        yield Finding(step.key, "", "unknown_question", told(NO_QUESTION, key=key))
    if not step.is_sent:
        return
    if not pathway.packs:
        yield Finding(step.key, "", "missing_language", told(NO_LANGUAGE))
    for pack in pathway.packs:
        texts = step.texts.get(pack.language)
        if texts is None and pack.complete:
            yield Finding(step.key, pack.language, "missing_language", told(NO_WORDS))
        elif texts is not None:
            yield from _check_words(step, texts=texts, language=pack.language, settings=settings)


def _check_sources(step: StepContent, *, sources: Mapping[str, SourceContent]) -> Iterator[Finding]:
    unknown = [key for key in step.sources if key not in sources]
    if unknown or not step.sources:
        strange = told(STRANGE_SOURCE, sources=", ".join(unknown))
        yield Finding(step.key, "", "missing_source", strange if unknown else told(NO_SOURCE))
        return
    grades = {sources[key].grade for key in step.sources}
    if GENERAL_KNOWLEDGE in step.sources and len(step.sources) == 1:
        yield Finding(step.key, "", "general_knowledge", told(ONLY_KNOWLEDGE), Severity.NOTE)
    elif not grades & _CARRIES_ALONE:
        yield Finding(step.key, "", "weak_source", told(WEAK_SOURCE), Severity.NOTE)


def _check_conditions(step: StepContent, *, settings: LintSettings) -> Iterator[Finding]:
    facts = {fact for group in step.requires for fact in group} | set(step.excludes)
    for fact in sorted(facts - settings.known_facts):
        yield Finding(step.key, "", "unknown_fact", told(NO_FACT, fact=fact))
    for name in sorted(set(step.must_have) - PLACEHOLDERS):
        message = told(NO_PLACEHOLDER, placeholder=f"{{{name}}}")
        yield Finding(step.key, "", "unknown_placeholder", message)
    if step.privacy is Privacy.PRIVATE and Channel.SMS in step.channels:
        yield Finding(step.key, "", "private_by_sms", told(PRIVATE_BY_SMS))


def _check_words(
    step: StepContent, *, texts: StepTexts, language: str, settings: LintSettings
) -> Iterator[Finding]:
    needed: tuple[str, ...] = ("sms",) if Channel.SMS in step.channels else ()
    needed += _MAIL if Channel.EMAIL in step.channels else ()
    for name in needed:
        if not getattr(texts, name).strip():
            message = told(EMPTY, field=name)
            yield Finding(step.key, language, "missing_text", message, field=name)
    for name, text in (
        ("sms", texts.sms),
        ("sms_detailed", texts.sms_detailed),
        ("email", texts.email),
    ):
        if text:
            yield from _check_what_is_due(
                step, text=text, field=name, language=language, settings=settings
            )


def _check_what_is_due(
    step: StepContent, *, text: str, field: str, language: str, settings: LintSettings
) -> Iterator[Finding]:
    """The emergency line, the way out, and what the step itself says its texts must have."""
    present = set(placeholders(text))
    for name in step.must_have:
        if name not in present and field != "sms_detailed":
            message = told(MISSING, placeholder=f"{{{name}}}")
            yield Finding(step.key, language, "missing_placeholder", message, field=field)
    if step.category in NAMES_SYMPTOMS and not present & _ways_to_help(step, field=field):
        yield Finding(step.key, language, "missing_emergency", told(NO_NUMBER), field=field)
    words = settings.opt_out_words.get(language, ("STOP",))
    if step.anchor is Anchor.ENROLMENT and not any(word in text for word in words):
        message = told(NO_WAY_OUT, either=" or ".join(words))
        yield Finding(step.key, language, "missing_opt_out", message, field=field)
    if step.anchor is Anchor.ENROLMENT and "emergency" not in present:
        message = told(FIRST_CARRIES, placeholder="{emergency}")
        yield Finding(step.key, language, "missing_emergency", message, field=field)


def _ways_to_help(step: StepContent, *, field: str) -> set[str]:
    """The emergency number is in each check-in and each email; a short text may name one number.

    Source: safety rules SR-05 and SR-11 of the content research; ADR on content.
    """
    if step.category is Category.CHECK_IN or field == "email":
        return {"emergency"}
    return {"emergency", "urgent"}
