"""One mail through a mail provider's HTTP API (django-anymail) or another Django backend."""

import requests
from anymail.exceptions import (
    AnymailAPIError,
    AnymailConfigurationError,
    AnymailInvalidAddress,
    AnymailRecipientsRefused,
    AnymailUnsupportedFeature,
)
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from reminders.channels.base import Outcome, SendResult
from reminders.channels.twilio_answers import retry_after_seconds

TAKEN = {"sent", "queued"}
ACCOUNT_TROUBLE = {401, 402, 403, 404, 407}
HOW_TO_ALLOW = (
    "The mail provider cannot switch tracking off for one mail. Switch it off in the account, "
    "then set IGNORE_UNSUPPORTED_FEATURES."
)


def offer(backend: BaseEmailBackend, mail: EmailMessage) -> SendResult:
    """Send one mail and say what is certain about it. Never raises."""
    try:
        taken = backend.send_messages([mail])
    except Exception as failure:  # noqa: BLE001 - any backend, any exception; read below
        return read_failure(failure, mail=mail)
    if not taken:
        return SendResult(Outcome.NOT_SENT, code="not_taken")
    return _taken(mail)


def _taken(mail: EmailMessage) -> SendResult:
    status = getattr(mail, "anymail_status", None)
    if status is None:  # one of Django's own backends, which say no more than "taken"
        return SendResult(Outcome.ACCEPTED)
    given = status.message_id if isinstance(status.message_id, str) else ""
    words = set(status.status or ())
    if given or (words and words <= TAKEN):
        return SendResult(Outcome.ACCEPTED, provider_id=given[:120])
    code = "/".join(sorted(words)) or "unreadable"
    return SendResult(
        Outcome.UNKNOWN, code=code, detail="The provider did not say that it took it."
    )


def read_failure(failure: Exception, *, mail: EmailMessage) -> SendResult:
    """Return what a backend's exception proves; whatever it leaves open is UNKNOWN."""
    word = type(failure).__name__
    if isinstance(failure, AnymailRecipientsRefused):
        return _refused_recipient(mail)
    if isinstance(failure, AnymailInvalidAddress):
        return SendResult(Outcome.REFUSED, code="address", bad_address=True)
    if isinstance(failure, AnymailUnsupportedFeature):
        return SendResult(Outcome.NOT_SENT, code="unsupported", detail=HOW_TO_ALLOW)
    if isinstance(failure, AnymailConfigurationError):
        return SendResult(Outcome.NOT_SENT, code="configuration", detail=word)
    if isinstance(failure, AnymailAPIError) and failure.status_code is not None:
        return _read_status(failure.status_code, response=failure.response)
    if _never_connected(failure):
        return SendResult(Outcome.NOT_SENT, code="connection", detail=word)
    return SendResult(Outcome.UNKNOWN, code="connection_lost", detail=word)


def _refused_recipient(mail: EmailMessage) -> SendResult:
    words = set(getattr(getattr(mail, "anymail_status", None), "status", None) or ())
    return SendResult(
        Outcome.REFUSED,
        code="/".join(sorted(words)) or "recipient",
        bad_address="invalid" in words,
        blocked="rejected" in words and "invalid" not in words,
    )


def _read_status(status: int, *, response: requests.Response | None) -> SendResult:
    code = f"http_{status}"
    if status == 429:
        headers = response.headers if response is not None else {}
        wait = retry_after_seconds(headers.get("Retry-After"), answered_at=headers.get("Date"))
        return SendResult(Outcome.NOT_SENT, code=code, retry_after_seconds=wait)
    if status in ACCOUNT_TROUBLE:
        return SendResult(Outcome.NOT_SENT, code=code, detail="The provider refuses our account.")
    if 400 <= status < 500 and status != 408:
        return SendResult(Outcome.REFUSED, code=code)
    return SendResult(Outcome.UNKNOWN, code=code)


def _never_connected(failure: BaseException | None) -> bool:
    """Tell whether a cause says that no connection came about."""
    seen = 0
    while failure is not None and seen < 8:
        reason = getattr(failure.args[0] if failure.args else None, "reason", None)
        if isinstance(failure, requests.ConnectTimeout | ConnectionRefusedError):
            return True
        if isinstance(reason, NewConnectionError | ConnectTimeoutError):
            return True
        failure, seen = failure.__cause__ or failure.__context__, seen + 1
    return False
