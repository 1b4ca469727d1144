"""/my/paper/: one page to print and keep: numbers, warning signs, limits with their days, dates."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from clinic.models import Surgery
from reminders.patient_page.frame import show
from reminders.patient_page.home import appointment
from reminders.patient_page.numbers import opening_hours
from reminders.patient_page.page_words import PAGE_WORDS, told_date
from reminders.patient_page.recovery import recovery
from reminders.patient_page.visits import Visitor, for_visitor
from reminders.patient_page.warning_sign import groups
from reminders.patient_page.where_they_are import whereabouts


@for_visitor
@require_safe
def paper(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show what a discharge paper holds, laid out for paper. Reads only."""
    patient, language = visitor.patient, visitor.language
    today = timezone.localdate(visitor.now, patient.tz)
    where = whereabouts(patient, today=today)
    born = patient.birth_date
    context = {
        "here": "paper",
        "patient": patient,
        "made": PAGE_WORDS[language]["paper_made"].format(date=_told(today, language=language)),
        "born": _told(born, language=language) if born else "",
        **_days_of(where.surgery if where.is_recovering else None, language=language),
        "hours": opening_hours(visitor.clinic, language=language),
        "groups": list(groups(visitor)),
        "picture": recovery(where, language=language),
        "appointment": appointment(where.surgery, language=language, now=visitor.now),
    }
    return show(request, "paper.html", context, language=language, clinic=visitor.clinic)


def _days_of(surgery: Surgery | None, *, language: str) -> dict[str, str]:
    """The days of the operation and of going home, where they are on record."""
    if surgery is None:
        return {}
    days = {"operated": surgery.surgery_date, "went_home": surgery.discharge_date}
    return {name: _told(day, language=language) for name, day in days.items() if day}


def _told(day: date, *, language: str) -> str:
    return f"{told_date(day, language=language, short=True)} {day.year}"
