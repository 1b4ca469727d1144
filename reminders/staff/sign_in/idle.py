"""What a page asks while nobody clicks: how long the session lasts, and to end it in time."""

import time

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http import HttpResponseRedirect as Redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reminders.staff.screen import staff_of
from reminders.staff.sign_in import kept_text, session
from reminders.staff.sign_in.page import going_on

WARN_SECONDS = 60


@require_safe
def time_left_view(request: HttpRequest) -> HttpResponse:
    """Say how many seconds the session lasts if nobody does anything. Asking is not doing."""
    return JsonResponse({"seconds": seconds_left(request)})


@require_POST
def still_here_view(request: HttpRequest) -> HttpResponse:
    """Somebody is there: the door has noted it."""
    return JsonResponse({"seconds": seconds_left(request)})


@require_POST
def end_view(request: HttpRequest) -> HttpResponse:
    """Nobody was there until the end: sign out, and keep what stood in the page's forms."""
    staff, texts = staff_of(request), kept_text.typed_in(request)
    logout(request)
    kept_text.keep(request, texts, staff=staff)
    messages.info(request, idle_words(texts))
    return HttpResponse(status=204)


@require_POST
def throw_away_view(request: HttpRequest) -> HttpResponse:
    """The person has copied what they need of the kept text."""
    kept_text.throw_away(request)
    return Redirect(going_on(request))


def seconds_left(request: HttpRequest) -> int:
    """Return how long this session lasts from now; 0 without one."""
    sign_in = session.sign_in_of(request)
    return sign_in.seconds_left(now=time.time()) if sign_in else 0


def idle_words(texts: list[str]) -> str:
    """Say why the session ended, and what became of the text."""
    why = _("You were signed out because nobody did anything here for a while.")
    return f"{why} {text_words()}" if texts else why


def text_words() -> str:
    """Say what became of text that was typed."""
    return _("What you had typed was not saved. You see it again after you log in, to copy it.")
