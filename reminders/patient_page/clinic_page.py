"""/c/<clinic>/: whom to call and the warning signs. The same page for everybody, and only read."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.validators import slug_re
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clinic.models import Clinic
from reminders.patient_page.numbers import Number, number, opening_hours, unbroken
from reminders.patient_page.warning_signs import Part, WarningSigns, as_a_line, warning_signs
from reminders.patient_page.words import LANGUAGES, WORDS, page_language
from reminders.rules.language import direction
from reminders.rules.service_texts import ServiceText, service_text
from reminders.rules.wording import Unfillable

HEADERS = {
    # Nothing from elsewhere and nothing inline: no script runs here, whatever a text contains.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


@require_safe
def clinic_page(request: HttpRequest, key: str) -> HttpResponse:
    """Show the clinic's numbers, hours and signed warning signs; ?lang= chooses the language.

    Reads no cookie and sets none. An unknown clinic gets a 404 in the same style.
    """
    asked = request.GET.get("lang", "")
    clinic = Clinic.objects.filter(key=key).first() if slug_re.match(key) else None
    if clinic is None:
        language = page_language(asked, otherwise="en")
        return _page(request, "patient/unknown.html", {}, language=language, status=404)
    language = page_language(asked, otherwise=clinic.language)
    return _page(request, "patient/clinic.html", _context(clinic, language), language=language)


@dataclass(frozen=True, slots=True)
class ShownPart:
    """One part of the list; `rank` is 0 for emergencies, 1 for the same day, more for the rest."""

    opening: str
    signs: list[str]
    number: Number | None
    rank: int


@dataclass(frozen=True, slots=True)
class ShownList:
    """One list of warning signs, as it stands on the page."""

    title: str
    language: str
    direction: str
    parts: list[ShownPart]


def _context(clinic: Clinic, language: str) -> dict[str, object]:
    emergency, urgent, questions = (
        number(text, country=clinic.country)
        for text in (clinic.emergency_phone, clinic.urgent_phone, clinic.phone)
    )
    lists = warning_signs(clinic, language=language)
    numbers = [n for n in (emergency, urgent, questions) if n]
    return {
        "clinic": clinic,
        "emergency": emergency,
        "urgent": urgent,
        "questions": questions,
        "hours": opening_hours(clinic, language=language),
        "lists": [_shown(found, numbers=numbers, words=WORDS[language]) for found in lists],
        "service": [unbroken(text, numbers=numbers) for text in _service_texts(clinic, language)],
    }


def _shown(found: WarningSigns, *, numbers: list[Number], words: Mapping[str, str]) -> ShownList:
    parts = [_shown_part(part, numbers) for part in found.parts]
    return ShownList(words[found.area], found.language, direction(found.language), parts)


def _shown_part(part: Part, numbers: list[Number]) -> ShownPart:
    """The part with the number that its opening names."""
    named = [(rank, n) for rank, n in enumerate(numbers) if n.shown in part.opening]
    rank, named_number = named[0] if named else (len(numbers), None)
    return ShownPart(
        opening=unbroken(part.opening, numbers=numbers),
        signs=[unbroken(as_a_line(sign), numbers=numbers) for sign in part.signs],
        number=named_number,
        rank=rank,
    )


def _service_texts(clinic: Clinic, language: str) -> list[str]:
    """How to stop, and who reads answers: the same sentences as at the foot of each mail."""
    values = {"phone": clinic.phone}
    try:
        return [
            service_text(which, language=language, values=values)
            for which in (ServiceText.FOOT_STOP, ServiceText.FOOT_DISCLAIMER)
        ]
    except Unfillable:
        return []


def _page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, object],
    *,
    language: str,
    status: int = 200,
) -> HttpResponse:
    whole = {
        **context,
        "words": WORDS[language],
        "language": language,
        "direction": direction(language),
        "languages": LANGUAGES,
    }
    response = render(request, template, whole, status=status)
    for name, value in HEADERS.items():
        response[name] = value
    response["Content-Language"] = language
    response["Cache-Control"] = "private, max-age=300" if status == 200 else "private, no-store"
    return response
