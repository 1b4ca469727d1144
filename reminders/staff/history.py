"""The history rows of a record → what changed, in words, newest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SHOWN_AT_MOST = 100
KINDS = {"+": gettext_lazy("Added"), "~": gettext_lazy("Changed"), "-": gettext_lazy("Removed")}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field's old and new value, as text."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """One saving of a record: when, by whom (empty: by the system) and what was different."""

    at: datetime
    by: str
    kind: str
    fields: tuple[FieldChange, ...] = ()


def changes(row: Model) -> list[Change]:
    """Return the last changes of a row that keeps its history, in one query."""
    kept: Any = row
    records = list(kept.history.select_related("history_user")[: SHOWN_AT_MOST + 1])
    found = [_change(newer, older) for newer, older in pairwise(records)]
    if records and len(records) <= SHOWN_AT_MOST:
        found.append(_change(records[-1], None))
    return [change for change in found if change.fields or change.kind != str(KINDS["~"])]


def _change(record: Any, older: Any) -> Change:
    return Change(
        at=record.history_date,
        by=str(record.history_user or ""),
        kind=str(KINDS[record.history_type]),
        fields=tuple(_differences(record, older)) if older is not None else (),
    )


def _differences(record: Any, older: Any) -> Iterator[FieldChange]:
    delta = record.diff_against(older, foreign_keys_are_objs=False)
    for change in delta.changes:
        field = record.instance_type._meta.get_field(change.field)
        yield FieldChange(
            field=str(getattr(field, "verbose_name", change.field)),
            old=_words(field, change.old),
            new=_words(field, change.new),
        )


def _words(field: Any, value: Any) -> str:
    if value in (None, ""):
        return _("empty")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(dict(field.flatchoices).get(value, value))
