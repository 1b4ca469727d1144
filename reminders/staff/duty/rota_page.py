"""The rota: who is on duty now and this week, the hours without anybody, and people's numbers."""

from datetime import date, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clinic import clock
from clinic.models import Clinic, Staff
from clinic.verdicts import Rejected
from reminders.flow.rota import ShiftsOverlap, add_shifts, end_shift
from reminders.models import DutyShift
from reminders.staff.duty.changes import OF_THE_ROTA, changes_of
from reminders.staff.duty.ladder_form import mobile_of_staff
from reminders.staff.duty.page import clinic_at, may, own_page, page
from reminders.staff.duty.rota_form import ShiftForm
from reminders.staff.duty.rota_week import hours_said, monday_of, on_duty_now, week_of
from reminders.staff.screen import staff_of, visible_row

CHANGE = "reminders.change_dutyshift"


@require_safe
def own_rota_view(request: HttpRequest) -> HttpResponse:
    """Lead to the rota of one's own clinic."""
    return own_page(request, "reminders_rota")


def rota_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a week of the rota; put somebody on duty when that was posted."""
    clinic = clinic_at(request, pk, permission="reminders.view_dutyshift")
    now = clock.now()
    form = ShiftForm(clinic=clinic, now=now)
    if request.method == "POST":
        may(request, CHANGE)
        form = ShiftForm(request.POST, clinic=clinic, now=now)
        if form.is_valid() and _added(request, clinic, form, now=now):
            return HttpResponseRedirect(_address(clinic, form.cleaned_data["day"]))
    return _page(request, clinic, form, now=now)


def _added(request: HttpRequest, clinic: Clinic, form: ShiftForm, *, now: datetime) -> bool:
    person = form.cleaned_data["staff"]
    try:
        shifts = add_shifts(clinic, staff=person, spans=form.spans, by=staff_of(request), now=now)
    except ShiftsOverlap as overlap:
        there = overlap.shift
        day = timezone.localdate(there.starts_at, clinic.tz)
        hours = hours_said(there.starts_at, there.ends_at, day=day, tz=clinic.tz)
        form.add_error(
            None,
            _("{person} is on duty already on {day}, {hours}.").format(
                person=person, day=f"{day:%d %b}", hours=hours
            ),
        )
        return False
    messages.success(
        request, _("{person} is on the rota: {count}.").format(person=person, count=len(shifts))
    )
    return True


def end_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a shift off the rota, or end one that runs."""
    may(request, CHANGE)
    shift = visible_row(request, DutyShift.objects.select_related("clinic", "staff"), pk)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    end_shift(shift.pk, by=staff_of(request), now=clock.now())
    messages.success(request, _("{person} is off the rota then.").format(person=shift.staff))
    day = timezone.localdate(shift.starts_at, shift.clinic.tz)
    return HttpResponseRedirect(_address(shift.clinic, day))


def number_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down the mobile number that a member of staff is told on."""
    may(request, CHANGE)
    person = visible_row(request, Staff.objects.select_related("clinic"), pk)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if person.clinic is None:
        return own_rota_view(request)
    written = request.POST.get("phone", "").strip()
    try:
        person.phone = mobile_of_staff(written, clinic=person.clinic) if written else ""
    except Rejected as rejected:
        messages.error(
            request, _("{person}: {problem}").format(person=person, problem=rejected.messages[0])
        )
    else:
        person.save(update_fields=["phone"])
        messages.success(request, _("Saved for {person}.").format(person=person))
    return HttpResponseRedirect(reverse("admin:reminders_rota", args=[person.clinic.pk]))


def _address(clinic: Clinic, day: date) -> str:
    return f"{reverse('admin:reminders_rota', args=[clinic.pk])}?week={monday_of(day)}"


def _page(request: HttpRequest, clinic: Clinic, form: ShiftForm, *, now: datetime) -> HttpResponse:
    today = timezone.localdate(now, clinic.tz)
    monday = _asked(request) or monday_of(today)
    if not form.is_bound:
        form.initial = {"day": max(today, monday), "days": 1}
    return page(
        request,
        "rota",
        clinic,
        heading=_("Rota: who is on duty"),
        form=form,
        week=week_of(clinic, monday=monday, now=now),
        this_monday=monday_of(today),
        on_duty=on_duty_now(clinic, now=now),
        people=Staff.objects.filter(clinic=clinic, is_active=True),
        may_change=staff_of(request).has_perm(CHANGE),
        changes=changes_of(clinic, kinds=OF_THE_ROTA),
    )


def _asked(request: HttpRequest) -> date | None:
    """Return the Monday of the week that the address asks for; None for none or nonsense."""
    try:
        asked = monday_of(date.fromisoformat(request.GET.get("week", "")))
    except (ValueError, OverflowError):
        return None
    return asked if 2000 < asked.year < 2200 else None
