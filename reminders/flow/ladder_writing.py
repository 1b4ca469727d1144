"""What a manager decided → the clinic's ladder, as alerts that open from now on climb it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from clinic.models import Clinic, Staff
from reminders.flow.duty_changes import kept_ladder, note_ladder
from reminders.models import Ladder, Rung, Tier, Whom
from reminders.rules.ladder_check import Flaw, UrgentRung, flaws_of


class LadderIsFlawed(Exception):
    """With this ladder an urgent alert could end with nobody; `flaws` says why."""

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        super().__init__(", ".join(flaws))
        self.flaws = tuple(flaws)


@transaction.atomic
def write_ladder(
    clinic: Clinic,
    *,
    rungs: Sequence[Rung],
    repeat_minutes: int,
    raise_again_minutes: int,
    by: Staff,
    now: datetime,
) -> Ladder:
    """Put these rungs, which are not saved yet, in place of the clinic's own; return the ladder.

    What stood there and who changed it is kept. Alerts that climb already keep the copy that they
    began with. Two who save at once queue up, and the later stands. Raises LadderIsFlawed.
    """
    if flaws := flaws_of([checked(rung) for rung in rungs if Tier.EMERGENCY in rung.tiers]):
        raise LadderIsFlawed(flaws)
    Ladder.objects.get_or_create(clinic=clinic, defaults={"changed_at": now})
    ladder = Ladder.objects.select_for_update().get(clinic=clinic)
    before = kept_ladder(ladder, ladder.rungs.select_related("staff"))
    ladder.repeat_minutes, ladder.raise_again_minutes = repeat_minutes, raise_again_minutes
    ladder.changed_by, ladder.changed_at = by, now
    ladder.save()
    ladder.rungs.all().delete()
    in_order = sorted(rungs, key=lambda rung: rung.after_minutes)
    for place, rung in enumerate(in_order):
        rung.ladder, rung.position = ladder, place
    Rung.objects.bulk_create(in_order)
    note_ladder(clinic, before=before, after=kept_ladder(ladder, in_order), by=by, now=now)
    return ladder


def checked(rung: Rung) -> UrgentRung:
    """Return what the check of a ladder asks of a rung."""
    return UrgentRung(rung.after_minutes, rung.hours, rung.how, rung.whom == Whom.ADDRESS)
