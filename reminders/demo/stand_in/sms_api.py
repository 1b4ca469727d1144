"""The SMS provider's HTTP interface, as far as the product uses it.

Source: the provider's manual, "Messages resource" and "Error and warning dictionary".
"""

import base64
import re
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

from reminders.demo.stand_in.account import Account
from reminders.demo.stand_in.answer import HALF, HANG, RESET, Answer, as_json, error
from reminders.demo.stand_in.ledger import TO_PATIENT, Entry, Ledger
from reminders.demo.stand_in.modes import SMS, Modes
from reminders.demo.stand_in.receipts import Receipts

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
LONGEST_BODY = 1_600
LARGEST_PAGE = 1_000
BAD_TO = (400, 21211, "The 'To' number is not a valid phone number.")
BLOCKED = (400, 21610, "Attempt to send to unsubscribed recipient.")
# The provider's own numbers for trying out failures.
ALWAYS_FAILS = {
    "+15005550001": BAD_TO,
    "+15005550002": (400, 21612, "The 'To' number is not currently reachable."),
    "+15005550004": BLOCKED,
    "+15005550009": (400, 21614, "The 'To' number is not a valid mobile number."),
}
PAGE_OF_A_HOTEL = b"<!doctype html><title>Welcome</title><p>Please accept our terms."
GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENSION = set("\f^{}\\[~]|€")


@dataclass(frozen=True, slots=True)
class Request:
    """One call of the provider's interface."""

    method: str
    path: str
    query: dict[str, str]
    form: dict[str, str]
    authorization: str


class SmsApi:
    """Answers calls; what it accepts stands in the ledger before the answer leaves."""

    def __init__(
        self, *, ledger: Ledger, modes: Modes, receipts: Receipts, account: Account
    ) -> None:
        self.ledger, self.modes, self.receipts = ledger, modes, receipts
        self._account = account
        pair = f"{account.sid}:{account.token}".encode()
        self._authorization = "Basic " + base64.b64encode(pair).decode()
        self._base = f"/2010-04-01/Accounts/{account.sid}/Messages"
        self.stopped: set[str] = set()

    def answer(self, request: Request) -> Answer:
        """Return the answer to one call, and the trick to play with it."""
        if request.authorization != self._authorization:
            return error(401, 20003, "Authenticate")
        if request.path == f"{self._base}.json":
            return self._send(request) if request.method == "POST" else self._list(request.query)
        entry = self.ledger.get(request.path.removeprefix(f"{self._base}/").removesuffix(".json"))
        if not request.path.startswith(f"{self._base}/") or entry is None:
            return error(404, 20404, "The requested resource was not found")
        return as_json(self._resource(entry))

    def _send(self, request: Request) -> Answer:
        mode, wait_seconds = self.modes.take(SMS)
        refusal = self._refusal(request, mode=mode, wait_seconds=wait_seconds)
        if refusal is not None:
            return refusal
        if mode == "slow":
            time.sleep(wait_seconds)
        entry = self._accept(request.form)
        answer = as_json(self._resource(entry), status=201)
        if mode == "receipt_before_answer":
            self.receipts.tell_now(entry, status="delivered")
        self.receipts.begin(entry, mode=mode)
        return _spoilt(answer, mode=mode)

    def _refusal(self, request: Request, *, mode: str, wait_seconds: float) -> Answer | None:
        if mode == "hang":
            return Answer(200, b"", trick=HANG)
        if mode == "rate_limited":
            later = {"Retry-After": str(max(1, round(wait_seconds)))}
            return error(429, 20429, "Too Many Requests", headers=later)
        if mode == "unavailable":
            return error(503, 20503, "Service is unavailable. Please try again")
        if mode == "html_body":
            return Answer(200, PAGE_OF_A_HOTEL, content_type="text/html")
        if mode == "redirect":
            return Answer(307, b"", headers={"Location": request.path})
        stopped = self.modes.is_on("carrier_stop") and request.form.get("To") in self.stopped
        if mode == "blocked" or stopped:
            return error(*BLOCKED)
        return fault_in(request.form)

    def _accept(self, form: dict[str, str]) -> Entry:
        status_url = form.get("StatusCallback", "")
        return self.ledger.add(
            {
                "id": f"SM{uuid.uuid4().hex}",
                "kind": "sms",
                "direction": TO_PATIENT,
                "address": form["To"],
                "from": form.get("MessagingServiceSid") or form["From"],
                "to": form["To"],
                "text": form["Body"],
                "reference": status_url.rstrip("/").rpartition("/")[2],
                "status_url": status_url,
                "valid_seconds": form.get("ValidityPeriod", ""),
                "segments": segments(form["Body"]),
                "status": "queued",
            }
        )

    def _list(self, query: dict[str, str]) -> Answer:
        size = min(max(1, _number(query.get("PageSize"), default=50)), LARGEST_PAGE)
        page = max(0, _number(query.get("Page"), default=0))
        found = [
            each for each in reversed(self._candidates(query)) if _asked_for(each, query=query)
        ]
        shown = found[page * size : (page + 1) * size]
        more = len(found) > (page + 1) * size
        return as_json(
            {
                "messages": [self._resource(entry) for entry in shown],
                "page": page,
                "page_size": size,
                "next_page_uri": f"{self._base}.json?Page={page + 1}" if more else None,
                "uri": f"{self._base}.json",
            }
        )

    def _candidates(self, query: dict[str, str]) -> list[Entry]:
        for name in ("To", "From"):
            found = self.ledger.messages(address=query[name]) if query.get(name) else []
            if found:
                return found
        return self.ledger.messages()

    def _resource(self, entry: Entry) -> dict[str, object]:
        outbound = entry.direction == TO_PATIENT
        sender, receiver = (entry.ours, entry.address) if outbound else (entry.address, entry.ours)
        left_the_queue = entry.status not in ("queued", "accepted")
        return {
            "account_sid": self._account.sid,
            "api_version": "2010-04-01",
            "body": entry.text,
            "date_created": format_datetime(entry.at),
            "date_sent": format_datetime(entry.at) if left_the_queue else None,
            "date_updated": format_datetime(entry.at),
            "direction": "outbound-api" if outbound else "inbound",
            "error_code": int(entry.error_code) if entry.error_code else None,
            "error_message": None,
            "from": None if sender.startswith("MG") else sender,
            "messaging_service_sid": sender if sender.startswith("MG") else None,
            "num_media": "0",
            "num_segments": str(entry.segments),
            "price": None,
            "price_unit": "USD",
            "sid": entry.id,
            "status": entry.status,
            "to": receiver,
            "uri": f"{self._base}/{entry.id}.json",
        }


