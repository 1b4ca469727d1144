"""What others have opened of this clinic's patients in an emergency, and that somebody reviewed it.

The list is for whoever may see who has looked; surgeons and managers mark, with a note.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http import HttpResponseRedirect as Redirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clinic import clock
from clinic.access import visible_to
from clinic.models import EmergencyAccess, Patient, Staff
from clinic.models.emergency_access import LONGEST_NOTE
from reminders.flow.emergency import review
from reminders.staff.banners import Banner
from reminders.staff.screen import staff_of, visible_row

MAY_SEE, MAY_REVIEW = "clinic.view_emergencyaccess", "clinic.change_emergencyaccess"
LIST = "admin:clinic_patient_emergency_reviews"
SHOWN_AT_MOST = 100
ON_TODAY_AT_MOST = 3


@require_safe
def reviews_view(request: HttpRequest) -> HttpResponse:
    """Show those that wait for a review, and then those that had one, the latest first."""
    staff = staff_of(request)
    if not staff.has_perm(MAY_SEE):
        raise PermissionDenied
    rows = _rows(staff)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Emergency access to our patients"),
        "heading": _("Emergency access to our patients"),
        "waiting": rows.filter(reviewed_at=None)[:SHOWN_AT_MOST],
        "reviewed": rows.exclude(reviewed_at=None)[:SHOWN_AT_MOST],
        "may_review": may_review(staff),
        "longest_note": LONGEST_NOTE,
        "now": clock.now(),
    }
    return render(request, "staff/break_glass/reviews.html", context)


@require_POST
def review_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one as reviewed, in the person's name and with their note."""
    access = visible_row(request, EmergencyAccess.objects.all(), pk)
    staff = staff_of(request)
    if not may_review(staff):
        raise PermissionDenied
    note = " ".join(request.POST.get("note", "").split())[:LONGEST_NOTE]
    if not note:
        messages.error(request, _("Not marked yet. Say what you found, in a few words."))
    elif review(access.pk, by=staff, note=note, now=clock.now()):
        messages.success(request, _("Marked as reviewed, in your name."))
    else:
        messages.info(
            request, _("Somebody has reviewed this already, or it was you who opened it.")
        )
    return Redirect(reverse(LIST))


def may_review(staff: Staff) -> bool:
    """Those who run the clinic whose patient it is; an operator belongs to none."""
    return staff.clinic_id is not None and staff.has_perm(MAY_REVIEW)


def emergencies_of(patient: Patient, *, to: Staff) -> list[EmergencyAccess]:
    """Return who has opened this record in an emergency; nothing for whom it is not for."""
    if not to.has_perm(MAY_SEE):
        return []
    return list(_rows(to).filter(patient=patient)[:SHOWN_AT_MOST])


def to_review(staff: Staff, *, now: datetime) -> Iterator[Banner]:
    """What waits for a review, for Today: who, whose record, why, and the way to the list."""
    if not may_review(staff):
        return
    waiting = _rows(staff).filter(reviewed_at=None).exclude(by=staff)
    for access in waiting[:ON_TODAY_AT_MOST]:
        is_open = access.ended_at is None and access.until > now
        moment = timezone.localtime(access.at, access.clinic.tz)
        yield Banner(
            "bad" if is_open else "warn",
            _("{person} of {clinic} opened the record of {patient} in an emergency").format(
                person=access.by, clinic=access.from_clinic, patient=access.patient
            ),
            _("{moment}. Reason: {reason}").format(
                moment=date_format(moment, "j M, H:i"), reason=access.reason
            ),
            _("Review it"),
            reverse(LIST),
        )


def _rows(staff: Staff) -> QuerySet[EmergencyAccess]:
    named = ("patient", "by", "clinic", "from_clinic", "reviewed_by")
    return visible_to(staff, EmergencyAccess.objects.all()).select_related(*named)
