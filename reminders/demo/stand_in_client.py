"""What the demo pages ask of the stand-in provider, over its control interface."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import requests
from django.conf import settings

TIMEOUT_SECONDS = 3.0
MOST_MESSAGES = 300


class StandInAway(Exception):
    """The stand-in does not answer, or answers what it never says; the text is for a person."""


class StandInRefused(Exception):
    """The stand-in understood and said no; the text is its reason."""


@dataclass(frozen=True, slots=True)
class Thread:
    """The line that stands for all messages of one number or mail address."""

    address: str
    kind: str
    count: int
    last_at: datetime
    last_text: str


@dataclass(frozen=True, slots=True)
class Message:
    """One text or mail, to or from a patient. `sender` and `recipient` are as on the wire."""

    id: str
    kind: str
    is_from_patient: bool
    sender: str
    recipient: str
    subject: str
    text: str
    html: str
    at: datetime
    status: str
    error_code: str


@dataclass(frozen=True, slots=True)
class Mood:
    """How the stand-in behaves (`now`: by kind of message), and all that it can do."""

    now: Mapping[str, str]
    choices: Mapping[str, str]

    @property
    def is_well(self) -> bool:
        return all(mode == "ok" for mode in self.now.values())


def threads() -> list[Thread]:
    """Return every number and mail address that has messages, the latest news first."""
    return [
        Thread(
            address=line["address"],
            kind=line["kind"],
            count=line["count"],
            last_at=datetime.fromisoformat(line["last_at"]),
            last_text=line["last_text"],
        )
        for line in _ask("GET", "threads")["threads"]
    ]


def messages(address: str) -> list[Message]:
    """Return the last MOST_MESSAGES of one number or mail address, oldest first."""
    found = _ask("GET", "messages", params={"to": address, "limit": str(MOST_MESSAGES)})
    return [_message(raw) for raw in found["messages"]]


def send_as_patient(text: str, *, sender: str, recipient: str) -> None:
    """Send a text from a patient's number, through the signed webhook of the product.

    Raises StandInRefused when the webhook did not take it. Sent twice, it is two messages.
    """
    said = {"from": sender, "to": recipient, "body": text}
    answer = _ask("POST", "inbound", said=said)
    if not 200 <= int(answer["status"]) < 300:
        raise StandInRefused(f"the product's webhook answered {answer['status'] or 'nothing'}")


def mood() -> Mood:
    """Return how the stand-in behaves now."""
    shown = _ask("GET", "mode")
    now = {
        kind: setting["mode"] if setting["left"] != 0 else "ok"
        for kind, setting in shown["now"].items()
    }
    return Mood(now=now, choices=shown["modes"])


def choose_mood(mode: str, *, times: int | None) -> None:
    """Let it behave like this for so many messages (None: until told otherwise).

    Raises StandInRefused for a mode that it does not know.
    """
    _ask("POST", "mode", said={"mode": mode, "times": times, "wait_seconds": 2.0})


def _ask(
    method: str,
    path: str,
    *,
    params: Mapping[str, str] | None = None,
    said: Mapping[str, object] | None = None,
) -> dict[str, Any]:
    url = f"{settings.STAND_IN_URL}/stand-in/{path}"
    try:
        with requests.Session() as session:
            session.trust_env = False  # it is on this machine: no proxy in between
            answer = session.request(method, url, params=params, json=said, timeout=TIMEOUT_SECONDS)
        found = answer.json()
    except requests.RequestException as failure:  # also what is no JSON
        raise StandInAway(
            f"The stand-in provider does not answer at {settings.STAND_IN_URL or '(no address)'}."
        ) from failure
    if not isinstance(found, dict):
        raise StandInAway(f"What answers at {settings.STAND_IN_URL} is no stand-in provider.")
    if "error" in found:
        raise StandInRefused(str(found["error"]))
    return found


def _message(raw: Mapping[str, Any]) -> Message:
    return Message(
        id=raw["id"],
        kind=raw["kind"],
        is_from_patient=raw["direction"] == "from_patient",
        sender=raw["from"],
        recipient=raw["to"],
        subject=raw.get("subject", ""),
        text=raw["text"],
        html=raw.get("html", ""),
        at=datetime.fromisoformat(raw["at"]),
        status=raw["status"],
        error_code=raw.get("error_code", ""),
    )
