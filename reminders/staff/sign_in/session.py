"""What a session remembers of its sign-in: when, how, and when somebody was last there.

All of this is real time. The demo's clock may walk a week ahead, and nobody is signed out by it.
"""

import time
from dataclasses import asdict, dataclass, replace
from enum import StrEnum

from django.conf import settings
from django.http import HttpRequest

KEY = "sign_in"
NEW_CODES = "new_recovery_codes"
# A session is written at most this often to say that somebody is there.
SEEN_EVERY_SECONDS = 30
PROOF_SECONDS = 5 * 60


class Ended(StrEnum):
    """Why a session ends by itself."""

    IDLE = "idle"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class SignIn:
    """Moments in seconds since 1970; `both` once the second factor was given too."""

    at: float
    seen: float
    proved: float
    both: bool

    def ended(self, *, now: float) -> Ended | None:
        """Return why it has ended at this moment, or None while it lasts."""
        if now - self.at >= settings.SIGNED_IN_AT_MOST.total_seconds():
            return Ended.TOO_LONG
        if now - self.seen >= settings.SIGN_OUT_WHEN_IDLE.total_seconds():
            return Ended.IDLE
        return None

    def seconds_left(self, *, now: float) -> int:
        """Return how long it lasts if nobody does anything more; never below 0."""
        idle = self.seen + settings.SIGN_OUT_WHEN_IDLE.total_seconds()
        last = self.at + settings.SIGNED_IN_AT_MOST.total_seconds()
        return max(0, round(min(idle, last) - now))


def begin(request: HttpRequest, *, both: bool) -> None:
    """Write down that somebody has just signed in, with both factors or with the first alone."""
    now = time.time()
    _write(request, SignIn(at=now, seen=now, proved=now, both=both))


def sign_in_of(request: HttpRequest) -> SignIn | None:
    """Return what is known of this session's sign-in; None where nobody signed in our way."""
    kept = request.session.get(KEY)
    return SignIn(**kept) if isinstance(kept, dict) else None


def seen(request: HttpRequest, sign_in: SignIn) -> None:
    """Somebody is there. Written now and then, so that looking costs no write."""
    now = time.time()
    if now - sign_in.seen >= SEEN_EVERY_SECONDS:
        _write(request, replace(sign_in, seen=now))


def proved(request: HttpRequest) -> None:
    """Whoever sits here has just shown again that it is them."""
    if sign_in := sign_in_of(request):
        now = time.time()
        _write(request, replace(sign_in, seen=now, proved=now))


def completed(request: HttpRequest) -> None:
    """The second factor was set up: this session counts as signed in with both."""
    if sign_in := sign_in_of(request):
        _write(request, replace(sign_in, both=True))
    request.session.cycle_key()


def is_fresh(sign_in: SignIn | None) -> bool:
    """True for PROOF_SECONDS after both factors, or one of them again, were given."""
    return bool(sign_in and sign_in.both and time.time() - sign_in.proved < PROOF_SECONDS)


def _write(request: HttpRequest, sign_in: SignIn) -> None:
    request.session[KEY] = asdict(sign_in)
