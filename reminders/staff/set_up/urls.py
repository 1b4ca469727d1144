"""The addresses of the set-up."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path

from reminders.staff.set_up import page, sending

View = Callable[..., HttpResponse]


def set_up_urls(wrap: Callable[[Any], View]) -> list[URLPattern]:
    """Return the addresses; `wrap` lets in those who have signed in."""
    return [
        path("set-up/", wrap(page.own_set_up_view), name="clinic_clinic_own_set_up"),
        path("<int:pk>/set-up/", wrap(page.set_up_view), name="clinic_clinic_set_up"),
        path("<int:pk>/set-up/go-live/", wrap(page.go_live_view), name="clinic_clinic_go_live"),
        path(
            "<int:pk>/set-up/test/<str:name>/",
            wrap(sending.test_view),
            name="clinic_clinic_test",
        ),
    ]
