"""The lists behind the numbers: a filter that names one number, and its address."""

from dataclasses import fields
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import clock
from clinic.models import Channel, Clinic
from reminders.flow.figures import FIGURES, Behind, messages_behind
from reminders.staff.numbers.period import Period
from reminders.staff.numbers.reading import alerts_opened, opted_out
from reminders.staff.screen import staff_of

PARAMETER = "figure"
SEPARATOR = "~"
LISTS = {"opted_out": "clinic_patient", "opened": "reminders_alert"}
SAID = {
    "sent": gettext_lazy("sent"),
    "delivered": gettext_lazy("delivered"),
    "undelivered": gettext_lazy("not delivered"),
    "failed": gettext_lazy("not sent"),
    "asked": gettext_lazy("questions"),
    "answered": gettext_lazy("answered"),
    "silent": gettext_lazy("no answer"),
    "still_open": gettext_lazy("still open"),
    "settled": gettext_lazy("two days ago or more"),
    "followed": gettext_lazy("followed by a call, a reply or a sign"),
    "texts": gettext_lazy("texts that cost something"),
    "opted_out": gettext_lazy("opted out"),
    "opened": gettext_lazy("opened"),
}


def list_of(figure: str, period: Period, *, step_key: str = "", pathway: int | None = None) -> str:
    """Return the address of the list behind a number."""
    narrowed = pathway or (period.pathway.pk if period.pathway else None)
    parts = (
        figure, period.first.isoformat(), period.last.isoformat(), str(narrowed or ""),
        period.channel, step_key,
    )  # fmt: skip
    query = {PARAMETER: SEPARATOR.join(parts)}
    if figure == "opened":
        query["show"] = "all"
    name = LISTS.get(figure, "reminders_delivery")
    return f"{reverse(f'admin:{name}_changelist')}?{urlencode(query)}"


def read(told: str | None) -> Behind | None:
    """Return which number an address names; None for one that names none."""
    parts = (told or "").split(SEPARATOR)
    if len(parts) != len(fields(Behind)) or parts[0] not in SAID:
        return None
    try:
        first, last = date.fromisoformat(parts[1]), date.fromisoformat(parts[2])
    except ValueError:
        return None
    return Behind(
        figure=parts[0],
        first=first,
        last=last,
        pathway=int(parts[3]) if parts[3].isdecimal() else None,
        channel=parts[4] if parts[4] in Channel else "",
        step_key=parts[5],
    )


class BehindANumber(admin.SimpleListFilter):
    """The rows that one number counts. Shown only on a list that was opened from a number."""

    title = gettext_lazy("number")
    parameter_name = PARAMETER

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        told = request.GET.get(PARAMETER, "")
        behind = read(told)
        return [(told, _words(behind))] if behind else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        behind, clinic = read(self.value()), staff_of(request).clinic
        if behind is None or clinic is None:
            return queryset
        rows = _rows(clinic, behind)
        if rows.model is not queryset.model:
            return queryset.none()
        return queryset.filter(pk__in=rows.values("pk"))


def _words(behind: Behind) -> str:
    return _("{figure}, {first} to {last}").format(
        figure=SAID[behind.figure],
        first=date_format(behind.first, "j M Y"),
        last=date_format(behind.last, "j M Y"),
    )


def _rows(clinic: Clinic, behind: Behind) -> QuerySet[Any]:
    if behind.figure in FIGURES:
        return messages_behind(clinic, behind, now=clock.now())
    period = Period(behind.first, behind.last, channel=behind.channel)
    if behind.figure == "opted_out":
        return opted_out(clinic, period)
    return alerts_opened(clinic, period)
