"""How the stand-in misbehaves, when somebody asks it to."""

import threading
from dataclasses import dataclass

SMS = "sms"
EMAIL = "email"

# Each with its side and what happens.
MODES: dict[str, tuple[str, str]] = {
    "ok": ("both", "Everything is accepted and answered."),
    "slow": (SMS, "Accepts, and answers after wait_seconds."),
    "rate_limited": (SMS, "429 with Retry-After: wait_seconds; nothing accepted."),
    "unavailable": (SMS, "503; nothing accepted."),
    "error_after_accepting": (SMS, "Accepts, then answers 500."),
    "accept_then_reset": (SMS, "Accepts, then resets the connection."),
    "accept_then_hang": (SMS, "Accepts, then never answers."),
    "hang": (SMS, "Accepts nothing and never answers."),
    "half_response": (SMS, "Accepts, then breaks off in the middle of the answer."),
    "html_body": (SMS, "Accepts nothing and answers 200 with a web page, as a hotel's Wi-Fi does."),
    "redirect": (SMS, "Accepts nothing and answers 307 to itself."),
    "duplicate_receipts": (SMS, "Accepts; each receipt comes twice."),
    "reordered_receipts": (SMS, "Accepts; delivered comes first, queued last."),
    "receipt_before_answer": (SMS, "Accepts; delivered comes before the answer to the send."),
    "no_receipts": (SMS, "Accepts; no receipt ever comes."),
    "contradictory_receipts": (SMS, "Accepts; undelivered (30003) comes after delivered."),
    "undelivered": (SMS, "Accepts; the receipt says undelivered (30005)."),
    "wrong_signature": (SMS, "Accepts; receipts and inbound messages have a wrong signature."),
    "blocked": (SMS, "400 with 21610: the person opted out at the provider."),
    "carrier_stop": (SMS, "Refuses with 21610 whoever sent STOP, until START."),
    "refuse_rcpt": (EMAIL, "550 5.1.1 to RCPT: no such mailbox."),
    "greylist": (EMAIL, "451 4.7.1 to RCPT: later."),
    "refuse_data": (EMAIL, "554 5.7.1 after the letter: not accepted."),
    "drop_after_data": (EMAIL, "Accepts the letter, then drops the connection without an answer."),
    "hang_after_data": (EMAIL, "Accepts the letter, then never answers."),
}


class NoSuchMode(Exception):
    """The stand-in does not know how to do that."""


@dataclass(slots=True)
class _Setting:
    mode: str = "ok"
    left: int | None = None
    one_in: int = 1
    wait_seconds: float = 1.0
    asked: int = 0


class Modes:
    """One way of behaving for texts and one for mails; each send takes the one in force."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now = {SMS: _Setting(), EMAIL: _Setting()}

    def choose(
        self, mode: str, *, times: int | None = None, one_in: int = 1, wait_seconds: float = 1.0
    ) -> None:
        """Behave like this for `times` sends (None: until told otherwise), each `one_in`-th one.

        `ok` ends the misbehaviour of both sides. Raises NoSuchMode.
        """
        if mode not in MODES or one_in < 1:
            raise NoSuchMode(mode)
        side = MODES[mode][0]
        with self._lock:
            for each in (SMS, EMAIL) if side == "both" else (side,):
                self._now[each] = _Setting(mode, times, one_in, wait_seconds)

    def take(self, side: str) -> tuple[str, float]:
        """Return the mode for one send on this side, and its wait in seconds."""
        with self._lock:
            now = self._now[side]
            now.asked += 1
            if now.left == 0 or now.asked % now.one_in:
                return "ok", 0.0
            if now.left is not None:
                now.left -= 1
            return now.mode, now.wait_seconds

    def is_on(self, mode: str) -> bool:
        """Tell whether a mode is in force, without taking it."""
        with self._lock:
            return any(each.mode == mode and each.left != 0 for each in self._now.values())

    def shown(self) -> dict[str, object]:
        """Return what is in force, and all that can be asked for."""
        with self._lock:
            current = {side: {"mode": s.mode, "left": s.left} for side, s in self._now.items()}
        return {"now": current, "modes": {name: text for name, (_, text) in MODES.items()}}
