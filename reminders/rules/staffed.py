"""A clinic's opening hours → whether somebody is there, and when somebody is there next."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from reminders.rules.timing import LONGEST_SHIFT_DAYS, ONE_DAY, IsWorkday, wall_clock_moment


@dataclass(frozen=True, slots=True)
class StaffedHours:
    """When staff are at the clinic: from `opens_at` to `closes_at` on each working day.

    A clinic that closes at an hour before it opens is open over midnight. Both hours are wall
    clock in `tz`; holidays and closures are in `is_workday`.
    """

    opens_at: time
    closes_at: time
    tz: ZoneInfo
    is_workday: IsWorkday

    def covers(self, moment: datetime) -> bool:
        """True while somebody is there: from the opening on, up to the closing."""
        return any(opens <= moment < closes for opens, closes in self._days(moment, count=2))

    def next_staffed(self, moment: datetime) -> datetime | None:
        """Return `moment`, or the next opening; None when there is none within a month."""
        for opens, closes in self._days(moment, count=LONGEST_SHIFT_DAYS):
            if closes > moment:
                return max(opens, moment)
        return None

    def next_unstaffed(self, moment: datetime) -> datetime | None:
        """Return `moment`, or the next closing; None when somebody is always there."""
        for opens, closes in self._days(moment, count=LONGEST_SHIFT_DAYS):
            if opens > moment:
                return moment
            moment = max(moment, closes)
        return None if self.covers(moment) else moment

    def _days(self, moment: datetime, *, count: int) -> Iterator[tuple[datetime, datetime]]:
        """Yield opening and closing of the working days around a moment, from the day before."""
        first = moment.astimezone(self.tz).date() - ONE_DAY
        over_midnight = timedelta(days=int(self.closes_at <= self.opens_at))
        for place in range(count + 1):
            day = first + timedelta(days=place)
            if self.is_workday(day):
                yield (
                    wall_clock_moment(day, self.opens_at, tz=self.tz).astimezone(UTC),
                    wall_clock_moment(day + over_midnight, self.closes_at, tz=self.tz),
                )
