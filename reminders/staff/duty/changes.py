"""Who changed the rota or the ladder, as lines that a person can read, newest first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clinic.models import Clinic, Staff
from reminders.models import DutyChange, DutyChangeKind, Tier
from reminders.staff.duty.ladder_form import HOURS_SAID, HOW_SAID
from reminders.staff.duty.rota_week import hours_said
from reminders.staff.kept_words import kept_said

SHOWN_AT_MOST = 30
OF_THE_ROTA = (DutyChangeKind.ON_DUTY, DutyChangeKind.OFF_DUTY)
OF_THE_LADDER = (DutyChangeKind.LADDER,)


@dataclass(frozen=True, slots=True)
class Change:
    """One change: what, by whom, when, and the lines that were and that are there."""

    kind: str
    by: Staff
    at: datetime
    of: Staff | None
    before: tuple[str, ...]
    after: tuple[str, ...]


def changes_of(clinic: Clinic, *, kinds: Sequence[DutyChangeKind]) -> list[Change]:
    """Return the last changes of these kinds, in one query."""
    rows = DutyChange.objects.filter(clinic=clinic, kind__in=kinds).select_related("by", "staff")
    return [_change(row, tz=clinic.tz) for row in rows[:SHOWN_AT_MOST]]


def _change(row: DutyChange, *, tz: ZoneInfo) -> Change:
    is_ladder = row.kind == DutyChangeKind.LADDER
    before, after = (
        tuple(_rungs(kept) if is_ladder else _shifts(kept, tz=tz))
        for kept in (row.before, row.after)
    )
    return Change(row.get_kind_display(), row.by, row.at, row.staff, before, after)


def _shifts(kept: list[list[str]], *, tz: ZoneInfo) -> Iterator[str]:
    for written in kept:
        begins, ends = (datetime.fromisoformat(moment) for moment in written)
        local = timezone.localtime(begins, tz)
        hours = hours_said(begins, ends, day=local.date(), tz=tz)
        yield f"{date_format(local, 'D j M')}, {hours}"


def _rungs(kept: list[Mapping[str, Any]]) -> Iterator[str]:
    for row in kept:
        if "whom" in row:
            yield _rung(row)
        else:
            yield _(
                "repeated every {repeat} min; taken and not closed, again after {again}"
            ).format(repeat=row["repeat_minutes"], again=row["raise_again_minutes"])


def _rung(row: Mapping[str, Any]) -> str:
    whom = kept_said(row["whom"])
    number = f" ({row['address']})" if row["address"] and row["address"] != whom else ""
    tiers = ", ".join(str(Tier(tier).label) for tier in row["tiers"])
    said = (HOW_SAID[row["how"]], HOURS_SAID[row["hours"]], tiers)
    return f"{row['after_minutes']} min: {whom}{number}, {', '.join(map(str, said))}"
