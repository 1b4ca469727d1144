"""The providers' door: proof first, then stored raw, answered after the commit, worked on later."""

import uuid
from functools import partial

from django.conf import settings
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from clinic import clock
from reminders.channels.twilio_signature import (
    Params,
    parse_inbound,
    parse_status,
    read_form,
    repeated_names,
    signature_is_valid,
)
from reminders.doorbell import Doorbell
from reminders.flow.ladder import overdue_steps
from reminders.flow.receipts import store_receipt
from reminders.flow.replies import store_reply
from reminders.flow.watch import stuck_since
from reminders.tasks import ring_now

LARGEST_BODY_BYTES = 64 * 1024
FORM = "application/x-www-form-urlencoded"
# A flood of messages is read in batches anyway.
RING_SECONDS = 0.25
MESSAGES = Doorbell(partial(ring_now, "reminders.replies"), seconds=RING_SECONDS)


class Unproven(Exception):
    """The call is not the provider's, or not one we can read; carries the answer."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


def _proven_form(request: HttpRequest) -> Params:
    """Return the form as it was sent, once the signature over our public address fits."""
    if settings.PUBLIC_URL.startswith("https://") and not request.is_secure():
        raise Unproven(403)
    if not _is_form(request):
        raise Unproven(415)
    length = request.headers.get("Content-Length") or "0"
    if not (length.isascii() and length.isdigit()):
        raise Unproven(400)
    if int(length) > LARGEST_BODY_BYTES:
        raise Unproven(413)
    try:
        params = read_form(request.body)
    except ValueError:
        raise Unproven(400) from None
    url = settings.PUBLIC_URL + request.get_full_path()
    signature = request.headers.get("X-Twilio-Signature")
    if not signature_is_valid(url, params, signature, settings.TWILIO_AUTH_TOKEN):
        raise Unproven(403)
    if repeated_names(params):
        raise Unproven(400)
    return params


def _is_form(request: HttpRequest) -> bool:
    """True for a plain form in the one alphabet that we read."""
    charset = (request.content_params or {}).get("charset", "utf-8")
    is_packed = bool(request.headers.get("Content-Encoding"))
    return request.content_type == FORM and charset.lower() == "utf-8" and not is_packed


@csrf_exempt
@require_POST
def twilio_status(request: HttpRequest, reference: uuid.UUID) -> HttpResponse:
    """A delivery report. 204 once it is stored; 503 while the database is down: it comes again.

    Rings no doorbell: reports come by the hundred, and the timetable applies them within seconds.
    """
    try:
        params = _proven_form(request)
        store_receipt(parse_status(params, reference), now=clock.now())
    except Unproven as unproven:
        return HttpResponse(status=unproven.status)
    except OperationalError:
        return HttpResponse(status=503)
    return HttpResponse(status=204)


@csrf_exempt
@require_POST
def twilio_inbound(request: HttpRequest) -> HttpResponse:
    """A patient's message. Answered with an empty document once it is stored; 503 as above."""
    try:
        params = _proven_form(request)
        store_reply(parse_inbound(params), now=clock.now())
    except Unproven as unproven:
        return HttpResponse(status=unproven.status)
    except OperationalError:
        return HttpResponse(status=503)
    MESSAGES.press()
    return HttpResponse("<Response/>", content_type="text/xml")


@require_GET
def health(_request: HttpRequest) -> JsonResponse:
    """200 while messages move, 503 with the reason when they do not. For a watcher from outside."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        waiting = stuck_since(now=clock.now())
        overdue = overdue_steps(now=clock.now())
    except OperationalError:
        return JsonResponse({"ok": False, "reason": "database"}, status=503)
    if waiting is not None:
        seconds = int(waiting.total_seconds())
        return JsonResponse({"ok": False, "reason": "stuck", "seconds": seconds}, status=503)
    if overdue:
        return JsonResponse({"ok": False, "reason": "alerts", "steps": overdue}, status=503)
    return JsonResponse({"ok": True})


urlpatterns = [
    path("hooks/twilio/status/<uuid:reference>/", twilio_status, name="twilio-status"),
    path("hooks/twilio/inbound/", twilio_inbound, name="twilio-inbound"),
    path("health", health, name="health"),
]
