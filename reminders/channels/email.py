"""Mails → the clinic's mail server, or a mail provider behind Django's mail interface."""

import os
import re
import threading
import time
from datetime import datetime
from email.utils import parseaddr

from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend
from django.core.mail.message import sanitize_address
from django.core.validators import validate_email

from reminders.channels.base import ATTEMPTS_HEADER, LookUp, Outcome, Outgoing, SendResult, Sighting
from reminders.channels.mail_api import offer
from reminders.channels.smtp_talk import (
    ANSWER_SECONDS,
    STEP_SECONDS,
    Letter,
    longest_talk_seconds,
    talk,
)

LONGEST_ADDRESS = 254
CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
# A connection that rested longer is asked whether it is still there before it is used.
REST_SECONDS = 1.0
# Servers count; taking a new connection in time is cheaper than being sent away.
MAILS_PER_CONNECTION = 100


class EmailChannel:
    """A channel: one conversation or API call per attempt, over a connection kept per thread."""

    name = "email"

    def __init__(self, backend: str, *, answer_seconds: float = ANSWER_SECONDS) -> None:
        self._backend = backend
        self._answer_seconds = answer_seconds
        self.post_timeout_seconds = longest_talk_seconds(answer_seconds)
        self.provider = backend.removesuffix(".EmailBackend").rsplit(".", 1)[-1][:20]
        self._kept = threading.local()

    def send(self, message: Outgoing) -> SendResult:
        """Offer the mail once. Never raises; a doubt is UNKNOWN, never NOT_SENT."""
        started = time.monotonic()
        fault = fault_in(message)
        if fault is not None:
            return fault
        try:
            mail = compose(message)
            backend = self._open()
        except Exception as failure:  # noqa: BLE001 - nothing was written yet, whatever it is
            self.hang_up()
            code = "login" if "Authentication" in type(failure).__name__ else "connection"
            return SendResult(Outcome.NOT_SENT, code=code, detail=type(failure).__name__)
        result = self._offer(backend, mail, started=started)
        if result.outcome != Outcome.ACCEPTED:
            self.hang_up()
        return result

    def find(self, message: Outgoing, *, since: datetime) -> LookUp:
        """Nobody can be asked: a mail server keeps no list for its senders."""
        return LookUp(Sighting.CANNOT_TELL)

    def _offer(
        self, backend: BaseEmailBackend, mail: EmailMultiAlternatives, *, started: float
    ) -> SendResult:
        if isinstance(backend, SmtpBackend):
            result = self._talk(backend, mail, started=started)
        else:
            result = offer(backend, mail)
        if result.outcome == Outcome.ACCEPTED and not result.provider_id:
            message_id = mail.extra_headers["Message-ID"].strip("<>")
            return SendResult(Outcome.ACCEPTED, provider_id=message_id)
        return result

    def _talk(
        self, backend: SmtpBackend, mail: EmailMultiAlternatives, *, started: float
    ) -> SendResult:
        if backend.connection is None:
            return SendResult(Outcome.NOT_SENT, code="connection")
        try:
            letter = letter_of(mail)
        except Exception as failure:  # noqa: BLE001 - nothing was written yet, whatever it is
            return SendResult(Outcome.NOT_SENT, code="unwritable", detail=type(failure).__name__)
        return talk(
            backend.connection, letter, started=started, answer_seconds=self._answer_seconds
        )

    def _open(self) -> BaseEmailBackend:
        kept = self._kept
        if getattr(kept, "pid", None) != os.getpid():
            kept.backend = get_connection(self._backend, timeout=self._timeout())
            kept.pid, kept.used_at, kept.mails = os.getpid(), 0.0, 0
        if kept.mails >= MAILS_PER_CONNECTION or not self._is_awake():
            self.hang_up()
        kept.backend.open()
        kept.used_at, kept.mails = time.monotonic(), kept.mails + 1
        backend: BaseEmailBackend = kept.backend
        return backend

    def _timeout(self) -> float | tuple[float, float]:
        # A mail provider's API is one request, which may take as long as a server's last answer.
        api = self._backend.startswith("anymail.")
        return (STEP_SECONDS, self._answer_seconds) if api else STEP_SECONDS

    def _is_awake(self) -> bool:
        smtp = getattr(self._kept.backend, "connection", None)
        if smtp is None or time.monotonic() - self._kept.used_at < REST_SECONDS:
            return True
        try:
            return bool(smtp.noop()[0] == 250)
        except OSError:
            return False

    def hang_up(self) -> None:
        """Give up this thread's connection, without a goodbye that might hang."""
        backend = getattr(self._kept, "backend", None)
        self._kept.mails = 0
        if isinstance(backend, SmtpBackend):
            # Django keeps a connection whose log-in failed under a second name.
            for kept in ("connection", "_partial_connection"):
                smtp = getattr(backend, kept, None)
                if smtp is not None:
                    smtp.close()
                setattr(backend, kept, None)
        elif backend is not None:
            backend.close()


def letter_of(mail: EmailMultiAlternatives) -> Letter:
    """Return the mail as it goes over the wire, its envelope with bare ASCII addresses."""
    return Letter(
        sender=sanitize_address(parseaddr(mail.from_email)[1], "utf-8"),
        recipient=sanitize_address(mail.to[0], "utf-8"),
        content=mail.message().as_bytes(linesep="\r\n"),  # type: ignore[call-arg]
    )


def compose(message: Outgoing) -> EmailMultiAlternatives:
    """Return the mail: text first, HTML beside it, our reference in two headers, no tracking."""
    domain = parseaddr(message.sender)[1].rpartition("@")[2]
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.body,
        from_email=message.sender,
        to=[message.to],
        headers={
            ATTEMPTS_HEADER: str(message.reference),
            **message.headers,
            "Message-ID": f"<{message.reference}@{domain}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    # Read by the mail providers; whether a patient opened a mail is nobody's business.
    mail.track_opens = mail.track_clicks = False  # type: ignore[attr-defined]
    return mail


def fault_in(message: Outgoing) -> SendResult | None:
    """Return the refusal of a mail that must not leave: two addresses, a broken header."""
    if not is_one_address(message.to):
        return SendResult(Outcome.REFUSED, code="address", bad_address=True)
    words = [message.subject, *message.headers.keys(), *message.headers.values()]
    if any(CONTROL.search(word) for word in words):
        return SendResult(Outcome.REFUSED, code="header", detail="A header holds a line break.")
    if CONTROL.search(message.sender) or not is_one_address(parseaddr(message.sender)[1]):
        return SendResult(Outcome.NOT_SENT, code="sender", detail="The sender is no address.")
    return None


def is_one_address(text: str) -> bool:
    """Tell whether this is one bare address that can stand alone in a header."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= LONGEST_ADDRESS
