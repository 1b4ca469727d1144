"""What staff agreed to about one operation, in the words in which they saw it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from clinic.models import Surgery
from reminders.flow.agreements import difference_of
from reminders.staff.difference import Differences, Group
from reminders.staff.history import SHOWN_AT_MOST, Change


@dataclass(frozen=True, slots=True)
class Agreed:
    """A difference that was shown and applied."""

    summary: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class AgreedChange(Change):
    """A change of the plan, with the difference that was shown before it was applied."""

    agreed: Agreed | None = None


def with_agreements(changes: list[Change], surgery: Surgery) -> list[Change]:
    """Return the changes of a record with what was agreed to about its plan, the newest first."""
    every = [*_agreements(surgery), *changes]
    return sorted(every, key=_moment, reverse=True)[:SHOWN_AT_MOST]


def _moment(change: Change) -> datetime:
    return change.at


def _agreements(surgery: Surgery) -> Iterator[AgreedChange]:
    kept = surgery.agreements.select_related("by")[:SHOWN_AT_MOST]
    for agreement in kept:
        shown = Differences((difference_of(agreement),))
        yield AgreedChange(
            at=agreement.at,
            by=str(agreement.by),
            kind=agreement.get_what_display(),
            agreed=Agreed(shown.summary(), tuple(shown.groups())),
        )
