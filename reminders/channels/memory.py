"""A channel without a provider: it keeps what it is given. For tests and for trying things out."""

from collections import deque
from datetime import datetime

from reminders.channels.base import ATTEMPTS_HEADER, LookUp, Outcome, Outgoing, SendResult, Sighting


def _references(message: Outgoing) -> list[str]:
    return message.headers.get(ATTEMPTS_HEADER, str(message.reference)).split(", ")


class MemoryChannel:
    """Accepts everything into `sent`, unless `answers` holds the next answer to give instead."""

    provider = "memory"
    post_timeout_seconds = 1.0

    def __init__(self, name: str) -> None:
        self.name = name
        self.sent: list[Outgoing] = []
        self.answers: deque[SendResult] = deque()

    def send(self, message: Outgoing) -> SendResult:
        """Keep the message, or give the next prepared answer; only an accepted one is kept."""
        accepted = SendResult(Outcome.ACCEPTED, provider_id=f"memory-{message.reference}")
        result = self.answers.popleft() if self.answers else accepted
        if result.outcome == Outcome.ACCEPTED:
            self.sent.append(message)
        return result

    def find(self, message: Outgoing, *, since: datetime) -> LookUp:
        """Tell by reference; the time does not matter here."""
        if any(str(message.reference) in _references(kept) for kept in self.sent):
            return LookUp(Sighting.FOUND, provider_id=f"memory-{message.reference}")
        return LookUp(Sighting.ABSENT)

    def forget(self) -> None:
        """Start again with nothing sent and no answer prepared."""
        self.sent.clear()
        self.answers.clear()
