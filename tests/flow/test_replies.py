"""Replies: what patients write is understood exactly, or is for a person."""

import pytest

from clinic.models import Consent
from reminders.flow.replies import read_replies
from tests.factories import NOON, ReplyFactory


@pytest.mark.django_db
def test_stop_is_obeyed_at_once():
    ReplyFactory(text="STOP")

    read_replies(now=NOON, limit=10)

    assert not Consent.objects.filter(channel="sms").latest("at").given
