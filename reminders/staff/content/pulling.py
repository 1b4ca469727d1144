"""The stop key: one message is stopped everywhere in the clinic; the page says whom it reached."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from clinic import clock
from reminders.flow.governance import NotPulled, pull_step, restore_step, whom_it_reached
from reminders.models import PathwayVersion, PulledStep
from reminders.staff.content.page import page, version_of
from reminders.staff.content.step_page import step_of
from reminders.staff.kept_words import kept_said
from reminders.staff.screen import staff_of
from reminders.staff.shipped_words import shipped_said
from reminders.tasks import ring

REACHED_SHOWN = 500


MAY_PULL, MAY_RESTORE = "reminders.add_pulledstep", "reminders.sign_pathwayversion"


def pull_view(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Ask for a reason, pull or restore the message, and list whom it has reached."""
    version = version_of(request, pk)
    step = step_of(version, key)
    clinic = version.pathway.clinic
    staff = staff_of(request)
    if request.method == "POST":
        _do(request, version, key)
        return HttpResponseRedirect(request.path)
    if not staff.has_perm("reminders.view_delivery"):
        raise PermissionDenied
    reached = list(whom_it_reached(clinic.pk, step_key=key))
    rows = PulledStep.objects.filter(clinic=clinic, step_key=key)
    return page(
        request,
        "pull",
        version,
        heading=_("Pull: {message}").format(message=shipped_said(step.intent)),
        step=step,
        pulls=list(rows.select_related("pulled_by", "restored_by")),
        is_pulled=rows.filter(restored_at=None).exists(),
        reached=reached[:REACHED_SHOWN],
        reached_total=len(reached),
        patients_total=len({one.patient.pk for one in reached}),
        may_pull=staff.has_perm(MAY_PULL),
        may_restore=staff.has_perm(MAY_RESTORE),
    )


def _do(request: HttpRequest, version: PathwayVersion, key: str) -> None:
    clinic, by, now = version.pathway.clinic, staff_of(request), clock.now()
    restores = request.POST.get("do") == "restore"
    if not by.has_perm(MAY_RESTORE if restores else MAY_PULL):
        raise PermissionDenied
    try:
        if restores:
            restore_step(clinic.pk, step_key=key, by=by, now=now)
            ring("reminders.plan")
            messages.success(request, _("Restored. What is not too late goes out again."))
            return
        done = pull_step(
            clinic.pk, step_key=key, by=by, reason=request.POST.get("reason", ""), now=now
        )
    except NotPulled as reason:
        messages.error(request, kept_said(str(reason)))
        return
    messages.success(
        request,
        _(
            "Pulled. {held} planned messages wait, {skipped} were taken from the queue."
            " {reached} had gone out: they are listed below."
        ).format(held=done.held, skipped=done.skipped, reached=len(done.reached)),
    )
