"""One patient of another clinic, while an emergency lasts: what helps whoever treats them, to read.

A page of its own. It links to no other page of this patient, and its one button ends it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.http import HttpResponseRedirect as Redirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clinic import clock
from clinic.access_history import in_an_emergency
from clinic.models import AccessKind, EmergencyAccess, Patient, Surgery
from reminders.flow.emergency import end_record
from reminders.flow.restrictions import Restriction, State, picture_of
from reminders.models import AlertStatus
from reminders.staff.break_glass.facts import facts_of
from reminders.staff.break_glass.whom import KEY, in_emergencies, open_access
from reminders.staff.recovery_picture import PROBLEMS, STATES
from reminders.staff.screen import staff_of
from reminders.staff.thread import Day, Rows, operation_at, thread
from reminders.staff.timeline import read_rows
from reminders.staff.words import day_of_recovery, language_name

DOOR = "admin:clinic_patient_emergency"
# What was said and written longer ago does not help tonight.
LOOKS_BACK = timedelta(weeks=6)
CALLS_SHOWN = 20
IN_FORCE = (State.NOT_YET, State.UNTIL_TOLD)
# What has a section of its own, and what is work for the clinic's own staff.
NOT_IN_THE_THREAD = ("call", "task")


@dataclass(frozen=True, slots=True)
class Limit:
    """Something that the patient may not do yet."""

    shown: Restriction
    state: str
    tone: str


@require_safe
@in_emergencies
def record_view(request: HttpRequest) -> HttpResponse:
    """Show the record that is open; once its time is over, lead back to the door."""
    now = clock.now()
    access = open_access(request, now=now)
    if access is None:
        if request.session.pop(KEY, None):
            messages.info(request, _("The emergency access has ended."))
        return Redirect(reverse(DOOR))
    in_an_emergency(request)
    return render(request, "staff/break_glass/record.html", _context(request, access, now=now))


@require_POST
@in_emergencies
def end_view(request: HttpRequest) -> HttpResponse:
    """End it at once. Twice is once."""
    now = clock.now()
    access = open_access(request, now=now)
    request.session.pop(KEY, None)
    if access is not None and end_record(access, now=now):
        messages.success(request, _("The emergency access has ended."))
    return Redirect(reverse("admin:index"))


def _context(request: HttpRequest, access: EmergencyAccess, *, now: datetime) -> dict[str, Any]:
    patient, staff = access.patient, staff_of(request)
    rows = read_rows(patient)
    today = timezone.localdate(now, patient.tz)
    operation = operation_at(rows.surgeries, today)
    zone = staff.clinic.tz if staff.clinic else patient.tz
    return {
        **admin.site.each_context(request),
        "title": AccessKind.EMERGENCY.label,
        "heading": str(patient),
        "crumb": _("Patients"),
        "opts": Patient._meta,
        "access": access,
        "until": timezone.localtime(access.until, zone),
        "seconds_open": int((access.until - now).total_seconds()),
        "patient": patient,
        "of_clinic": patient.clinic,
        "language": language_name(patient.language),
        "recovery": day_of_recovery(operation.surgery_date, on=today) if operation else "",
        "operations": [facts_of(surgery) for surgery in rows.surgeries],
        **_limits(operation, now=now),
        "open_alerts": [a for a in rows.alerts if a.status != AlertStatus.CLOSED],
        "carers": [carer for carer in rows.carers if carer.ended_at is None],
        "days": _days(rows, now=now),
        "calls": rows.calls[:CALLS_SHOWN],
    }


def _limits(operation: Surgery | None, *, now: datetime) -> dict[str, Any]:
    """What the patient may not do yet by their clinic's signed pathway, or why nothing stands."""
    if operation is None:
        return {"limits": [], "why_no_limits": ""}
    picture = picture_of(operation, today=timezone.localdate(now, operation.patient.tz))
    held = [one for one in picture.restrictions if one.state in IN_FORCE]
    return {
        "limits": [Limit(one, str(STATES[one.state][0]), STATES[one.state][1]) for one in held],
        "why_no_limits": PROBLEMS.get(picture.problem, ""),
    }


def _days(rows: Rows, *, now: datetime) -> list[Day]:
    """What was sent, written and raised in the last weeks, the newest first."""
    since = timezone.localdate(now - LOOKS_BACK, rows.patient.tz)
    lately = (day for day in thread(rows, now=now).past if day.date >= since)
    kept = (
        replace(day, entries=tuple(e for e in day.entries if e.kind not in NOT_IN_THE_THREAD))
        for day in lately
    )
    return [day for day in kept if day.entries]
