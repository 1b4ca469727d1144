"""A pathway written as "like that one, but" → the full list of its steps, as if written out.

Works on the mappings as they stand in the files; `steps.py` checks the result like any other.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from reminders.pathways.fields import ContentError

RawStep = dict[str, Any]  # has at least a key (text) and day_from (a number)


@dataclass(frozen=True, slots=True)
class Difference:
    """What one pathway does unlike the one it is based on."""

    file: str
    drop: tuple[str, ...]  # shared steps that are left out
    change: Mapping[str, Mapping[str, Any]]  # fields of a shared step that differ, by step
    steps: tuple[RawStep, ...]  # further steps, and those with `replaces`


def compose(base: Iterable[RawStep], *, difference: Difference) -> list[RawStep]:
    """Return the steps of `base` with the difference applied; `base` is not altered.

    A step with `replaces` takes the place of the first step it replaces. Any other goes before
    the first later step with its anchor, or to the end. Steps of one anchor end up by their days.

    Raises ContentError when the difference names a step that `base` does not have, or adds one
    under a key that `base` has.
    """
    steps = {step["key"]: dict(step) for step in base}
    for key in _known(difference.drop, steps=steps, file=difference.file, place="drop"):
        del steps[key]
    for key in _known(difference.change, steps=steps, file=difference.file, place="change"):
        steps[key] |= difference.change[key]
    result = list(steps.values())
    for step in difference.steps:
        result = _with(result, step=step, file=difference.file)
    return _by_day(result)


def _with(steps: list[RawStep], *, step: RawStep, file: str) -> list[RawStep]:
    place = f"step {step['key']}"
    keys = [other["key"] for other in steps]
    replaced = list(_known(step.get("replaces", ()), steps=keys, file=file, place=place))
    if step["key"] in keys and step["key"] not in replaced:
        problem = "the shared pathway has this key; name it in `replaces`."
        raise ContentError(file, place=place, problem=problem)
    at = keys.index(replaced[0]) if replaced else _place_for(step, steps=steps)
    own = {name: value for name, value in step.items() if name != "replaces"}
    before = [other for other in steps[:at] if other["key"] not in replaced]
    return [
        *before,
        own,
        *(other for other in steps[at:] if other["key"] not in replaced),
    ]


def _by_day(steps: list[RawStep]) -> list[RawStep]:
    """Put the steps of each anchor in the order of their days, in the places that they hold."""
    in_order = sorted(steps, key=lambda step: int(step["day_from"]))
    queues: dict[Any, list[RawStep]] = {}
    for step in in_order:
        queues.setdefault(step.get("anchor"), []).append(step)
    return [queues[step.get("anchor")].pop(0) for step in steps]


def _place_for(step: RawStep, *, steps: list[RawStep]) -> int:
    for index, other in enumerate(steps):
        if other.get("anchor") == step.get("anchor") and other["day_from"] > step["day_from"]:
            return index
    return len(steps)


def _known(keys: Iterable[str], *, steps: Collection[str], file: str, place: str) -> Iterable[str]:
    for key in keys:
        if key not in steps:
            problem = f'"{key}" is no step of the shared pathway; correct it or take it out.'
            raise ContentError(file, place=place, problem=problem)
    return keys
