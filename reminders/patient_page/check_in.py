"""The check-in on the patient's page: one form, no script, nothing lost on an error.

Whoever it is for was found out by the visit; here it is a patient. Showing the form changes
nothing. Sending it with an error opens the check-in, so that no routine message breaks in, and
shows it again as it was typed; sending it twice is once.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from django.http import QueryDict
from django.utils import timezone

from clinic.models import Patient
from reminders.flow.answers import numbers_of
from reminders.flow.check_in_history import History, history_of
from reminders.flow.check_ins import (
    AnotherPatientsForm,
    CheckInForm,
    begin,
    current_operation,
    form_for,
    submit,
)
from reminders.models import CheckIn, CheckInBy
from reminders.pathways.check_in import shipped_check_in
from reminders.pathways.symptom_check import shipped_symptom_check
from reminders.patient_page.where_they_are import whereabouts
from reminders.rules.check_in import CheckInText, Mode
from reminders.rules.check_in_answers import Filled, fill_in, what_is_told
from reminders.rules.check_in_fields import FormParts, form_parts
from reminders.rules.check_in_words import words_in
from reminders.rules.language import EVERYWHERE, language_of
from reminders.rules.symptom_check import Outcome, Tier

FORM_KEY = "form_key"
LONGEST_GIVEN = 300


@dataclass(frozen=True, slots=True)
class CheckInPage:
    """What the page shows: the form, or what follows it when `done` is there."""

    words: dict[str, str]
    language: str = "en"
    parts: FormParts | None = None
    key: UUID | None = None
    lead_in: str = ""
    act_now: str = ""  # shown beside an emergency sign as soon as it is chosen
    note: str = ""  # who reads the answers
    done: CheckIn | None = None
    history: History | None = None


def page_to_fill_in(patient: Patient, *, language: str, now: datetime) -> CheckInPage:
    """Return the empty form; a page that says there is nothing to answer where nothing is asked."""
    language = spoken(language, patient)
    form = _open_form(patient, now=now)
    if form is None:
        return _page_without_form(patient, language=language, now=now)
    page = _form_page(form, given={}, filled=None, key=uuid4(), language=language)
    return replace(page, history=_history(patient, language=language, now=now))


def spoken(language: str, patient: Patient) -> str:
    """Return the language that the questions are asked in; never two on one sheet."""
    offered = shipped_check_in().texts[CheckInText.RELAYED]
    found = language_of(offered, patient=language, clinic=patient.clinic.language)
    return found or EVERYWHERE


def _open_form(patient: Patient, *, now: datetime) -> CheckInForm | None:
    """What is asked; nothing while the messages of this patient wait or have ended."""
    where = whereabouts(patient, today=timezone.localdate(now, patient.tz))
    return form_for(patient, now=now) if where.is_cared_for else None


def _page_without_form(patient: Patient, *, language: str, now: datetime) -> CheckInPage:
    history = _history(patient, language=language, now=now)
    return CheckInPage(words=dict(words_in(language)), language=language, history=history)


def _history(patient: Patient, *, language: str, now: datetime) -> History:
    surgery = current_operation(patient, now=now)
    return history_of(patient, surgery=surgery, language=language)


def take_form(patient: Patient, *, posted: QueryDict, language: str, now: datetime) -> CheckInPage:
    """Keep what was sent, and return what is said about it; or the form again with its errors."""
    language = spoken(language, patient)
    form = _open_form(patient, now=now)
    if form is None:
        return _page_without_form(patient, language=language, now=now)
    given = {name: str(value)[:LONGEST_GIVEN] for name, value in posted.items()}
    key = _key(given)
    done = CheckIn.objects.filter(key=key, patient=patient, submitted_at__isnull=False).first()
    if done is not None:
        return page_after(done, language=language, now=now)
    filled = fill_in(
        form.sheet, given=given, content=shipped_check_in(), check=shipped_symptom_check()
    )
    try:
        return _take(form, filled, given=given, key=key, language=language, now=now)
    except AnotherPatientsForm:
        return _take(form, filled, given=given, key=uuid4(), language=language, now=now)


def _take(
    form: CheckInForm,
    filled: Filled,
    *,
    given: dict[str, str],
    key: UUID,
    language: str,
    now: datetime,
) -> CheckInPage:
    if not filled.is_accepted:
        begin(form, key=key, by=CheckInBy.PAGE, now=now)
        return _form_page(form, given=given, filled=filled, key=key, language=language)
    done = submit(form, filled, key=key, by=CheckInBy.PAGE, language=language, now=now)
    return page_after(done, language=language, now=now)


def page_after(done: CheckIn, *, language: str, now: datetime) -> CheckInPage:
    """Return what follows a check-in that is saved, and all answers so far."""
    language = spoken(language, done.patient)
    page = _page_without_form(done.patient, language=language, now=now)
    return replace(page, done=done)


def _form_page(
    form: CheckInForm,
    *,
    given: dict[str, str],
    filled: Filled | None,
    key: UUID,
    language: str,
) -> CheckInPage:
    check, words = shipped_symptom_check(), words_in(language)
    values = numbers_of(form.patient.clinic)
    mode = form.sheet.mode
    parts = form_parts(
        form.sheet,
        check=check,
        language=language,
        values=values,
        given=given,
        problems=filled.problems if filled else {},
    )
    return CheckInPage(
        words=dict(words),
        language=language,
        parts=parts,
        key=key,
        lead_in=parts.lead_in,
        act_now=_act_now(language, values) if mode is Mode.TRIAGE else "",
        note=words["sorted"] if mode is Mode.TRIAGE else words["not_sorted"],
    )


def _act_now(language: str, values: dict[str, str]) -> str:
    """The text of the highest tier, the same that follows when the answer is sent."""
    return what_is_told(
        mode=Mode.TRIAGE,
        outcome=Outcome(Tier.EMERGENCY, None, ()),
        is_staffed=True,
        language=language,
        values=values,
        content=shipped_check_in(),
        check=shipped_symptom_check(),
    )


def _key(given: dict[str, str]) -> UUID:
    """The form's own key; a new one where somebody took it out of the form."""
    try:
        return UUID(given.get(FORM_KEY, ""))
    except ValueError:
        return uuid4()
