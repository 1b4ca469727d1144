"""The demo's own pages: every phone and mailbox, the demo clock, and the provider's mood.

Wired in by `clinic.urls` only where DEMO is true, and each view says 404 elsewhere.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import formats, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from clinic import clock
from clinic.models import DemoClock
from clinic.page_safety import allow
from reminders.demo import stand_in_client
from reminders.demo.authenticator import authenticator_page
from reminders.demo.people import first_clinic, people
from reminders.demo.phones import NobodyThere, Phone, phone
from reminders.demo.stand_in_client import StandInAway, StandInRefused
from reminders.demo.walk import start_walk
from reminders.flow.letter_styles import allowed_styles

LONGEST_TEXT = 1_600  # what ten parts of a long text hold
MOST_TIMES = 1_000
HEADERS = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
}
Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Rest], HttpResponse]


def demo_only(view: View[Rest]) -> View[Rest]:
    """Let a view answer in the demo only, in English, and never be kept or framed."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        with translation.override("en-gb"):
            response = view(request, *args, **kwargs)
        for name, value in HEADERS.items():
            response[name] = value
        return allow(response, allowed_styles())

    return guarded


@demo_only
@require_safe
def phones_page(request: HttpRequest) -> HttpResponse:
    """Everybody who has messages; the latest phone beside the list where there is room."""
    return _page(request, key="")


@demo_only
@require_safe
def phone_page(request: HttpRequest, key: str) -> HttpResponse:
    """The phone and the mailbox behind a number or address; 404 when nobody is."""
    return _page(request, key=key)


@demo_only
@require_POST
def reply(request: HttpRequest, key: str) -> HttpResponse:
    """Send what was typed, or a ready answer, from this phone to the clinic."""
    text = (request.POST.get("quick") or request.POST.get("body") or "").strip()[:LONGEST_TEXT]
    try:
        chosen = phone(key, mail="", now=clock.now())
        if not text:
            messages.error(request, "Nothing was sent: the text was empty.")
        elif not chosen.answers_to:
            messages.error(request, "Nothing was sent: the clinic has no number that takes texts.")
        else:
            stand_in_client.send_as_patient(text, sender=chosen.number, recipient=chosen.answers_to)
    except NobodyThere as nobody:
        raise Http404("Nobody has this number.") from nobody
    except StandInRefused as failure:
        messages.error(request, f"The text was not taken: {failure}.")
    except StandInAway as failure:
        messages.error(request, f"{failure} Look in a moment whether the text arrived.")
    return _back(request)


@demo_only
@require_POST
def next_morning(request: HttpRequest) -> HttpResponse:
    """Ask the workers to walk the clock to the next morning, or less far. Twice is once."""
    try:
        start_walk(now=clock.now(), way=request.POST.get("to", "morning"))
    except clock.ClockCannotMove as reason:
        messages.error(request, str(reason))
    return _back(request)


@demo_only
@require_POST
def mood(request: HttpRequest) -> HttpResponse:
    """Let the stand-in behave as chosen, for so many messages or until told otherwise."""
    times = request.POST.get("times", "")
    count = min(int(times), MOST_TIMES) if times.isdecimal() and int(times) else None
    try:
        stand_in_client.choose_mood(request.POST.get("mode", ""), times=count)
    except (StandInAway, StandInRefused) as failure:
        messages.error(request, f"The provider's mood is as it was: {failure}")
    return _back(request)


def _page(request: HttpRequest, *, key: str) -> HttpResponse:
    now = clock.now()
    context = _clock_shown(now) | {"back": request.get_full_path()}
    try:
        everybody = people(now=now)
        chosen = _chosen(key or (everybody[0].key if everybody else ""), request, now=now)
        context |= {"people": everybody, "chosen": chosen, "mood": stand_in_client.mood()}
    except NobodyThere as nobody:
        raise Http404("Nobody has this number.") from nobody
    except (StandInAway, StandInRefused) as failure:
        return render(request, "demo/away.html", context | {"failure": failure}, status=503)
    place = reverse("demo:phone", args=[chosen.key]) if chosen else reverse("demo:phones")
    context |= {"is_chosen": bool(key), "place": place}
    return render(request, "demo/phones.html", context)


def _chosen(key: str, request: HttpRequest, *, now: datetime) -> Phone | None:
    return phone(key, mail=request.GET.get("mail", ""), now=now) if key else None


def _clock_shown(now: datetime) -> dict[str, object]:
    """The demo clock as the clinic's wall shows it, and where it walks to."""
    clinic = first_clinic()
    tz = clinic.tz if clinic else None
    local = now.astimezone(tz)
    row = DemoClock.objects.filter(pk=DemoClock.ONLY).first()
    target = row.walking_to if row and row.walking_to and row.walking_to > now else None
    return {
        "clinic": clinic,
        "now": local,
        "clock_day": formats.date_format(local, "l j F Y"),
        "clock_time": formats.time_format(local.time(), "H:i"),
        "walking_from": formats.date_format(local, "l H:i"),
        "walking_to": formats.date_format(target.astimezone(tz), "l H:i") if target else "",
    }


def _back(request: HttpRequest) -> HttpResponse:
    back = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if is_ours else reverse("demo:phones"))


app_name = "demo"
urlpatterns = [
    path("", lambda request: redirect("demo:phones"), name="home"),
    path("authenticator/", demo_only(authenticator_page), name="authenticator"),
    path("phones/", phones_page, name="phones"),
    path("phones/<str:key>/", phone_page, name="phone"),
    path("phones/<str:key>/reply/", reply, name="reply"),
    path("next-morning/", next_morning, name="next-morning"),
    path("mood/", mood, name="mood"),
]
