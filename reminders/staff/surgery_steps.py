"""What happens to an operation: it took place, moves, waits, goes on, is called off or approved.

Each is one page: what has to be typed, the difference to the plan, and a yes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import clock
from clinic.models import Staff, Surgery, SurgeryStatus
from reminders.flow.agreements import keep_agreement
from reminders.flow.alerts import close_settled
from reminders.flow.pauses import begin_hold, end_hold
from reminders.flow.record import WAIT_FOR_CLINICIAN
from reminders.staff.difference import AGREED, Differences, is_agreed, planned, tried
from reminders.staff.screen import staff_of, visible_row
from reminders.staff.surgery_forms import ConfirmForm, HoldForm, MoveForm, ResumeForm, StepForm
from reminders.staff.words import Words
from reminders.tasks import ring


@dataclass(frozen=True, slots=True)
class SurgeryStep:
    """One thing that can happen to an operation, and when it can."""

    button: Words
    question: Words
    yes: Words
    done: Words
    is_possible: Callable[[Surgery, date], bool]
    change: Callable[[Surgery, "Decision"], None]
    form: type[StepForm] = StepForm
    explanation: Words = ""
    # Said beside it where it may be the wrong thing to do; it leads to the patient's record.
    otherwise: Words = ""
    # True when the difference depends on what has to be chosen first.
    asks_first: bool = False
    permission: str = "clinic.change_surgery"
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was typed, by whom, and when."""

    form: StepForm
    by: Staff
    now: datetime


def _confirm(surgery: Surgery, decision: Decision) -> None:
    surgery.status = SurgeryStatus.CONFIRMED


def _nothing_more(surgery: Surgery, decision: Decision) -> None:
    """The form has put everything in."""


def _hold(surgery: Surgery, decision: Decision) -> None:
    begin_hold(surgery, decision.form.new_hold(), by=decision.by, now=decision.now)


def _resume(surgery: Surgery, decision: Decision) -> None:
    end_hold(surgery, after=decision.form.after(), by=decision.by, now=decision.now)


def _cancel(surgery: Surgery, decision: Decision) -> None:
    surgery.status = SurgeryStatus.CANCELLED


def _approve(surgery: Surgery, decision: Decision) -> None:
    surgery.plan_approved_by = decision.by


def _is_planned(surgery: Surgery) -> bool:
    return surgery.status == SurgeryStatus.PLANNED


STEPS: dict[str, SurgeryStep] = {
    "confirm": SurgeryStep(
        button=gettext_lazy("It took place"),
        question=gettext_lazy("Did the operation take place?"),
        yes=gettext_lazy("Yes, it took place"),
        done=gettext_lazy("Confirmed."),
        is_possible=lambda surgery, today: _is_planned(surgery) and surgery.surgery_date <= today,
        change=_confirm,
        form=ConfirmForm,
        explanation=gettext_lazy(
            "Until this is confirmed, nothing that speaks of the time after it is sent."
        ),
    ),
    "move": SurgeryStep(
        button=gettext_lazy("Move"),
        question=gettext_lazy("Move the operation"),
        yes=gettext_lazy("Move it"),
        done=gettext_lazy("Moved."),
        is_possible=lambda surgery, today: _is_planned(surgery),
        change=_nothing_more,
        form=MoveForm,
        explanation=gettext_lazy("Messages that have not gone out move with it."),
    ),
    "hold": SurgeryStep(
        button=gettext_lazy("Hold the messages"),
        question=gettext_lazy("Let the messages wait"),
        yes=gettext_lazy("Hold them"),
        done=gettext_lazy("On hold."),
        is_possible=lambda surgery, today: not surgery.on_hold and _goes_on(surgery),
        change=_hold,
        form=HoldForm,
        explanation=gettext_lazy("Nothing of this plan goes out until somebody lets it go on."),
        otherwise=gettext_lazy(
            "Has the patient died, or does somebody else look after them now? That is no hold:"
            " say so in their record, and everything is cancelled."
        ),
        asks_first=True,
    ),
    "resume": SurgeryStep(
        button=gettext_lazy("Let them go on"),
        question=gettext_lazy("Let the messages go on"),
        yes=gettext_lazy("Let them go on"),
        done=gettext_lazy("They go on."),
        is_possible=lambda surgery, today: surgery.on_hold and _goes_on(surgery),
        change=_resume,
        form=ResumeForm,
        explanation=gettext_lazy(
            "Warning signs, limits, wound, medicines, appointments and check-ins always keep their"
            " day: they count from the operation."
        ),
    ),
    "approve": SurgeryStep(
        button=gettext_lazy("Approve the plan"),
        question=gettext_lazy("Is this plan right for this patient?"),
        yes=gettext_lazy("Approve it in my name"),
        done=gettext_lazy("Approved."),
        is_possible=lambda surgery, today: (
            surgery.indication in WAIT_FOR_CLINICIAN
            and surgery.plan_approved_by_id is None
            and _goes_on(surgery)
        ),
        change=_approve,
        explanation=gettext_lazy(
            "Plans after trauma or a tumour wait until a clinician has looked at them."
        ),
        permission="reminders.sign_pathwayversion",
    ),
    "cancel": SurgeryStep(
        button=gettext_lazy("Call it off"),
        question=gettext_lazy("Call the operation off?"),
        yes=gettext_lazy("Yes, it is called off"),
        done=gettext_lazy("Called off."),
        is_possible=lambda surgery, today: _is_planned(surgery),
        change=_cancel,
        explanation=gettext_lazy("Everything that has not gone out is cancelled."),
        tone="danger",
    ),
}


