"""The stop button of a clinic: everything waits from the commit on, and says so."""

from datetime import datetime

from simple_history.utils import update_change_reason

from clinic.models import Clinic, Staff

LONGEST_REASON = 200
LONGEST_NOTE = 100  # what the history keeps beside a change


def stop_sending(clinic_id: int, *, by: Staff, reason: str, now: datetime) -> Clinic:
    """Let nothing more of this clinic go out; what is on the wire already may still arrive.

    `reason` is shown to everybody for as long as it lasts. Plans go on. What becomes too late
    meanwhile ends as missed. Twice is once: the first reason stays.
    """
    clinic = Clinic.objects.get(pk=clinic_id)
    if clinic.sending_stopped_at is None:
        clinic.sending_stopped_at = now
        clinic.sending_stopped_why = reason.strip()[:LONGEST_REASON]
        clinic.save(update_fields=["sending_stopped_at", "sending_stopped_why"])
        why = f"Sending stopped by {by.username}: {clinic.sending_stopped_why}"
        update_change_reason(clinic, why[:LONGEST_NOTE])
    return clinic


def resume_sending(clinic_id: int, *, by: Staff, now: datetime) -> Clinic:
    """Let the clinic's messages go out again; each by its own late rule. Twice is once."""
    clinic = Clinic.objects.get(pk=clinic_id)
    if clinic.sending_stopped_at is not None:
        clinic.sending_stopped_at, clinic.sending_stopped_why = None, ""
        clinic.save(update_fields=["sending_stopped_at", "sending_stopped_why"])
        update_change_reason(clinic, f"Sending resumed by {by.username}")
    return clinic
