"""A word of a patient or a carer about a channel → a row of their own; staff who hear of it."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from clinic.models import Carer, Channel, ConsentSource, Patient, Staff
from clinic.models.carer import record_carer_consent
from clinic.models.consent import record_consent
from reminders.flow.alerts import new_alert
from reminders.flow.reach import Recipient
from reminders.flow.rungs import stop_climbs
from reminders.models import Alert, AlertKind, AlertStatus, Reply, Tier

CALLED = {Channel.SMS: "texts", Channel.EMAIL: "emails"}


def patient_of(recipient: Recipient) -> Patient:
    """Return whose record it is: the patient, or the one whom the carer cares for."""
    return recipient.patient if isinstance(recipient, Carer) else recipient


def write_consent(
    recipient: Recipient,
    *,
    channel: Channel,
    given: bool,
    at: datetime,
    source: ConsentSource,
    wording: str,
) -> None:
    """Write down what this person said, for them alone. Sending obeys it from the commit on."""
    if isinstance(recipient, Carer):
        record_carer_consent(
            recipient, channel=channel, given=given, at=at, source=source, wording=wording
        )
    else:
        record_consent(
            recipient, channel=channel, given=given, at=at, source=source, wording=wording
        )


def opted_out(
    recipient: Recipient,
    *,
    channel: Channel,
    by: str,
    now: datetime,
    reply: Reply | None = None,
) -> Alert:
    """Return the alert that tells staff of a stop, not saved yet. `by` names what the stop was."""
    patient = patient_of(recipient)
    is_carer = isinstance(recipient, Carer)
    key = f"carer-{recipient.pk}" if is_carer else f"{recipient.pk}"
    to_do = "Check that they have the warning signs list and our numbers."
    return new_alert(
        patient.clinic,
        kind=AlertKind.OPTED_OUT,
        tier=Tier.ROUTINE,
        cause=f"opted-out:{by}:{key}",
        summary=_stopped(recipient, channel),
        to_do=f"{to_do} The patient's own messages go on." if is_carer else to_do,
        patient=patient,
        reply=reply,
        now=now,
    )


def say_started_again(recipient: Recipient, *, channel: Channel, at: datetime) -> int:
    """Say on the alerts about a stop that this person has taken it back; return on how many.

    They stay open: a machine closes no alert (P6), and that there was a stop is something a person
    has yet to see. What changes is what is asked of them. Twice is once.
    """
    local = at.astimezone(patient_of(recipient).clinic.tz)
    return _about_the_stop(recipient, channel).update(
        summary=f"{_stopped(recipient, channel)}, and started them again",
        to_do=f"They go out again since {local:%Y-%m-%d, %H:%M}. Close this when you have seen it.",
    )


def close_stop(recipient: Recipient, *, channel: Channel, by: Staff, now: datetime) -> int:
    """Close the alerts about a stop in the name of whoever wrote down the new yes; return how many.

    They have spoken with the person, which is what the alert asks for. It climbs no further. Twice
    is once.
    """
    with transaction.atomic():
        asked = _about_the_stop(recipient, channel).select_for_update()
        settled = [alert.pk for alert in asked]
        Alert.objects.filter(pk__in=settled).update(
            status=AlertStatus.CLOSED, closed_by=by, closed_at=now, outcome="Done: it is on record."
        )
        stop_climbs(settled, now=now)
    return len(settled)


def _stopped(recipient: Recipient, channel: Channel) -> str:
    who = f"The carer, {recipient}," if isinstance(recipient, Carer) else "The patient"
    return f"{who} stopped our {CALLED[channel]}"[:200]


def _about_the_stop(recipient: Recipient, channel: Channel) -> QuerySet[Alert]:
    stopped = _stopped(recipient, channel)
    return Alert.objects.filter(
        patient=patient_of(recipient), kind=AlertKind.OPTED_OUT, summary__startswith=stopped
    ).exclude(status=AlertStatus.CLOSED)
