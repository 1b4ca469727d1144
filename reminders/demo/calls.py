"""What the demo's nurse has written down about her calls of the last days."""

from datetime import datetime, timedelta

from clinic.models import Clinic, Patient, Staff
from reminders.flow.calls import CallNote, record_call
from reminders.models import Alert, AlertKind, AlertStatus, Direction, Reached

SPOKE = "Spoke to the patient: no concern"
# By record number: how many hours ago, whom the call reached, what came of it.
OUT = (
    ("D-0005", 50, Reached.PATIENT, SPOKE, "Wound dry. Walks twice a day."),
    ("D-0007", 27, Reached.VOICEMAIL, "", ""),
    ("D-0002", 4, Reached.NOBODY, "", ""),
)
RANG = (
    "D-0006",
    75,
    "Spoke to the patient: advice from the clinic's own list",
    "Asked about sitting.",
)
TRY_AGAIN_AFTER = timedelta(hours=6)


def log_calls(clinic: Clinic, *, by: Staff, now: datetime) -> None:
    """Write the calls down, the oldest first: one patient rang, one was reached, two were not."""
    number, hours, outcome, note = RANG
    at = now - timedelta(hours=hours)
    said = CallNote(Reached.PATIENT, at, direction=Direction.IN, outcome=outcome, note=note)
    record_call(_patient(clinic, number), said, by=by, now=now)
    for number, hours, reached, outcome, note in OUT:
        patient, at = _patient(clinic, number), now - timedelta(hours=hours)
        tried = reached == Reached.NOBODY
        again = now + TRY_AGAIN_AFTER if tried else None
        silent = _silent(patient) if tried else None
        record_call(
            patient,
            CallNote(reached, at, outcome=outcome, note=note, next_try_at=again, alert=silent),
            by=by,
            now=now,
        )


def _patient(clinic: Clinic, record_number: str) -> Patient:
    return Patient.objects.get(clinic=clinic, record_number=record_number)


def _silent(patient: Patient) -> Alert | None:
    alerts = Alert.objects.filter(patient=patient, kind=AlertKind.SILENT)
    return alerts.exclude(status=AlertStatus.CLOSED).first()
