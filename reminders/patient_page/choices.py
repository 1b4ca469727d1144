"""/my/choices/: language, channels, a stop of one channel and its undoing, a request about contact.

A choice is written in the patient's own name and the plan follows it. An address is only asked to
be changed: a person at the clinic calls first.
"""

import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from clinic.models import Channel, ChannelChoice, Clinic, Patient
from reminders.flow.reach import consents_of
from reminders.flow.wishes import (
    CannotUndo,
    ask_for_new_contact,
    choose,
    may_undo,
    stop_channel,
    undo_stop,
)
from reminders.models import DeliveryReason
from reminders.patient_page.frame import LANGUAGE_COOKIE, show
from reminders.patient_page.numbers import number
from reminders.patient_page.page_words import PAGE_WORDS
from reminders.patient_page.visits import Visitor, for_visitor
from reminders.patient_page.words import LANGUAGES
from reminders.tasks import ring

SHOWN_OF_A_NUMBER = 3
# What a step may say when it comes back to the page; anything else says nothing.
NEWS = frozenset(
    {
        "saved", "stopped_sms", "stopped_email", "started_sms", "started_email",
        "contact_asked", "contact_full",
    }
)  # fmt: skip


@for_visitor
@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Show what the patient has chosen; do the one thing that a form asks for."""
    if request.method != "POST":
        return _page(request, visitor)
    step = STEPS.get(request.POST.get("do", ""))
    return step(request, visitor) if step else HttpResponseBadRequest()


def _page(request: HttpRequest, visitor: Visitor, *, problem: str = "") -> HttpResponse:
    patient, words = visitor.patient, PAGE_WORDS[visitor.language]
    news = request.GET.get("said", "")
    context = {
        "here": "choices",
        "patient": patient,
        "spoken": LANGUAGES.items(),
        "channel_choices": [
            (choice.value, words[f"channels_{choice.value}"]) for choice in _offered(patient.clinic)
        ],
        "ways": [
            _way(patient, channel, language=visitor.language)
            for channel in Channel
            if patient.clinic.sends(channel)
        ],
        "mobile": _hidden_number(patient.mobile),
        "email": _hidden_address(patient.email),
        "request_id": uuid.uuid4(),
        "news": words[news] if news in NEWS else "",
        "has_stopped": news.startswith("stopped_"),
        "problem": words[problem] if problem else "",
    }
    return show(request, "choices.html", context, language=visitor.language, clinic=visitor.clinic)


def _offered(clinic: Clinic) -> list[ChannelChoice]:
    """What may be chosen: a way that the clinic does not use would bring nothing at all."""
    if clinic.sends_by == ChannelChoice.BOTH:
        return list(ChannelChoice)
    return [ChannelChoice(clinic.sends_by)]


def _way(patient: Patient, channel: Channel, *, language: str) -> dict[str, Any]:
    """One channel: how it stands, and what the patient can do about it here."""
    words = PAGE_WORDS[language]
    refusal = consents_of([patient.pk]).refusal(patient, channel)
    way = {"channel": channel.value, "label": words[f"by_{channel}"]}
    if not refusal:
        way |= {"state": words[f"on_{channel}"], "do": "stop", "button": words[f"stop_{channel}"]}
    elif refusal == DeliveryReason.NO_CONSENT:
        way |= {"state": words[f"never_{channel}"]}
    elif may_undo(patient, channel):
        way |= {"state": words[f"off_{channel}"], "do": "undo", "button": words[f"undo_{channel}"]}
    else:
        way |= {"state": words[f"off_{channel}"], "hint": _start_by_text(patient.clinic, language)}
    return way


def _start_by_text(clinic: Clinic, language: str) -> str:
    """How to take back a stop that the telephone company obeys as well."""
    own = number(clinic.sms_sender, country=clinic.country)
    return PAGE_WORDS[language]["start_by_text"].format(number=own.shown) if own else ""


def _hidden_number(mobile: str) -> str:
    """The last figures: enough to know one's own number by, too few to learn it from."""
    return f"… {mobile[-SHOWN_OF_A_NUMBER:]}" if mobile else ""


def _hidden_address(email: str) -> str:
    name, _, domain = email.partition("@")
    return f"{name[:1]}…@{domain}" if email else ""


# --- What a form can ask for ------------------------------------------------------------------
def _choose(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    language = request.POST.get("language", "")
    channels = request.POST.get("channels", "")
    if language not in LANGUAGES or channels not in _offered(visitor.patient.clinic):
        return HttpResponseBadRequest()
    if choose(visitor.patient.pk, language=language, channels=ChannelChoice(channels)):
        ring("reminders.plan")
    response = _back("saved")
    response.delete_cookie(LANGUAGE_COOKIE)
    return response


def _stop(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    channel = _channel(request)
    if channel is None:
        return HttpResponseBadRequest()
    wording = PAGE_WORDS[visitor.language][f"stop_{channel}"]
    stop_channel(visitor.patient, channel=channel, wording=wording, now=visitor.now)
    return _back(f"stopped_{channel}")


def _undo(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    channel = _channel(request)
    if channel is None:
        return HttpResponseBadRequest()
    wording = PAGE_WORDS[visitor.language][f"undo_{channel}"]
    try:
        undo_stop(visitor.patient, channel=channel, wording=wording, now=visitor.now)
    except CannotUndo:
        return _back("")
    return _back(f"started_{channel}")


def _ask(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    words = request.POST.get("words", "").strip()
    try:
        request_id = uuid.UUID(request.POST.get("request", ""))
    except ValueError:
        return HttpResponseBadRequest()
    if not words:
        return _page(request, visitor, problem="contact_empty")
    asked = ask_for_new_contact(
        visitor.patient, request_id=request_id, words=words, now=visitor.now
    )
    return _back("contact_asked" if asked else "contact_full")


STEPS: dict[str, Callable[[HttpRequest, Visitor], HttpResponse]] = {
    "choose": _choose,
    "stop": _stop,
    "undo": _undo,
    "ask": _ask,
}


def _channel(request: HttpRequest) -> Channel | None:
    name = request.POST.get("channel", "")
    return Channel(name) if name in Channel.values else None


def _back(said: str) -> HttpResponse:
    """Back to the page by a new address, so that loading it again sends nothing twice."""
    query = f"?said={said}" if said else ""
    response = HttpResponseRedirect(f"{reverse('my-choices')}{query}")
    response.status_code = 303
    return response
