"""What people and tests ask of the stand-in: the phones, the mailbox, the replies, the modes."""

import json
import uuid
from typing import Any

from reminders.channels.twilio_signature import Params
from reminders.demo.stand_in.account import Account
from reminders.demo.stand_in.answer import Answer, as_json
from reminders.demo.stand_in.caller import NoAnswer, call
from reminders.demo.stand_in.ledger import FROM_PATIENT, thread_line
from reminders.demo.stand_in.modes import NoSuchMode
from reminders.demo.stand_in.receipts import WRONG_TOKEN
from reminders.demo.stand_in.sms_api import Request, SmsApi, segments

BASE = "/stand-in/"
INBOUND_PATH = "/hooks/twilio/inbound/"
MOST_SHOWN = 1_000
STOP = {"stop", "stopall", "unsubscribe", "cancel", "end", "quit"}
START = {"start", "unstop", "yes"}


class Control:
    """The interface under /stand-in/; its package says what each part takes and gives."""

    def __init__(self, sms_api: SmsApi, *, account: Account) -> None:
        self._sms_api = sms_api
        self._ledger, self._modes = sms_api.ledger, sms_api.modes
        self._receipts = sms_api.receipts
        self._account = account
        self._inbound_url = account.public_url.rstrip("/") + INBOUND_PATH

    def answer(self, request: Request, *, body: bytes) -> Answer:
        """Return the answer to one request; 404 for an unknown one, 400 for what makes no sense."""
        name = f"{request.method} {request.path.removeprefix(BASE).strip('/')}"
        try:
            said = json.loads(body) if body else {}
            return self._route(name, query=request.query, said=said)
        except (ValueError, KeyError, TypeError, AttributeError, NoSuchMode) as fault:
            return as_json({"error": f"{type(fault).__name__}: {fault}"}, status=400)

    def _route(self, name: str, *, query: dict[str, str], said: dict[str, Any]) -> Answer:
        match name:
            case "GET messages":
                return as_json({"messages": self._messages(query)})
            case "GET threads":
                threads = self._ledger.threads()
                return as_json({"threads": [thread_line(thread) for thread in threads]})
            case "GET counts":
                return as_json(self._counts())
            case "GET references":
                return as_json(self._ledger.references())
            case "GET mode":
                return as_json(self._modes.shown())
            case "POST mode":
                return self._choose(said)
            case "POST receipts":
                return self._set_receipts(said)
            case "POST inbound":
                return self._inbound(said)
            case "POST reset":
                return self._reset()
        return as_json({"error": f"nothing here answers {name}"}, status=404)

    def _messages(self, query: dict[str, str]) -> list[dict[str, Any]]:
        limit = min(int(query.get("limit") or 200), MOST_SHOWN)
        found = self._ledger.messages(address=query.get("to", ""), limit=max(1, limit))
        return [self._ledger.shown(entry) for entry in found]

    def _counts(self) -> dict[str, int]:
        return {
            **self._ledger.counts(),
            "receipts_waiting": self._receipts.waiting(),
            "receipts_sent": self._receipts.sent,
            "receipts_failed": self._receipts.failed,
        }

    def _choose(self, said: dict[str, Any]) -> Answer:
        times = said.get("times")
        self._modes.choose(
            str(said["mode"]),
            times=None if times is None else int(times),
            one_in=int(said.get("one_in", 1)),
            wait_seconds=float(said.get("wait_seconds", 1.0)),
        )
        return as_json(self._modes.shown()["now"])

    def _set_receipts(self, said: dict[str, Any]) -> Answer:
        self._receipts.is_on = bool(said.get("on", self._receipts.is_on))
        delay = float(said.get("delay_seconds", self._receipts.delay_seconds))
        self._receipts.delay_seconds = max(0.0, delay)
        return as_json({"on": self._receipts.is_on, "delay_seconds": delay})

    def _reset(self) -> Answer:
        self._modes.choose("ok")
        self._receipts.forget()
        self._ledger.reset()
        self._sms_api.stopped.clear()
        return as_json({})

    def _inbound(self, said: dict[str, Any]) -> Answer:
        message_id = str(said.get("id") or f"SM{uuid.uuid4().hex}")
        sender, ours, text = str(said["from"]), str(said["to"]), str(said["body"])
        self._note_stop(sender, text=text)
        if self._ledger.get(message_id) is None:
            self._keep_inbound(message_id, sender=sender, ours=ours, text=text)
        params = self._params(message_id, sender=sender, ours=ours, text=text)
        params.append(("NumMedia", str(int(said.get("media", 0)))))
        token = WRONG_TOKEN if self._modes.is_on("wrong_signature") else self._account.token
        try:
            status, answer = call(self._inbound_url, params=params, token=token)
        except NoAnswer as failure:
            return as_json({"status": 0, "body": str(failure), "id": message_id}, status=502)
        return as_json({"status": status, "body": answer, "id": message_id})

    def _note_stop(self, number: str, *, text: str) -> None:
        word = text.strip().casefold()
        if word in STOP:
            self._sms_api.stopped.add(number)
        elif word in START:
            self._sms_api.stopped.discard(number)

    def _keep_inbound(self, message_id: str, *, sender: str, ours: str, text: str) -> None:
        self._ledger.add(
            {
                "id": message_id,
                "kind": "sms",
                "direction": FROM_PATIENT,
                "address": sender,
                "from": sender,
                "to": ours,
                "text": text,
                "segments": segments(text),
                "status": "received",
            }
        )

    def _params(self, message_id: str, *, sender: str, ours: str, text: str) -> Params:
        return [
            ("AccountSid", self._account.sid),
            ("ApiVersion", "2010-04-01"),
            ("Body", text),
            ("From", sender),
            ("MessageSid", message_id),
            ("NumSegments", str(segments(text))),
            ("SmsMessageSid", message_id),
            ("SmsSid", message_id),
            ("SmsStatus", "received"),
            ("To", ours),
        ]
