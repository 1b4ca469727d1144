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
from reminders.rules.findings import Finding, LintSettings, Severity
from reminders.rules.lint_restrictions import check_activities
from reminders.rules.wording import PLACEHOLDERS, placeholders

NAMES_SYMPTOMS = frozenset({Category.WARNING_SIGNS, Category.CHECK_IN})
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
        message = f'"{key}" is no question of a check-in.'
        yield Finding(step.key, "", "unknown_question", message)
    if not step.is_sent:
        return
    if not pathway.packs:
        yield Finding(step.key, "", "missing_language", "There are no words in any language.")
    for pack in pathway.packs:
        texts = step.texts.get(pack.language)
        if texts is None and pack.complete:
            message = "There are no words in this language."
            yield Finding(step.key, pack.language, "missing_language", message)
        elif texts is not None:
            yield from _check_words(step, texts=texts, language=pack.language, settings=settings)


def _check_sources(step: StepContent, *, sources: Mapping[str, SourceContent]) -> Iterator[Finding]:
    unknown = [key for key in step.sources if key not in sources]
    if unknown or not step.sources:
        named = f" {', '.join(unknown)} is not one." if unknown else ""
        yield Finding(step.key, "", "missing_source", f"Name at least one source.{named}")
        return
    grades = {sources[key].grade for key in step.sources}
    if GENERAL_KNOWLEDGE in step.sources and len(step.sources) == 1:
        message = "Rests on general knowledge alone; a clinician must review it."
        yield Finding(step.key, "", "general_knowledge", message, Severity.NOTE)
    elif not grades & _CARRIES_ALONE:
        message = "No source of grade A or B; grades C and M only show a range."
        yield Finding(step.key, "", "weak_source", message, Severity.NOTE)


def _check_conditions(step: StepContent, *, settings: LintSettings) -> Iterator[Finding]:
    facts = {fact for group in step.requires for fact in group} | set(step.excludes)
    for fact in sorted(facts - settings.known_facts):
        message = f'Nobody can record the fact "{fact}", so the step would never fit.'
        yield Finding(step.key, "", "unknown_fact", message)
    for name in sorted(set(step.must_have) - PLACEHOLDERS):
        message = f"must_have names {{{name}}}, which is no placeholder."
        yield Finding(step.key, "", "unknown_placeholder", message)
    if step.privacy is Privacy.PRIVATE and Channel.SMS in step.channels:
        message = "A P2 step goes by email or behind the link, never by SMS."
        yield Finding(step.key, "", "private_by_sms", message)


def _check_words(
    step: StepContent, *, texts: StepTexts, language: str, settings: LintSettings
) -> Iterator[Finding]:
    needed: tuple[str, ...] = ("sms",) if Channel.SMS in step.channels else ()
    needed += _MAIL if Channel.EMAIL in step.channels else ()
    for name in needed:
        if not getattr(texts, name).strip():
            yield Finding(step.key, language, "missing_text", f"The {name} is empty.", field=name)
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
            message = f"{{{name}}} is missing."
            yield Finding(step.key, language, "missing_placeholder", message, field=field)
    if step.category in NAMES_SYMPTOMS and not present & _ways_to_help(step, field=field):
        message = "Names symptoms without the emergency number."
        yield Finding(step.key, language, "missing_emergency", message, field=field)
    words = settings.opt_out_words.get(language, ("STOP",))
    if step.anchor is Anchor.ENROLMENT and not any(word in text for word in words):
        message = f"The first message must say how to stop: {' or '.join(words)}."
        yield Finding(step.key, language, "missing_opt_out", message, field=field)
    if step.anchor is Anchor.ENROLMENT and "emergency" not in present:
        message = "The first message must carry {emergency}."
        yield Finding(step.key, language, "missing_emergency", message, field=field)


def _ways_to_help(step: StepContent, *, field: str) -> set[str]:
    """The emergency number is in each check-in and each email; a short text may name one number.

    Source: safety rules SR-05 and SR-11 of the content research; ADR on content.
    """
    if step.category is Category.CHECK_IN or field == "email":
        return {"emergency"}
    return {"emergency", "urgent"}
