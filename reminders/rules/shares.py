"""Counts → what may be said of them: a share only where there are enough to have one."""

from dataclasses import dataclass

# Below this a percentage says more than is known, and may say something about one person.
FEWEST = 10


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    @property
    def percent(self) -> int | None:
        """Whole percent, rounded half up; None where the whole is under FEWEST.

        Never 100 or 0 where it is not all or none.
        """
        if self.whole < FEWEST:
            return None
        exact = (200 * self.part + self.whole) // (2 * self.whole)
        if 0 < self.part < self.whole:
            return min(max(exact, 1), 99)
        return exact
