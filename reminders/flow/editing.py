"""A version → a draft of its own → the draft with other words. What is signed is never touched.

A draft made here is a fork: a newer version that ships later becomes another draft beside it,
and neither overwrites the other.
"""

import re
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from clinic.models import Staff
from reminders.flow.load import write_steps
from reminders.flow.version_content import TEXT_FIELDS, content_of, steps_of
from reminders.flow.version_history import note
from reminders.models import PathwayVersion, Source, Step, StepText, VersionEventKind, VersionStatus
from reminders.rules.content import Shift

# The bounds that the loader keeps as well (reminders/pathways/steps.py).
EARLIEST_DAY, LATEST_DAY = -60, 730
LONGEST_TEXT = 10_000
_AT = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]|at_once|at_discharge")
STEP_FIELDS = ("intent", "day_from", "day_to", "at", "shift", "staff_action", "range_note")
MAY_EDIT = "reminders.change_pathwayversion"


class NotEditable(Exception):
    """The version or the value cannot be taken; the message says why and what to do."""


@transaction.atomic
def start_draft(version_id: int, *, by: Staff, now: datetime) -> PathwayVersion:
    """Copy a version, whatever its state, into a new draft; return it.

    Steps keep their keys and their order. Each call makes another draft.
    """
    source = PathwayVersion.objects.select_related("pathway").get(pk=version_id)
    _require_editor(source, by)
    versions = PathwayVersion.objects.filter(pathway=source.pathway).select_for_update()
    newest = max(versions.values_list("number", flat=True))
    content = content_of(source)
    draft = PathwayVersion.objects.create(
        pathway=source.pathway,
        number=newest + 1,
        label=source.label,
        digest=content.digest,
        head=source.head,
        author=by,
        created_at=now,
        derived_from=source,
    )
    write_steps(steps_of(source), version=draft)
    detail = f"From version {source.number}."
    note(draft, kind=VersionEventKind.DERIVED, by=by, now=now, detail=detail)
    return draft


@transaction.atomic
def edit_text(
    step_id: int, *, language: str, words: Mapping[str, str], by: Staff, now: datetime
) -> Step:
    """Write the words of a draft's step in one language; words that stand already change nothing.

    `words` names fields of a text (sms, sms_detailed, subject, heading, email); a field that it
    does not name stays. Raises NotEditable.
    """
    step = _locked(step_id, by)
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
        _keep(step, detail=f"{step.key}, {language}", changes=changes, by=by, now=now)
    return step


@transaction.atomic
def edit_step(
    step_id: int,
    *,
    fields: Mapping[str, object],
    sources: tuple[str, ...] | None = None,
    by: Staff,
    now: datetime,
) -> Step:
    """Change when a draft's step is due, what it is for, or what it rests on. Raises NotEditable.

    `fields` are those of STEP_FIELDS; a step that repeats keeps its first day.
    """
    step = _locked(step_id, by)
    if unknown := set(fields) - set(STEP_FIELDS):
        raise NotEditable(f"{', '.join(sorted(unknown))} cannot be changed here.")
    before = {name: getattr(step, name) for name in fields}
    for name, value in fields.items():
        setattr(step, name, value)
    _check(step)
    changes: dict[str, object] = {
        name: [old, getattr(step, name)] for name, old in before.items()
        if old != getattr(step, name)
    }  # fmt: skip
    if changes:
        step.save(update_fields=list(changes))
    if sources is not None:
        changes |= _rest_on(step, sources)
    if changes:
        _keep(step, detail=step.key, changes=changes, by=by, now=now)
    return step


def _rest_on(step: Step, sources: tuple[str, ...]) -> dict[str, object]:
    """Name the sources anew, in their order; return what changed."""
    through = Step.sources.through
    rows = through._default_manager.filter(step=step).order_by("pk")
    old = [row.source_id for row in rows]
    if old == list(sources):
        return {}
    known = set(Source.objects.filter(pk__in=sources).values_list("pk", flat=True))
    if unknown := [key for key in sources if key not in known]:
        raise NotEditable(f"There is no source {', '.join(unknown)}.")
    rows.delete()
    through._default_manager.bulk_create(
        through(step_id=step.pk, source_id=key) for key in dict.fromkeys(sources)
    )
    return {"sources": [old, list(sources)]}


def _check(step: Step) -> None:
    """Raise NotEditable for a time that the loader would refuse as well."""
    if not step.intent.strip():
        raise NotEditable("Say in a few words what the step is for.")
    if not _AT.fullmatch(step.at):
        raise NotEditable("Write the time as HH:MM.")
    if step.shift not in set(Shift):
        raise NotEditable(f"{step.shift!r} is no way to treat days off.")
    if not EARLIEST_DAY <= step.day_from <= step.day_to <= LATEST_DAY:
        raise NotEditable(f"The days must run forward, between {EARLIEST_DAY} and {LATEST_DAY}.")
    if step.repeat_days and (
        step.repeat_days[0] != step.day_from or step.repeat_days[-1] > step.day_to
    ):
        raise NotEditable("This step repeats: its first day stays, and the last cannot be sooner.")


def _clean(value: str, *, name: str) -> str:
    """Return the words with even line ends; a text is what the patient would see."""
    clean = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(clean) > LONGEST_TEXT or (name in ("subject", "heading") and len(clean) > 200):
        raise NotEditable(f"The {name} is far too long.")
    return clean


def _keep(
    step: Step, *, detail: str, changes: Mapping[str, object], by: Staff, now: datetime
) -> None:
    version = step.version
    version.digest = content_of(version).digest
    version.save(update_fields=["digest"])
    note(version, kind=VersionEventKind.EDITED, by=by, now=now, detail=detail, changes=changes)


def _locked(step_id: int, by: Staff) -> Step:
    """Return the step of a draft, its version held against others. Raises NotEditable."""
    step = Step.objects.select_related("version__pathway").get(pk=step_id)
    version = PathwayVersion.objects.select_for_update().get(pk=step.version_id)
    _require_editor(version, by)
    if version.status != VersionStatus.DRAFT:
        raise NotEditable(
            f"Only a draft is edited; this one is {version.get_status_display().lower()}."
            " Begin a draft from it."
        )
    step.version = version
    return step


def _require_editor(version: PathwayVersion, by: Staff) -> None:
    if not by.is_superuser and by.clinic_id != version.pathway.clinic_id:
        raise NotEditable("This content belongs to another clinic.")
    if not by.is_superuser and not by.has_perm(MAY_EDIT):
        raise NotEditable("Your role cannot edit content.")


def newer_shipped(version: PathwayVersion) -> PathwayVersion | None:
    """Return the newest version that was loaded after the one that this fork began with."""
    if version.derived_from_id is None:
        return None
    shipped = version.pathway.versions.filter(derived_from=None, number__gt=_root(version).number)
    return shipped.exclude(status=VersionStatus.RETIRED).order_by("-number").first()


def _root(version: PathwayVersion) -> PathwayVersion:
    while version.derived_from is not None:
        version = version.derived_from
    return version
