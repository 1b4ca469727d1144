"""Everything that was done with a version and with its messages, the newest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from clinic.models import Staff
from reminders.models import PathwayVersion, PulledStep
from reminders.staff.content.changes import Changed, changes_said
from reminders.staff.kept_words import kept_said
from reminders.staff.shipped_words import shipped_said

MOST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Done:
    """One thing that somebody did; `by` is None for the loader."""

    what: str
    detail: str
    by: Staff | None
    at: datetime
    changes: tuple[Changed, ...] = ()


def history_of(version: PathwayVersion) -> list[Done]:
    """Return what was done with the version, and which of its messages were pulled or restored."""
    done = [*_events(version), *_pulls(version)]
    return sorted(done, key=lambda one: one.at, reverse=True)[:MOST_SHOWN]


def _events(version: PathwayVersion) -> Iterator[Done]:
    rows = version.events.select_related("by").order_by("-at", "-pk")
    for row in rows[:MOST_SHOWN]:
        yield Done(
            str(row.get_kind_display()),
            kept_said(row.detail),
            row.by,
            row.at,
            tuple(changes_said(row.changes)),
        )


def _pulls(version: PathwayVersion) -> Iterator[Done]:
    """A message is pulled in every version at once, so it stands in the history of each."""
    intents = dict(version.steps.values_list("key", "intent"))
    rows = PulledStep.objects.filter(clinic=version.pathway.clinic_id, step_key__in=intents)
    for row in rows.select_related("pulled_by", "restored_by"):
        intent = shipped_said(intents[row.step_key])
        reason = f"{intent}: {row.reason}"
        yield Done(_("Message pulled"), reason, row.pulled_by, row.pulled_at)
        if row.restored_at is not None:
            yield Done(_("Message restored"), intent, row.restored_by, row.restored_at)
