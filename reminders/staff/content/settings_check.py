"""While somebody ticks and types: what it comes to in words, and what is wrong, as JSON."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse

from reminders.flow.version_content import settings_for
from reminders.staff.content.page import may_edit, version_of
from reminders.staff.content.settings_sections import mistakes_of
from reminders.staff.content.shown import content_shown
from reminders.staff.content.step_page import check, form_of
from reminders.staff.content.step_words import said_of


def settings_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer the fields of a step, or of one to be added, with its lines. Writes nothing."""
    version = version_of(request, pk)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not may_edit(request, version):
        raise PermissionDenied
    key = request.POST.get("key", "")
    step = version.steps.filter(key=key).first() if key else None
    content = content_shown(version)
    form = form_of(
        version, step=step, typed=request.POST, audience=request.POST.get("audience", "")
    )
    texts = content.step(key).texts if step is not None else {}
    check(form, version, key=key or "own_step", texts=texts)
    rules = settings_for(version.pathway.clinic).restrictions
    return JsonResponse(
        {
            "said": said_of(form.settings, pathway=content, rules=rules),
            "mistakes": {one.at: one.problem for one in mistakes_of(form) if one.at},
        }
    )
