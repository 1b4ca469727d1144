"""What a new plan would change, in words for staff and in rows for the database."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from reminders.models import ReminderReason


@dataclass(frozen=True, slots=True)
class Change:
    """One reminder that a plan adds, moves, holds or cancels. Moments are UTC."""

    step_key: str
    intent: str
    occurrence: int
    category: str
    old_due: datetime | None
    new_due: datetime | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PlanDifference:
    """How the plan that the record asks for differs from the reminders that exist."""

    adds: tuple[Change, ...] = ()
    moves: tuple[Change, ...] = ()
    holds: tuple[Change, ...] = ()
    releases: tuple[Change, ...] = ()
    cancels: tuple[Change, ...] = ()
    too_late: tuple[Change, ...] = ()
    already_sent: tuple[Change, ...] = ()

    @property
    def is_empty(self) -> bool:
        """True when applying it changes nothing that a patient would notice."""
        return not (
            self.adds or self.moves or self.holds or self.releases or self.cancels or self.too_late
        )

    @property
    def missed(self) -> tuple[Change, ...]:
        """Of what is too late: what a hold has kept back too long."""
        return tuple(c for c in self.too_late if c.reason == ReminderReason.WHILE_HELD)

    @property
    def behind_us(self) -> tuple[Change, ...]:
        """What is too late for any other reason."""
        return tuple(c for c in self.too_late if c.reason != ReminderReason.WHILE_HELD)

    def counts(self) -> dict[str, int]:
        """Return how many of each sort, as in {"moves": 9, "cancels": 3}; no sort that is empty."""
        each = {
            "moves": self.moves,
            "adds": self.adds,
            "releases": self.releases,
            "holds": self.holds,
            "already_sent": self.already_sent,
            "cancels": self.cancels,
            "missed": self.missed,
            "too_late": self.behind_us,
        }
        return {sort: len(changes) for sort, changes in each.items() if changes}

    def by_category(self) -> Counter[str]:
        """Count the changed reminders by category."""
        changed: Iterable[Change] = (
            *self.adds, *self.moves, *self.holds, *self.releases, *self.cancels, *self.too_late,
        )  # fmt: skip
        return Counter(change.category for change in changed)
