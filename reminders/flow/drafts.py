"""A version → a draft of its own, which clinicians write in. What is signed is never touched.

A draft made here is a fork: a newer version that ships later becomes another draft beside it,
and neither overwrites the other.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from clinic.models import Staff
from reminders.flow.load import write_steps
from reminders.flow.version_content import content_of, head_of, steps_of
from reminders.flow.version_history import note
from reminders.models import PathwayVersion, VersionEventKind, VersionStatus

MAY_EDIT = "reminders.change_pathwayversion"


class NotEditable(Exception):
    """The version or a value cannot be taken; the message says why and what to do.

    `problems` has a message for each field that is wrong, where fields are the matter.
    """

    def __init__(self, message: str = "", *, problems: Mapping[str, str] | None = None) -> None:
        self.problems = dict(problems or {})
        super().__init__(message or " ".join(self.problems.values()))


@transaction.atomic
def start_draft(version_id: int, *, by: Staff, now: datetime) -> PathwayVersion:
    """Copy a version, whatever its state, into a new draft; return it.

    Steps keep their keys and their order. Each call makes another draft.
    """
    source = PathwayVersion.objects.select_related("pathway").get(pk=version_id)
    _require_editor(source, by)
    versions = PathwayVersion.objects.filter(pathway=source.pathway).select_for_update()
    newest = max(versions.values_list("number", flat=True))
    content = replace(content_of(source), calendar=())
    draft = PathwayVersion.objects.create(
        pathway=source.pathway,
        number=newest + 1,
        label=source.label,
        digest=content.digest,
        head=head_of(content),
        author=by,
        created_at=now,
        derived_from=source,
    )
    write_steps(steps_of(source), version=draft)
    detail = f"From version {source.number}."
    note(draft, kind=VersionEventKind.DERIVED, by=by, now=now, detail=detail)
    return draft


def locked_draft(version_id: int, *, by: Staff) -> PathwayVersion:
    """Return the draft, held against others until the transaction ends. Raises NotEditable."""
    version = PathwayVersion.objects.select_for_update().get(pk=version_id)
    _require_editor(version, by)
    if version.status != VersionStatus.DRAFT:
        raise NotEditable(
            f"Only a draft is edited; this one is {version.get_status_display().lower()}."
            " Begin a draft from it."
        )
    return version


def keep(
    version: PathwayVersion,
    *,
    detail: str,
    changes: Mapping[str, object],
    by: Staff,
    now: datetime,
) -> None:
    """Take the digest of the rows as they stand now, and put what was done in the history."""
    version.digest = content_of(version).digest
    version.save(update_fields=["digest"])
    note(version, kind=VersionEventKind.EDITED, by=by, now=now, detail=detail, changes=changes)


def _require_editor(version: PathwayVersion, by: Staff) -> None:
    if not by.is_superuser and by.clinic_id != version.pathway.clinic_id:
        raise NotEditable("This content belongs to another clinic.")
    if not by.is_superuser and not by.has_perm(MAY_EDIT):
        raise NotEditable("Your role cannot edit content.")


def newer_shipped(version: PathwayVersion) -> PathwayVersion | None:
    """Return the newest version that was loaded after the one that this fork began with."""
    if version.derived_from_id is None:
        return None
    shipped = version.pathway.versions.filter(derived_from=None, number__gt=_root(version).number)
    return shipped.exclude(status=VersionStatus.RETIRED).order_by("-number").first()


def _root(version: PathwayVersion) -> PathwayVersion:
    while version.derived_from is not None:
        version = version.derived_from
    return version
