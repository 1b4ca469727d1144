"""Addresses. The rooms' own doors are wired in by name."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView
from django.views.i18n import set_language

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("staff/language/", set_language, name="panel-language"),
    path("staff/", include("reminders.staff.sign_in.urls")),
    path("staff/", admin.site.urls),
    path("", include("reminders.webhooks")),
    path("", include("reminders.patient_page.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("demo/", include("reminders.demo.pages")))

handler400 = "reminders.staff.errors.bad_request"
handler403 = "reminders.staff.errors.permission_denied"
handler404 = "reminders.staff.errors.not_found"
handler500 = "reminders.staff.errors.server_error"
