"""An emergency → one record of another clinic open for an hour, told to both clinics, reviewed.

Who may is asked at the door; here stands what an access is and how it ends. (ADR 23)
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Least
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clinic.models import Clinic, EmergencyAccess, Patient, Role, Staff

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
    _end(EmergencyAccess.objects.filter(by=by, ended_at=None).values_list("pk", flat=True), now=now)
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
    return bool(_end([access.pk], now=now))


def end_what_ran_out(*, now: datetime) -> int:
    """Write down the end of those whose hour is over; return how many."""
    over = EmergencyAccess.objects.filter(ended_at=None, until__lte=now)
    return _end(over.values_list("pk", flat=True), now=now)


def _end(ids: Iterable[int], *, now: datetime) -> int:
    running = EmergencyAccess.objects.filter(pk__in=list(ids), ended_at=None)
    return running.update(ended_at=Least(F("until"), Value(now)))


def review(pk: int, *, by: Staff, note: str, now: datetime) -> bool:
    """Mark it as reviewed, once, by another person of the patient's clinic; false otherwise."""
    waiting = EmergencyAccess.objects.filter(pk=pk, clinic=by.clinic_id, reviewed_at=None)
    return bool(
        waiting.exclude(by=by).update(reviewed_at=now, reviewed_by=by, review_note=note.strip())
    )


# --- Both clinics are told ----------------------------------------------------------------
def tell_of_emergencies(*, now: datetime) -> int:
    """Mail the patient's clinic and then the person's own, once for each access; return how many.

    A mail server that is down is tried again at the next ring; two workers tell one access once.
    The mails say who and when, and nothing of the patient: the reason may name them.
    """
    waiting = EmergencyAccess.objects.filter(told_at=None).order_by("at")
    return sum(_tell(pk, now=now) for pk in waiting.values_list("pk", flat=True))


@transaction.atomic
def _tell(pk: int, *, now: datetime) -> bool:
    untold = EmergencyAccess.objects.filter(pk=pk, told_at=None)
    named = untold.select_related("clinic", "from_clinic", "by")
    access = named.select_for_update(of=("self",), skip_locked=True).first()
    if access is None or not _mail(access.clinic, _leads(access.clinic), *_words(access)):
        return False
    own = [lead for lead in _leads(access.from_clinic) if lead != access.by]
    _mail(access.from_clinic, own, *_own_words(access))
    return bool(untold.update(told_at=now))


def _leads(clinic: Clinic) -> list[Staff]:
    roles = (Role.SURGEON, Role.MANAGER)
    return list(Staff.objects.filter(clinic=clinic, role__in=roles, is_active=True))


def _mail(clinic: Clinic, leads: Iterable[Staff], subject: str, body: str) -> bool:
    """Mail each of them, or the clinic's own address where none has one; false if none went."""
    addresses = {lead.email for lead in leads} - {""} or {clinic.staff_email} - {""}
    gone = [_goes(address, subject, body, clinic=clinic) for address in sorted(addresses)]
    return any(gone) or not gone


def _goes(address: str, subject: str, body: str, *, clinic: Clinic) -> bool:
    try:
        send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [address])
    except OSError as error:
        logger.error("clinic %s not told of an emergency: %s", clinic.pk, type(error).__name__)
        return False
    return True


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
