"""The stop button of a clinic: everything waits from the commit on, and says so."""

from datetime import datetime

from simple_history.utils import update_change_reason

from clinic.models import Clinic, Staff


def stop_sending(clinic_id: int, *, by: Staff, now: datetime) -> Clinic:
    """Let nothing more of this clinic go out; what is on the wire already may still arrive.

    Plans go on. What becomes too late meanwhile ends as missed. Twice is once.
    """
    clinic = Clinic.objects.get(pk=clinic_id)
    if clinic.sending_stopped_at is None:
        clinic.sending_stopped_at = now
        clinic.save(update_fields=["sending_stopped_at"])
        update_change_reason(clinic, f"Sending stopped by {by.username}")
    return clinic


def resume_sending(clinic_id: int, *, by: Staff, now: datetime) -> Clinic:
    """Let the clinic's messages go out again; each by its own late rule. Twice is once."""
    clinic = Clinic.objects.get(pk=clinic_id)
    if clinic.sending_stopped_at is not None:
        clinic.sending_stopped_at = None
        clinic.save(update_fields=["sending_stopped_at"])
        update_change_reason(clinic, f"Sending resumed by {by.username}")
    return clinic
