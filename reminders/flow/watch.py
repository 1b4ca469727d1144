"""Sending that has stopped → the clinic, told by another route. Promise P10.

The mail goes straight to the mail server: not through the queue that is stuck. The health page
says the same to whatever watches the machine from outside, which also notices when all of this
has died with it.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.models import Clinic
from reminders.flow.balance import oldest_due
from reminders.models.instance import sending_is_released

logger = logging.getLogger(__name__)

TELL_AGAIN_AFTER = timedelta(hours=1)


def stuck_since(*, now: datetime) -> timedelta | None:
    """Return for how long sending has been stuck, or None when it moves."""
    waiting = oldest_due(now=now)
    if waiting is None or waiting < settings.SENDING_IS_STUCK_AFTER:
        return None
    return waiting


def tell_when_stuck(*, now: datetime) -> bool:
    """Mail each clinic's own address while sending is stuck, once an hour; tell whether it is."""
    waiting = stuck_since(now=now)
    if waiting is None:
        return False
    logger.error("sending is stuck: the oldest due waits %s s", int(waiting.total_seconds()))
    due_to_tell = Clinic.objects.exclude(staff_email="").filter(sending_stopped_at=None)
    for clinic in due_to_tell.exclude(told_stuck_at__gt=now - TELL_AGAIN_AFTER):
        _tell(clinic, waiting)
        Clinic.objects.filter(pk=clinic.pk).update(told_stuck_at=now)
    return True


def _tell(clinic: Clinic, waiting: timedelta) -> None:
    with translation.override(clinic.language):
        subject, body = _words(int(waiting.total_seconds() // 60))
    try:
        send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [clinic.staff_email])
    except OSError as error:
        logger.error("clinic %s could not be told by mail: %s", clinic.pk, type(error).__name__)


def _words(minutes: int) -> tuple[str, str]:
    """Return the subject and the text of the mail, in the language that is spoken just now."""
    late = ngettext(
        "The oldest message has been due for {number} minute and has not been sent.",
        "The oldest message has been due for {number} minutes and has not been sent.",
        minutes,
    ).format(number=minutes)
    why = "" if sending_is_released() else _("This database has not been released for sending.")
    call = _("Call patients whose messages matter today. Panel: {address}")
    lines = (late, why, call.format(address=f"{settings.PUBLIC_URL}/staff/"))
    return _("Aftercare: messages are not going out"), "\n".join(filter(None, lines)) + "\n"