def _goes_on(surgery: Surgery) -> bool:
    return surgery.status != SurgeryStatus.CANCELLED


def open_steps(surgery: Surgery, *, by: Staff, now: datetime) -> list[tuple[str, SurgeryStep]]:
    """Return what this person can do about the operation now, with its part of the address."""
    today = timezone.localdate(now, surgery.patient.tz)
    return [
        (name, step)
        for name, step in STEPS.items()
        if step.is_possible(surgery, today) and by.has_perm(step.permission)
    ]


def step_view(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Ask, show what would change, and do it once staff have agreed to exactly that."""
    rows = Surgery.objects.select_related("patient__clinic")
    surgery, now = visible_row(request, rows, pk), clock.now()
    rule = STEPS.get(step)
    if rule is None:
        raise Http404
    if not staff_of(request).has_perm(rule.permission):
        raise PermissionDenied
    if not rule.is_possible(surgery, timezone.localdate(now, surgery.patient.tz)):
        messages.info(request, _("That is no longer possible; somebody may have been faster."))
        return HttpResponseRedirect(_back(surgery))
    return _answer(request, surgery, step, now=now)


def _answer(request: HttpRequest, surgery: Surgery, name: str, *, now: datetime) -> HttpResponse:
    rule, by = STEPS[name], staff_of(request)
    form = rule.form(request.POST or None, instance=surgery)
    if request.method == "POST" and not form.is_valid():
        return _page(request, surgery, rule, form=form)

    def change() -> None:
        rule.change(surgery, Decision(form, by, now))
        surgery.save()

    if request.method != "POST":
        shown = None if rule.asks_first else tried(change, [surgery.pk], now=now)
        return _page(request, surgery, rule, form=form, differences=shown)
    with transaction.atomic():
        change()
        applied = planned([surgery.pk], now=now)
        agreed = is_agreed(request, applied)
        if agreed:
            keep_agreement(surgery.pk, applied.joined(), what=name, by=by, now=now)
            close_settled([surgery.pk], by=by, now=now)
        transaction.set_rollback(not agreed)
    if not agreed:
        return _page(request, surgery, rule, form=form, differences=applied)
    ring("reminders.plan")
    told = _("In the plan: {changes}.").format(changes=applied.summary())
    messages.success(request, f"{rule.done} {told}")
    return HttpResponseRedirect(_back(surgery))


def _page(
    request: HttpRequest,
    surgery: Surgery,
    rule: SurgeryStep,
    *,
    form: StepForm,
    differences: Differences | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "heading": rule.question,
        "surgery": surgery,
        "rule": rule,
        "form": form,
        "differences": differences,
        "groups": list(differences.groups()) if differences else [],
        "agreed_name": AGREED,
        "look_again": request.method == "POST" and differences is not None,
        "back": _back(surgery),
        "tz": surgery.patient.tz,
    }
    return render(request, "staff/surgeries/step.html", context)


def _back(surgery: Surgery) -> str:
    return reverse("admin:clinic_patient_timeline", args=[surgery.patient_id])
