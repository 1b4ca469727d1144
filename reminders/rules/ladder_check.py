"""What a clinic wants as its ladder → what is wrong with it. Promise P6 (H27)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from reminders.rules.ladder import PHONE, Hours

# A person must look at an emergency within 15 minutes. Source: clinical.md 4c.
FIRST_WITHIN_MINUTES = 15


class Flaw(StrEnum):
    """One thing that would leave an urgent alert with nobody."""

    NOTHING = "nothing"  # no rung for emergencies
    STARTS_LATE = "starts_late"
    ENDS_WITHOUT_NUMBER = "ends_without_number"
    SILENT_WHEN_CLOSED = "silent_when_closed"
    SILENT_WHEN_OPEN = "silent_when_open"


@dataclass(frozen=True, slots=True)
class UrgentRung:
    """What the check asks of a rung for emergencies; `is_fixed` is a number, not a person."""

    after_minutes: int
    hours: str
    how: str
    is_fixed: bool


def flaws_of(rungs: Sequence[UrgentRung]) -> list[Flaw]:
    """Return what is wrong with the rungs for emergencies, in their order; empty when nothing is.

    The last one is a fixed telephone number for any hour: it works when nobody is on the rota,
    every text fails and everybody has left. At any hour something is sent to somebody as well.
    """
    if not rungs:
        return [Flaw.NOTHING]
    found = []
    in_order = sorted(rungs, key=lambda rung: rung.after_minutes)
    if in_order[0].after_minutes > FIRST_WITHIN_MINUTES:
        found.append(Flaw.STARTS_LATE)
    latest = [r for r in in_order if r.after_minutes == in_order[-1].after_minutes]
    if not any(_is_a_number_for_any_hour(rung) for rung in latest):
        found.append(Flaw.ENDS_WITHOUT_NUMBER)
    sent = {rung.hours for rung in rungs if rung.how != PHONE}
    if not sent & {Hours.ALWAYS, Hours.UNSTAFFED}:
        found.append(Flaw.SILENT_WHEN_CLOSED)
    if not sent & {Hours.ALWAYS, Hours.STAFFED}:
        found.append(Flaw.SILENT_WHEN_OPEN)
    return found


def _is_a_number_for_any_hour(rung: UrgentRung) -> bool:
    return rung.how == PHONE and rung.is_fixed and rung.hours == Hours.ALWAYS
