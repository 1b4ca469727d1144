"""The addresses of the workbench, under the version that they are about."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path

from reminders.staff.content import (
    adding,
    comparing,
    dropping,
    made_up,
    overview,
    pulling,
    restrictions_page,
    settings_check,
    step_page,
    try_out,
)

View = Callable[..., HttpResponse]


def content_urls(wrap: Callable[[Any], View]) -> list[URLPattern]:
    """Return the addresses; `wrap` lets in those who have signed in."""
    pages: tuple[tuple[str, View, str], ...] = (
        ("<int:pk>/content/", overview.overview_view, "content"),
        ("<int:pk>/content/draft/", overview.draft_view, "draft"),
        ("<int:pk>/content/made-up/", made_up.made_up_view, "made_up"),
        ("<int:pk>/content/activities/", restrictions_page.restrictions_view, "restrictions"),
        ("<int:pk>/content/difference/<int:other>/", comparing.comparing_view, "difference"),
        ("<int:pk>/content/add-step/", adding.adding_view, "add"),
        ("<int:pk>/content/check-settings/", settings_check.settings_view, "settings"),
        ("<int:pk>/content/<slug:key>/", step_page.step_view, "step"),
        ("<int:pk>/content/<slug:key>/check/", step_page.check_view, "check"),
        ("<int:pk>/content/<slug:key>/try/", try_out.try_view, "try"),
        ("<int:pk>/content/<slug:key>/drop/", dropping.dropping_view, "drop"),
        ("<int:pk>/content/<slug:key>/pull/", pulling.pull_view, "pull"),
    )
    return [
        path(route, wrap(view), name=f"reminders_content_{name}") for route, view, name in pages
    ]
