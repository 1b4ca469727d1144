"""A provider's webhook → proof that it is theirs, then a receipt or an inbound message.

Source: the provider's manual, "Validating signatures" (HMAC-SHA1 over the address and the sorted
parameters), and the list of message statuses in "Messages resource".
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from reminders.channels.base import DeliveryNews, InboundMessage, StatusEvent

Params = list[tuple[str, str]]

NEWS = {
    "accepted": DeliveryNews.ACCEPTED,
    "scheduled": DeliveryNews.ACCEPTED,
    "queued": DeliveryNews.ACCEPTED,
    "sending": DeliveryNews.ACCEPTED,
    "sent": DeliveryNews.SENT,
    "delivered": DeliveryNews.DELIVERED,
    "read": DeliveryNews.DELIVERED,
    "undelivered": DeliveryNews.UNDELIVERED,
    "failed": DeliveryNews.UNDELIVERED,
    "canceled": DeliveryNews.UNDELIVERED,
}
DEFAULT_PORTS = {"https": 443, "http": 80}
LONGEST_KEY = 120
LONGEST_CODE = 60
LONGEST_ADDRESS = 254


def read_form(raw: bytes) -> Params:
    """Return the parameters of a form as they were sent: untrimmed, with blanks and repeats.

    Bytes that are no UTF-8 survive as surrogates, so that a signature over them still matches.
    Raises ValueError for more than 200 parameters.
    """
    return parse_qsl(
        raw.decode("ascii", "surrogateescape"),
        keep_blank_values=True,
        errors="surrogateescape",
        max_num_fields=200,
    )


def repeated_names(params: Params) -> set[str]:
    """Return the names that occur more than once; the provider repeats none."""
    names = [name for name, _ in params]
    return {name for name in names if names.count(name) > 1}


def signature_is_valid(url: str, params: Params, signature: str | None, token: str) -> bool:
    """Tell whether the provider signed this call; takes the same time for every wrong signature.

    `url` is the configured public address with path and query, never one taken from headers.
    Accepts it with and without its port, because the provider signs either. A missing header,
    or an empty token, is a no.
    """
    if not signature or not token:
        return False
    given = _raw(signature)
    matches = [
        hmac.compare_digest(sign(form, params, token).encode(), given) for form in _forms(url)
    ]
    return any(matches)


def sign(url: str, params: Iterable[tuple[str, str]], token: str) -> str:
    """Return the signature for a call; repeats of one name and value count once."""
    text = url + "".join(name + value for name, value in sorted(set(params)))
    digest = hmac.digest(_raw(token), _raw(text), hashlib.sha1)
    return base64.b64encode(digest).decode("ascii")


def _forms(url: str) -> list[str]:
    parts = urlsplit(url)
    host = parts.netloc
    if parts.port is not None:
        bare = host.rsplit(":", 1)[0]
        return [url, parts._replace(netloc=bare).geturl()]
    with_port = f"{host}:{DEFAULT_PORTS.get(parts.scheme, 80)}"
    return [url, parts._replace(netloc=with_port).geturl()]


def parse_status(params: Params, reference: UUID | None) -> StatusEvent:
    """Return the receipt in a status call; never raises, whatever the call holds.

    `reference` is the attempt named in the path of the call. The provider numbers no receipts,
    so message, word and code together are the key: the same news twice is the same event.
    """
    values = _storable(params)
    provider_id = values.get("MessageSid") or values.get("SmsSid", "")
    word = (values.get("MessageStatus") or values.get("SmsStatus", "")).strip().lower()
    code = values.get("ErrorCode", "")
    return StatusEvent(
        provider="twilio",
        event_key=_key(":".join((provider_id or str(reference), word, code))),
        provider_id=provider_id[:LONGEST_KEY],
        reference=reference,
        status=NEWS.get(word),
        code=code[:LONGEST_CODE],
        raw=dict(values),
    )


def parse_inbound(params: Params) -> InboundMessage:
    """Return the message in an inbound call; never raises, whatever the call holds.

    The body is kept as it came, blanks and all. A call without an id gets one made of its
    contents, so that a repeat of it still changes nothing.
    """
    values = _storable(params)
    given = values.get("MessageSid") or values.get("SmsMessageSid") or values.get("SmsSid", "")
    return InboundMessage(
        provider="twilio",
        provider_message_id=_key(given)
        if given
        else "none-" + _digest(repr(sorted(values.items()))),
        sender=values.get("From", "")[:LONGEST_ADDRESS],
        recipient=values.get("To", "")[:LONGEST_ADDRESS],
        body=values.get("Body", ""),
        media_count=_count(values.get("NumMedia", "")),
        raw=dict(values),
    )


def _storable(params: Params) -> dict[str, str]:
    """Return the values by name as text that a database takes; the first of a repeat wins.

    What is no UTF-8, and NUL, is written as an escape (`\\xff`, `\\x00`): escaped, never lost.
    """
    return {_escaped(name): _escaped(value) for name, value in reversed(params)}


def _escaped(text: str) -> str:
    return _raw(text).decode("utf-8", "backslashreplace").replace("\x00", "\\x00")


def _raw(text: str) -> bytes:
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def _key(text: str) -> str:
    return text if len(text) <= LONGEST_KEY else _digest(text)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _count(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
