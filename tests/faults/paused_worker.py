"""Run by a test: a worker with one connection that is paused after the first text of a batch.

The second text has been claimed and waits. Its lease leaves a second to begin the call.
"""

import signal
import threading
from datetime import timedelta

import django
from django.conf import settings

django.setup()

from clinic import clock  # noqa: E402 - models need the set-up
from reminders.channels import channel  # noqa: E402
from reminders.flow.deliver import deliver_batch  # noqa: E402

TIME_TO_BEGIN_SECONDS = 1.0
MARGIN_SECONDS = 1.0


class PausesOnce:
    """A channel whose process is paused from outside as soon as the first text is sent."""

    def __init__(self, real):
        self.name, self.provider = real.name, real.provider
        self.post_timeout_seconds = real.post_timeout_seconds
        self.real = real
        self.paused = False

    def send(self, message):
        result = self.real.send(message)
        if not self.paused:
            self.paused = True
            # to this very thread, so that it cannot begin the second text before it stops
            signal.pthread_kill(threading.get_ident(), signal.SIGSTOP)
        return result


sms = PausesOnce(channel("sms"))
settings.SEND_LEASE = timedelta(
    seconds=sms.post_timeout_seconds + MARGIN_SECONDS + TIME_TO_BEGIN_SECONDS
)
deliver_batch(sms, now=clock.now, limit=2)
