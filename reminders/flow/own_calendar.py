"""A patient's appointments and coming messages → the events of their own calendar.

Titles fit any lock screen: the clinic's neutral name, and the subject that was signed. Nothing of
what a message says is told, and nothing that is not signed. What was called off is not there any
more, so a calendar that reads it again takes it out.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.db.models import QuerySet

from clinic.models import Channel, Patient, PatientStatus, Surgery, SurgeryStatus
from reminders.flow.mails import clinic_values
from reminders.flow.render import CannotRender, words_of
from reminders.flow.stopped_content import stopped_content
from reminders.models import (
    Audience,
    LinkPurpose,
    PatientLink,
    Privacy,
    Reminder,
    ReminderStatus,
)
from reminders.models.patient_link import new_link
from reminders.rules.language import EVERYWHERE, language_of
from reminders.rules.service_texts import TEXTS, ServiceText, service_text

APPOINTMENT_LASTS = timedelta(minutes=30)
MESSAGE_LASTS = timedelta(minutes=15)
MOST_ADDRESSES = 5
HAS_CALENDAR = (PatientStatus.ACTIVE, PatientStatus.ON_HOLD)
SHOWN = (ReminderStatus.PLANNED, ReminderStatus.HELD, ReminderStatus.DISPATCHED)


@dataclass(frozen=True, slots=True)
class Event:
    """One entry. `starts` is a day, or an aware moment; `sequence` only ever rises."""

    uid: str
    title: str
    starts: datetime | date
    lasts: timedelta
    sequence: int
    is_busy: bool
    is_tentative: bool = False


@dataclass(frozen=True, slots=True)
class OwnCalendar:
    """What a patient's calendar shows, and under which name. `since`: the beginning of today."""

    name: str
    since: datetime
    events: tuple[Event, ...]


class TooManyAddresses(Exception):
    """This patient has made as many addresses as anybody needs."""


def calendar_link(patient: Patient, *, now: datetime) -> str:
    """Make a new address for a subscription to this patient's calendar; told once, never kept.

    Raises TooManyAddresses.
    """
    if calendar_links(patient, now=now) >= MOST_ADDRESSES:
        raise TooManyAddresses
    link, token = new_link(patient, purpose=LinkPurpose.CALENDAR, now=now)
    link.save()
    return f"{settings.PUBLIC_URL}/calendar/{token}/care.ics"


def calendar_links(patient: Patient, *, now: datetime) -> int:
    """Return how many addresses of this patient's calendar work."""
    return _working(patient, now=now).count()


def revoke_calendar(patient: Patient, *, now: datetime) -> int:
    """Let no address of this patient's calendar work any more; return how many did."""
    return _working(patient, now=now).update(revoked_at=now)


def _working(patient: Patient, *, now: datetime) -> QuerySet[PatientLink]:
    return PatientLink.objects.filter(
        patient=patient, purpose=LinkPurpose.CALENDAR, revoked_at=None, expires_at__gt=now
    )


def patient_of_calendar(token: str, *, now: datetime) -> Patient | None:
    """Return whose calendar a token opens; None when it opens none any more. Writes nothing."""
    links = PatientLink.objects.usable(token, purpose=LinkPurpose.CALENDAR, now=now)
    link = links.filter(carer=None).select_related("patient__clinic").first()
    if link is None or link.patient.status not in HAS_CALENDAR:
        return None
    return link.patient


def calendar_of_patient(patient: Patient, *, now: datetime) -> OwnCalendar:
    """Return everything from the beginning of today on, in order of time.

    What is on record decides: a moved appointment keeps its uid and has a higher sequence.
    """
    since = datetime.combine(now.astimezone(patient.tz).date(), time(0), tzinfo=patient.tz)
    surgeries = {surgery.pk: surgery for surgery in patient.surgeries.all()}
    for surgery in surgeries.values():
        surgery.patient = patient
    events = [event for surgery in surgeries.values() for event in _appointments(surgery, since)]
    events += _messages(patient, surgeries, since=since, now=now)
    in_order = sorted(events, key=lambda event: (_moment(event, patient), event.uid))
    return OwnCalendar(patient.clinic.sender_name, since, tuple(in_order))


