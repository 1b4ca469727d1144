"""An emergency → one record of another clinic open for an hour, told to both clinics, reviewed.

Who may is asked at the door; here stands what an access is and how it ends. (ADR 23)
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Least
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clinic.models import Clinic, EmergencyAccess, Patient, Role, Staff
from reminders.flow.straight_mail import tell_by_mail

logger = logging.getLogger(__name__)

# Long enough to treat somebody who has come in, too short to look things up the next day.
OPEN_FOR = timedelta(minutes=60)
REVIEWS = "/staff/clinic/patient/emergency/reviews/"


class NoEmergency(Exception):
    """The patient is of the person's own clinic, or the person of none."""


@transaction.atomic
def open_record(patient: Patient, *, by: Staff, reason: str, now: datetime) -> EmergencyAccess:
    """Open this patient to this person for OPEN_FOR; what they had open before ends.

    The database refuses a reason that is too short. Raises NoEmergency.
    """
    if by.clinic_id is None or by.clinic_id == patient.clinic_id:
        raise NoEmergency(f"patient {patient.pk}, staff {by.pk}")
    Staff.objects.select_for_update().get(pk=by.pk)  # two at once queue up here
    _end(EmergencyAccess.objects.filter(by=by), now=now)
    return EmergencyAccess.objects.create(
        patient=patient,
        clinic_id=patient.clinic_id,
        by=by,
        from_clinic_id=by.clinic_id,
        at=now,
        until=now + OPEN_FOR,
        reason=reason,
    )


def end_record(access: EmergencyAccess, *, now: datetime) -> bool:
    """End it at once; false when it had ended already."""
    return bool(_end(EmergencyAccess.objects.filter(pk=access.pk), now=now))


def end_what_ran_out(*, now: datetime) -> int:
    """Write down the end of those whose hour is over; return how many."""
    return _end(EmergencyAccess.objects.filter(until__lte=now), now=now)


def _end(rows: "QuerySet[EmergencyAccess]", *, now: datetime) -> int:
    return rows.filter(ended_at=None).update(ended_at=Least(F("until"), Value(now)))


def review(pk: int, *, by: Staff, note: str, now: datetime) -> bool:
    """Mark it as reviewed, once, by another person of the patient's clinic; false otherwise."""
    waiting = EmergencyAccess.objects.filter(pk=pk, clinic=by.clinic_id, reviewed_at=None)
    return bool(
        waiting.exclude(by=by).update(reviewed_at=now, reviewed_by=by, review_note=note.strip())
    )


# --- Both clinics are told ----------------------------------------------------------------
def tell_of_emergencies(*, now: datetime) -> int:
    """Mail the patient's clinic and then the person's own, once for each access; return how many.

    The mails say who and when, and nothing of the patient: the reason may name them.
    """
    named = EmergencyAccess.objects.select_related("clinic", "from_clinic", "by")
    return tell_by_mail(named, mail=_mail, now=now)


def _mail(access: EmergencyAccess) -> None:
    _send(access.clinic, _leads(access.clinic), *_words(access))
    own = [lead for lead in _leads(access.from_clinic) if lead != access.by]
    try:
        _send(access.from_clinic, own, *_own_words(access))
    except OSError as error:  # the patient's clinic knows, and is not to be told twice
        name = type(error).__name__
        logger.error("own clinic not told of emergency access %s: %s", access.pk, name)


def _leads(clinic: Clinic) -> list[Staff]:
    roles = (Role.SURGEON, Role.MANAGER)
    return list(Staff.objects.filter(clinic=clinic, role__in=roles, is_active=True))


def _send(clinic: Clinic, leads: Iterable[Staff], subject: str, body: str) -> None:
    """One mail to all of them, or to the clinic's own address where none has one."""
    addresses = {lead.email for lead in leads} - {""} or {clinic.staff_email} - {""}
    if addresses:
        send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, sorted(addresses))


def _words(access: EmergencyAccess) -> tuple[str, str]:
    """Return the subject and the text for the patient's clinic, in its language."""
    with translation.override(access.clinic.language):
        return _("Aftercare: emergency access to a record of your clinic"), _(
            "{person} of {clinic} opened the record of one of your patients in an emergency on"
            " {moment}. It is open to them for an hour at most, and only to be read.\n"
            "Look at who it was and why, and mark it as reviewed: {address}\n"
        ).format(
            person=access.by,
            clinic=access.from_clinic,
            moment=_moment(access.at, access.clinic),
            address=f"{settings.PUBLIC_URL}{REVIEWS}",
        )


def _own_words(access: EmergencyAccess) -> tuple[str, str]:
    """Return the subject and the text for the person's own clinic, in its language."""
    with translation.override(access.from_clinic.language):
        return _("Aftercare: emergency access by somebody of your clinic"), _(
            "{person} of your clinic opened the record of a patient of {clinic} in an emergency on"
            " {moment}. {clinic} has been told, and reviews it.\n"
            "If this should not have happened, speak with them. Panel: {address}\n"
        ).format(
            person=access.by,
            clinic=access.clinic,
            moment=_moment(access.at, access.from_clinic),
            address=f"{settings.PUBLIC_URL}/staff/",
        )


def _moment(at: datetime, clinic: Clinic) -> str:
    return date_format(timezone.localtime(at, clinic.tz), "j F Y, H:i")
