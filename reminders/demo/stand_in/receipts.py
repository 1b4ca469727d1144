"""Accepted texts → signed receipts, from a few threads that keep their connections."""

import heapq
import itertools
import threading
import time
from dataclasses import dataclass

from reminders.channels.twilio_signature import Params
from reminders.demo.stand_in.account import Account
from reminders.demo.stand_in.caller import NoAnswer, call, hang_up
from reminders.demo.stand_in.ledger import Entry, Ledger

THREADS = 4
MOST_TRIES = 7
WRONG_TOKEN = "somebody-else"  # noqa: S105 - signs what must be refused

News = tuple[str, str]
USUAL: tuple[News, ...] = (("queued", ""), ("sent", ""), ("delivered", ""))
NEWS_OF_MODE: dict[str, tuple[News, ...]] = {
    "duplicate_receipts": tuple(news for news in USUAL for _ in range(2)),
    "reordered_receipts": tuple(reversed(USUAL)),
    "contradictory_receipts": (*USUAL, ("undelivered", "30003")),
    "undelivered": (("queued", ""), ("sent", ""), ("undelivered", "30005")),
}


@dataclass(slots=True)
class _Errand:
    entry: Entry
    news: tuple[News, ...]
    token: str
    tries: int = 0


class Receipts:
    """Sends the news of each text in order, and tries again while the webhook is away."""

    def __init__(self, ledger: Ledger, *, account: Account) -> None:
        self._ledger = ledger
        self._account = account
        self._waiting: list[tuple[float, int, _Errand]] = []
        self._order = itertools.count()
        self._bell = threading.Condition()
        self._open = True
        self._busy = 0
        self.is_on = True
        self.delay_seconds = 0.0
        self.sent = 0
        self.failed = 0
        self._threads = [
            threading.Thread(target=self._work, name=f"receipts-{number}", daemon=True)
            for number in range(THREADS)
        ]

    def start(self) -> None:
        """Begin to send."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Stop after the receipts that are on their way; the rest is never sent."""
        with self._bell:
            self._open = False
            self._bell.notify_all()
        for thread in self._threads:
            thread.join(timeout=5)

    def forget(self) -> None:
        """Drop what waits and start counting again, switched on and without delay."""
        with self._bell:
            self._waiting.clear()
            self.is_on, self.delay_seconds, self.sent, self.failed = True, 0.0, 0, 0

    def waiting(self) -> int:
        """Return how many texts still have news to come."""
        with self._bell:
            return len(self._waiting) + self._busy

    def begin(self, entry: Entry, *, mode: str) -> None:
        """Plan the receipts of one accepted text, as its mode wants them."""
        news = NEWS_OF_MODE.get(mode, USUAL)
        token = WRONG_TOKEN if mode == "wrong_signature" else self._account.token
        if mode == "no_receipts" or not self.is_on or not entry.status_url:
            self._ledger.set_status(entry, status=news[-1][0], error_code=news[-1][1])
            return
        self._put(_Errand(entry, news, token), wait_seconds=self.delay_seconds)

    def tell_now(self, entry: Entry, *, status: str) -> None:
        """Send one receipt and wait for the webhook's answer."""
        self._tell(_Errand(entry, ((status, ""),), self._account.token))

    def params(self, entry: Entry, *, news: News) -> Params:
        """Return the parameters of one receipt, as the provider names them."""
        status, error_code = news
        params = [
            ("AccountSid", self._account.sid),
            ("ApiVersion", "2010-04-01"),
            ("From", entry.ours),
            ("MessageSid", entry.id),
            ("MessageStatus", status),
            ("SmsSid", entry.id),
            ("SmsStatus", status),
            ("To", entry.address),
        ]
        return [*params, ("ErrorCode", error_code)] if error_code else params

    def _put(self, errand: _Errand, *, wait_seconds: float) -> None:
        with self._bell:
            due = time.monotonic() + wait_seconds
            heapq.heappush(self._waiting, (due, next(self._order), errand))
            self._bell.notify()

    def _work(self) -> None:
        while (errand := self._next()) is not None:
            try:
                self._step(errand)
            finally:
                with self._bell:
                    self._busy -= 1
        hang_up()

    def _next(self) -> _Errand | None:
        with self._bell:
            while self._open:
                wait = self._waiting[0][0] - time.monotonic() if self._waiting else None
                if wait is not None and wait <= 0:
                    self._busy += 1
                    return heapq.heappop(self._waiting)[2]
                self._bell.wait(wait)
        return None

    def _step(self, errand: _Errand) -> None:
        if self._tell(errand):
            errand.news, errand.tries = errand.news[1:], 0
            wait = self.delay_seconds
        else:
            errand.tries += 1
            wait = 0.5 * 2**errand.tries
        if errand.tries >= MOST_TRIES:
            self.failed += 1
        elif errand.news:
            self._put(errand, wait_seconds=wait)

    def _tell(self, errand: _Errand) -> bool:
        """Send the first news of an errand; return whether it need not be sent again."""
        entry, news = errand.entry, errand.news[0]
        if errand.tries == 0:
            self._ledger.set_status(entry, status=news[0], error_code=news[1])
        params = self.params(entry, news=news)
        try:
            status, _ = call(entry.status_url, params=params, token=errand.token)
        except NoAnswer:
            return False
        if status < 500:
            with self._bell:
                self.sent += 1
        return status < 500
