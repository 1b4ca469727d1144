"""What the two pages have in common: whose clinic it is, and the panel's frame."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from clinic.models import Clinic
from reminders.models import Alert
from reminders.staff.screen import staff_of, visible_row


def clinic_at(request: HttpRequest, pk: int, *, permission: str) -> Clinic:
    """Return the clinic; 403 without the permission, 404 when it is another's."""
    may(request, permission)
    return visible_row(request, Clinic.objects.all(), pk)


def may(request: HttpRequest, permission: str) -> None:
    """Refuse whoever has not this permission."""
    if not staff_of(request).has_perm(permission):
        raise PermissionDenied


def own_page(request: HttpRequest, name: str) -> HttpResponse:
    """Lead to the page of one's own clinic; an operator chooses the clinic first."""
    own = staff_of(request).clinic_id
    if own is not None:
        return HttpResponseRedirect(reverse(f"admin:{name}", args=[own]))
    messages.info(request, _("Choose a clinic; its page leads to its ladder and its rota."))
    return HttpResponseRedirect(reverse("admin:clinic_clinic_changelist"))


def page(
    request: HttpRequest, template: str, clinic: Clinic, *, heading: str, **context: Any
) -> HttpResponse:
    """Return a page in the panel's frame."""
    return render(
        request,
        f"staff/duty/{template}.html",
        {
            **admin.site.each_context(request),
            "heading": heading,
            "title": heading,
            "crumb": _("Alerts"),
            "opts": Alert._meta,
            "of_clinic": clinic,
            "tz": clinic.tz,
            **context,
        },
    )
