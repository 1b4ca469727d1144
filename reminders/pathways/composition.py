"""The pathways that ship → which of them shares what with which, as a page for a reviewer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from reminders.rules.content import PathwayContent, StepContent

# The operations are put in anew by each pathway: a step that differs in them alone is the same.
_NOT_COMPARED = frozenset({"procedures"})

_HEAD = """# What is composed of what

Steps that several operations share are written once. A pathway that is *based on* another holds
only what it does otherwise; `reminders/pathways/composing.py` puts them together. A version of a
clinic holds all of its steps, so what one clinic changes changes nothing elsewhere.

This page is written by `manage.py lint_content --composition`; a test keeps it true.
"""


@dataclass(frozen=True, slots=True)
class Composition:
    """The steps of one pathway beside those of the one that it is based on, by key."""

    pathway: PathwayContent
    base: PathwayContent
    shared: tuple[str, ...]  # word for word and day for day
    changed: tuple[str, ...]  # the same key, with other days, sources or words
    own: tuple[str, ...]
    left_out: tuple[str, ...]  # of the base: replaced, or not for this operation


def compositions(pathways: Sequence[PathwayContent]) -> list[Composition]:
    """Return what each pathway that is based on another shares with it."""
    by_key = {pathway.key: pathway for pathway in pathways}
    return [_compared(one, by_key[one.based_on]) for one in pathways if one.based_on]


def _compared(pathway: PathwayContent, base: PathwayContent) -> Composition:
    theirs = {step.key: _said(step) for step in base.steps}
    ours = {step.key: _said(step) for step in pathway.steps}
    return Composition(
        pathway,
        base,
        shared=tuple(key for key in ours if ours[key] == theirs.get(key)),
        changed=tuple(key for key in ours if key in theirs and ours[key] != theirs[key]),
        own=tuple(key for key in ours if key not in theirs),
        left_out=tuple(key for key in theirs if key not in ours),
    )


def _said(step: StepContent) -> tuple[object, ...]:
    names = (field.name for field in fields(step) if field.name not in _NOT_COMPARED)
    return tuple(getattr(step, name) for name in names)


def as_markdown(pathways: Sequence[PathwayContent]) -> str:
    """Return the page that docs/content keeps."""
    whole = [one for one in pathways if not one.based_on]
    parts = [
        _HEAD,
        *(f"\n## {one.title}\n\nWritten out: {len(one.steps)} steps.\n" for one in whole),
    ]
    return "".join([*parts, *(_part(one) for one in compositions(pathways))])


def _part(one: Composition) -> str:
    return (
        f"\n## {one.pathway.title}\n\n"
        f"Based on *{one.base.title}*: {len(one.pathway.steps)} steps, {len(one.shared)} of them"
        " the same.\n\n"
        f"| | |\n|---|---|\n"
        f"| With other days, sources or words | {_listed(one.changed)} |\n"
        f"| Its own | {_listed(one.own)} |\n"
        f"| Left out, or replaced by its own | {_listed(one.left_out)} |\n"
    )


def _listed(keys: Iterable[str]) -> str:
    return ", ".join(f"`{key}`" for key in keys) or "none"
