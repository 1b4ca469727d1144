"""A patient's mail as it lies in their mailbox: sent by the flow, through a real SMTP server."""

import re

import pytest

from clinic.models import Channel
from reminders.channels.email import EmailChannel
from reminders.flow.claim import claim_batch
from reminders.flow.outcomes import write_outcomes
from reminders.models import Delivery, DeliveryStatus, ReminderStatus
from tests.factories import (
    NOON,
    DeliveryFactory,
    ReminderFactory,
    StepTextFactory,
    SurgeryFactory,
)

pytestmark = pytest.mark.django_db

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture
def post(stand_in, settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", stand_in.smtp_port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    channel = EmailChannel(SMTP)
    yield channel
    channel.hang_up()


def waiting(*, language="en", **words):
    """A mail that waits to be sent at NOON, with these words."""
    reminder = ReminderFactory(
        surgery=SurgeryFactory(planned_revision=1, patient__language=language),
        status=ReminderStatus.DISPATCHED,
    )
    if language != "en":
        StepTextFactory(step=reminder.step, language=language)
    reminder.step.texts.filter(language=language).update(**words)
    type(reminder.step.version).objects.update(sealed=True)
    return DeliveryFactory(reminder=reminder, channel=Channel.EMAIL)


def delivered(post, stand_in):
    batch = claim_batch(Channel.EMAIL, provider="smtp", post_timeout_seconds=1, now=NOON, limit=8)
    write_outcomes([(send, post.send(send.message)) for send in batch.sends], now=NOON)
    return [stand_in.ledger.shown(entry) for entry in stand_in.ledger.messages()]


def test_it_lies_there_as_html_and_as_plain_text(post, stand_in):
    waiting(heading="First walks", email="Walk a little.\n\nQuestions? Call {phone}.")

    [mail] = delivered(post, stand_in)

    assert Delivery.objects.get().status == DeliveryStatus.ACCEPTED
    assert mail["text"].index("Emergency: 999") < mail["text"].index("First walks")
    assert "Walk a little." in mail["text"]
    assert ">First walks</h1>" in mail["html"]
    assert 'href="tel:999"' in mail["html"]


def test_its_style_stands_in_the_elements_and_a_dark_screen_has_rules_of_its_own(post, stand_in):
    waiting()

    [mail] = delivered(post, stand_in)

    assert re.search(r'<h1 class="title" style="[^"]*font-size: 25px', mail["html"])
    assert "@media (prefers-color-scheme: dark)" in mail["html"]
    assert "url(" not in mail["html"]
    assert "<img" not in mail["html"]


def test_arabic_arrives_whole_and_runs_from_right_to_left(post, stand_in):
    waiting(language="ar", heading="أولى الخطوات", email="امش قليلا اليوم.")

    [mail] = delivered(post, stand_in)

    assert '<html lang="ar" dir="rtl">' in mail["html"]
    assert "امش قليلا اليوم." in mail["html"]
    assert "امش قليلا اليوم." in mail["text"]
    assert "الطوارئ" in mail["text"]


def test_a_mail_reader_finds_what_stops_the_mails_with_one_tap(post, stand_in):
    waiting()

    [mail] = delivered(post, stand_in)

    found = re.fullmatch(r"<(http://[^<>]+/u/[\w-]{22}/)>", mail["headers"]["List-Unsubscribe"])
    assert found
    assert mail["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"{found[1]}?lang=en" in mail["text"]
