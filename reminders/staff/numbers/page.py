"""The page of numbers, and the same of one month as a paper and as a table."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clinic import clock
from clinic.models import Channel, Clinic
from reminders.flow.figures import count_clinic
from reminders.models import FiguresCounted, Pathway
from reminders.staff.exports.files import TYPES, file_parts
from reminders.staff.numbers.month_paper import month_paper
from reminders.staff.numbers.month_table import month_table
from reminders.staff.numbers.period import WEEKS_OFFERED, Period, last_weeks, month_of
from reminders.staff.numbers.shown import numbers_of
from reminders.staff.screen import staff_of

MAY_SEE = "reminders.view_dayfigures"
MONTHS_OFFERED = 12


def numbers_urls(wrap: Any) -> list[URLPattern]:
    """Return the addresses; `wrap` lets in those who have signed in."""
    return [
        path("numbers/", wrap(numbers_view), name="reminders_numbers"),
        path("numbers/count/", wrap(count_view), name="reminders_numbers_count"),
        path("numbers/month.<str:kind>", wrap(month_view), name="reminders_numbers_month"),
    ]


def _clinic(request: HttpRequest) -> Clinic:
    staff = staff_of(request)
    if staff.clinic is None or not staff.has_perm(MAY_SEE):
        raise PermissionDenied
    return staff.clinic


@require_GET
def numbers_view(request: HttpRequest) -> HttpResponse:
    """Show the numbers of the last weeks. Reads counted rows, and counts nothing itself."""
    clinic = _clinic(request)
    today = timezone.localdate(clock.now(), clinic.tz)
    period = last_weeks(clinic, request.GET.dict(), today=today)
    counted = FiguresCounted.objects.filter(clinic=clinic).first()
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "heading": _("The numbers"),
        "numbers": numbers_of(clinic, period),
        "counted_at": counted.at if counted else None,
        "tz": clinic.tz,
        "weeks_offered": WEEKS_OFFERED,
        "weeks": len(period.weeks),
        "pathways": Pathway.objects.filter(clinic=clinic).order_by("title"),
        "channels": Channel.choices,
        "months": _months(period),
    }
    return render(request, "staff/numbers/numbers.html", context)


def _months(period: Period) -> list[Any]:
    """Return the first days of the last months, the newest first."""
    months = [period.last.replace(day=1)]
    while len(months) < MONTHS_OFFERED:
        before = months[-1]
        months.append(
            before.replace(
                year=before.year - (before.month == 1), month=(before.month - 2) % 12 + 1
            )
        )
    return months


@require_POST
def count_view(request: HttpRequest) -> HttpResponse:
    """Count what has happened since the last count. Twice gives the same."""
    clinic = _clinic(request)
    count_clinic(clinic, now=clock.now())
    messages.success(request, _("Counted up to now."))
    return HttpResponseRedirect(reverse("admin:reminders_numbers"))


@require_GET
def month_view(request: HttpRequest, kind: str) -> HttpResponse:
    """One month without a name in it: `month.pdf` a paper, `month.csv` a table."""
    clinic, now = _clinic(request), clock.now()
    period = month_of(request.GET.get("month", ""), today=timezone.localdate(now, clinic.tz))
    name = f"aftercare-{period.first:%Y-%m}.{kind}"
    if kind == "csv":
        content = b"".join(file_parts(month_table(clinic, period), kind="csv"))
        answer = HttpResponse(content, content_type=TYPES["csv"])
    elif kind == "pdf":
        paper = month_paper(clinic, numbers_of(clinic, period), now=now)
        answer = HttpResponse(paper, content_type="application/pdf")
    else:
        return HttpResponse(status=404)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
