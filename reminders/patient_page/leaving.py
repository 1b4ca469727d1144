"""/my/leave/: the end of a visit; and what is said when a form could not be trusted."""

from django.http import HttpRequest, HttpResponse
from django.views.csrf import csrf_failure
from django.views.decorators.http import require_POST

from clinic import clock
from reminders.flow.page_door import leave
from reminders.patient_page.frame import language_of, notice
from reminders.patient_page.visits import Visitor, for_visitor, forget

OURS = ("/p/", "/my/")


@for_visitor
@require_POST
def leave_page(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """End the visit here and in the database; the link itself goes on working."""
    leave(visitor.visit, now=clock.now())
    response = notice(request, "left", language=visitor.language)
    forget(response)
    return response


def untrusted(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its proof: on a patient's page say so in plain words, and whom to call.

    Django's own page for everybody else. It is what browsers without cookies get, and old pages.
    """
    if not request.path.startswith(OURS):
        return csrf_failure(request, reason=reason)
    is_report = request.path.endswith("/warning-sign/")
    return notice(
        request,
        "no_cookies",
        title="not_saved_title" if is_report else "problem",
        language=language_of(request),
        is_alarm=is_report,
        status=403,
    )
