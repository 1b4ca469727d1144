"""Pages that say no: what happened, how to mend it, and where to go on. They read no database.

Whatever comes from a provider or a watcher gets a bare status: nobody reads it.
"""

import logging
import secrets
from dataclasses import dataclass

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from reminders.patient_page.leaving import OURS as PATIENTS
from reminders.patient_page.leaving import untrusted
from reminders.staff.words import Words

logger = logging.getLogger(__name__)

# Nobody reads an answer here.
MACHINES = ("/hooks/", "/health", "/static/")
REFERENCE_BYTES = 4


@dataclass(frozen=True, slots=True)
class Said:
    """What a page says: what happened, and what to do about it."""

    title: Words
    mend: Words


WORDS = {
    400: Said(
        gettext_lazy("This could not be read"),
        gettext_lazy("Nothing was changed. Go back, load the page again, and repeat it."),
    ),
    403: Said(
        gettext_lazy("Your role does not open this"),
        gettext_lazy("Nothing was changed. Ask your manager where your work needs it."),
    ),
    404: Said(
        gettext_lazy("There is nothing at this address"),
        gettext_lazy(
            "It may be mistyped, or belong to another clinic. Look for the patient in the list."
        ),
    ),
    413: Said(
        gettext_lazy("This is too large"),
        gettext_lazy("Nothing was kept. Send at most 12 MB: split the file into several."),
    ),
    500: Said(
        gettext_lazy("Something went wrong on our side"),
        gettext_lazy(
            "Try once more. If it happens again, tell your operator the number below. If a patient"
            " waits for you, call them now."
        ),
    ),
}
OLD_PAGE = Said(
    gettext_lazy("This page was too old to be saved"),
    gettext_lazy(
        "Nothing was saved. Go back, load the page again, and type it once more. If it comes back,"
        " let this browser keep cookies."
    ),
)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 for what is too large."""
    return _page(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, with a number that stands beside the traceback in the log."""
    reference = secrets.token_hex(REFERENCE_BYTES)
    logger.exception("page failed, reference %s", reference)
    return _page(request, 500, reference=reference)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its proof; on a patient's page in the words for patients."""
    if request.path.startswith(PATIENTS):
        return untrusted(request, reason=reason)
    return _page(request, 403, said=OLD_PAGE)


def _page(
    request: HttpRequest, status: int, *, said: Said | None = None, reference: str = ""
) -> HttpResponse:
    if request.path.startswith(MACHINES):
        return HttpResponse(status=status)
    context = {
        "said": said or WORDS[status],
        "status": status,
        "reference": reference,
        "is_staff_page": request.path.startswith("/staff/"),
    }
    return render(request, "staff/errors/error.html", context, status=status)
