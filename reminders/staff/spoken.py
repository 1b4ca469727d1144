"""A patient's thread → in which languages their messages go out, and whether calls need help."""

from dataclasses import dataclass

from clinic.models import Patient
from reminders.staff.thread import Entry, Thread
from reminders.staff.words import language_name


@dataclass(frozen=True, slots=True)
class Spoken:
    """How many of the messages to come are whole in the patient's own language."""

    language: str
    own: int
    total: int
    others: tuple[str, ...]  # the languages of the rest, by name
    needs_interpreter: bool  # the clinic answers the telephone in another language

    @property
    def is_mixed(self) -> bool:
        return self.own < self.total


def spoken(patient: Patient, *, thread: Thread) -> Spoken:
    """Count the messages to come by the language that each would go out in; costs no query."""
    entries = [entry for day in thread.coming for entry in day.entries]
    coming = [_languages(entry) for entry in entries if entry.carer is None]
    said = [languages for languages in coming if languages]
    own = _bare(patient.language)
    strange = sorted({code for languages in said for code in languages} - {own})
    return Spoken(
        language=language_name(patient.language),
        own=sum(languages == {own} for languages in said),
        total=len(said),
        others=tuple(language_name(code) for code in strange),
        needs_interpreter=own != _bare(patient.clinic.language),
    )


def _languages(entry: Entry) -> set[str]:
    return {_bare(part.language) for part in entry.parts if part.language}


def _bare(language: str) -> str:
    return language.partition("-")[0]
