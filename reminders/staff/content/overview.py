"""A version as a list by day and as a strip of weeks, with what the linter says of each step."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import npgettext
from django.views.decorators.http import require_safe

from clinic import clock
from reminders.flow.drafts import MAY_EDIT, NotEditable, newer_shipped, start_draft
from reminders.flow.governance import pulled_keys
from reminders.flow.version_content import findings_in
from reminders.flow.version_history import sent_back
from reminders.models import Anchor, Step
from reminders.rules.findings import Severity
from reminders.staff.content.history import history_of
from reminders.staff.content.page import page, version_of
from reminders.staff.content.recovery_cost import usual_costs
from reminders.staff.content.shown import content_shown
from reminders.staff.kept_words import kept_said
from reminders.staff.pathway_days import days_of
from reminders.staff.screen import staff_of
from reminders.staff.shipped_words import shipped_said, version_said
from reminders.staff.words import CATEGORY_ICONS


@dataclass(frozen=True, slots=True)
class Dot:
    """One message on the strip."""

    key: str
    intent: str
    day: int
    category: str
    icon: str


@dataclass(frozen=True, slots=True)
class Week:
    """A week of the strip, counted from the operation."""

    label: str
    dots: tuple[Dot, ...]


@require_safe
def overview_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the whole version, ready to be written in when it is a draft."""
    version = version_of(request, pk)
    findings = findings_in(content_shown(version), clinic=version.pathway.clinic)
    blocking = [one for one in findings if one.severity is Severity.BLOCKS]
    return page(
        request,
        "overview",
        version,
        heading=version_said(version),
        days=days_of(version),
        weeks=weeks_of(version.steps.all()),
        count_of=dict(Counter(one.step for one in blocking)),
        whole=[one for one in blocking if not one.step],
        blocking=len(blocking),
        pulled=pulled_keys(version.pathway.clinic),
        newer=newer_shipped(version),
        sent_back=sent_back(version),
        costs=usual_costs(version),
        others=list(version.pathway.versions.exclude(pk=version.pk).order_by("-number")),
        history=history_of(version),
        may_draft=staff_of(request).has_perm(MAY_EDIT),
    )


def weeks_of(steps: Iterable[Step]) -> list[Week]:
    """Return the weeks that have a message, counted from the operation, with their messages."""
    weeks: dict[int, list[Dot]] = defaultdict(list)
    for step in steps:
        if step.anchor != Anchor.SURGERY:
            continue
        for day in step.repeat_days or [step.day_from]:
            icon = CATEGORY_ICONS.get(step.category, "sms")
            weeks[day // 7].append(
                Dot(step.key, shipped_said(step.intent), day, step.category, icon)
            )
    return [
        Week(_label(number), tuple(sorted(dots, key=lambda dot: dot.day)))
        for number, dots in sorted(weeks.items())
    ]


def _label(number: int) -> str:
    if number < 0:
        before = npgettext("a plan", "Week before", "{number} weeks before", -number)
        return before.format(number=-number)
    return _("Week {number}").format(number=number + 1)


def draft_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a draft from this version and go to it."""
    version = version_of(request, pk)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not staff_of(request).has_perm("reminders.change_pathwayversion"):
        raise PermissionDenied
    try:
        draft = start_draft(version.pk, by=staff_of(request), now=clock.now())
    except NotEditable as reason:
        messages.error(request, kept_said(str(reason)))
        return HttpResponseRedirect(reverse("admin:reminders_content_content", args=[version.pk]))
    told = _("Draft {number} begun. It reaches no patient until signed.")
    messages.success(request, told.format(number=draft.number))
    return HttpResponseRedirect(reverse("admin:reminders_content_content", args=[draft.pk]))
