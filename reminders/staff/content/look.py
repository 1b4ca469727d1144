"""Words as they are typed → what the phone and the mailbox show, and what the linter says.

The page and the JSON that it asks for while somebody types are made by the same function.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.models import Channel, Clinic, Patient, Surgery
from reminders.flow.mails import Rendered
from reminders.flow.render import CannotRender, placeholder_values, render
from reminders.flow.version_content import TEXT_FIELDS, findings_in
from reminders.models import PathwayVersion, Step, StepText
from reminders.rules import language as languages
from reminders.rules.content import PathwayContent, StepTexts
from reminders.rules.findings import Severity
from reminders.rules.gsm7 import Encoding, sms_size
from reminders.rules.service_texts import mail_foot
from reminders.rules.sms_price import Price
from reminders.rules.wording import Unfillable
from reminders.staff.content.shown import content_shown
from reminders.staff.findings_said import told_said

ONE_PART = {Encoding.GSM7: 160, Encoding.UCS2: 70}
EACH_OF_MANY = {Encoding.GSM7: 153, Encoding.UCS2: 67}
_PICTURE = re.compile(r"<img\b|background(-image)?:[^;\"]*url\(", re.IGNORECASE)
# A made-up patient to fill the placeholders with; the dates are only there to be shown.
BORN_ON = date(1960, 1, 1)
OPERATED_ON = date(2027, 3, 2)
SET_DOWN_AT = datetime(2027, 2, 1, tzinfo=UTC)  # or each would ask the clock


@dataclass(frozen=True, slots=True)
class Phone:
    """A text as it arrives, or why it cannot be made."""

    text: str = ""
    encoding: str = ""
    units: int = 0
    room: int = 0  # units that the last part still has room for
    parts: int = 0
    price: str = ""  # empty where the clinic has not said what a part costs
    size: str = ""  # all of these, in words
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it arrives, or why it cannot be made.

    `light` and `dark` are the very mail as documents, each made to keep to its scheme whatever
    the screen of the person who writes is set to.
    """

    subject: str = ""
    preview: str = ""
    light: str = ""
    dark: str = ""
    plain: str = ""  # what a mailbox shows that shows no HTML
    pictures: str = ""  # what it looks like when pictures are not loaded, in words
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """One finding of the linter, at its field."""

    field: str
    message: str
    blocks: bool


@dataclass(frozen=True, slots=True)
class Look:
    """Everything about one language of a step."""

    language: str
    direction: str
    sms: Phone
    sms_detailed: Phone
    mail: Mail
    findings: tuple[Said, ...] = field(default=())

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def look_at(
    step: Step, *, version: PathwayVersion, language: str, words: Mapping[str, str]
) -> Look:
    """Return how these words would arrive and what is wrong with them. Writes nothing."""
    clinic = version.pathway.clinic
    text = StepText(language=language, **{name: words.get(name, "") for name in TEXT_FIELDS})
    return Look(
        language=language,
        direction=languages.direction(language),
        sms=_phone(step, text, clinic, detailed=False),
        sms_detailed=_phone(step, text, clinic, detailed=True) if text.sms_detailed else Phone(),
        mail=_mail(step, text, clinic),
        findings=_findings(step, version=version, language=language, words=words),
    )


def rendered(step: Step, text: StepText, clinic: Clinic, *, channel: str) -> Rendered:
    """Return the message for a made-up patient. Raises CannotRender."""
    patient = _somebody(clinic)
    surgery = _an_operation(patient)
    return render(step, patient=patient, clinic=clinic, surgery=surgery, channel=channel, text=text)


def _somebody(clinic: Clinic, *, detailed: bool = False) -> Patient:
    return Patient(
        clinic=clinic,
        given_name="Ana",
        birth_date=BORN_ON,  # so that {link} is as long as a real one
        created_at=SET_DOWN_AT,
        detailed_sms=detailed,
        zone=clinic.zone,
    )


def _an_operation(patient: Patient) -> Surgery:
    appointment = datetime.combine(OPERATED_ON + timedelta(days=42), time(10, 30), tzinfo=UTC)
    return Surgery(
        patient=patient,
        surgery_date=OPERATED_ON,
        enrolled_at=SET_DOWN_AT,
        arrival_time=time(7, 30),
        appointment_at=appointment,
    )


