"""Many rings within a moment → one at once and one at the end of it.

A doorbell tells the workers that there is something to do, not how much. A hundred messages a
second that each rang would cost more than storing them, and take the workers from their work.
"""

import time
from collections.abc import Callable
from threading import Lock, Timer

Later = Callable[[float, Callable[[], None]], None]


def _later(seconds: float, ring: Callable[[], None]) -> None:
    timer = Timer(seconds, ring)
    timer.daemon = True  # a process that ends owes a ring; the timetable's next tick rings
    timer.start()


class Doorbell:
    """One task's doorbell in this process. Threads may press it as often as they like.

    It rings at once, and then no sooner than after `seconds`; no press is left without a ring
    that comes after it.
    """

    def __init__(
        self,
        ring: Callable[[], None],
        *,
        seconds: float,
        moment: Callable[[], float] = time.monotonic,
        later: Later = _later,
    ) -> None:
        self._ring, self._seconds = ring, seconds
        self._moment, self._later = moment, later
        self._lock, self._quiet_until, self._is_promised = Lock(), 0.0, False

    def press(self) -> None:
        """Ring now, or with all the others at the end of the moment."""
        with self._lock:
            if self._is_promised:
                return
            wait = self._quiet_until - self._moment()
            if wait > 0:
                self._is_promised = True
                self._later(wait, self._keep_promise)
                return
            self._quiet_until = self._moment() + self._seconds
        self._ring()

    def _keep_promise(self) -> None:
        with self._lock:
            self._is_promised = False
            self._quiet_until = self._moment() + self._seconds
        self._ring()
