"""Choosing: the operations of a filtered list, what is to happen to them, and why."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import clock
from clinic.access import visible_to
from clinic.models import Patient, Surgery, SurgeryStatus
from reminders.flow.bulk import AT_MOST, ask
from reminders.models import ALONE_AT_MOST, BulkAction
from reminders.staff.screen import staff_of
from reminders.staff.whole_list import whole_list

MAY_ASK = "reminders.add_bulkrequest"
FARTHEST_DAYS = 180


class AskForm(forms.Form):
    """What is to happen, and why."""

    action = forms.ChoiceField(
        label=gettext_lazy("What is to happen"),
        choices=BulkAction.choices,
        widget=forms.Select(attrs={"class": "ac-input"}),
    )
    days = forms.IntegerField(
        label=gettext_lazy("Days to move by"),
        help_text=gettext_lazy("Only to move. Earlier with a minus in front. Appointments stay."),
        required=False,
        min_value=-FARTHEST_DAYS,
        max_value=FARTHEST_DAYS,
        widget=forms.NumberInput(attrs={"class": "ac-input"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("As in: closed on Friday. It stands with each record."),
        max_length=80,
        widget=forms.TextInput(attrs={"class": "ac-input"}),
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("action") == BulkAction.MOVE and not typed.get("days"):
            raise ValidationError({"days": _("Say by how many days.")})
        return typed


def choose_urls(screen: "ModelAdmin[Any]") -> list[URLPattern]:
    """Return the address on which the operations of this screen's list are chosen."""

    def view(request: HttpRequest) -> HttpResponse:
        return _choose(request, screen)

    name = f"{screen.opts.app_label}_{screen.opts.model_name}_bulk"
    return [path("bulk/", screen.admin_site.admin_view(view), name=name)]


def _choose(request: HttpRequest, screen: "ModelAdmin[Any]") -> HttpResponse:
    """GET shows the operations behind the filtered list; POST keeps what was chosen."""
    staff = staff_of(request)
    if staff.clinic is None or not staff.has_perm(MAY_ASK):
        raise PermissionDenied
    form = AskForm(request.POST or None)
    chosen: list[int] = []
    if request.method == "POST":
        chosen = [int(pk) for pk in request.POST.getlist("row") if pk.isdecimal()]
        surgeries = list(_own(request).filter(pk__in=chosen[: AT_MOST + 1]).order_by("pk"))
        if form.is_valid() and not _mistake(form, surgeries):
            asked = ask(
                surgeries,
                action=BulkAction(form.cleaned_data["action"]),
                days=form.cleaned_data["days"] or 0,
                reason=" ".join(form.cleaned_data["reason"].split()),
                by=staff,
                now=clock.now(),
            )
            return HttpResponseRedirect(reverse("admin:reminders_bulk", args=[asked.pk]))
    try:
        listed = _listed(request, screen)
    except IncorrectLookupParameters:
        return HttpResponseRedirect(request.path)
    return _page(request, screen, form=form, listed=listed, chosen=chosen)


def _mistake(form: AskForm, surgeries: list[Surgery]) -> bool:
    if not surgeries:
        form.add_error(None, _("Tick at least one operation."))
    elif len(surgeries) > AT_MOST:
        form.add_error(None, _("At most {number} at once.").format(number=AT_MOST))
    return bool(form.errors)


def _own(request: HttpRequest) -> QuerySet[Surgery]:
    rows = Surgery.objects.select_related("patient__clinic")
    return visible_to(staff_of(request), rows)


def _listed(request: HttpRequest, screen: "ModelAdmin[Any]") -> Iterable[Surgery]:
    """Return the operations of the list, or the last one of each of its patients; one too many."""
    rows = whole_list(request, screen).queryset.order_by().values("pk")
    if screen.model is Surgery:
        found = _own(request).filter(pk__in=rows)
    else:
        theirs = Surgery.objects.filter(patient=OuterRef("pk"))
        last = theirs.exclude(status=SurgeryStatus.CANCELLED).order_by("-surgery_date", "-pk")
        each = Patient.objects.filter(pk__in=rows).values(last=Subquery(last.values("pk")[:1]))
        found = _own(request).filter(pk__in=each)
    return found.order_by("surgery_date", "patient__family_name", "pk")[: AT_MOST + 1]


def _page(
    request: HttpRequest,
    screen: "ModelAdmin[Any]",
    *,
    form: AskForm,
    listed: Iterable[Surgery],
    chosen: list[int],
) -> HttpResponse:
    rows = list(listed)
    context: dict[str, Any] = {
        **screen.admin_site.each_context(request),
        "heading": _("Change together"),
        "opts": screen.opts,
        "crumb": str(getattr(screen, "called", "") or screen.opts.verbose_name_plural).capitalize(),
        "form": form,
        "rows": rows[:AT_MOST],
        "ticked": set(chosen) if request.method == "POST" else {row.pk for row in rows},
        "is_too_long": len(rows) > AT_MOST,
        "at_most": AT_MOST,
        "alone_at_most": ALONE_AT_MOST,
        "query": request.GET.urlencode(),
    }
    return render(request, "staff/bulk/choose.html", context)
