"""A word of a patient or a carer about a channel → a row of their own; staff who hear of it."""

from datetime import datetime

from clinic.models import Carer, Channel, ConsentSource, Patient
from clinic.models.carer import record_carer_consent
from clinic.models.consent import record_consent
from reminders.flow.alerts import new_alert
from reminders.flow.reach import Recipient
from reminders.models import Alert, AlertKind, Reply, Tier

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
    who = f"The carer, {recipient}," if is_carer else "The patient"
    to_do = "Check that they have the warning signs list and our numbers."
    return new_alert(
        patient.clinic,
        kind=AlertKind.OPTED_OUT,
        tier=Tier.ROUTINE,
        cause=f"opted-out:{by}:{key}",
        summary=f"{who} stopped our {CALLED[channel]}",
        to_do=f"{to_do} The patient's own messages go on." if is_carer else to_do,
        patient=patient,
        reply=reply,
        now=now,
    )
