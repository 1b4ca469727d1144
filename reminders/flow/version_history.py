"""What somebody did with a version → a row that is never changed."""

from collections.abc import Mapping
from datetime import datetime

from clinic.models import Staff
from reminders.models import PathwayVersion, VersionEvent, VersionEventKind, VersionStatus

WROTE = (VersionEventKind.DERIVED, VersionEventKind.EDITED)


def note(
    version: PathwayVersion,
    *,
    kind: VersionEventKind,
    by: Staff | None,
    now: datetime,
    detail: str = "",
    changes: Mapping[str, object] | None = None,
) -> VersionEvent:
    """Keep what was done, by whom, and on which content."""
    return VersionEvent.objects.create(
        version=version,
        kind=kind,
        by=by,
        at=now,
        digest=version.digest,
        detail=detail[:200],
        changes=dict(changes or {}),
    )


def writers_of(version: PathwayVersion) -> frozenset[int]:
    """Return the ids of everybody who wrote any of it: its author, and whoever edited it."""
    edited = version.events.filter(kind__in=WROTE, by__isnull=False)
    writers = set(edited.values_list("by_id", flat=True))
    return frozenset(pk for pk in writers | {version.author_id} if pk is not None)


def sent_back(version: PathwayVersion) -> VersionEvent | None:
    """Return how a draft came back from review, or None when nobody has sent it back."""
    ways = (VersionEventKind.SUBMITTED, VersionEventKind.RETURNED)
    last = version.events.filter(kind__in=ways).select_related("by").last()
    came_back = last is not None and last.kind == VersionEventKind.RETURNED
    return last if came_back and version.status == VersionStatus.DRAFT else None
