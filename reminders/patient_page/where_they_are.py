"""A patient and a day → the operation that the day is counted from, and how the page says it."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from clinic.models import Patient, PatientStatus, Surgery, SurgeryStatus
from reminders.patient_page.page_words import PAGE_WORDS, told_date


class Stage(StrEnum):
    """What may be shown: only RECOVERING has days, advice and limits of the time after (SR-10)."""

    NO_OPERATION = "no_operation"
    BEFORE = "before"
    NOT_CONFIRMED = "not_confirmed"
    WAITING = "waiting"  # on hold: whatever the plan says may be wrong for them now (SR-13)
    RECOVERING = "recovering"


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """The stage of the patient, their operation if there is one, and the day counted from it."""

    stage: Stage
    today: date
    surgery: Surgery | None = None
    day: int = 0

    @property
    def is_recovering(self) -> bool:
        return self.stage is Stage.RECOVERING

    @property
    def is_cared_for(self) -> bool:
        """True when the plan's own messages may be shown."""
        return self.stage in (Stage.BEFORE, Stage.RECOVERING)


def whereabouts(patient: Patient, *, today: date) -> Whereabouts:
    """Return where the patient is on their own day `today`.

    Counted from the last operation up to today, before the first one from the next.
    """
    surgeries = patient.surgeries.exclude(status=SurgeryStatus.CANCELLED)
    surgeries = surgeries.select_related("patient__clinic").order_by("surgery_date", "pk")
    behind = surgeries.filter(surgery_date__lte=today).last()
    surgery = behind or surgeries.first()
    if surgery is None:
        return Whereabouts(Stage.NO_OPERATION, today)
    day = (today - surgery.surgery_date).days
    return Whereabouts(_stage(patient, surgery, day=day), today, surgery, day)


def _stage(patient: Patient, surgery: Surgery, *, day: int) -> Stage:
    if patient.status == PatientStatus.ON_HOLD or surgery.on_hold:
        return Stage.WAITING
    if day < 0:
        return Stage.BEFORE
    took_place = surgery.status == SurgeryStatus.CONFIRMED
    return Stage.RECOVERING if took_place else Stage.NOT_CONFIRMED


def told(where: Whereabouts, *, language: str) -> tuple[str, str]:
    """Return the heading of the page and the sentence below it."""
    words = PAGE_WORDS[language]
    if where.surgery is None or not where.is_cared_for:
        return words[where.stage], words[f"{where.stage}_text"]
    on = told_date(where.surgery.surgery_date, language=language)
    if where.stage is Stage.BEFORE:
        days = -where.day
        heading = words["before_one"] if days == 1 else words["before_n"].format(days=days)
        return heading, words["operation_on"].format(date=on)
    if where.day == 0:
        return words["day_zero"], ""
    return words["day_n"].format(day=where.day), words["operated_on"].format(date=on)


def told_wait(free_on: date, *, today: date, language: str) -> str:
    """Say how long something is still held back, as in "in 12 days"; empty when it is not."""
    words, days = PAGE_WORDS[language], (free_on - today) // timedelta(days=1)
    if days <= 0:
        return ""
    return words["lifts_tomorrow"] if days == 1 else words["lifts_in"].format(days=days)
