"""By which clock the panel shows and reads times."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from clinic.models import Staff

PANEL = "/staff/"


class PanelZone:
    """Show and read times of the panel by the wall clock of the clinic of whoever is signed in.

    An appointment that a nurse types as 14:00 is at 14:00 on the clinic's wall, all year round.
    An operator, who belongs to no clinic, sees and types UTC. Patients' pages choose by
    themselves: they are not touched.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(PANEL):
            return self.get_response(request)
        staff = request.user
        clinic = staff.clinic if isinstance(staff, Staff) else None
        with timezone.override(clinic.tz if clinic else None):
            return self.get_response(request)
