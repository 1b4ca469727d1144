"""A list as its page shows it, filters, search and order included, but all of its pages at once."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.http import HttpRequest


def whole_list(request: HttpRequest, screen: "ModelAdmin[Any]") -> ChangeList:
    """Return the list that this address's filters make of the screen; only the reader's clinic.

    Raises IncorrectLookupParameters for filters that mean nothing.
    """
    asked = request.GET.copy()
    asked.pop(PAGE_VAR, None)
    request.GET = asked  # type: ignore[assignment]
    return screen.get_changelist_instance(request)
