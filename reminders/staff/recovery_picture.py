"""The recovery picture of one operation: each limit as a bar, today as a line, and who moved what.

A clinician releases a limit for this patient or sets another day, with a reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic import clock
from clinic.models import Staff, Surgery
from reminders.flow.agreements import keep_agreement
from reminders.flow.restriction_changes import (
    LONGEST_REASON,
    MAY_CHANGE,
    NotChangeable,
    change_restriction,
)
from reminders.flow.restrictions import Problem, Restriction, State, picture_of
from reminders.models import ChangeKind
from reminders.rules.content import RestrictionKind
from reminders.staff.bars import LAST_DAY, Bar, bar, place, ticks
from reminders.staff.difference import Differences, ask, is_agreed, planned
from reminders.staff.kept_words import kept_said
from reminders.staff.recovery_chart import recovery_chart
from reminders.staff.recovery_marks import STATE_SAID
from reminders.staff.screen import staff_of, visible_row
from reminders.staff.timeline import read_rows
from reminders.staff.words import day_of_recovery
from reminders.tasks import ring

PROBLEMS = {
    Problem.NOT_CONFIRMED: _(
        "Nobody has confirmed yet that the operation took place. The patient sees nothing of this."
    ),
    Problem.NO_LIVE_CONTENT: _(
        "There is no signed pathway for this operation, so nothing is said to the patient."
    ),
    Problem.NO_SIGNED_CALENDAR: _(
        "The pathway was signed before the calendar was part of it. Begin a draft from it, and have"
        " it signed."
    ),
}
STATES = {
    State.NOT_YET: (_("not yet"), "wait"),
    State.ALLOWED: (_("free"), "good"),
    State.UNTIL_TOLD: (_("until the surgeon says"), "warn"),
    State.ADVICE: (_("advice"), "quiet"),
}


class LimitForm(forms.Form):
    """What a clinician decides about one limit of one patient."""

    kind = forms.ChoiceField(label=_("For this patient"), choices=ChangeKind)
    day = forms.IntegerField(label=_("First free day"), required=False, min_value=0)
    reason = forms.CharField(label=_("Why"), max_length=LONGEST_REASON)


@dataclass(frozen=True, slots=True)
class Row:
    """One activity with its bar, the words for its state, and what stands in its form."""

    shown: Restriction
    bar: Bar | None
    reviewed: Bar | None
    state: str
    tone: str
    is_over: bool
    may_change: bool
    typed: Mapping[str, str]
    problem: str


def recovery_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the picture; keep what a clinician decides about one limit, and plan again."""
    rows = Surgery.objects.select_related("patient__clinic")
    surgery = visible_row(request, rows, pk)
    if not staff_of(request).has_perm("clinic.view_surgery"):
        raise PermissionDenied
    problem = ""
    if request.method == "POST":
        problem, differences = _decide(request, surgery)
        if differences is not None:
            return _question(request, surgery, differences)
        if not problem:
            return HttpResponseRedirect(f"{request.path}#{request.POST.get('key', '')}")
    return render(
        request,
        "staff/surgeries/recovery.html",
        {**admin.site.each_context(request), **_context(request, surgery, problem)},
    )


def _question(request: HttpRequest, surgery: Surgery, differences: Differences) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "heading": gettext("Before this is decided"),
        "who": f"{surgery.patient}, {surgery}",
        "question": gettext("This changes what the patient is sent"),
        "yes": gettext("Decide it in my name"),
        "back": request.path,
    }
    return ask(request, differences, context=context, tz=surgery.patient.tz)


def _decide(request: HttpRequest, surgery: Surgery) -> tuple[str, Differences | None]:
    """Keep the decision; return why it was not kept, or the difference to agree to first."""
    staff, now = staff_of(request), clock.now()
    if not staff.has_perm(MAY_CHANGE):
        raise PermissionDenied
    form = LimitForm(request.POST)
    if not form.is_valid():
        return _first_error(form), None
    try:
        shown, is_kept = _tried(request, surgery, form, by=staff, now=now)
    except NotChangeable as reason:
        return kept_said(str(reason)), None
    if not is_kept:
        return "", shown
    ring("reminders.plan")
    said = gettext("Kept. In the plan: %(what)s.") % {"what": shown.summary()}
    messages.success(request, said)
    return "", None


def _tried(
    request: HttpRequest, surgery: Surgery, form: LimitForm, *, by: Staff, now: datetime
) -> tuple[Differences, bool]:
    """Decide and plan; what changes messages is undone unless staff have agreed to just that."""
    with transaction.atomic():
        change_restriction(
            surgery.pk,
            key=request.POST.get("key", ""),
            kind=ChangeKind(form.cleaned_data["kind"]),
            day=form.cleaned_data["day"],
            reason=form.cleaned_data["reason"],
            by=by,
            now=now,
        )
        shown = planned([surgery.pk], now=now)
        is_kept = shown.is_empty or is_agreed(request, shown)
        if is_kept:
            keep_agreement(surgery.pk, shown.joined(), what="limit", by=by, now=now)
        transaction.set_rollback(not is_kept)
    return shown, is_kept


def _first_error(form: LimitForm) -> str:
    name, errors = next(iter(form.errors.items()))
    field = form.fields.get(name)
    return f"{field.label}: {errors[0]}" if field is not None else str(errors[0])


def _context(request: HttpRequest, surgery: Surgery, problem: str) -> dict[str, Any]:
    now = clock.now()
    today = timezone.localdate(now, surgery.patient.tz)
    picture = picture_of(surgery, today=today)
    may_change = staff_of(request).has_perm(MAY_CHANGE)
    failed = request.POST.get("key", "") if problem else ""
    rows = [
        _row(one, day=picture.day, may_change=may_change, typed=request.POST,
             problem=problem if one.key == failed else "")
        for one in picture.restrictions
    ]  # fmt: skip
    return {
        "heading": gettext("Recovery of %(patient)s") % {"patient": surgery.patient},
        "title": gettext("Recovery of %(patient)s") % {"patient": surgery.patient},
        "crumb": gettext("Operations"),
        "opts": Surgery._meta,
        "surgery": surgery,
        "recovery": day_of_recovery(surgery.surgery_date, on=today),
        "today": today,
        "today_at": place(picture.day) if 0 <= picture.day <= LAST_DAY else None,
        "why_empty": PROBLEMS.get(picture.problem, ""),
        "held": [row for row in rows if row.bar is not None and not row.is_over],
        "over": [row for row in rows if row.bar is not None and row.is_over],
        "advice": [row for row in rows if row.bar is None],
        "chart": recovery_chart(surgery, read_rows(surgery.patient), picture, now=now),
        "shapes": STATE_SAID.items(),
        "ticks": ticks(),
        "kinds": ChangeKind.choices,
        "longest_reason": LONGEST_REASON,
        "problem": problem,
    }


def _row(
    one: Restriction, *, day: int, may_change: bool, typed: Mapping[str, str], problem: str
) -> Row:
    is_advice = one.kind is RestrictionKind.ADVICE
    state, tone = STATES[one.state]
    return Row(
        shown=one,
        bar=None if is_advice else bar(one.from_day, one.free_day),
        reviewed=bar(*one.reviewed_days) if one.reviewed_days and not is_advice else None,
        state=str(state),
        tone=tone,
        is_over=one.state is State.ALLOWED,
        may_change=may_change and not is_advice,
        typed=typed if problem else {},
        problem=problem,
    )
