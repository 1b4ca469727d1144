"""Today, looked at again by the page itself: its sections, or "nothing has changed"."""

import hashlib
import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_safe

from reminders.staff.panel import on_every_page
from reminders.staff.screen import staff_of
from reminders.staff.sign_in.door import LIVE
from reminders.staff.today import today

# Masked anew for each answer, and no news.
_TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]*')


def live_urls(wrap: Callable[[Any], Callable[..., HttpResponse]]) -> list[URLPattern]:
    """The address that a script asks every few seconds; it keeps no session alive."""
    return [path(f"today{LIVE}", wrap(today_live_view), name="reminders_today_live")]


@require_safe
def today_live_view(request: HttpRequest) -> HttpResponse:
    """Return Today's sections, or 304 without a body when they are what the page has already.

    What is compared is what would be sent, so nothing that changed can be missed (ADR 0015).
    """
    staff_of(request)
    context = {**on_every_page(request), **today(request, {}), "here": reverse("admin:index")}
    body = render_to_string("staff/today/live.html", context, request=request)
    same = _TOKEN.sub(r"\1", body)
    tag = f'"{hashlib.sha256(same.encode()).hexdigest()}"'
    known = request.headers.get("If-None-Match") == tag
    answer: HttpResponse = HttpResponseNotModified() if known else HttpResponse(body)
    answer.headers["ETag"] = tag
    return answer
