"""/my/paper/: one page to print and keep: numbers, warning signs, limits with their days, dates."""

from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from clinic.models import Patient, Surgery
from reminders.patient_page.advice import coming
from reminders.patient_page.frame import show
from reminders.patient_page.home import appointment
from reminders.patient_page.numbers import opening_hours
from reminders.patient_page.page_words import PAGE_WORDS, told_date
from reminders.patient_page.pauses import pause_note
from reminders.patient_page.recovery import recovery
from reminders.patient_page.visits import Visitor, for_visitor
from reminders.patient_page.warning_sign import groups
from reminders.patient_page.where_they_are import whereabouts


@for_visitor
@require_safe
def paper(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show the patient's own paper. Reads only."""
    return paper_page(
        request, visitor.patient, language=visitor.language, now=visitor.now, here="paper"
    )


def paper_page(
    request: HttpRequest, patient: Patient, *, language: str, now: datetime, here: str = ""
) -> HttpResponse:
    """Return what a discharge paper holds, laid out for paper.

    Patients and staff print the same page, made from the rows that the messages are made from, so
    paper and messages cannot disagree. `here` is its place among the patient's pages.
    """
    today = timezone.localdate(now, patient.tz)
    where = whereabouts(patient, today=today)
    born = patient.birth_date
    context = {
        "here": here,
        "has_languages": not here,
        "patient": patient,
        "made": PAGE_WORDS[language]["paper_made"].format(date=_told(today, language=language)),
        "born": _told(born, language=language) if born else "",
        **_days_of(where.surgery if where.is_recovering else None, language=language),
        "hours": opening_hours(patient.clinic, language=language),
        "groups": list(groups(patient, language=language, now=now)),
        "picture": recovery(where, language=language),
        "coming": coming(where, language=language, now=now),
        "pause_note": pause_note(where, language=language),
        "appointment": appointment(where.surgery, language=language, now=now),
    }
    return show(request, "paper.html", context, language=language, clinic=patient.clinic)


def paper_name(language: str) -> str:
    """Return what staff call it, in their language or in English."""
    return PAGE_WORDS.get(language[:2], PAGE_WORDS["en"])["discharge_paper"]


def _days_of(surgery: Surgery | None, *, language: str) -> dict[str, str]:
    """The days of the operation and of going home, where they are on record."""
    if surgery is None:
        return {}
    days = {"operated": surgery.surgery_date, "went_home": surgery.discharge_date}
    return {name: _told(day, language=language) for name, day in days.items() if day}


def _told(day: date, *, language: str) -> str:
    return f"{told_date(day, language=language, short=True)} {day.year}"
