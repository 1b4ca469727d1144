"""Calls the product's webhooks, over kept connections and with the provider's signature."""

import http.client
import threading
from urllib.parse import urlencode, urlsplit

from reminders.channels.twilio_signature import Params, sign

ANSWER_SECONDS = 20.0

_kept = threading.local()


class NoAnswer(Exception):
    """The webhook could not be reached, or broke off."""


def call(url: str, *, params: Params, token: str) -> tuple[int, str]:
    """Post signed parameters; return the status and the text that came back. Raises NoAnswer.

    A kept connection that turns out to be dead is replaced once, so a webhook may hear the same
    call twice: so it does from the real provider.
    """
    headers = {
        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        "X-Twilio-Signature": sign(url, params, token),
        "User-Agent": "stand-in",
    }
    body = urlencode(params).encode()
    for last in (False, True):
        fresh = _connection(url) is None
        try:
            return _post(url, body=body, headers=headers)
        except (OSError, http.client.HTTPException) as failure:
            hang_up(url)
            if fresh or last:
                raise NoAnswer(type(failure).__name__) from failure
    raise NoAnswer(url)


def _connection(url: str) -> http.client.HTTPConnection | None:
    found: http.client.HTTPConnection | None = _connections().get(_place(url))
    return found


def _connections() -> dict[tuple[str, str], http.client.HTTPConnection]:
    if not hasattr(_kept, "connections"):
        _kept.connections = {}
    kept: dict[tuple[str, str], http.client.HTTPConnection] = _kept.connections
    return kept


def _place(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _post(url: str, *, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    scheme, netloc = _place(url)
    connection = _connection(url)
    if connection is None:
        kind = http.client.HTTPSConnection if scheme == "https" else http.client.HTTPConnection
        connection = _connections()[scheme, netloc] = kind(netloc, timeout=ANSWER_SECONDS)
    parts = urlsplit(url)
    connection.request("POST", parts._replace(scheme="", netloc="").geturl(), body, headers)
    answer = connection.getresponse()
    text = answer.read().decode("utf-8", "replace")
    if answer.will_close:
        hang_up(url)
    return answer.status, text


def hang_up(url: str = "") -> None:
    """Close this thread's connection to one webhook, or all of them."""
    kept = _connections()
    for place in [_place(url)] if url else list(kept):
        connection = kept.pop(place, None)
        if connection is not None:
            connection.close()
