"""What a new plan would change, in words for staff and in rows for the database."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


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

    def summary(self) -> str:
        """Say it in one line, as in "9 move, 2 already sent, 3 cancelled, 1 too late"."""
        parts = (
            (len(self.adds), "new"),
            (len(self.moves), "move" if len(self.moves) != 1 else "moves"),
            (len(self.holds), "held"),
            (len(self.releases), "released"),
            (len(self.already_sent), "already sent"),
            (len(self.cancels), "cancelled"),
            (len(self.too_late), "too late"),
        )
        return ", ".join(f"{count} {word}" for count, word in parts if count) or "nothing changes"

    def by_category(self) -> Counter[str]:
        """Count the changed reminders by category."""
        changed: Iterable[Change] = (
            *self.adds, *self.moves, *self.holds, *self.releases, *self.cancels, *self.too_late,
        )  # fmt: skip
        return Counter(change.category for change in changed)
