"""What the pages of the workbench have in common: the version, who may do what, the frame."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from reminders.models import PathwayVersion, VersionStatus
from reminders.staff.screen import staff_of, visible_row


def version_of(request: HttpRequest, pk: int) -> PathwayVersion:
    """Return the version, or 404 when it is not of the person's clinic, 403 without the right."""
    if not staff_of(request).has_perm("reminders.view_pathwayversion"):
        raise PermissionDenied
    rows = PathwayVersion.objects.select_related("pathway__clinic", "derived_from")
    return visible_row(request, rows, pk)


def may_edit(request: HttpRequest, version: PathwayVersion) -> bool:
    """True when this person may write in this version as it stands."""
    is_draft = version.status == VersionStatus.DRAFT
    return is_draft and staff_of(request).has_perm("reminders.change_pathwayversion")


def page(
    request: HttpRequest,
    template: str,
    version: PathwayVersion,
    *,
    heading: str,
    **context: Any,
) -> HttpResponse:
    """Return a page of the workbench in the panel's frame."""
    return render(
        request,
        f"staff/content/{template}.html",
        {
            **admin.site.each_context(request),
            "heading": heading,
            "title": heading,
            "crumb": _("Pathways"),
            "opts": PathwayVersion._meta,
            "version": version,
            "may_edit": may_edit(request, version),
            **context,
        },
    )
