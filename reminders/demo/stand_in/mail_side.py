"""The stand-in's mail server: a real SMTP server whose mailboxes are the ledger."""

import asyncio
import email
import hmac
import logging
import re
import threading
import uuid
from concurrent.futures import Future
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from reminders.demo.stand_in.ledger import TO_PATIENT, Ledger
from reminders.demo.stand_in.modes import EMAIL, Modes

LONGEST_HANG_SECONDS = 120.0
UNFOLD = re.compile(r"\r?\n[ \t]+")
START_SECONDS = 5.0
SHOWN_HEADERS = (
    "Auto-Submitted",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "Reply-To",
    "X-Aftercare-Attempt",
)


class MailSide:
    """Takes mails on one port, from an event loop in a thread of its own."""

    def __init__(
        self, address: tuple[str, int], *, ledger: Ledger, modes: Modes, token: str
    ) -> None:
        self._address = address
        self._mailbox = Mailbox(ledger=ledger, modes=modes)
        self._token = token.encode()
        self._listening: Future[int] = Future()
        self._stop: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, name="stand-in-mail", daemon=True)

    @property
    def port(self) -> int:
        """The port it listens on, once it has started."""
        return self._listening.result(timeout=START_SECONDS)

    def start(self) -> None:
        """Listen; returns when mails can come. Raises OSError when the port is taken."""
        # The library's own log repeats every address.
        logging.getLogger("mail.log").setLevel(logging.ERROR)
        self._thread.start()
        self._listening.result(timeout=START_SECONDS)

    def stop(self) -> None:
        """Stop listening and end every conversation, also those that hang."""
        if self._loop is not None and self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(timeout=START_SECONDS)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except OSError as failure:
            self._listening.set_exception(failure)

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        host, port = self._address
        server = await self._loop.create_server(self._conversation, host=host, port=port)
        self._listening.set_result(server.sockets[0].getsockname()[1])
        await self._stop.wait()
        server.close()

    def _conversation(self) -> SMTP:
        return SMTP(
            self._mailbox,
            hostname="stand-in.example.net",
            enable_SMTPUTF8=True,
            authenticator=self._check,
            auth_require_tls=False,
            loop=self._loop,
        )

    def _check(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any
    ) -> AuthResult:
        known = isinstance(given, LoginPassword) and hmac.compare_digest(
            given.password, self._token
        )
        return AuthResult(success=known, handled=False)


class Mailbox:
    """Decides about each mail; what it accepts stands in the ledger before the answer leaves."""

    def __init__(self, *, ledger: Ledger, modes: Modes) -> None:
        self._ledger, self._modes = ledger, modes

    async def handle_RCPT(  # noqa: N802 - the library calls it by this name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Accept a recipient, or refuse it as the mode says."""
        mode, _ = self._modes.take(EMAIL)
        if mode == "refuse_rcpt":
            return f"550 5.1.1 <{address}>: no such mailbox"
        if mode == "greylist":
            return f"451 4.7.1 <{address}>: greylisted, try again later"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.append(mode)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the library calls it by this name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keep the letter, then answer it as the mode says."""
        mode = envelope.rcpt_options[-1]
        if mode == "refuse_data":
            return "554 5.7.1 refused for its contents"
        for address in envelope.rcpt_tos:
            self._ledger.add(read_letter(envelope.original_content or b"", address=address))
        if mode == "drop_after_data" and isinstance(server.transport, asyncio.WriteTransport):
            server.transport.abort()
        elif mode == "hang_after_data":
            await asyncio.sleep(LONGEST_HANG_SECONDS)
        return "250 2.0.0 OK"


def read_letter(raw: bytes, *, address: str) -> dict[str, Any]:
    """Return a mail as the ledger keeps it: the headers that matter, its text and its HTML."""
    letter = email.message_from_bytes(raw)
    return {
        "id": f"EM{uuid.uuid4().hex}",
        "kind": "email",
        "direction": TO_PATIENT,
        "address": address,
        "from": _header(letter, name="From"),
        "to": _header(letter, name="To"),
        "subject": _header(letter, name="Subject"),
        "text": _part(letter, kind="text/plain"),
        "html": _part(letter, kind="text/html"),
        "headers": {name: _header(letter, name=name) for name in SHOWN_HEADERS if letter[name]},
        "reference": _header(letter, name="X-Aftercare-Attempt"),
        "message_id": _header(letter, name="Message-ID"),
        "status": "delivered",
    }


def _header(letter: Message, *, name: str) -> str:
    # The library's modern header classes understand more and take fifty times as long.
    value = UNFOLD.sub(" ", str(letter[name] or ""))
    if "=?" not in value:
        return value
    try:
        return str(make_header(decode_header(value)))
    except (LookupError, ValueError, HeaderParseError):
        return value


def _part(letter: Message, *, kind: str) -> str:
    for part in letter.walk():
        if part.get_content_type() == kind:
            content = part.get_payload(decode=True)
            words = content.decode(part.get_content_charset("utf-8"), "replace")  # type: ignore[union-attr]
            return str(words).replace("\r\n", "\n")
    return ""
