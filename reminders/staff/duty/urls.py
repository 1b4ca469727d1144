"""The addresses of the ladder and the rota."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path

from reminders.staff.duty import ladder_page, rota_page

View = Callable[..., HttpResponse]


def duty_urls(wrap: Callable[[Any], View]) -> list[URLPattern]:
    """Return the addresses; `wrap` lets in those who have signed in."""
    pages: tuple[tuple[str, View, str], ...] = (
        ("ladder/", ladder_page.own_ladder_view, "own_ladder"),
        ("ladder/<int:pk>/", ladder_page.ladder_view, "ladder"),
        ("rota/", rota_page.own_rota_view, "own_rota"),
        ("rota/<int:pk>/", rota_page.rota_view, "rota"),
        ("rota/shift/<int:pk>/end/", rota_page.end_view, "end_shift"),
        ("rota/number/<int:pk>/", rota_page.number_view, "duty_number"),
    )
    return [path(route, wrap(view), name=f"reminders_{name}") for route, view, name in pages]
