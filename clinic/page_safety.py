"""What every answer tells the browser: what may run, who may frame it, what may be kept.

Why these words: docs/adr/0014-what-a-page-may-run.md. A page of patients has stricter words of its
own (reminders/patient_page/frame.py); what an answer says already is never changed here.
"""

import base64
import hashlib
from collections.abc import Mapping

from csp.constants import NONE, SELF, UNSAFE_HASHES
from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase


def hash_of(text: str) -> str:
    """Return the source that allows this very text as a style, and no other."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


# The two styles that a row of a form may carry when the theme copies it: none, and hidden. By hash,
# so that no other value of the attribute counts.
_HIDDEN = ("", "display: none;")
_NOWHERE = {"base-uri": [NONE], "frame-ancestors": [NONE], "object-src": [NONE]}
# A page: its scripts, styles, fonts and pictures are files of ours, and nothing is evaluated.
PAGE: Mapping[str, list[str]] = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "style-src-attr": [UNSAFE_HASHES, *map(hash_of, _HIDDEN)],
    "img-src": [SELF, "data:"],  # the picture of a second factor's secret must not be a file
    "font-src": [SELF],
    "connect-src": [SELF],
    "form-action": [SELF],
    **_NOWHERE,
}
# Anything that is not a page has nothing to load and nothing to send.
NOT_A_PAGE: Mapping[str, list[str]] = {"default-src": [NONE], "form-action": [NONE], **_NOWHERE}

HEADERS: Mapping[str, str] = {
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}
KEPT_NOWHERE = "no-store, private"


class PageSafety(CSPMiddleware):
    """Give each answer a content security policy and the headers above, unless it has its own."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not is_page(response):
            response._csp_config = dict(NOT_A_PAGE)  # type: ignore[attr-defined]
        response = super().process_response(request, response)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if is_page(response):
            response.headers.setdefault("Cache-Control", KEPT_NOWHERE)
        return response


def allow(response: HttpResponse, directives: Mapping[str, tuple[str, ...]]) -> HttpResponse:
    """Return this one answer with these sources on top of those of every page."""
    response._csp_update = {name: list(values) for name, values in directives.items()}  # type: ignore[attr-defined]
    return response


def is_page(response: HttpResponseBase) -> bool:
    """True for what a browser shows as a page, and so may run something."""
    return response.headers.get("Content-Type", "").startswith(("text/html", "application/xhtml"))