def fault_in(form: dict[str, str]) -> Answer | None:
    """Return the error that the provider gives for these parameters, or None."""
    to, body = form.get("To", ""), form.get("Body", "")
    if not to:
        return error(400, 21604, "A 'To' phone number is required.")
    if not (form.get("From") or form.get("MessagingServiceSid")):
        return error(400, 21603, "A 'From' phone number is required.")
    if to in ALWAYS_FAILS:
        return error(*ALWAYS_FAILS[to])
    if not E164.fullmatch(to):
        return error(*BAD_TO)
    if not body.strip():
        return error(400, 21602, "Message body is required.")
    if len(body) > LONGEST_BODY:
        return error(400, 21617, "The concatenated message body exceeds the 1600 character limit.")
    return None


def segments(text: str) -> int:
    """Return how many parts the text needs: 160 or 153 GSM characters, 70 or 67 UTF-16 units."""
    if all(character in GSM or character in GSM_EXTENSION for character in text):
        units = sum(2 if character in GSM_EXTENSION else 1 for character in text)
        return 1 if units <= 160 else -(-units // 153)
    units = len(text.encode("utf-16-le")) // 2
    return 1 if units <= 70 else -(-units // 67)


def _spoilt(answer: Answer, *, mode: str) -> Answer:
    if mode == "error_after_accepting":
        return error(500, 20500, "Internal Server Error")
    tricks = {"accept_then_reset": RESET, "accept_then_hang": HANG, "half_response": HALF}
    return Answer(answer.status, answer.body, trick=tricks.get(mode, ""))


def _asked_for(entry: Entry, *, query: dict[str, str]) -> bool:
    outbound = entry.direction == TO_PATIENT
    sender, receiver = (entry.ours, entry.address) if outbound else (entry.address, entry.ours)
    if entry.kind != "sms" or query.get("To", receiver) != receiver:
        return False
    if query.get("From", sender) != sender:
        return False
    on, after, before = (query.get(name, "") for name in ("DateSent", "DateSent>", "DateSent<"))
    if on and entry.at.date() != _moment(on).date():
        return False
    return not (after and entry.at < _moment(after)) and not (before and entry.at > _moment(before))


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _number(text: str | None, *, default: int) -> int:
    return int(text) if text and text.isdigit() else default