def _phone(step: Step, text: StepText, clinic: Clinic, *, detailed: bool) -> Phone:
    if not text.sms and not detailed:
        return Phone()
    patient = _somebody(clinic, detailed=detailed)
    try:
        said = render(
            step, patient=patient, clinic=clinic, surgery=_an_operation(patient),
            channel=Channel.SMS, text=text,
        ).text  # fmt: skip
    except CannotRender as reason:
        return Phone(problem=str(reason))
    size = sms_size(said)
    room = ONE_PART[size.encoding] if size.parts == 1 else EACH_OF_MANY[size.encoding] * size.parts
    price = price_at(clinic)
    phone = Phone(
        text=said,
        encoding=size.encoding.value,
        units=size.units,
        room=max(0, room - size.units),
        parts=size.parts,
        price=price.of(size.parts) if price else "",
    )
    return replace(phone, size=_size_said(phone))


def _size_said(phone: Phone) -> str:
    """As in "2 parts, about 0.08 GBP each time · 171 characters, 135 left · GSM-7"."""
    parts = ngettext("{number} part", "{number} parts", phone.parts).format(number=phone.parts)
    if phone.price:
        parts = _("{parts}, about {price} each time").format(parts=parts, price=phone.price)
    characters = _("{number} characters, {left} left").format(number=phone.units, left=phone.room)
    return f"{parts} · {characters} · {phone.encoding}"


def price_at(clinic: Clinic) -> Price | None:
    """Return what one part costs at this clinic, or None where it has not said so."""
    if clinic.sms_part_price is None or not clinic.sms_currency:
        return None
    return Price(clinic.sms_part_price, clinic.sms_currency)


def _mail(step: Step, text: StepText, clinic: Clinic) -> Mail:
    if not text.email.strip():
        return Mail()
    patient = _somebody(clinic)
    values = placeholder_values(
        step, clinic=clinic, patient=patient, surgery=_an_operation(patient), language=text.language
    )
    try:
        made = rendered(step, text, clinic, channel=Channel.EMAIL)
        preview = mail_foot(language=text.language, values=values)["preview"]
    except (CannotRender, Unfillable) as reason:
        return Mail(problem=str(reason))
    return Mail(
        subject=made.subject,
        preview=preview,
        light=in_scheme(made.html, is_dark=False),
        dark=in_scheme(made.html, is_dark=True),
        plain=made.text,
        pictures=_without_pictures(made.html),
    )


def _without_pictures(html: str) -> str:
    number = len(_PICTURE.findall(html))
    if not number:
        return _("It loads no pictures, so it looks the same where pictures are switched off.")
    words = ngettext(
        "Where pictures are switched off, {number} picture is missing.",
        "Where pictures are switched off, {number} pictures are missing.",
        number,
    )
    return words.format(number=number)


def in_scheme(html: str, *, is_dark: bool) -> str:
    """Return the mail as a mailbox in that scheme shows it, on a screen of either."""
    wanted, media = ("dark", "all") if is_dark else ("light", "not all")
    return html.replace("(prefers-color-scheme: dark)", media).replace(
        'content="light dark"', f'content="{wanted}"'
    )


def _findings(
    step: Step, *, version: PathwayVersion, language: str, words: Mapping[str, str]
) -> tuple[Said, ...]:
    """Ask the one linter about this step alone, with the words as they are typed."""
    content = content_shown(version)
    stands = content.step(step.key)
    typed = StepTexts(**{name: words.get(name, "") for name in TEXT_FIELDS})
    texts = {**stands.texts, language: typed}
    if not any(words.values()):
        del texts[language]  # as if nobody had begun; an incomplete pack may leave it so
    alone = replace(content, steps=(replace(stands, texts=texts),))
    return _said(alone, version=version, language=language)


def findings_of_step(version: PathwayVersion, *, key: str) -> tuple[Said, ...]:
    """Return what the linter says of a step in no language: its sources, conditions, calendar."""
    content = content_shown(version)
    alone = replace(content, steps=(content.step(key),))
    return _said(alone, version=version, language="")


def _said(content: PathwayContent, *, version: PathwayVersion, language: str) -> tuple[Said, ...]:
    [step] = content.steps
    return tuple(
        Said(one.field, told_said(one.told), one.severity is Severity.BLOCKS)
        for one in findings_in(content, clinic=version.pathway.clinic)
        if one.step == step.key and one.language == language
    )
