"""A surgery with its patient and clinic → the record that a plan is made from."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache

import holidays

from clinic.models import (
    Clinic,
    Closure,
    Collar,
    Destination,
    Indication,
    Patient,
    PatientStatus,
    Surgery,
    SurgeryStatus,
    WoundClosure,
)
from clinic.models.clinic import WEEKDAYS
from reminders.models import ReminderReason
from reminders.rules.facts import Record
from reminders.rules.pauses import Pause
from reminders.rules.timing import QuietHours

# Facts that are a yes or no on the surgery itself.
SURGERY_FLAGS = (
    "approach_anterior", "brace", "day_case", "desk_work", "driver", "durotomy",
    "emergency_surgery", "fusion", "histology_reviewed", "histology_sent",
    "histology_unexpected", "manual_work", "not_driving_yet", "opioids",
    "patient_told_of_specimen", "review_booked", "smoker",
    "weight_goal_agreed",
)  # fmt: skip
WAIT_FOR_CLINICIAN = frozenset({Indication.TRAUMA, Indication.TUMOUR})


def read_record(
    surgery: Surgery,
    *,
    closures: list[Closure],
    new_days: Mapping[str, int] | None = None,
    pauses: tuple[Pause, ...] = (),
    texts_by_hand: Iterable[datetime] = (),
) -> Record:
    """Return what the plan of this surgery depends on; reads no row of its own.

    `new_days`: the limits that a clinician has moved for this patient. `pauses`: the holds of the
    operation that have ended. `texts_by_hand`: when staff sent texts beside the plan.
    """
    patient, clinic = surgery.patient, surgery.patient.clinic
    return Record(
        procedure=surgery.procedure,
        region=surgery.region,
        facts=facts_of(surgery),
        surgery_date=surgery.surgery_date,
        enrolled_at=surgery.enrolled_at,
        tz=patient.tz,
        quiet=QuietHours(clinic.quiet_from, clinic.quiet_until),
        is_workday=workday_rule(clinic, closures),
        discharge_date=surgery.discharge_date,
        histology_result_date=surgery.histology_result_date,
        appointment_at=surgery.appointment_at,
        operation_confirmed=surgery.status == SurgeryStatus.CONFIRMED,
        texts_a_day=clinic.texts_a_day,
        new_days=new_days or {},
        hold=_hold(surgery),
        hold_kind=surgery.hold_kind,
        pauses=pauses,
        texts_by_hand=Counter(at.astimezone(patient.tz).date() for at in texts_by_hand),
        stop=_stop(surgery),
    )


def facts_of(surgery: Surgery) -> frozenset[str]:
    """Return the facts that steps ask for, by the names that pathways use."""
    patient = surgery.patient
    facts = {flag for flag in SURGERY_FLAGS if getattr(surgery, flag)}
    if surgery.status == SurgeryStatus.CONFIRMED:
        facts.add("operation_confirmed")
    if surgery.wound_closure == WoundClosure.STITCHES:
        facts.add("stitches_removable")
    if surgery.wound_closure == WoundClosure.STAPLES:
        facts.add("staples")
    if surgery.collar != Collar.NONE:
        facts.add(f"collar_{surgery.collar}")
    if surgery.indication == Indication.TUMOUR:
        facts.add("tumour_indication")
    if patient.intimacy_advice:
        facts.add("opt_in_intimacy")
    facts.add(f"country_{patient.clinic.country.lower()}")
    return frozenset(facts)


def stop_reason_of(patient: Patient) -> str:
    """Return why nothing may be sent to this patient any more, or an empty text."""
    if patient.status == PatientStatus.DECEASED:
        return ReminderReason.DECEASED
    if patient.status == PatientStatus.ENDED:
        return ReminderReason.CARE_ENDED
    return ""


def _stop(surgery: Surgery) -> str:
    if reason := stop_reason_of(surgery.patient):
        return reason
    if surgery.status == SurgeryStatus.CANCELLED:
        return ReminderReason.SURGERY_CANCELLED
    return ""


def _hold(surgery: Surgery) -> str:
    if surgery.patient.status == PatientStatus.ON_HOLD:
        return ReminderReason.PATIENT_ON_HOLD
    if surgery.on_hold:
        return ReminderReason.SURGERY_ON_HOLD
    if surgery.indication in WAIT_FOR_CLINICIAN and surgery.plan_approved_by_id is None:
        return ReminderReason.NEEDS_CLINICIAN
    if surgery.destination == Destination.ICU and surgery.discharge_date is None:
        return ReminderReason.IN_HOSPITAL
    return ""


def workday_rule(clinic: Clinic, closures: list[Closure]) -> Callable[[date], bool]:
    """Return a function that tells whether the clinic works on a day.

    Working days of the week, less the public holidays of its country and its own closures.
    """
    open_days = frozenset(WEEKDAYS.index(name) for name in clinic.workday_names)
    public = _public_holidays(clinic.country, clinic.subdivision)

    def is_workday(day: date) -> bool:
        return (
            day.weekday() in open_days
            and day not in public
            and not any(closure.covers(day) for closure in closures)
        )

    return is_workday


def why_closed(clinic: Clinic, closures: list[Closure], *, day: date) -> str:
    """Say why the clinic does not work on a day, as in "Good Friday"; empty when it does."""
    if any(closure.covers(day) for closure in closures):
        return "the clinic is closed"
    if name := _public_holidays(clinic.country, clinic.subdivision).get(day):
        return str(name)
    open_days = {WEEKDAYS.index(name) for name in clinic.workday_names}
    return "" if day.weekday() in open_days else f"{day:%A}"


@lru_cache(maxsize=32)
def _public_holidays(country: str, subdivision: str) -> holidays.HolidayBase:
    """The holidays of a country; an unknown subdivision is left out, an unknown land has none."""
    try:
        return holidays.country_holidays(country, subdiv=subdivision or None)
    except NotImplementedError:
        pass
    try:
        return holidays.country_holidays(country)
    except NotImplementedError:
        return holidays.HolidayBase()
