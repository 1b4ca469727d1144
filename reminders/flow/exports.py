"""A file with names that left the panel → those who run the clinic, by mail."""

from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clinic.models import Role, Staff
from reminders.flow.straight_mail import tell_by_mail
from reminders.models import Export


def tell_of_exports(*, now: datetime) -> int:
    """Mail the clinic's address and its managers, once for each file with names; return how many.

    The mail says who, how many and why, and nothing of a patient.
    """
    with_names = Export.objects.filter(with_names=True).select_related("clinic", "by")
    return tell_by_mail(with_names, mail=_mail, now=now)


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
        # One mail to all: one that is sent to each in turn would be sent anew when the last fails.
        send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, sorted(addresses))
