"""Rows of which somebody is to be told → a mail, past our own queue, once for each row.

It goes straight to the mail server, because what it tells must not wait for messages to patients.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from smtplib import SMTPRecipientsRefused
from typing import TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet

logger = logging.getLogger(__name__)

Row = TypeVar("Row", bound=Model)
MOST_AT_ONCE = 20
REFUSED_FOR_GOOD = 500  # RFC 5321 4.2.1


def tell_by_mail(waiting: "QuerySet[Row]", *, mail: Callable[[Row], None], now: datetime) -> int:
    """Mail what waits, the oldest first, and set its `told_at`; return how many.

    A mail server that is down is tried again at the next ring. Two workers tell one row once.
    Where every address is refused for good the row counts as told, so that the next have a turn.
    """
    told = 0
    while told < MOST_AT_ONCE and _tell_next(waiting, mail, now=now):
        told += 1
    return told


@transaction.atomic
def _tell_next(waiting: "QuerySet[Row]", mail: Callable[[Row], None], *, now: datetime) -> bool:
    untold = waiting.filter(told_at=None).order_by("at", "pk")
    row = untold.select_for_update(of=("self",), skip_locked=True).first()
    if row is None:
        return False
    try:
        mail(row)
    except OSError as error:
        name = type(error).__name__
        logger.error("%s %s could not be told by mail: %s", row._meta.model_name, row.pk, name)
        if not _is_for_good(error):
            return False
    waiting.model._default_manager.filter(pk=row.pk).update(told_at=now)
    return True


def _is_for_good(error: OSError) -> bool:
    return isinstance(error, SMTPRecipientsRefused) and all(
        code >= REFUSED_FOR_GOOD for code, _words in error.recipients.values()
    )
