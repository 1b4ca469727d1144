"""A change of a record → what it would do to the plan, shown before it is applied.

The change is made and planned for real inside a transaction that is undone, so the page cannot
show anything else than what then happens. What was agreed to is what is applied: the page carries
the difference's digest, and a difference that has become another is shown again.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy, pgettext

from reminders.flow.difference import Change, PlanDifference
from reminders.flow.plan import plan_surgery
from reminders.models import ReminderReason

AGREED = "_agreed_to"
SHOWN_OF_EACH = 12
# How many of each sort, by the words in which they are kept.
COUNTED = {
    "move": ngettext_lazy("{number} moves", "{number} move", "number"),
    "new": ngettext_lazy("{number} new", "{number} new", "number"),
    "released": ngettext_lazy("{number} released", "{number} released", "number"),
    "held": ngettext_lazy("{number} held", "{number} held", "number"),
    "already sent": ngettext_lazy("{number} already sent", "{number} already sent", "number"),
    "cancelled": ngettext_lazy("{number} cancelled", "{number} cancelled", "number"),
    "missed": ngettext_lazy("{number} missed", "{number} missed", "number"),
    "too late": ngettext_lazy("{number} too late", "{number} too late", "number"),
}
_NOT_COPIED = frozenset({"csrfmiddlewaretoken", AGREED})


@dataclass(frozen=True, slots=True)
class Group:
    """Changes of one sort, with the word and the tone that the page gives them."""

    word: str
    meaning: str
    tone: str
    changes: tuple[Change, ...]

    @property
    def shown(self) -> tuple[Change, ...]:
        return self.changes[:SHOWN_OF_EACH]

    @property
    def more(self) -> int:
        return len(self.changes) - len(self.shown)


@dataclass(frozen=True, slots=True)
class Differences:
    """What a change does to the plans of one patient's operations."""

    each: tuple[PlanDifference, ...] = field(default=())

    @property
    def is_empty(self) -> bool:
        return all(difference.is_empty for difference in self.each)

    def summary(self) -> str:
        """Say it in one line, as in "9 move, 2 already sent, 3 cancelled, 1 too late"."""
        one = self.joined()
        missed, late = _apart(one.too_late)
        counts = {
            "move": one.moves,
            "new": one.adds,
            "released": one.releases,
            "held": one.holds,
            "already sent": one.already_sent,
            "cancelled": one.cancels,
            "missed": missed,
            "too late": late,
        }
        return _said((word, len(rows)) for word, rows in counts.items() if rows)

    def joined(self) -> PlanDifference:
        """Return all of them as one."""
        return PlanDifference(
            **{
                name: tuple(c for one in self.each for c in getattr(one, name))
                for name in PlanDifference.__slots__
            }
        )

    def digest(self) -> str:
        """Name this difference: another one has another digest."""
        told = repr([(one.adds, one.moves, one.holds, one.releases, one.cancels, one.too_late)
                     for one in self.each])  # fmt: skip
        return hashlib.sha256(told.encode()).hexdigest()[:32]

    def groups(self) -> Iterator[Group]:
        """Yield what changes, most interesting first; empty sorts are left out."""
        one = self.joined()
        missed, late = _apart(one.too_late)
        sorts = (
            (_("move"), _("go to another time"), "wait", one.moves),
            (pgettext("messages", "new"), _("are added to the plan"), "good", one.adds),
            (_("released"), _("will go out at their time"), "good", one.releases),
            (_("held"), _("wait until somebody releases them"), "warn", one.holds),
            (_("cancelled"), _("will not be sent"), "bad", one.cancels),
            (_("missed"), _("fell into the hold and will not be sent"), "warn", missed),
            (_("too late"), _("lie behind us and will not be sent"), "warn", late),
            (_("already sent"), _("stay as they are"), "quiet", one.already_sent),
        )
        for word, meaning, tone, changes in sorts:
            if changes:
                yield Group(word, meaning, tone, tuple(changes))


def kept_summary_said(told: str) -> str:
    """Return what `PlanDifference.summary` has said in English, in the reader's language."""
    parts = [part.partition(" ") for part in told.split(", ")]
    counts = [(word.replace("moves", "move"), int(n)) for n, _gap, word in parts if n.isdecimal()]
    return _said(counts) if all(word in COUNTED for word, _number in counts) else told


def _said(counts: Iterable[tuple[str, int]]) -> str:
    told = ", ".join(COUNTED[word].format(number=number) for word, number in counts)
    return told or _("nothing changes")


def _apart(too_late: Iterable[Change]) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
    """What a hold has kept back too long, and what is too late for any other reason."""
    rows = tuple(too_late)
    missed = tuple(change for change in rows if change.reason == ReminderReason.WHILE_HELD)
    return missed, tuple(change for change in rows if change not in missed)


def planned(surgery_ids: Iterable[int], *, now: datetime) -> Differences:
    """Plan these operations now and return what that changed."""
    return Differences(tuple(plan_surgery(pk, now=now) for pk in surgery_ids))


def tried(
    change: Callable[[], object], surgery_ids: Iterable[int], *, now: datetime
) -> Differences:
    """Make the change, plan, look, and undo all of it."""
    with transaction.atomic():
        change()
        differences = planned(surgery_ids, now=now)
        transaction.set_rollback(True)
    return differences


def is_agreed(request: HttpRequest, differences: Differences) -> bool:
    """True when staff have seen exactly this difference and said yes."""
    return request.POST.get(AGREED) == differences.digest()


def ask(
    request: HttpRequest, differences: Differences, *, context: dict[str, Any], tz: ZoneInfo
) -> HttpResponse:
    """Show the difference with a hidden copy of what was typed; the button sends both."""
    return render(
        request,
        "staff/difference.html",
        {
            **context,
            "differences": differences,
            "groups": list(differences.groups()),
            "typed": list(_copied(request.POST)),
            "agreed_name": AGREED,
            "has_changed_since": AGREED in request.POST,
            "tz": tz,
        },
    )


def _copied(posted: "MultiValueDict[str, str]") -> Iterator[tuple[str, str]]:
    for name, values in posted.lists():
        if name not in _NOT_COPIED:
            yield from ((name, str(value)) for value in values)
