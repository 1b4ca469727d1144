"""A file with names that left the panel → those who run the clinic, by mail."""

import logging
from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clinic.models import Role, Staff
from reminders.models import Export

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 20


def tell_of_exports(*, now: datetime) -> int:
    """Mail the clinic's address and its managers, once for each file with names; return how many.

    A mail server that is down is tried again at the next ring. Two workers tell one file once.
    The mail says who, how many and why, and nothing of a patient.
    """
    told = 0
    while told < MOST_AT_ONCE and _tell_next(now=now):
        told += 1
    return told


@transaction.atomic
def _tell_next(*, now: datetime) -> bool:
    waiting = Export.objects.filter(with_names=True, told_at=None).order_by("at")
    named = waiting.select_related("clinic", "by")
    export = named.select_for_update(of=("self",), skip_locked=True).first()
    if export is None:
        return False
    try:
        _mail(export)
    except OSError as error:
        logger.error("export %s could not be told by mail: %s", export.pk, type(error).__name__)
        return False
    Export.objects.filter(pk=export.pk).update(told_at=now)
    return True


def _mail(export: Export) -> None:
    managers = Staff.objects.filter(clinic=export.clinic, role=Role.MANAGER, is_active=True)
    addresses = {export.clinic.staff_email, *managers.values_list("email", flat=True)} - {""}
    if not addresses:
        return
    with translation.override(export.clinic.language):
        subject = _("Aftercare: a file with names was exported")
        body = _(
            "{person} exported {count} rows with names on {moment}.\nReason: {reason}\n"
            "If this should not have happened, look at the panel: {address}\n"
        ).format(
            person=export.by,
            count=export.row_count,
            moment=date_format(timezone.localtime(export.at, export.clinic.tz), "j F Y, H:i"),
            reason=export.reason,
            address=f"{settings.PUBLIC_URL}/staff/",
        )
        for address in sorted(addresses):
            send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [address])
