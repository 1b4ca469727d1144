"""What was kept in a session goes when the session has ended."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone

from reminders.tasks import forget


def test_sessions_that_have_ended_are_forgotten_and_others_are_not(db):
    now = timezone.now()
    for key, ends in (("ended", now - timedelta(seconds=1)), ("lasting", now + timedelta(hours=1))):
        Session.objects.create(session_key=key, session_data="", expire_date=ends)

    assert forget() == 1
    assert forget() == 0
    assert Session.objects.get().session_key == "lasting"
