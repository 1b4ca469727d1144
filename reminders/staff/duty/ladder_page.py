"""The ladder of a clinic: who is told of an alert, in which order, and what would happen now."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from clinic import clock
from clinic.models import Clinic, Staff
from reminders.flow.ladder_writing import LadderIsFlawed, write_ladder
from reminders.flow.rungs import built_in_rungs
from reminders.models import Ladder, Rung
from reminders.rules.ladder_check import FIRST_WITHIN_MINUTES, Flaw
from reminders.staff.duty.changes import OF_THE_LADDER, changes_of
from reminders.staff.duty.foreseen import stories
from reminders.staff.duty.ladder_form import RungRows, TimesForm, typed_from
from reminders.staff.duty.page import clinic_at, may, own_page, page
from reminders.staff.screen import staff_of
from reminders.staff.words import Words

FLAWS_SAID: dict[Flaw, Words] = {
    Flaw.NOTHING: gettext_lazy("No step is for emergencies. Add one."),
    Flaw.STARTS_LATE: gettext_lazy(
        "The first step for emergencies comes too late. It must come within {minutes} minutes."
    ),
    Flaw.ENDS_WITHOUT_NUMBER: gettext_lazy(
        "The last step for emergencies must be a telephone number that is written here and may be"
        " called at any hour, such as the hospital's switchboard."
    ),
    Flaw.SILENT_WHEN_CLOSED: gettext_lazy(
        "While the clinic is closed nobody gets a text or a mail about an emergency. Let one such"
        " step be for any hour."
    ),
    Flaw.SILENT_WHEN_OPEN: gettext_lazy(
        "While the clinic is open nobody gets a text or a mail about an emergency. Let one such"
        " step be for any hour."
    ),
}


@require_safe
def own_ladder_view(request: HttpRequest) -> HttpResponse:
    """Lead to the ladder of one's own clinic."""
    return own_page(request, "reminders_ladder")


def ladder_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the ladder; save it when it was posted and leaves no emergency with nobody."""
    clinic = clinic_at(request, pk, permission="reminders.view_ladder")
    ladder = Ladder.objects.filter(clinic=clinic).select_related("changed_by").first()
    rungs = _rungs(clinic, ladder)
    given = {"clinic": clinic, "people": _people(clinic, rungs)}
    if request.method == "POST":
        may(request, "reminders.change_ladder")
        rows = RungRows(request.POST, form_kwargs=given)
        times = TimesForm(request.POST, instance=Ladder(clinic=clinic))
        flaws = _saved(request, clinic, rows=rows, times=times)
        if flaws is None:
            return HttpResponseRedirect(reverse("admin:reminders_ladder", args=[clinic.pk]))
        return _page(request, clinic, ladder, rows=rows, times=times, flaws=flaws)
    rows = RungRows(initial=[typed_from(rung) for rung in rungs], form_kwargs=given)
    times = TimesForm(instance=ladder or Ladder(clinic=clinic))
    return _page(request, clinic, ladder, rows=rows, times=times, flaws=[])


def _rungs(clinic: Clinic, ladder: Ladder | None) -> list[Rung]:
    written = list(ladder.rungs.select_related("staff")) if ladder else []
    return written or built_in_rungs(clinic)


def _people(clinic: Clinic, rungs: list[Rung]) -> list[Staff]:
    """Return who works here, and whoever a rung still names."""
    here = list(Staff.objects.filter(clinic=clinic, is_active=True))
    named = {rung.staff.pk: rung.staff for rung in rungs if rung.staff and rung.staff not in here}
    return [*here, *named.values()]


def _saved(request: HttpRequest, clinic: Clinic, *, rows: Any, times: Any) -> list[str] | None:
    """Save what was typed and return None, or return what is wrong with it as a whole."""
    if not (rows.is_valid() and times.is_valid()):
        return [_("Nothing is saved yet. See what stands in red below."), *rows.non_form_errors()]
    try:
        write_ladder(
            clinic,
            rungs=rows.rungs(),
            repeat_minutes=times.cleaned_data["repeat_minutes"],
            raise_again_minutes=times.cleaned_data["raise_again_minutes"],
            by=staff_of(request),
            now=clock.now(),
        )
    except LadderIsFlawed as flawed:
        return [str(FLAWS_SAID[flaw]).format(minutes=FIRST_WITHIN_MINUTES) for flaw in flawed.flaws]
    messages.success(request, _("Saved. Alerts that open from now on climb this ladder."))
    return None


def _page(
    request: HttpRequest,
    clinic: Clinic,
    ladder: Ladder | None,
    *,
    rows: Any,
    times: Any,
    flaws: list[str],
) -> HttpResponse:
    return page(
        request,
        "ladder",
        clinic,
        heading=_("Alert ladder: who is told"),
        rows=rows,
        times=times,
        flaws=flaws,
        ladder=ladder,
        is_built_in=ladder is None or not ladder.rungs.exists(),
        may_change=staff_of(request).has_perm("reminders.change_ladder"),
        changes=changes_of(clinic, kinds=OF_THE_LADDER),
        stories=stories(clinic, _rungs(clinic, ladder), now=clock.now()),
    )
