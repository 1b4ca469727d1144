"""What every channel to a patient promises: one attempt in, one honest answer out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

# Stands in the stored words of a message for a secret that only the wire had (`Channel.find`).
HIDDEN = "\u2022\u2022\u2022\u2022"


class Outcome(StrEnum):
    """What is certain after one attempt.

    NOT_SENT means that nothing was accepted, so the same message may be tried again.
    Everything doubtful is UNKNOWN and must never be tried again without proof.
    """

    ACCEPTED = "accepted"
    NOT_SENT = "not_sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Sighting(StrEnum):
    """Whether the provider has our message, as far as it can tell."""

    FOUND = "found"
    ABSENT = "absent"
    CANNOT_TELL = "cannot_tell"


class DeliveryNews(StrEnum):
    """A provider's words about a message, mapped to the four that matter to a clinic."""

    ACCEPTED = "accepted"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"


# Our reference on a mail; where several messages share it, all of theirs, with a comma between.
ATTEMPTS_HEADER = "X-Aftercare-Attempt"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message, ready to go. `reference` is the attempt's id and goes to the provider."""

    reference: UUID
    to: str  # E.164, or one email address
    sender: str  # E.164 or alphanumeric sender, or a From header
    body: str  # the text of the SMS, or the plain part of the mail
    subject: str = ""  # mail only
    html: str = ""  # mail only
    headers: Mapping[str, str] = field(default_factory=dict)  # mail only (List-Unsubscribe ...)
    valid_seconds: int | None = None  # how long the provider may still try
    status_url: str = ""  # where receipts for this attempt go


@dataclass(frozen=True, slots=True)
class SendResult:
    """The answer to one attempt. `detail` is for staff: never a name, an address or a text."""

    outcome: Outcome
    provider_id: str = ""  # when ACCEPTED
    code: str = ""  # the provider's code, or our word: "timeout", "connection", "http_503"
    detail: str = ""
    retry_after_seconds: int | None = None  # NOT_SENT only
    blocked: bool = False  # REFUSED: the recipient opted out at the provider
    bad_address: bool = False  # REFUSED: this address cannot work
    segments: int = 0


@dataclass(frozen=True, slots=True)
class LookUp:
    """The answer to "do you have this attempt?"."""

    sighting: Sighting
    provider_id: str = ""
    status: str = ""
    others: tuple[str, ...] = ()  # ids of further messages that look the same


@dataclass(frozen=True, slots=True)
class StatusEvent:
    """One receipt. The same receipt delivered twice has the same `event_key`."""

    provider: str
    event_key: str
    provider_id: str
    reference: UUID | None
    status: DeliveryNews | None  # None when the provider's word is not known
    code: str
    raw: dict[str, object]


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """One message from a telephone, as the provider told it."""

    provider: str
    provider_message_id: str
    sender: str
    recipient: str
    body: str
    media_count: int
    raw: dict[str, object]


class Channel(Protocol):
    """A door to one provider. Safe to share between threads; connections are kept per thread."""

    @property
    def name(self) -> str:
        """`sms` or `email`."""

    @property
    def provider(self) -> str:
        """`twilio`, `smtp`, `memory` ..."""

    @property
    def post_timeout_seconds(self) -> float:
        """The longest that one `send` can take, all time-outs added up."""

    def send(self, message: Outgoing) -> SendResult:
        """Offer the message once. Never raises, never tries twice."""

    def find(self, message: Outgoing, *, since: datetime) -> LookUp:
        """Ask the provider whether it took this message at or after `since`. Never raises."""
