"""Which channel the settings ask for."""

import pytest

from reminders.channels import NoSuchChannel, channel
from reminders.channels.base import Outcome, SendResult, Sighting
from reminders.channels.memory import MemoryChannel
from tests.channels.providers import NOON, text


@pytest.mark.parametrize(
    ("name", "provider", "expected"),
    [("sms", "memory", "memory"), ("sms", "twilio", "twilio"), ("email", "memory", "smtp")],
)
def test_the_settings_choose_the_provider(settings, name, provider, expected):
    settings.SMS_PROVIDER = provider
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"

    chosen = channel(name)

    assert (chosen.name, chosen.provider) == (name, expected)
    assert channel(name) is chosen


def test_other_settings_give_another_channel(settings):
    settings.SMS_PROVIDER = "twilio"
    before = channel("sms")
    settings.TWILIO_API_URL = "http://127.0.0.1:2"

    assert channel("sms") is not before


def test_there_is_no_channel_of_another_name():
    with pytest.raises(NoSuchChannel):
        channel("pigeon")


@pytest.mark.parametrize("name", ["sms", "email"])
def test_a_send_always_ends_before_a_lease_does(settings, name):
    settings.SMS_PROVIDER = "twilio"

    assert channel(name).post_timeout_seconds < settings.SEND_LEASE.total_seconds()


def test_the_memory_channel_keeps_what_it_accepted_and_gives_prepared_answers():
    memory = MemoryChannel("sms")
    lost, kept = text(), text()
    memory.answers.append(SendResult(Outcome.UNKNOWN, code="timeout"))

    outcomes = [memory.send(message).outcome for message in (lost, kept)]

    assert outcomes == [Outcome.UNKNOWN, Outcome.ACCEPTED]
    assert memory.sent == [kept]
    assert memory.find(lost, since=NOON).sighting == Sighting.ABSENT
    assert memory.find(kept, since=NOON).sighting == Sighting.FOUND
