"""How each field of a table is read: one verdict of `clinic.verdicts` for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from clinic.intake.columns import CONSENTS, YES_NO_PATIENT, YES_NO_SURGERY
from clinic.models import (
    Anaesthetic,
    Approach,
    ChannelChoice,
    Clinic,
    Collar,
    Destination,
    Indication,
    Procedure,
    Region,
    Side,
    SurgeryStatus,
    WoundClosure,
)
from clinic.verdicts import (
    Rejected,
    Verdict,
    dates,
    emails,
    facts,
    hours,
    languages,
    names,
    phones,
    record_numbers,
    zones,
)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a reading depends on beside the text: the clinic, its day, and what was told."""

    clinic: Clinic
    today: date
    test_numbers: bool
    languages: frozenset[str]
    day_order: dates.DayOrder | None = None


Reading = Callable[[str, Terms], Verdict[Any]]
_MOST_SYMPTOM_MONTHS = 1200


def _birth_date(text: str, terms: Terms) -> Verdict[date]:
    read = dates.day(text, order=terms.day_order)
    kept = dates.birth_date(read.value, today=terms.today)
    return Verdict(kept.value, fixes=read.fixes, warnings=kept.warnings)


def _surgery_date(text: str, terms: Terms) -> Verdict[date]:
    read = dates.day(text, order=terms.day_order)
    kept = dates.surgery_date(read.value, today=terms.today)
    return Verdict(kept.value, fixes=read.fixes, warnings=kept.warnings)


def _mobile(text: str, terms: Terms) -> Verdict[str]:
    return phones.mobile(
        text,
        country=terms.clinic.country,
        allowed_countries=terms.clinic.mobile_countries,
        test_numbers=terms.test_numbers,
    )


def _symptom_months(text: str, _terms: Terms) -> Verdict[int]:
    digits = text.strip()
    if digits.isascii() and digits.isdigit() and int(digits[:6]) <= _MOST_SYMPTOM_MONTHS:
        return Verdict(int(digits[:6]))
    raise Rejected("not_a_number", "This is not a number of months.", "Write a whole number.")


def _one_of(choices: list[str], also: Mapping[str, str]) -> Reading:
    return lambda text, _terms: facts.one_of(text, choices=choices, also=also)


def _yes_or_no(text: str, _terms: Terms) -> Verdict[bool | None]:
    return facts.yes_or_no(text)


PATIENT: dict[str, Reading] = {
    "record_number": lambda text, _terms: record_numbers.record_number(text),
    "given_name": lambda text, _terms: names.person_name(text),
    "family_name": lambda text, _terms: names.person_name(text),
    "birth_date": _birth_date,
    "mobile": _mobile,
    "email": lambda text, terms: emails.address(text, own_address=terms.clinic.email_sender),
    "language": lambda text, terms: languages.language(text, offered=terms.languages),
    "zone": lambda text, _terms: zones.zone(text),
    "channels": _one_of(
        ChannelChoice.values,
        {
            "text": "sms", "texts": "sms", "phone": "sms", "mobile": "sms", "mail": "email",
            "e_mail": "email", "all": "both", "sms+email": "both", "sms,email": "both",
            "sms_and_email": "both", "text_and_email": "both",
        },
    ),
    **dict.fromkeys(YES_NO_PATIENT, _yes_or_no),
}  # fmt: skip

SURGERY: dict[str, Reading] = {
    "surgery_date": _surgery_date,
    "discharge_date": lambda text, terms: dates.day(text, order=terms.day_order),
    "arrival_time": lambda text, _terms: hours.wall_time(text),
    "status": _one_of(
        SurgeryStatus.values,
        {
            "scheduled": "planned", "booked": "planned", "listed": "planned", "done": "confirmed",
            "took_place": "confirmed", "completed": "confirmed", "performed": "confirmed",
            "canceled": "cancelled",
        },
    ),
    "procedure": _one_of(Procedure.values, {}),
    "region": _one_of(
        Region.values, {"neck": "cervical", "lower_back": "lumbar", "low_back": "lumbar"}
    ),
    "levels": lambda text, _terms: facts.levels(text),
    "side": _one_of(
        Side.values, {"l": "left", "r": "right", "both": "bilateral", "both_sides": "bilateral"}
    ),
    "approach": _one_of(Approach.values, {"microscopic": "micro", "microscope": "micro"}),
    "anaesthetic": _one_of(Anaesthetic.values, {"ga": "general"}),
    "indication": _one_of(
        Indication.values, {"tumor": "tumour", "herniated_disc": "disc_herniation"}
    ),
    "wound_closure": _one_of(
        WoundClosure.values,
        {
            "glue": "dissolving", "absorbable": "dissolving", "sutures": "stitches",
            "clips": "staples",
        },
    ),
    "collar": _one_of(
        Collar.values,
        {"no": "none", "n": "none", "soft_collar": "soft", "hard_collar": "hard", "rigid": "hard"},
    ),
    "destination": _one_of(
        Destination.values, {"intensive_care": "icu", "rehabilitation": "rehab"}
    ),
    "symptom_months": _symptom_months,
    **dict.fromkeys(YES_NO_SURGERY, _yes_or_no),
}  # fmt: skip

CONSENT: dict[str, Reading] = dict.fromkeys(CONSENTS, _yes_or_no)
