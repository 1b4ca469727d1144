"""A message that a draft lacks → a step of it; one that is not wanted → dropped, never forgotten.

A key means one thing for good, because it says whom a message has reached: what was dropped keeps
its key, and a step that a clinic adds gets one that no shipped step will ever have.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from clinic.models import Staff
from reminders.flow.drafts import NotEditable, keep, locked_draft
from reminders.flow.editing import known_to, locked_step, rest_on
from reminders.flow.step_settings import SETTINGS, USUAL, problems_in
from reminders.flow.version_content import TEXT_FIELDS, content_of
from reminders.models import PathwayVersion, Step, VersionEvent

OWN = "own_"  # begins the key of a step that a clinic has added itself
LONGEST_KEY = 60


@transaction.atomic
def add_step(
    version_id: int,
    *,
    fields: Mapping[str, Any],
    sources: tuple[str, ...],
    by: Staff,
    now: datetime,
) -> Step:
    """Write a new step into a draft, after those of its day; it has no words yet.

    `fields` are those of SETTINGS, and `audience`; one that is not named is as usual. The key is
    made from the intent. Raises NotEditable, with its problems by field.
    """
    version = locked_draft(version_id, by=by)
    if unknown := set(fields) - {*SETTINGS, "audience"}:
        raise NotEditable(f"A step has no {', '.join(sorted(unknown))}.")
    values = {**USUAL, **fields}
    key = own_key(str(values["intent"]), taken=_taken(version))
    problems = problems_in(
        values,
        key=key,
        sources=sources,
        texts={},
        known=known_to(version, content=content_of(version)),
    )
    if problems:
        raise NotEditable(problems=problems)
    step = Step(version=version, key=key, **values)
    step.position = _make_room(step)
    step.save()
    rest_on(step, sources)
    told: dict[str, object] = {
        name: ["", value] for name, value in values.items() if value not in (None, "", [], False)
    }
    told |= {"step": ["", key], "sources": ["", list(sources)]}
    keep(version, detail=f"Added {key}: {step.intent}", changes=told, by=by, now=now)
    return step


@transaction.atomic
def drop_step(step_id: int, *, by: Staff, now: datetime) -> PathwayVersion:
    """Take a step out of a draft, with its words; return the draft.

    The history keeps what it said. Its key stays taken. Raises NotEditable.
    """
    step = locked_step(step_id, by=by)
    told: dict[str, object] = {"step": [step.key, ""]}
    for text in step.texts.order_by("language"):
        words = {name: getattr(text, name) for name in TEXT_FIELDS}
        told |= {f"{text.language} {name}": [said, ""] for name, said in words.items() if said}
    detail = f"Dropped {step.key}: {step.intent}"
    version = step.version
    step.delete()
    keep(version, detail=detail, changes=told, by=by, now=now)
    return version


def own_key(intent: str, *, taken: Collection[str]) -> str:
    """Return a key for a new step: its intent in plain letters, numbered where that is taken.

    >>> own_key("Walk a little more!", taken={"own_walk_a_little_more"})
    'own_walk_a_little_more_2'
    """
    plain = unicodedata.normalize("NFKD", intent).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "_", plain).strip("_") or "step"
    stem = f"{OWN}{words}"[: LONGEST_KEY - 4].rstrip("_")
    key, number = stem, 1
    while key in taken:
        number += 1
        key = f"{stem}_{number}"
    return key


def _taken(version: PathwayVersion) -> frozenset[str]:
    """Every key that a message of this clinic has, or had in a draft and lost."""
    clinic = version.pathway.clinic_id
    keys = Step.objects.filter(version__pathway__clinic=clinic).values_list("key", flat=True)
    moves = VersionEvent.objects.filter(version__pathway__clinic=clinic, changes__has_key="step")
    gone = (key for move in moves for key in move.changes["step"])
    return frozenset({*keys, *gone})


def _make_room(step: Step) -> int:
    """Return the place of a new step among those of its draft, the ones after it moved on."""
    rows = list(step.version.steps.order_by("position"))
    later = (
        row.position for row in rows if row.anchor == step.anchor and row.day_from > step.day_from
    )
    place = min(later, default=max((row.position for row in rows), default=-1) + 1)
    step.version.steps.filter(position__gte=place).update(position=F("position") + 1)
    return place
