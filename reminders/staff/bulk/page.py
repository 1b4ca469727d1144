"""A request: what it would change now, who may say yes, and what became of each operation."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from clinic import clock
from clinic.access import visible_to
from clinic.models import Staff
from reminders.flow.bulk import (
    NeedsSecondPerson,
    NoLongerOpen,
    Outcome,
    agree,
    needs_second,
    outcome_of,
    refuse,
)
from reminders.models import WAITS_FOR, BulkRequest, BulkRow, BulkRowStatus, BulkStatus
from reminders.staff.bulk.choose import MAY_ASK
from reminders.staff.difference import Differences, counts_said
from reminders.staff.screen import staff_of, visible_row
from reminders.staff.sign_in.again import ask_again, recently_signed_in
from reminders.staff.sign_in.kept_form import kept_before
from reminders.tasks import ring

# The field with the difference that somebody has looked at; it is kept while we ask who they are.
SEEN = "seen"
MAY_APPROVE = "reminders.approve_bulkrequest"


@dataclass(frozen=True, slots=True)
class RowShown:
    """One operation with what would happen to it, or did."""

    row: BulkRow
    said: str
    is_left_out: bool


def bulk_urls(wrap: Any) -> list[URLPattern]:
    return [path("bulk/<int:pk>/", wrap(bulk_view), name="reminders_bulk")]


def bulk_view(request: HttpRequest, pk: int) -> HttpResponse:
    """GET shows the request; POST says yes to exactly what was seen, or no."""
    rows = BulkRequest.objects.select_related("asked_by", "decided_by", "clinic")
    asked, staff, now = visible_row(request, rows, pk), staff_of(request), clock.now()
    if not staff.has_perm(MAY_ASK):
        raise PermissionDenied
    if request.method == "POST":
        return _decide(request, asked, by=staff, now=now)
    return _page(request, asked, by=staff, now=now, pressed=kept_before(request))


def _decide(request: HttpRequest, asked: BulkRequest, *, by: Staff, now: datetime) -> HttpResponse:
    do = request.POST.get("do")
    allowed = {"agree": _may_agree(asked, by=by), "refuse": _may_refuse(asked, by=by)}
    if do not in allowed:
        raise Http404
    if not allowed[do]:
        raise PermissionDenied
    if not recently_signed_in(request):
        return ask_again(request)
    try:
        if do == "refuse":
            refuse(asked.pk, by=by, now=now)
            messages.success(request, _("Nothing is changed."))
        elif request.POST.get(SEEN) != _digest(_outcomes(asked, by=by, now=now)):
            return _page(request, asked, by=by, now=now, pressed=request.POST)
        else:
            agree(asked.pk, by=by, now=now)
            ring("reminders.bulk")
    except (NoLongerOpen, NeedsSecondPerson):
        messages.warning(request, _("That is no longer possible; somebody may have been faster."))
    return HttpResponseRedirect(reverse("admin:reminders_bulk", args=[asked.pk]))


def _may_agree(asked: BulkRequest, *, by: Staff) -> bool:
    if by.pk == asked.asked_by_id:
        return not needs_second(asked)
    return by.has_perm(MAY_APPROVE)


def _may_refuse(asked: BulkRequest, *, by: Staff) -> bool:
    return by.pk == asked.asked_by_id or by.has_perm(MAY_APPROVE)


def _rows(asked: BulkRequest) -> list[BulkRow]:
    named = asked.rows.select_related("surgery__patient__clinic", "request")
    return list(named.order_by("pk"))


def _outcomes(asked: BulkRequest, *, by: Staff, now: datetime) -> list[tuple[BulkRow, Outcome]]:
    """Compute anew what would happen, operation by operation."""
    return [(row, outcome_of(row, by=by, now=now)) for row in _rows(asked)]


def _differences(outcomes: list[tuple[BulkRow, Outcome]]) -> Differences:
    return Differences(tuple(one.difference for _row, one in outcomes if not one.why))


def _digest(outcomes: list[tuple[BulkRow, Outcome]]) -> str:
    left_out = [row.pk for row, one in outcomes if one.why]
    told = f"{_differences(outcomes).digest()}{left_out}"
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def _page(
    request: HttpRequest,
    asked: BulkRequest,
    *,
    by: Staff,
    now: datetime,
    pressed: Mapping[str, str],
) -> HttpResponse:
    """Show the request; `pressed` is a form that was sent from it and has done nothing."""
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "heading": asked.get_action_display(),
        "asked": asked,
        "pressed": pressed.get("do", ""),
        "ends_at": asked.asked_at + WAITS_FOR,
        "tz": asked.clinic.tz,
        "seen_name": SEEN,
    }
    is_open = asked.status == BulkStatus.ASKED and now < asked.asked_at + WAITS_FOR
    if is_open:
        context |= _question(asked, by=by, now=now)
        is_yes = context["pressed"] == "agree"
        context["has_changed"] = is_yes and pressed.get(SEEN) != context["digest"]
    else:
        context |= _result(asked)
        context["is_over"] = asked.status == BulkStatus.ASKED
    return render(request, "staff/bulk/request.html", context)


def _question(asked: BulkRequest, *, by: Staff, now: datetime) -> dict[str, Any]:
    outcomes = _outcomes(asked, by=by, now=now)
    differences = _differences(outcomes)
    left_out = sum(bool(one.why) for _row, one in outcomes)
    return {
        "is_open": True,
        "digest": _digest(outcomes),
        "summary": differences.summary(),
        "groups": list(differences.groups()),
        "left_out": left_out,
        "to_do": len(outcomes) - left_out,
        "needs_second": needs_second(asked),
        "may_agree": _may_agree(asked, by=by),
        "may_refuse": _may_refuse(asked, by=by),
        "is_own": by.pk == asked.asked_by_id,
        "rows": [
            RowShown(
                row,
                str(one.why.label) if one.why else Differences((one.difference,)).summary(),
                bool(one.why),
            )
            for row, one in outcomes
        ],
    }


def _result(asked: BulkRequest) -> dict[str, Any]:
    rows = _rows(asked)
    counts = {status: sum(row.status == status for row in rows) for status in BulkRowStatus}
    return {
        "rows": [
            RowShown(
                row,
                row.get_why_display() or _became(row),
                row.status == BulkRowStatus.LEFT_OUT,
            )
            for row in rows
        ],
        "done": counts[BulkRowStatus.DONE],
        "left_out": counts[BulkRowStatus.LEFT_OUT],
        "waiting_rows": counts[BulkRowStatus.WAITING],
        "all_rows": len(rows),
        "is_running": asked.status == BulkStatus.AGREED,
    }


def _became(row: BulkRow) -> str:
    is_done = row.status == BulkRowStatus.DONE
    return counts_said(row.counts) if is_done else row.get_status_display()


def waiting_for(staff: Staff, *, now: datetime) -> list[BulkRequest]:
    """Return what others ask for and this person may agree to, the oldest first."""
    if not staff.has_perm(MAY_APPROVE):
        return []
    open_ones = visible_to(staff, BulkRequest.objects.waiting(now)).exclude(asked_by=staff)
    asked = open_ones.select_related("asked_by").order_by("asked_at")[:5]
    return [one for one in asked if needs_second(one)]
