"""A reply that says: wrong person, or the patient has died → silence until a person looked."""

from collections.abc import Iterable
from datetime import datetime

from clinic.models import Patient, PatientStatus
from reminders.flow.alerts import new_alert, raise_alerts
from reminders.models import AlertKind, Reply, Tier

WHY = "A reply says that this is the wrong person, or that they have died."


def hold_all(reply: Reply, patients: Iterable[Patient], *, now: datetime) -> None:
    """Send nothing more to the patients of this telephone, and have a person look today.

    Only who is active is put on hold; twice is once. (bad_inputs R46, R47)
    """
    held = [patient for patient in patients if patient.status == PatientStatus.ACTIVE]
    for patient in held:
        patient.status, patient.hold_reason = PatientStatus.ON_HOLD, WHY
        patient.held_since = now
        patient.save(update_fields=["status", "hold_reason", "held_since"])
    raise_alerts(
        new_alert(
            patient.clinic,
            kind=AlertKind.REPLY,
            tier=Tier.SAME_DAY,
            cause=f"hold:{reply.pk}:{patient.pk}",
            summary="A reply says: wrong person, or the patient has died",
            to_do="Read the reply. Messages wait until you resume them or end care.",
            patient=patient,
            reply=reply,
            now=now,
        )
        for patient in held
    )
