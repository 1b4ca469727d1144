"""What a clinician wants otherwise → the rows of a draft, with an event for each change."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from clinic.models import Staff
from reminders.flow.drafts import NotEditable, keep, locked_draft
from reminders.flow.step_settings import SETTINGS, Known, problems_in
from reminders.flow.version_content import TEXT_FIELDS, content_of, settings_for
from reminders.models import PathwayVersion, Source, Step, StepText
from reminders.rules.content import PathwayContent, Region
from reminders.rules.restrictions import holds_for

LONGEST_TEXT = 10_000
LONGEST_LINE = 200


@transaction.atomic
def edit_text(
    step_id: int, *, language: str, words: Mapping[str, str], by: Staff, now: datetime
) -> Step:
    """Write the words of a draft's step in one language; words that stand already change nothing.

    `words` names fields of a text (sms, sms_detailed, subject, heading, email); a field that it
    does not name stays. Raises NotEditable.
    """
    step = locked_step(step_id, by=by)
    if language not in content_of(step.version).languages:
        raise NotEditable(f"This pathway has no texts in {language!r}.")
    if unknown := set(words) - set(TEXT_FIELDS):
        raise NotEditable(f"There is no text called {', '.join(sorted(unknown))}.")
    text = step.texts.filter(language=language).first() or StepText(step=step, language=language)
    changes = {}
    for name, value in words.items():
        clean = _clean(value, name=name)
        if clean != getattr(text, name):
            changes[name] = [getattr(text, name), clean]
            setattr(text, name, clean)
    if changes:
        text.save()
        keep(step.version, detail=f"{step.key}, {language}", changes=changes, by=by, now=now)
    return step


@transaction.atomic
def edit_step(
    step_id: int,
    *,
    fields: Mapping[str, Any],
    sources: tuple[str, ...] | None = None,
    by: Staff,
    now: datetime,
) -> Step:
    """Change when a draft's step is due, for whom it is, how it goes, or what it rests on.

    `fields` are those of SETTINGS, in the types of a Step row; one that is not named stays. Raises
    NotEditable, with its problems by field, for anything that the loader would refuse.
    """
    step = locked_step(step_id, by=by)
    if unknown := set(fields) - set(SETTINGS):
        raise NotEditable(f"{', '.join(sorted(unknown))} cannot be changed here.")
    content = content_of(step.version)
    stands = content.step(step.key)
    before = {name: getattr(step, name) for name in (*SETTINGS, "audience")}
    problems = problems_in(
        {**before, **fields},
        key=step.key,
        sources=stands.sources if sources is None else sources,
        texts=stands.texts,
        known=known_to(step.version, content=content),
    )
    if problems:
        raise NotEditable(problems=problems)
    changed = {name: value for name, value in fields.items() if value != before[name]}
    for name, value in changed.items():
        setattr(step, name, value)
    if changed:
        step.save(update_fields=list(changed))
    changes: dict[str, object] = {name: [before[name], changed[name]] for name in changed}
    if sources is not None and sources != stands.sources:
        rest_on(step, sources)
        changes["sources"] = [list(stands.sources), list(sources)]
    if changes:
        keep(step.version, detail=step.key, changes=changes, by=by, now=now)
    return step


def known_to(version: PathwayVersion, *, content: PathwayContent) -> Known:
    """Return what a step of this version may name."""
    limits = settings_for(version.pathway.clinic)
    return Known(
        sources=frozenset(Source.objects.values_list("pk", flat=True)),
        regions=frozenset(content.regions or Region),
        procedures=frozenset(content.procedures),
        facts=limits.known_facts,
        questions=limits.questions,
        rules=frozenset(
            key for key, rule in limits.restrictions.items() if holds_for(rule, pathway=content)
        ),
    )


def rest_on(step: Step, sources: tuple[str, ...]) -> None:
    """Name the step's sources anew, in this order; they have been checked."""
    through = Step.sources.through
    through._default_manager.filter(step=step).delete()
    through._default_manager.bulk_create(
        through(step_id=step.pk, source_id=key) for key in dict.fromkeys(sources)
    )


def locked_step(step_id: int, *, by: Staff) -> Step:
    """Return the step of a draft, its version held against others. Raises NotEditable."""
    place = Step.objects.filter(pk=step_id).values_list("version_id", flat=True).first()
    version = locked_draft(place, by=by) if place is not None else None
    # Read after the lock: whoever held the version before us may have changed or dropped it.
    step = Step.objects.filter(pk=step_id).first()
    if version is None or step is None:
        raise NotEditable("A colleague has dropped this step meanwhile.")
    step.version = version
    return step


def _clean(value: str, *, name: str) -> str:
    """Return the words with even line ends; a text is what the patient would see."""
    clean = value.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()
    longest = LONGEST_LINE if name in ("subject", "heading") else LONGEST_TEXT
    if len(clean) > longest:
        raise NotEditable(f"The {name} is far too long: keep it under {longest} characters.")
    return clean
