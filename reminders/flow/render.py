"""A step, a patient and a clinic → the words of one message, in the patient's language."""

from collections.abc import Mapping
from datetime import date, datetime, time

from django.utils import formats, timezone, translation

from clinic.models import Carer, Channel, Clinic, Patient, Surgery
from reminders.flow.mails import MailWords, Rendered, Section, mail_of
from reminders.flow.message_links import sample_address
from reminders.models import Anchor, Step, StepText
from reminders.rules import language as languages
from reminders.rules.gsm7 import sms_size
from reminders.rules.hours import told_hour
from reminders.rules.wording import Unfillable, fill

RIGHT_TO_LEFT = languages.RIGHT_TO_LEFT
# What a message needs to have in a language, or it is said whole in the next one.
NEEDED = {Channel.SMS: ("sms",), Channel.EMAIL: ("subject", "heading", "email")}
# Said before a message that may have arrived already (DESIGN 3, unknown).
MAY_BE_REPEAT = {
    "en": "You may already have had this. ",
    "es": "Puede que ya haya recibido esto. ",
    "ar": "ربما وصلتك هذه الرسالة من قبل. ",
}
# Said before a question that was asked already and has no answer yet.
ASKED_AGAIN = {
    "en": "We asked before and have no answer yet. ",
    "es": "Ya le preguntamos y no tenemos respuesta. ",
    "ar": "سألناك من قبل ولم يصلنا رد. ",
}


# Said before what a hold has moved: a week that the text names counts from the operation.
MOVED_BY_HOLD = {
    "en": "We paused your plan, so this comes later than usual. ",
    "es": "Pausamos su plan: esto le llega con retraso. ",
    "ar": "أوقفنا خطتك مؤقتا فتأخرت هذه الرسالة. ",
}


class CannotRender(Exception):
    """The message cannot be made; the text says what is missing and names no patient."""


def render(
    step: Step,
    *,
    patient: Patient,
    clinic: Clinic,
    surgery: Surgery | None,
    channel: str,
    carer: Carer | None = None,
    text: StepText | None = None,
    link: str = "",
    may_be_repeat: bool = False,
    asked_again: bool = False,
    is_moved: bool = False,
) -> Rendered:
    """Return the message of this step for this patient, or this carer of theirs, and channel.

    `text` chooses the words; without it `words_for` does. `link` is where {link} leads; without it
    a sample stands there. Raises CannotRender when words or a value are missing.
    """
    said = words_of(
        step,
        patient=patient,
        clinic=clinic,
        surgery=surgery,
        channel=channel,
        carer=carer,
        text=text,
        link=link,
        may_be_repeat=may_be_repeat,
        asked_again=asked_again,
        is_moved=is_moved,
    )
    if isinstance(said, Rendered):
        return said
    return mail_of([said.section], subject=said.subject, clinic=clinic, language=said.language)


def words_of(
    step: Step,
    *,
    patient: Patient,
    clinic: Clinic,
    surgery: Surgery | None,
    channel: str,
    carer: Carer | None = None,
    text: StepText | None = None,
    link: str = "",
    may_be_repeat: bool = False,
    asked_again: bool = False,
    is_moved: bool = False,
) -> Rendered | MailWords:
    """Return a text as it is sent, or what a mail says before it is put together. As `render`."""
    reader = carer or patient
    words = text or words_for(step, patient=reader, clinic=clinic, channel=channel)
    values = placeholder_values(
        step,
        clinic=clinic,
        patient=reader,
        surgery=surgery,
        language=words.language,
        link=link,
    )
    note = _note(
        words.language, may_be_repeat=may_be_repeat, asked_again=asked_again, is_moved=is_moved
    )
    try:
        if channel == Channel.SMS:
            return _sms(words, values, detailed=reader.detailed_sms, note=note)
        return _mail_words(words, values, note=note)
    except Unfillable as unfillable:
        raise CannotRender(f"{step.key}: {unfillable}") from unfillable


def words_for(step: Step, *, patient: Patient | Carer, clinic: Clinic, channel: str) -> StepText:
    """Return the step's words in the language that this message goes out in.

    The patient's language, then the clinic's, then English (`rules.language` says why): the first
    that has all the words of this channel. A message is never put together from two. Raises
    CannotRender when none has.
    """
    texts = {t.language: t for t in step.texts.all() if has_words(t, channel=channel)}
    found = languages.language_of(texts, patient=patient.language, clinic=clinic.language)
    if found is None:
        raise CannotRender(f"{step.key} has no words in {patient.language}")
    return texts[found]


def has_words(text: StepText, *, channel: str) -> bool:
    """True when this language has everything that a message on the channel is made of."""
    return all(getattr(text, name).strip() for name in NEEDED[Channel(channel)])


def placeholder_values(
    step: Step,
    *,
    clinic: Clinic,
    patient: Patient | Carer,
    surgery: Surgery | None,
    language: str,
    link: str = "",
) -> dict[str, str]:
    """Return what the placeholders stand for; one without a value is an empty text."""
    day, hour = _told_moment(step, surgery)
    return {
        "clinic": clinic.sender_name,
        "phone": clinic.phone,
        "booking": clinic.booking_phone or clinic.phone,
        "urgent": clinic.urgent_phone,
        "emergency": clinic.emergency_phone,
        "link": link or sample_address(patient, clinic=clinic),
        "lift_limit": clinic.lift_limit,
        "sit_limit": clinic.sit_limit,
        "fever": clinic.fever,
        "date": _as_date(day, language),
        "time": _as_time(hour, language),
        "first_name": patient.given_name,
    }


def _told_moment(step: Step, surgery: Surgery | None) -> tuple[date | None, time | None]:
    """The date and hour that a text speaks of: the appointment's, or the operation's."""
    if surgery is None:
        return None, None
    if step.anchor == Anchor.APPOINTMENT and surgery.appointment_at:
        local: datetime = timezone.localtime(surgery.appointment_at, surgery.patient.tz)
        return local.date(), local.time()
    return surgery.surgery_date, surgery.arrival_time


def _as_date(day: date | None, language: str) -> str:
    if day is None:
        return ""
    with translation.override(language):
        return formats.date_format(day, "D j M Y")


def _as_time(hour: time | None, language: str) -> str:
    return "" if hour is None else told_hour(hour, language=language)


def _sms(words: StepText, values: Mapping[str, str], *, detailed: bool, note: str) -> Rendered:
    template = words.sms_detailed if detailed and words.sms_detailed else words.sms
    text = note + fill(template, values=values)
    return Rendered("", text, "", words.language, sms_size(text).parts)


def _mail_words(words: StepText, values: Mapping[str, str], *, note: str) -> MailWords:
    note = note.strip()
    paragraphs = [note] if note else []
    paragraphs += [fill(part, values=values, isolate=True) for part in _paragraphs(words.email)]
    if not any(paragraphs):
        raise CannotRender("the email has no words")
    return MailWords(
        subject=fill(words.subject, values=values, isolate=True),
        section=Section(fill(words.heading, values=values, isolate=True), tuple(paragraphs)),
        language=words.language,
    )


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in text.split("\n\n") if part.strip()]


def _note(language: str, *, may_be_repeat: bool, asked_again: bool, is_moved: bool) -> str:
    notes = (
        MAY_BE_REPEAT if may_be_repeat else {},
        ASKED_AGAIN if asked_again else {},
        MOVED_BY_HOLD if is_moved else {},
    )
    return "".join(note.get(language, note.get("en", "")) for note in notes)
