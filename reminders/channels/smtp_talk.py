"""One mail through one SMTP conversation, step by step, so that each failure says what it proves.

Until the first byte of the letter itself has been written the server cannot have the mail. After
that only its answer counts; a lost answer is UNKNOWN.

Source: RFC 5321 sections 4.1.1.4 and 4.2 (who is responsible after DATA), RFC 3463 (codes).
"""

import re
import smtplib
import time
from dataclasses import dataclass

from reminders.channels.base import Outcome, SendResult

STEP_SECONDS = 5.0
# From opening the connection to the first byte of the letter.
START_SECONDS = 15.0
# A server may scan the letter before it answers.
ANSWER_SECONDS = 20.0

ENHANCED = re.compile(rb"^\s*([245]\.\d{1,3}\.\d{1,3})\b")
# No such mailbox, no such domain, bad syntax, moved, domain takes no mail (RFC 3463, RFC 7505).
BAD_ADDRESS = {"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"}
# "Log in first" and "that was no log-in" are about our account, not about this mail.
LOGIN_TROUBLE = {530, 534, 535, 538}
LINE_STARTS_WITH_DOT = re.compile(rb"(?m)^\.")


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail ready for the wire: its envelope, and its content with CRLF line ends."""

    sender: str
    recipient: str
    content: bytes


def longest_talk_seconds(answer_seconds: float) -> float:
    """Return the longest that one mail can take, all time-outs added up."""
    return START_SECONDS + 2 * STEP_SECONDS + answer_seconds


def talk(
    smtp: smtplib.SMTP, letter: Letter, *, started: float, answer_seconds: float
) -> SendResult:
    """Hand over one letter; `started` is the monotonic moment at which the attempt began.

    Never raises. The connection is fit for another letter only
    after ACCEPTED.
    """
    try:
        refusal = _introduce(smtp, letter)
        if refusal is not None:
            return refusal
        if time.monotonic() - started > START_SECONDS:
            return SendResult(Outcome.NOT_SENT, code="timeout")
        code, text = smtp.docmd("DATA")
        if code != 354:
            return refused(code, text)
    except Exception as failure:  # noqa: BLE001 - the letter was not begun, whatever it is
        return SendResult(Outcome.NOT_SENT, code="connection_lost", detail=type(failure).__name__)
    try:
        return _answer(*_hand_over(smtp, letter.content, answer_seconds=answer_seconds))
    except Exception as failure:  # noqa: BLE001 - the letter was begun: a doubt, whatever it is
        code_word = "timeout" if "timed out" in str(failure) else "connection_lost"
        return SendResult(Outcome.UNKNOWN, code=code_word, detail=type(failure).__name__)


def _introduce(smtp: smtplib.SMTP, letter: Letter) -> SendResult | None:
    smtp.ehlo_or_helo_if_needed()
    options = [f"SIZE={len(letter.content)}"] if smtp.has_extn("size") else []
    options += ["BODY=8BITMIME"] if smtp.has_extn("8bitmime") else []
    code, text = smtp.mail(letter.sender, options)
    if 200 <= code < 300:
        code, text = smtp.rcpt(letter.recipient)
    return None if 200 <= code < 300 else refused(code, text)


def _hand_over(smtp: smtplib.SMTP, content: bytes, *, answer_seconds: float) -> tuple[int, bytes]:
    quoted = LINE_STARTS_WITH_DOT.sub(b"..", content)
    end = b".\r\n" if quoted.endswith(b"\r\n") else b"\r\n.\r\n"
    smtp.send(quoted + end)
    if smtp.sock is not None:
        smtp.sock.settimeout(answer_seconds)
    answer = smtp.getreply()
    if smtp.sock is not None:
        smtp.sock.settimeout(STEP_SECONDS)
    return answer


def _answer(code: int, text: bytes) -> SendResult:
    return SendResult(Outcome.ACCEPTED) if 200 <= code < 300 else refused(code, text)


def refused(code: int, text: bytes) -> SendResult:
    """Return what a server's no proves: 4xx later, 5xx never, anything else nothing.

    Only the codes are kept: the server's words often repeat the address.
    """
    match = ENHANCED.match(text)
    enhanced = match.group(1).decode() if match else ""
    words = f"{code} {enhanced}".strip()
    if 400 <= code < 500 or code in LOGIN_TROUBLE:
        return SendResult(Outcome.NOT_SENT, code=words, detail="The mail server said: later.")
    if 500 <= code < 600:
        return SendResult(
            Outcome.REFUSED,
            code=words,
            detail="The mail server refused the mail.",
            bad_address=enhanced in BAD_ADDRESS,
        )
    return SendResult(Outcome.UNKNOWN, code=words, detail="The mail server's answer is unreadable.")
