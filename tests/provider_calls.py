"""What the provider of texts sends us, signed as it signs, through Django's test client."""

from urllib.parse import urlencode

from django.conf import settings
from django.test import Client

from reminders.channels.twilio_signature import sign

TOKEN = "a token for tests only"
FORM = "application/x-www-form-urlencoded"
INBOUND = "/hooks/twilio/inbound/"


def post_signed(path, params, *, token=TOKEN, port="", **also):
    """Post a form as the provider does; `body`, `headers` and `content_type` say what differs."""
    body = also.pop("body", None) or urlencode(params, errors="surrogateescape")
    signature = sign(settings.PUBLIC_URL + port + path, params, token)
    headers = {"X-Twilio-Signature": signature} | also.pop("headers", {})
    content_type = also.pop("content_type", FORM)
    # an unforeseen error shall be seen as what the provider sees: a 500
    client = Client(raise_request_exception=False)
    return client.generic("POST", path, body, content_type=content_type, headers=headers, **also)


def text_message(sid, *, sender, recipient, body, **also):
    """The form of a text that somebody sent to the clinic."""
    message = {"MessageSid": sid, "From": sender, "To": recipient, "Body": body} | also
    return list(message.items())


def status_path(reference):
    return f"/hooks/twilio/status/{reference}/"
