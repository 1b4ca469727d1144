"""The providers' door, through Django's test client and with real signatures (list W)."""

from urllib.parse import urlencode

import pytest
from django.test import Client

from reminders.channels.twilio_signature import sign
from reminders.models import Reply

TOKEN = "a token for tests only"
INBOUND = "/hooks/twilio/inbound/"
STOP = [
    ("MessageSid", "SM1"),
    ("From", "+447700900123"),
    ("To", "+447700900999"),
    ("Body", "STOP "),
]
FORM = "application/x-www-form-urlencoded"


@pytest.mark.django_db
def test_a_signed_message_is_stored_as_it_came(settings):
    settings.TWILIO_AUTH_TOKEN = TOKEN
    signature = sign(settings.PUBLIC_URL + INBOUND, STOP, TOKEN)

    answer = Client().post(
        INBOUND, urlencode(STOP), content_type=FORM, headers={"X-Twilio-Signature": signature}
    )

    assert answer.status_code == 200
    assert Reply.objects.get().text == "STOP "
