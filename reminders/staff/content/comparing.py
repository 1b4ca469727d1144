"""Two versions of a pathway, side by side: what came, what went, and which words changed."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reminders.flow.calendar import with_calendar
from reminders.flow.version_content import content_of
from reminders.rules.version_difference import difference
from reminders.staff.content.changes import SETTING_NAMES
from reminders.staff.content.languages import LABELS
from reminders.staff.content.page import page, version_of
from reminders.staff.shipped_words import shipped_said


@require_safe
def comparing_view(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Show what this version says otherwise than the other one."""
    version, before = version_of(request, pk), version_of(request, other)
    if version.pathway_id != before.pathway_id:
        raise Http404
    found = difference(with_calendar(content_of(before)), with_calendar(content_of(version)))
    return page(
        request,
        "difference",
        version,
        heading=_("{pathway}: version {old} to {new}").format(
            pathway=shipped_said(version.pathway.title), old=before.number, new=version.number
        ),
        before=before,
        found=found,
        labels=LABELS,
        setting_names=SETTING_NAMES,
    )
