"""The addresses of emergency access. None of them names a patient."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path

from reminders.staff.break_glass.door import door_view
from reminders.staff.break_glass.record import end_view, record_view
from reminders.staff.break_glass.reviews import review_view, reviews_view

View = Callable[..., HttpResponse]


def emergency_urls(wrap: Callable[[Any], View]) -> list[URLPattern]:
    """Return the addresses, under the patients'; `wrap` lets in those who have signed in."""
    pages: tuple[tuple[str, View, str], ...] = (
        ("", door_view, ""),
        ("record/", record_view, "_record"),
        ("end/", end_view, "_end"),
        ("reviews/", reviews_view, "_reviews"),
        ("reviews/<int:pk>/", review_view, "_review"),
    )
    return [
        path(f"emergency/{route}", wrap(view), name=f"clinic_patient_emergency{name}")
        for route, view, name in pages
    ]
