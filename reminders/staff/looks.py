"""Who has looked at whose record: beneath one patient's changes, and for the whole clinic."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from clinic.access import visible_to
from clinic.models import AccessEvent, AccessKind, EmergencyAccess, Patient, Staff
from reminders.staff.screen import staff_of
from reminders.staff.words import Words

MAY_SEE = "clinic.view_accessevent"
ROWS_SHOWN = 50
NAMED_AT_MOST = 3
INPUT = {"class": "ac-input"}
# Pages whose address does not say in the clinic's words what they are.
PAGES: Mapping[str, Words] = {
    "index": gettext_lazy("Today"),
    "autocomplete": gettext_lazy("Choosing a patient"),
    "clinic_patient_timeline": gettext_lazy("Timeline"),
    "clinic_patient_paper": gettext_lazy("Paper to take home"),
    "clinic_patient_check_ins": gettext_lazy("Check-ins"),
    "clinic_patient_enter_check_in": gettext_lazy("Check-ins"),
    "clinic_patient_looks": gettext_lazy("Who has looked"),
    "reminders_bulk": gettext_lazy("Change together"),
    "clinic_surgery_bulk": gettext_lazy("Change together"),
    "clinic_patient_emergency": gettext_lazy("Emergency access: the form"),
    "clinic_patient_emergency_record": gettext_lazy("Emergency access: the record"),
    "clinic_patient_emergency_reviews": gettext_lazy("Emergency access to our patients"),
}
# Whose rows the menu calls otherwise than the record does.
CALLED: Mapping[str, Words] = {
    "clinic.surgery": gettext_lazy("Operations"),
    "reminders.delivery": gettext_lazy("Messages"),
    "reminders.pathwayversion": gettext_lazy("Pathways"),
    "reminders.checkinanswer": gettext_lazy("Check-in answers"),
}
PARTS: Mapping[str, Words] = {
    "changelist": gettext_lazy("list"),
    "change": gettext_lazy("record"),
    "history": gettext_lazy("changes"),
}


@dataclass(frozen=True, slots=True)
class Look:
    """One entry as the page shows it."""

    at: datetime
    by: str
    kind: str
    is_denied: bool
    is_emergency: bool
    page: str
    patients: tuple[Patient, ...]
    others: int


class LooksForm(forms.Form):
    """Whose looks, and of which day."""

    by = forms.ModelChoiceField(
        queryset=Staff.objects.none(),
        required=False,
        label=gettext_lazy("Person"),
        empty_label=gettext_lazy("All"),
        widget=forms.Select(attrs=INPUT),
    )
    day = forms.DateField(
        required=False,
        label=gettext_lazy("Day"),
        widget=forms.DateInput(attrs={"type": "date", **INPUT}, format="%Y-%m-%d"),
    )
    kind = forms.ChoiceField(
        required=False,
        label=gettext_lazy("What"),
        choices=[("", gettext_lazy("All")), *AccessKind.choices],
        widget=forms.Select(attrs=INPUT),
    )


@require_safe
def looks_view(request: HttpRequest) -> HttpResponse:
    """Show who has looked at the clinic's patients, the latest first, a page at a time.

    A page begins after the last entry of the one before, so that the thousandth costs what the
    first does. Looking here is a look too, and stands here afterwards.
    """
    staff = staff_of(request)
    if not staff.has_perm(MAY_SEE):
        raise PermissionDenied
    form = LooksForm(request.GET)
    colleagues = visible_to(staff, Staff.objects.all())
    form.fields["by"].queryset = colleagues  # type: ignore[attr-defined]
    tz = staff.clinic.tz if staff.clinic else ZoneInfo("UTC")
    rows = _asked(visible_to(staff, AccessEvent.objects.all()), form=form, tz=tz)
    found = list(_after(rows, request.GET.get("after", ""))[: ROWS_SHOWN + 1])
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "heading": _("Who has looked"),
        "title": _("Who has looked"),
        "form": form,
        "shows_emergencies": settings.BREAK_GLASS
        or visible_to(staff, EmergencyAccess.objects.all()).exists(),
        "looks": shown(found[:ROWS_SHOWN], to=staff, tz=tz),
        "older": _older(request, found[ROWS_SHOWN - 1]) if len(found) > ROWS_SHOWN else "",
    }
    return render(request, "staff/looks.html", context)


def last_looks(patient: Patient, *, to: Staff) -> list[Look]:
    """Return who has looked at this record, the latest first; nothing for whom it is not for."""
    if not to.has_perm(MAY_SEE):
        return []
    rows = visible_to(to, AccessEvent.objects.filter(patients__contains=[patient.pk]))
    found = rows.select_related("by").order_by("-at", "-pk")[:ROWS_SHOWN]
    return shown(found, to=to, tz=patient.tz, named={patient.pk: patient})


def shown(
    rows: Iterable[AccessEvent],
    *,
    to: Staff,
    tz: ZoneInfo,
    named: Mapping[int, Patient] | None = None,
) -> list[Look]:
    """Put the entries into words. Patients of another clinic are counted and not named."""
    events = list(rows)
    if named is None:
        ids = {pk for event in events for pk in event.patients[:NAMED_AT_MOST]}
        named = visible_to(to, Patient.objects.all()).in_bulk(ids)
    return [_look(event, named=named, tz=tz) for event in events]


def _look(event: AccessEvent, *, named: Mapping[int, Patient], tz: ZoneInfo) -> Look:
    patients = tuple(named[pk] for pk in event.patients[:NAMED_AT_MOST] if pk in named)
    return Look(
        at=event.at.astimezone(tz),
        by=str(event.by),
        kind=event.get_kind_display(),
        is_denied=event.kind == AccessKind.DENIED,
        is_emergency=event.kind == AccessKind.EMERGENCY,
        page=page_said(event.page),
        patients=patients,
        others=len(event.patients) - len(patients),
    )


def page_said(name: str) -> str:
    """Return what the clinic calls a page, from the name of its address."""
    if name in PAGES:
        return str(PAGES[name])
    app, _app_ends, rest = name.partition("_")
    model, _model_ends, part = rest.partition("_")
    try:
        kind = apps.get_model(app, model)._meta
    except LookupError:
        return name.replace("_", " ")
    called = CALLED.get(kind.label_lower) or str(kind.verbose_name_plural).capitalize()
    return f"{called}: {PARTS.get(part) or part.replace('_', ' ')}"


def _asked(rows: QuerySet[AccessEvent], *, form: LooksForm, tz: ZoneInfo) -> QuerySet[AccessEvent]:
    rows = rows.select_related("by").order_by("-at", "-pk")
    wanted = form.cleaned_data if form.is_valid() else {}
    if by := wanted.get("by"):
        rows = rows.filter(by=by)
    if day := wanted.get("day"):
        begins = datetime.combine(day, time(), tzinfo=tz)
        rows = rows.filter(at__gte=begins, at__lt=begins + timedelta(days=1))
    if kind := wanted.get("kind"):
        rows = rows.filter(kind=kind)
    return rows


def _after(rows: QuerySet[AccessEvent], mark: str) -> QuerySet[AccessEvent]:
    """Go on after the entry that `mark` names; a mark that is none begins at the top."""
    moment, _moment_ends, pk = mark.partition("_")
    try:
        at = parse_datetime(moment)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or not (pk.isascii() and pk.isdecimal()):
        return rows
    number = min(int(pk), 2**63 - 1)
    return rows.filter(Q(at__lt=at) | Q(at=at, pk__lt=number), at__lte=at)


def _older(request: HttpRequest, last: AccessEvent) -> str:
    kept = {name: request.GET.get(name, "") for name in ("by", "day", "kind")}
    return "?" + urlencode({**kept, "after": f"{last.at.isoformat()}_{last.pk}"})
