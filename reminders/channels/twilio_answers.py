"""The SMS provider's answer to a send → what is certain about it.

Source: the provider's manual, "Error and warning dictionary" and "Messages resource". A code that
is not listed here is a refusal only when the provider itself says 4xx with a code of its own.
"""

import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from reminders.channels.base import Outcome, SendResult
from reminders.channels.wire import Answer

# The number cannot receive a text: not a number, no such number, a landline.
BAD_ADDRESS = {"21211", "21214", "21217", "21614"}
# The person told the provider to stop; it will refuse until they start again.
BLOCKED = {"21610"}
# The provider says that it took nothing and that later will do: too many, queue full, closed.
TRY_LATER = {"20429", "21611", "21730", "14107"}
# A wrong or closed account says nothing about the message, which waits until someone mends it.
ACCOUNT_TROUBLE = {401, 403, 404, 407}
LONGEST_WAIT_SECONDS = 24 * 60 * 60


def read_answer(answer: Answer) -> SendResult:
    """Return what an answer to a send proves; whatever it leaves open is UNKNOWN.

    A 5xx is UNKNOWN even when it is 503: the manual says "try again", not "it was not queued".
    """
    said = _json_object(answer.body)
    if 200 <= answer.status < 300:
        return _accepted(said)
    code = str(said.get("code") or f"http_{answer.status}")[:60]
    if answer.status == 429 or (answer.status < 500 and code in TRY_LATER):
        wait = retry_after_seconds(
            answer.headers.get("Retry-After"), answered_at=answer.headers.get("Date")
        )
        return SendResult(Outcome.NOT_SENT, code=code, retry_after_seconds=wait)
    if answer.status in ACCOUNT_TROUBLE:
        return SendResult(Outcome.NOT_SENT, code=code, detail="The provider refuses our account.")
    if 400 <= answer.status < 500 and code.isdigit():
        return _refused(code)
    return SendResult(Outcome.UNKNOWN, code=code, detail="The provider's answer proves nothing.")


def _accepted(said: dict[str, object]) -> SendResult:
    sid, parts = said.get("sid"), str(said.get("num_segments") or "")
    if not (isinstance(sid, str) and 0 < len(sid) <= 120):
        return SendResult(Outcome.UNKNOWN, code="unreadable", detail="An answer without an id.")
    return SendResult(
        Outcome.ACCEPTED,
        provider_id=sid,
        segments=int(parts) if parts.isascii() and parts.isdigit() and len(parts) < 4 else 0,
    )


def _refused(code: str) -> SendResult:
    return SendResult(
        Outcome.REFUSED,
        code=code,
        detail="The provider refused the message; its manual explains the code.",
        blocked=code in BLOCKED,
        bad_address=code in BAD_ADDRESS,
    )


def retry_after_seconds(header: str | None, *, answered_at: str | None) -> int | None:
    """Return the wait that a Retry-After header asks for, 0 to a day; None when it is unreadable.

    A moment is measured from the answer's own Date header, so that no two clocks are compared.
    """
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return min(int(text[:9]), LONGEST_WAIT_SECONDS)
    until, since = _moment(text), _moment(answered_at or "")
    if until is None or since is None:
        return None
    return min(max(0, int((until - since).total_seconds())), LONGEST_WAIT_SECONDS)


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _json_object(body: bytes) -> dict[str, object]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def listed_messages(body: bytes) -> tuple[list[dict[str, object]], bool] | None:
    """Return one page of the provider's list and whether another follows; None if unreadable."""
    said = _json_object(body)
    messages = said.get("messages")
    if not isinstance(messages, list) or not all(isinstance(each, dict) for each in messages):
        return None
    return messages, bool(said.get("next_page_uri"))
