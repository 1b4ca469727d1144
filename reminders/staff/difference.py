"""A change of a record → what it would do to the plan, shown before it is applied.

The change is made and planned for real inside a transaction that is undone, so the page cannot
show anything else than what then happens. What was agreed to is what is applied: the page carries
the difference's digest, and a difference that has become another is shown again.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
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

AGREED = "_agreed_to"
SHOWN_OF_EACH = 12
# How many of each sort, in the order in which they are said.
COUNTED = {
    "moves": ngettext_lazy("{number} moves", "{number} move", "number"),
    "adds": ngettext_lazy("{number} new", "{number} new", "number"),
    "releases": ngettext_lazy("{number} released", "{number} released", "number"),
    "holds": ngettext_lazy("{number} held", "{number} held", "number"),
    "already_sent": ngettext_lazy("{number} already sent", "{number} already sent", "number"),
    "cancels": ngettext_lazy("{number} cancelled", "{number} cancelled", "number"),
    "missed": ngettext_lazy("{number} missed", "{number} missed", "number"),
    "too_late": ngettext_lazy("{number} too late", "{number} too late", "number"),
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
        return counts_said(self.joined().counts())

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
        sorts = (
            (_("move"), _("go to another time"), "wait", one.moves),
            (pgettext("messages", "new"), _("are added to the plan"), "good", one.adds),
            (_("released"), _("will go out at their time"), "good", one.releases),
            (_("held"), _("wait until somebody releases them"), "warn", one.holds),
            (_("cancelled"), _("will not be sent"), "bad", one.cancels),
            (_("missed"), _("fell into the hold and will not be sent"), "warn", one.missed),
            (_("too late"), _("lie behind us and will not be sent"), "warn", one.behind_us),
            (_("already sent"), _("stay as they are"), "quiet", one.already_sent),
        )
        for word, meaning, tone, changes in sorts:
            if changes:
                yield Group(word, meaning, tone, tuple(changes))


def counts_said(counts: Mapping[str, int]) -> str:
    """Say what `PlanDifference.counts` has counted, in the language of whoever reads it."""
    told = (COUNTED[sort].format(number=counts[sort]) for sort in COUNTED if counts.get(sort))
    return ", ".join(told) or _("nothing changes")


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
