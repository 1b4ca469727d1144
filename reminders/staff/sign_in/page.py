"""What the sign-in pages have in common: the panel's look, and where to go on."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

PANEL = "/staff/"
NEXT = "next"
PASSWORD_AT_MOST = 200
CODE_AT_MOST = 40


def shown(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    """Return a page in the panel's look that is never kept by a browser or a proxy."""
    response = render(request, template, {**frame(request), **context})
    response["Cache-Control"] = "no-store"
    return response


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return what each page of the panel needs, and the way to the demo's authenticator."""
    demo = "/demo/authenticator/" if settings.DEMO else ""
    each = admin.site.each_context(request)
    return {**each, "demo_authenticator": demo, "next": going_on(request)}


def going_on(request: HttpRequest) -> str:
    """Return the page that somebody was on the way to; Today when it is none of ours."""
    wanted = request.POST.get(NEXT) or request.GET.get(NEXT) or ""
    return wanted if is_ours(wanted) else PANEL


def is_ours(address: str) -> bool:
    """True for a path on this site, in the panel, as a browser would read it too."""
    return address.startswith(PANEL) and url_has_allowed_host_and_scheme(
        address, allowed_hosts=None
    )


def page_of(request: HttpRequest) -> str:
    """Return the page to come back to, one that a GET opens: this, or the one with the form."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("Referer", ""))
    page = came_from.path + (f"?{came_from.query}" if came_from.query else "")
    return page if came_from.netloc == request.get_host() and is_ours(page) else PANEL


def leading_to(name: str, *, back: str) -> HttpResponseRedirect:
    """Go to a sign-in page that leads on to `back` afterwards."""
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({NEXT: back})}")


def said(code: str) -> str:
    """Return the words for a mistake, as the adapter has them."""
    return str(get_adapter().error_messages[code])
