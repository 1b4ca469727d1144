"""What becomes of each row, in words for the person who imports it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    """What happens to a row. Only the first two write anything."""

    CREATE = "create"  # a new patient
    UPDATE = "update"  # a known patient; something of the row is new
    UNCHANGED = "unchanged"  # everything in the row is kept already
    SKIP = "skip"  # a blank row, a repeated one, or a patient who has died
    CONFLICT = "conflict"  # a person has to decide; nothing of the row is taken
    REJECT = "reject"  # a value is wrong; nothing of the row is taken


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a row. `value` is shortened and safe to show."""

    field: str
    value: str
    what: str
    hint: str


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What becomes of the row that starts in `line`.

    `changes` names the fields that an update writes, `fixes` says what was put right in the
    row's values, and `warnings` what a person should look at.
    """

    line: int
    action: Action
    record_number: str = ""
    problems: tuple[Problem, ...] = ()
    warnings: tuple[str, ...] = ()
    fixes: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
