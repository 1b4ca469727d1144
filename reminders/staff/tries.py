"""The call log → how often a patient has been tried without a contact, and when again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format

from clinic.models import Patient
from reminders.flow.calls import tries_since_contact
from reminders.models import PhoneCall
from reminders.rules.next_try import TRIES_THEN_LOUD

# Older tries belong to another story.
LOOK_BACK = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Tries:
    """Tries of late that reached nobody, the newest first; a contact starts the count again."""

    calls: tuple[PhoneCall, ...] = ()
    last_at: str = ""
    next_at: str = ""

    @property
    def count(self) -> int:
        return len(self.calls)

    @property
    def is_loud(self) -> bool:
        """True when somebody has to decide how to go on."""
        return self.count >= TRIES_THEN_LOUD

    @property
    def last(self) -> PhoneCall | None:
        return self.calls[0] if self.calls else None


NONE = Tries()


def tries_of(patients: Iterable[Patient], *, now: datetime) -> dict[int, Tries]:
    """Return the tries of each patient who has any, by the patient's key; one query for all."""
    people = {patient.pk: patient for patient in patients}
    calls = PhoneCall.objects.standing().filter(
        patient__in=people, occurred_at__gte=now - LOOK_BACK
    )
    by_patient: dict[int, list[PhoneCall]] = {}
    for call in calls.select_related("by").order_by("-occurred_at", "-pk"):
        by_patient.setdefault(call.patient_id, []).append(call)
    return {pk: _tries(people[pk], calls, now=now) for pk, calls in by_patient.items()}


def _tries(patient: Patient, calls: list[PhoneCall], *, now: datetime) -> Tries:
    tries = tuple(tries_since_contact(calls))
    if not tries:
        return NONE
    again = tries[0].next_try_at
    return Tries(
        calls=tries,
        last_at=said_moment(tries[0].occurred_at, patient=patient, now=now),
        next_at=said_moment(again, patient=patient, now=now) if again else "",
    )


def said_moment(moment: datetime, *, patient: Patient, now: datetime) -> str:
    """Say a moment as the clinic's wall shows it: "14:10" today, "Wed 4 Mar, 10:00" else."""
    tz = patient.clinic.tz
    local = timezone.localtime(moment, tz)
    is_today = local.date() == timezone.localdate(now, tz)
    return date_format(local, "H:i" if is_today else "D j M, H:i")
