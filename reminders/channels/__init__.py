"""The doors to the providers. `channel(name)` gives the one that the settings ask for."""

from functools import lru_cache

from django.conf import settings

from reminders.channels.base import Channel
from reminders.channels.email import EmailChannel
from reminders.channels.memory import MemoryChannel
from reminders.channels.twilio import TwilioSms

__all__ = ["NoSuchChannel", "channel"]


class NoSuchChannel(Exception):
    """Nobody knows a channel of this name."""


def channel(name: str) -> Channel:
    """Return the channel `sms` or `email`; the same one each time, with its kept connections.

    Raises NoSuchChannel for any other name.
    """
    if name == "email":
        server = (settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_HOST_USER)
        return _email(settings.EMAIL_BACKEND, server)
    if name != "sms":
        raise NoSuchChannel(f"There is no channel called {name!r}.")
    if settings.SMS_PROVIDER == "memory":
        return _memory(name)
    return _twilio(settings.TWILIO_API_URL, settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN)


@lru_cache(maxsize=8)
def _email(backend: str, server: tuple[str, int, str]) -> Channel:
    # `server` is read by the backend from the settings; here it tells two servers apart.
    return EmailChannel(backend)


@lru_cache(maxsize=8)
def _memory(name: str) -> MemoryChannel:
    return MemoryChannel(name)


@lru_cache(maxsize=8)
def _twilio(api_url: str, account_sid: str, auth_token: str) -> Channel:
    return TwilioSms(api_url, account_sid=account_sid, auth_token=auth_token)
