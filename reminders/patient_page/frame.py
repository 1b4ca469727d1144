"""What every page behind a secret link has around its content: numbers, language, headers.

Nothing is kept by the browser or by anybody between, nothing comes from elsewhere, and no script
runs, whatever a text contains.
"""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from clinic.models import Clinic
from reminders.patient_page.numbers import Number, number
from reminders.patient_page.page_words import PAGE_WORDS
from reminders.patient_page.words import LANGUAGES
from reminders.rules.language import direction

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store, private",
    # The host alone, never the path: a token goes nowhere. With no-referrer a browser would send
    # its forms from "null", and Django's guard against forged forms would refuse them.
    "Referrer-Policy": "strict-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}
LANGUAGE_COOKIE = "aftercare-language"


def show(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    language: str,
    clinic: Clinic | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the page in this language; `clinic` puts its numbers on top.

    Without a clinic the page says nothing about any, and asks for no number of its own.
    """
    whole = {
        "clinic": clinic,
        "numbers": numbers_of(clinic),
        "words": PAGE_WORDS[language],
        "language": language,
        "direction": direction(language),
        "languages": LANGUAGES,
        **context,
    }
    response = render(request, f"patient/{template}", whole, status=status)
    return guarded(response, language=language)


def notice(
    request: HttpRequest,
    text: str,
    *,
    language: str,
    title: str = "",
    clinic: Clinic | None = None,
    is_alarm: bool = False,
    status: int = 200,
) -> HttpResponse:
    """Return a page that only says something. `text` and `title` name words of ours.

    Without `title` it is the text's own. `is_alarm` puts the same-day number below it.
    """
    words = PAGE_WORDS[language]
    context = {
        "title": words[title or f"{text}_title"],
        "text": words[text],
        "is_alarm": is_alarm,
        "has_languages": True,
    }
    return show(request, "notice.html", context, language=language, clinic=clinic, status=status)


def guarded(response: HttpResponse, *, language: str = "") -> HttpResponse:
    """Return the response with the headers that every answer behind a link has."""
    for name, value in HEADERS.items():
        response[name] = value
    if language:
        response["Content-Language"] = language
    return response


def numbers_of(clinic: Clinic | None) -> dict[str, Number | None]:
    """Return the clinic's emergency, same-day and question numbers; without one, none."""
    if clinic is None:
        return {}
    named = {
        "emergency": clinic.emergency_phone,
        "urgent": clinic.urgent_phone,
        "questions": clinic.phone,
    }
    return {name: number(text, country=clinic.country) for name, text in named.items()}


def language_of(request: HttpRequest, *, otherwise: str = "") -> str:
    """Return the language of a page: asked for in the address, chosen before, else `otherwise`.

    Without any of them the browser's first language that we have, else English.
    """
    browser = request.headers.get("Accept-Language", "")[:2].lower()
    asked = (request.GET.get("lang"), request.COOKIES.get(LANGUAGE_COOKIE), otherwise, browser)
    bare = ((code or "").partition("-")[0] for code in asked)
    return next((code for code in bare if code in PAGE_WORDS), "en")
