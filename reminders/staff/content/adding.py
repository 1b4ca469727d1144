"""A step that the draft lacks: how it is set, on one page; its words come next, on its own."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import clock
from reminders.flow.draft_steps import add_step
from reminders.flow.drafts import NotEditable
from reminders.flow.step_settings import SETTINGS
from reminders.models import Audience, PathwayVersion
from reminders.staff.content.page import may_edit, page, version_of
from reminders.staff.content.settings_form import SettingsForm
from reminders.staff.content.step_page import check, form_of, shown, step_address
from reminders.staff.kept_words import kept_said
from reminders.staff.screen import staff_of

HEADINGS = {
    Audience.PATIENT: gettext_lazy("Add a message"),
    Audience.CARER: gettext_lazy("Add a message for carers"),
    Audience.STAFF: gettext_lazy("Add a task for staff"),
}
NOT_YET = "own_step"  # the key is made when the step is written


def adding_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the fields of a new step; write it on POST and go to its words."""
    version = version_of(request, pk)
    if not may_edit(request, version):
        raise PermissionDenied
    typed = request.POST if request.method == "POST" else None
    audience = (typed or request.GET).get("audience", "")
    form = form_of(version, step=None, typed=typed, audience=audience)
    if typed is not None:
        check(form, version, key=NOT_YET, texts={})
        if typed.get("do") == "add" and (key := _add(request, version, form)):
            return HttpResponseRedirect(step_address(version, key))
    return page(
        request,
        "adding",
        version,
        heading=str(HEADINGS[form.stands["audience"]]),
        **shown(form, version),
    )


def _add(request: HttpRequest, version: PathwayVersion, form: SettingsForm) -> str:
    """Return the key of the step that was added, or an empty text when something is wrong."""
    if form.errors:
        messages.error(request, _("Not added yet: see what to put right below."))
        return ""
    fields = {name: form.settings[name] for name in (*SETTINGS, "audience")}
    by, now = staff_of(request), clock.now()
    try:
        step = add_step(version.pk, fields=fields, sources=form.named_sources, by=by, now=now)
    except NotEditable as reason:
        form.show(reason.problems)
        messages.error(request, kept_said(str(reason)))
        return ""
    messages.success(
        request,
        _("Added to the draft.")
        if form.is_for_staff
        else _("Added to the draft. Now write its words."),
    )
    return step.key
