"""A patient and a moment → what their discharge paper says, whatever it is laid out as.

Made from the rows that the messages are made from, so that paper, page and messages cannot
disagree. The page (`paper`) and the PDF (`paper_pdf`) say the same, line by line.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from clinic.models import Clinic, Patient, Surgery
from reminders.flow.restrictions import live_version_of
from reminders.patient_page.advice import Advice, coming, exercises
from reminders.patient_page.frame import numbers_of
from reminders.patient_page.home import appointment
from reminders.patient_page.numbers import Number, opening_hours
from reminders.patient_page.page_words import PAGE_WORDS, told_date
from reminders.patient_page.pauses import pause_note
from reminders.patient_page.recovery import Picture, recovery
from reminders.patient_page.warning_sign import Group, groups
from reminders.patient_page.where_they_are import whereabouts


@dataclass(frozen=True, slots=True)
class Paper:
    """All that a discharge paper says, in `language`. Empty texts are left out."""

    language: str
    clinic: Clinic
    patient: Patient
    made: str
    signed: str
    born: str
    operated: str
    went_home: str
    numbers: dict[str, Number | None]
    hours: str
    groups: list[Group]
    picture: Picture
    exercises: list[Advice]
    coming: list[Advice]
    pause_note: str
    appointment: str

    @property
    def name(self) -> str:
        return f"{self.patient.given_name} {self.patient.family_name}"


def paper_of(patient: Patient, *, language: str, now: datetime) -> Paper:
    """Return what the paper says. The same record at the same moment gives the same paper."""
    today = timezone.localdate(now, patient.tz)
    where = whereabouts(patient, today=today)
    surgery = where.surgery if where.is_recovering else None
    numbers = numbers_of(patient.clinic)
    shown = [number for number in numbers.values() if number]
    return Paper(
        language=language,
        clinic=patient.clinic,
        patient=patient,
        made=PAGE_WORDS[language]["paper_made"].format(date=_told(today, language=language)),
        signed=_signed(surgery, language=language),
        born=_told(patient.birth_date, language=language),
        operated=_told(surgery.surgery_date if surgery else None, language=language),
        went_home=_told(surgery.discharge_date if surgery else None, language=language),
        numbers=numbers,
        hours=opening_hours(patient.clinic, language=language),
        groups=list(groups(patient, language=language, now=now)),
        picture=recovery(where, language=language),
        exercises=exercises(where, language=language, numbers=shown, now=now),
        coming=coming(where, language=language, now=now),
        pause_note=pause_note(where, language=language),
        appointment=appointment(where.surgery, language=language, now=now),
    )


def _signed(surgery: Surgery | None, *, language: str) -> str:
    """Say which version of which pathway it is from, and who signed that."""
    version = live_version_of(surgery) if surgery else None
    if version is None:
        return ""
    signers = [
        str(signature.signer)
        for signature in version.signatures.standing().select_related("signer")
    ]
    if not signers:
        return ""
    words = PAGE_WORDS[language]["paper_signed"]
    return words.format(
        pathway=version.pathway.title, number=version.number, names=", ".join(signers)
    )


def _told(day: date | None, *, language: str) -> str:
    if day is None:
        return ""
    return f"{told_date(day, language=language, short=True)} {day.year}"
