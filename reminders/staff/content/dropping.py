"""A step that a draft is to lose: what patients would no longer get, and then the button."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from clinic import clock
from reminders.flow.draft_steps import drop_step
from reminders.flow.drafts import NotEditable
from reminders.models import Reminder, ReminderStatus, Step
from reminders.staff.content.page import may_edit, page, version_of
from reminders.staff.content.step_page import form_of, shown, step_of
from reminders.staff.kept_words import kept_said
from reminders.staff.screen import staff_of
from reminders.staff.shipped_words import shipped_said

WAITING = (ReminderStatus.PLANNED, ReminderStatus.HELD)


def dropping_view(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Ask once more, saying what would be missing; drop the step on POST."""
    version = version_of(request, pk)
    step = step_of(version, key)
    if not may_edit(request, version):
        raise PermissionDenied
    if request.method == "POST":
        return _drop(request, step)
    waiting = Reminder.objects.filter(
        step_key=key, surgery__patient__clinic=version.pathway.clinic_id, status__in=WAITING
    )
    return page(
        request,
        "dropping",
        version,
        heading=_("Drop: {message}").format(message=shipped_said(step.intent)),
        step=step,
        texts=list(step.texts.order_by("language")),
        patients=waiting.values("surgery__patient").distinct().count(),
        **shown(form_of(version, step=step, typed=None), version),
    )


def _drop(request: HttpRequest, step: Step) -> HttpResponse:
    try:
        drop_step(step.pk, by=staff_of(request), now=clock.now())
    except NotEditable as reason:
        messages.error(request, kept_said(str(reason)))
    else:
        told = _("Dropped from the draft: {message}. The history keeps it.")
        messages.success(request, told.format(message=shipped_said(step.intent)))
    overview = reverse("admin:reminders_content_content", args=[step.version_id])
    return HttpResponseRedirect(overview)
