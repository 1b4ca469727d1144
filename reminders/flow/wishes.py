"""What patients choose on their own page: language, channels, a stop and its undoing.

Each is written as their own word, with the page as its source. An address is never changed here:
whoever has the telephone in hand could send the messages elsewhere, so a person checks it first.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from simple_history.utils import update_change_reason

from clinic.models import Channel, ChannelChoice, Consent, ConsentSource, Patient
from clinic.models.consent import record_consent
from reminders.flow.alerts import new_alert, raise_alerts
from reminders.flow.consent import opted_out, say_started_again
from reminders.models import Alert, AlertKind, AlertStatus, Tier

# Beside each change in the history of the record.
FROM_THE_PAGE = str(ConsentSource.LINK.label)
OPEN_REQUESTS_AT_MOST = 5
LONGEST_REQUEST = 500
# Words that the telephone company obeys as well: only the patient's own START undoes them.
STOPPED_AT_PROVIDER = (ConsentSource.REPLY, ConsentSource.PROVIDER)


class CannotUndo(Exception):
    """The stop was not said here, or there never was a yes; the message says what helps."""


def choose(patient_id: int, *, language: str, channels: ChannelChoice) -> bool:
    """Write the language and the channels that the patient wants; tell whether that is news.

    The plan follows by itself: the database raises the revision of the patient's operations.
    """
    with transaction.atomic():
        patient = Patient.objects.select_for_update().get(pk=patient_id)
        if (patient.language, patient.channels) == (language, channels):
            return False
        patient.language, patient.channels = language, channels
        patient.save(update_fields=["language", "channels"])
        update_change_reason(patient, FROM_THE_PAGE)
    return True


def stop_channel(patient: Patient, *, channel: Channel, wording: str, now: datetime) -> bool:
    """Send nothing more by this channel from the commit on; tell whether that is news.

    Staff hear of it, because the patient may need the warning signs another way.
    """
    with transaction.atomic():
        if not _said(patient, channel, default=False):
            return False
        consent = _write(patient, channel, given=False, wording=wording, now=now)
        raise_alerts([opted_out(patient, channel=channel, by=f"page-{consent.pk}", now=now)])
    return True


def undo_stop(patient: Patient, *, channel: Channel, wording: str, now: datetime) -> bool:
    """Take a stop back that was said on this page; tell whether that is news.

    Raises CannotUndo where the patient never said yes, and where they had texted STOP: then the
    telephone company holds our texts back until they text START.
    """
    with transaction.atomic():
        if _said(patient, channel, default=False):
            return False
        if not may_undo(patient, channel):
            raise CannotUndo(f"{channel} was not stopped on the page")
        _write(patient, channel, given=True, wording=wording, now=now)
        say_started_again(patient, channel=channel, at=now)
    return True


def may_undo(patient: Patient, channel: str) -> bool:
    """True when a stop of this channel can be taken back on the page."""
    words = patient.consents.filter(channel=channel)
    last = words.first()
    if last is None or last.given or not words.filter(given=True).exists():
        return False
    return channel == Channel.EMAIL or last.source not in STOPPED_AT_PROVIDER


def ask_for_new_contact(patient: Patient, *, request_id: UUID, words: str, now: datetime) -> bool:
    """Ask staff to change an address; tell whether it is news. Nothing is changed by it.

    The same form twice is one request, and at most a handful wait at a time.
    """
    alert = new_alert(
        patient.clinic,
        kind=AlertKind.PAGE,
        tier=Tier.ROUTINE,
        cause=f"new-contact:{request_id}",
        summary="The patient asks to change how they are reached",
        to_do="Call the patient by the number on record, check that they asked, and change the"
        f" record. They wrote: {words.strip()[:LONGEST_REQUEST]}",
        patient=patient,
        now=now,
    )
    open_requests = Alert.objects.filter(
        patient=patient, kind=AlertKind.PAGE, cause__startswith="new-contact:"
    ).exclude(status=AlertStatus.CLOSED)
    if open_requests.count() >= OPEN_REQUESTS_AT_MOST:
        return False
    raise_alerts([alert])
    return True


def _said(patient: Patient, channel: str, *, default: bool) -> bool:
    """The patient's latest word about a channel, read under the patient's lock."""
    Patient.objects.select_for_update().get(pk=patient.pk)
    last = patient.consents.filter(channel=channel).first()
    return last.given if last is not None else default


def _write(
    patient: Patient, channel: Channel, *, given: bool, wording: str, now: datetime
) -> Consent:
    return record_consent(
        patient,
        channel=channel,
        given=given,
        at=now,
        source=ConsentSource.LINK,
        wording=wording,
    )
