"""What was done to the rota or the ladder → a row that stays, in the transaction that does it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from clinic.models import Clinic, Staff
from reminders.models import DutyChange, DutyChangeKind, Ladder, Rung
from reminders.rules.rota import Span

Kept = dict[str, object]


def note_shifts(
    clinic: Clinic,
    *,
    of: Staff,
    before: Sequence[Span] = (),
    after: Sequence[Span] = (),
    by: Staff,
    now: datetime,
) -> None:
    """Keep that shifts of one person were added, or that one was ended or taken away."""
    DutyChange.objects.create(
        clinic=clinic,
        kind=DutyChangeKind.OFF_DUTY if before else DutyChangeKind.ON_DUTY,
        staff=of,
        before=_moments(before),
        after=_moments(after),
        by=by,
        at=now,
    )


def note_ladder(
    clinic: Clinic, *, before: list[Kept], after: list[Kept], by: Staff, now: datetime
) -> None:
    """Keep that the ladder is another one. Saved as it was, nothing is kept."""
    if before == after:
        return
    DutyChange.objects.create(
        clinic=clinic, kind=DutyChangeKind.LADDER, before=before, after=after, by=by, at=now
    )


def kept_ladder(ladder: Ladder, rungs: Iterable[Rung]) -> list[Kept]:
    """Return the ladder as it is kept: a mapping a rung, and one of its times at the end."""
    times: Kept = {
        "repeat_minutes": ladder.repeat_minutes,
        "raise_again_minutes": ladder.raise_again_minutes,
    }
    return [*(kept_rung(rung) for rung in rungs), times]


def kept_rung(rung: Rung) -> Kept:
    """Return a rung as it is kept: whom it tells in words, so that it outlives their account."""
    return {
        "after_minutes": rung.after_minutes,
        "whom": rung.words,
        "address": rung.address,
        "how": rung.how,
        "hours": rung.hours,
        "tiers": sorted(rung.tiers),
    }


def _moments(spans: Sequence[Span]) -> list[list[str]]:
    return [[begins.isoformat(), ends.isoformat()] for begins, ends in spans]
