"""/my/: where the patient is, what today brings, what they may do, and what comes."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from clinic.models import Surgery
from reminders.patient_page.advice import advice_of_today, coming
from reminders.patient_page.frame import numbers_of, show
from reminders.patient_page.page_words import told_date
from reminders.patient_page.pauses import pause_note
from reminders.patient_page.recovery import recovery
from reminders.patient_page.visits import Visitor, for_visitor
from reminders.patient_page.where_they_are import told, whereabouts
from reminders.rules.hours import told_hour

NEXT_SHOWN = 3


@for_visitor
@require_safe
def home(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show the patient's page. Reads only."""
    patient, language = visitor.patient, visitor.language
    where = whereabouts(patient, today=timezone.localdate(visitor.now, patient.tz))
    heading, sentence = told(where, language=language)
    numbers = [number for number in numbers_of(visitor.clinic).values() if number]
    advice = advice_of_today(where, language=language, numbers=numbers)
    context: dict[str, Any] = {
        "here": "home",
        "heading": heading,
        "sentence": sentence,
        "pause_note": pause_note(where, language=language),
        "where": where,
        "advice": advice,
        "advice_is_old": bool(advice) and advice[0].on != where.today,
        "picture": recovery(where, language=language),
        "coming": coming(where, language=language, now=visitor.now)[:NEXT_SHOWN],
        "appointment": appointment(where.surgery, language=language, now=visitor.now),
    }
    return show(request, "home.html", context, language=language, clinic=visitor.clinic)


def appointment(surgery: Surgery | None, *, language: str, now: datetime) -> str:
    """Say when the next appointment is; empty where none lies ahead."""
    if surgery is None or surgery.appointment_at is None or surgery.appointment_at < now:
        return ""
    at = timezone.localtime(surgery.appointment_at, surgery.patient.tz)
    return f"{told_date(at.date(), language=language)}, {told_hour(at.time(), language=language)}"
