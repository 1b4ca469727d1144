"""Whom emergency access is for, and what this session has open just now."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from clinic.models import EmergencyAccess, Staff
from reminders.staff.screen import staff_of

MAY_OPEN = "clinic.add_emergencyaccess"
# In the session, so that it ends with it: signing out closes the record too.
KEY = "emergency_access"

Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Rest], HttpResponse]


def may_open(request: HttpRequest) -> bool:
    """True where the installation has emergency access, for clinicians of a clinic."""
    staff = request.user
    is_of_a_clinic = isinstance(staff, Staff) and staff.clinic_id is not None
    return (
        settings.BREAK_GLASS
        and is_of_a_clinic
        and not staff.is_superuser
        and staff.has_perm(MAY_OPEN)
    )


def in_emergencies(view: View[Rest]) -> View[Rest]:
    """Open a view only to whom it is for; where it is off there is no such page."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        if not settings.BREAK_GLASS:
            raise Http404
        if not may_open(request):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def open_access(request: HttpRequest, *, now: datetime) -> EmergencyAccess | None:
    """Return what this person has open in this session, or None once its hour is over.

    The one way past `visible_to`: one row, by the key that only the door writes into a session.
    """
    running = EmergencyAccess.objects.filter(
        pk=request.session.get(KEY, 0), by=staff_of(request), ended_at=None, until__gt=now
    )
    return running.select_related("patient__clinic").first()