def _moment(event: Event, patient: Patient) -> datetime:
    if isinstance(event.starts, datetime):
        return event.starts
    return datetime.combine(event.starts, time(0), tzinfo=patient.tz)


# --- Appointments -----------------------------------------------------------------------------
def _appointments(surgery: Surgery, since: datetime) -> Iterator[Event]:
    """The operation, with the hour of arrival where it is known, and the next appointment."""
    if surgery.status == SurgeryStatus.CANCELLED:
        return
    tz = surgery.patient.tz
    if surgery.surgery_date >= since.date():
        starts: datetime | date = surgery.surgery_date
        if surgery.arrival_time is not None:
            starts = datetime.combine(surgery.surgery_date, surgery.arrival_time, tzinfo=tz)
        yield _appointment(surgery, "operation", starts)
    if surgery.appointment_at is not None and surgery.appointment_at >= since:
        yield _appointment(surgery, "appointment", surgery.appointment_at.astimezone(tz))


def _appointment(surgery: Surgery, kind: str, starts: datetime | date) -> Event:
    is_day = not isinstance(starts, datetime)
    return Event(
        uid=_uid(kind, surgery.pk),
        title=_title(ServiceText.CALENDAR_APPOINTMENT, surgery.patient),
        starts=starts,
        lasts=timedelta(days=1) if is_day else APPOINTMENT_LASTS,
        sequence=surgery.revision,
        is_busy=True,
    )


# --- Messages ---------------------------------------------------------------------------------
def _messages(
    patient: Patient, surgeries: Mapping[int, Surgery], *, since: datetime, now: datetime
) -> Iterator[Event]:
    """What the patient themselves will be told, as far as it is signed and fits a lock screen."""
    clinic = patient.clinic
    stopped = stopped_content([clinic.pk])
    today = now.astimezone(clinic.tz).date()
    for reminder in _shown(surgeries, since=since):
        reminder.surgery = surgeries[reminder.surgery_id]
        if not stopped.reason(reminder.step, clinic_id=clinic.pk, today=today):
            yield _message(reminder, patient)


def _shown(surgery_ids: Iterable[int], *, since: datetime) -> Iterable[Reminder]:
    return (
        Reminder.objects.filter(
            surgery__in=list(surgery_ids),
            carer=None,
            step__audience=Audience.PATIENT,
            step__privacy=Privacy.P1,
            status__in=SHOWN,
            due_at__gte=since,
        )
        .select_related("step__version")
        .prefetch_related("step__texts")
    )


def _message(reminder: Reminder, patient: Patient) -> Event:
    key = f"{reminder.surgery_id}/{reminder.step_key}/{reminder.occurrence}"
    return Event(
        uid=_uid("message", key),
        title=_subject(reminder, patient) or _title(ServiceText.CALENDAR_MESSAGE, patient),
        starts=reminder.due_at.astimezone(patient.tz),
        lasts=MESSAGE_LASTS,
        sequence=reminder.surgery.revision,
        is_busy=False,
        is_tentative=reminder.status == ReminderStatus.HELD,
    )


def _subject(reminder: Reminder, patient: Patient) -> str:
    """The signed subject of the mail, which fits a lock screen; empty where there is none."""
    try:
        said = words_of(
            reminder.step,
            patient=patient,
            clinic=patient.clinic,
            surgery=reminder.surgery,
            channel=Channel.EMAIL,
        )
    except CannotRender:
        return ""
    return said.subject


def _title(which: ServiceText, patient: Patient) -> str:
    clinic = patient.clinic
    language = language_of(TEXTS, patient=patient.language, clinic=clinic.language) or EVERYWHERE
    return service_text(which, language=language, values=clinic_values(clinic))


def _uid(kind: str, key: object) -> str:
    """Return the same name for the same thing at any time; it tells nothing of a record."""
    return f"{uuid5(NAMESPACE_URL, f'{settings.PUBLIC_URL}/{kind}/{key}')}@aftercare"
