"""What the stand-in's HTTP side answers, and the tricks it can play while doing so."""

import json
from dataclasses import dataclass, field
from http import HTTPStatus

RESET = "reset"
HANG = "hang"
HALF = "half"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; `trick` says how it is spoilt on its way."""

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    trick: str = ""

    def bytes_on_wire(self) -> bytes:
        """Return the whole answer, ready to be written at once."""
        lines = [
            f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}",
            f"Content-Type: {self.content_type}",
            f"Content-Length: {len(self.body)}",
            *(f"{name}: {value}" for name, value in self.headers.items()),
        ]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + self.body


def as_json(said: object, *, status: int = 200) -> Answer:
    """Return an answer that says this in JSON."""
    return Answer(status, json.dumps(said).encode())


def error(status: int, code: int, message: str, *, headers: dict[str, str] | None = None) -> Answer:
    """Return an error in the provider's words."""
    said = {
        "code": code,
        "message": message,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }
    return Answer(status, json.dumps(said).encode(), headers=headers or {})
