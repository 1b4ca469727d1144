"""How often a password, a code or another clinic's patient may be tried, and when again.

Wrong tries are counted by allauth's rate limits in Django's cache, which is a table of PostgreSQL:
without it nobody could sign in anyway, and losing Redis neither locks anybody out nor opens the
door. Tries that are turned away are not counted, so a wait never grows. The rates stand in
`ACCOUNT_RATE_LIMITS`.

Source: docs/adr/0013-a-second-factor-for-staff.md
"""

import math
import time
from dataclasses import dataclass

from allauth.core.internal import ratelimit
from allauth.core.internal.ratelimit import Rate, RateLimitUsage
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import ngettext

from clinic.models import Staff
from reminders.staff.sign_in.known_browser import known_browser

APP = "allauth.account"
SECONDS_A_MINUTE = 60


class TooManyTries(Exception):
    """The next try is allowed in `wait_seconds`."""

    def __init__(self, *, wait_seconds: float) -> None:
        super().__init__(f"too many tries, wait {wait_seconds:.0f} s")
        self.wait_seconds = wait_seconds


@dataclass(frozen=True, slots=True)
class Tries:
    """What one try has used up."""

    used: tuple[RateLimitUsage, ...]

    def give_back(self) -> None:
        """The try was no guess, so it does not count."""
        for usage in self.used:
            usage.rollback()


def password_try(request: HttpRequest, *, username: str) -> Tries:
    """Count a try of a password; raises TooManyTries when it must wait.

    A browser in which this person has signed in before has a count of its own: strangers who
    guess elsewhere cannot lock it out. All others share counts by account and by address.
    """
    account = username.strip().lower()
    if browser := known_browser(request, username=account):
        return Tries((_count(request, "password_failed", key=f"{account}:{browser}"),))
    address = ratelimit.get_ip(request)
    return Tries(
        (
            _count(request, "password_failed", key=f"{account}@{address}"),
            _count(request, "password_failed_address", key=address),
            _count(request, "password_failed_account", key=account),
        )
    )


def code_try(request: HttpRequest, staff: Staff) -> Tries:
    """Count a try of a code of the second factor; raises TooManyTries when it must wait."""
    return Tries((_count(request, "code_failed", key=str(staff.pk)),))


def forget_code_tries(request: HttpRequest, staff: Staff) -> None:
    """A right code was given, or the second factor was reset: count anew."""
    ratelimit.clear(request, app=APP, action="code_failed", key=str(staff.pk))


def emergency_try(request: HttpRequest, staff: Staff) -> Tries:
    """Count a try to open a patient of another clinic; raises TooManyTries when it must wait."""
    return Tries((_count(request, "emergency_failed", key=str(staff.pk)),))


def in_words(too_many: TooManyTries) -> str:
    """Say when to try again."""
    minutes = max(1, math.ceil(too_many.wait_seconds / SECONDS_A_MINUTE))
    return ngettext(
        "Too many wrong tries. Try again in %(minutes)d minute.",
        "Too many wrong tries. Try again in %(minutes)d minutes.",
        minutes,
    ) % {"minutes": minutes}


def _count(request: HttpRequest, action: str, *, key: str) -> RateLimitUsage:
    usage = ratelimit.consume(request, app=APP, action=action, key=key)
    if usage is None:
        raise TooManyTries(wait_seconds=_wait(request, action, key=key))
    return usage


def _wait(request: HttpRequest, action: str, *, key: str) -> float:
    """Return the seconds until each rate of this action allows a try again."""
    now = time.time()
    waits = [0.0]
    for rate in ratelimit.get_rates(app=APP, action=action):
        moments = _moments(request, action, rate=rate, key=key)
        if len(moments) >= rate.amount:
            waits.append(moments[-1] + rate.duration - now)
    return max(waits)


def _moments(request: HttpRequest, action: str, *, rate: Rate, key: str) -> list[float]:
    """Return when this was tried, the newest first."""
    kept = ratelimit.get_cache_key(request, app=APP, action=action, rate=rate, key=key)
    moments: list[float] = cache.get(kept, [])
    return moments
