"""Titles of columns → the fields they fill."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from clinic.intake.tables import MOST_COLUMNS, FileRefused
from clinic.verdicts.verdict import shown

REQUIRED = ("record_number", "given_name", "family_name", "birth_date", "surgery_date")
YES_NO_SURGERY = (
    "approach_anterior", "brace", "day_case", "desk_work", "drain", "driver", "durotomy",
    "emergency_surgery", "fusion", "histology_sent", "manual_work", "not_driving_yet", "opioids",
    "patient_told_of_specimen", "review_booked", "smoker", "weight_goal_agreed", "with_discectomy",
)  # fmt: skip
YES_NO_PATIENT = ("detailed_sms", "intimacy_advice")
CONSENTS = ("consent_sms", "consent_email", "consent")

# Each field, with the other titles it goes by. A title is compared in lower case, without accents,
# its words joined by _.
_TITLES = {
    "record_number": "mrn record record_no medical_record_number hospital_number hospital_no "
    "patient_id patient_no patient_number chart_number",
    "given_name": "first_name firstname forename given given_names first vorname prenom",
    "family_name": "last_name lastname surname family last nachname nom",
    "birth_date": "dob date_of_birth birthdate birthday born geburtsdatum date_de_naissance",
    "mobile": "phone mobile_number mobile_phone mobile_no phone_number cell cell_phone cellphone "
    "telephone telephone_number tel sms handy",
    "email": "e_mail mail email_address e_mail_address",
    "language": "lang preferred_language sprache langue",
    "zone": "time_zone timezone tz",
    "channels": "wants channel preferred_channel preferred_channels contact_by",
    "consent_sms": "sms_consent text_consent consent_text consent_for_sms consent_for_texts",
    "consent_email": "email_consent consent_for_email mail_consent",
    "consent": "consent_given consented",
    "procedure": "operation surgery op type_of_surgery surgery_type",
    "region": "spine_region spinal_region",
    "levels": "level spinal_level spinal_levels",
    "side": "laterality",
    "approach": "",
    "approach_anterior": "anterior anterior_approach from_the_front",
    "collar": "neck_collar cervical_collar",
    "anaesthetic": "anesthetic anaesthesia anesthesia",
    "indication": "reason_for_surgery diagnosis",
    "wound_closure": "closure skin_closure",
    "destination": "discharge_destination",
    "symptom_months": "months_of_symptoms",
    "surgery_date": "date_of_surgery operation_date date_of_operation op_date operated_on",
    "arrival_time": "time_of_arrival arrive_at",
    "discharge_date": "date_of_discharge discharged_on discharge",
    "status": "surgery_status operation_status",
    "with_discectomy": "discectomy",
    "durotomy": "dural_tear",
    "histology_sent": "specimen_sent specimen histology",
    "opioids": "strong_painkillers strong_pain_tablets opioid",
    "day_case": "daycase day_surgery outpatient",
    "emergency_surgery": "emergency",
    "driver": "drives",
    "desk_work": "desk_job office_work",
    "manual_work": "manual_job heavy_work",
    "smoker": "smokes smoking",
    "fusion": "fused",
    "detailed_sms": "detailed_sms_consent",
    "intimacy_advice": "opt_in_intimacy",
    "patient_told_of_specimen": "told_of_specimen",
}
_FIELDS_BY_TITLE = {
    title: name
    for name, others in (dict.fromkeys((*YES_NO_SURGERY, *YES_NO_PATIENT), "") | _TITLES).items()
    for title in (name, *others.split())
}


@dataclass(frozen=True, slots=True)
class Columns:
    """Which field each column fills, by place; `unknown` are titles that fill none."""

    fields: tuple[str | None, ...]
    unknown: tuple[str, ...]

    @property
    def known(self) -> frozenset[str]:
        return frozenset(name for name in self.fields if name)


def columns_of(titles: Sequence[str]) -> Columns:
    """Read a header. Raise FileRefused for missing or doubled columns and for too many of them."""
    if len(titles) > MOST_COLUMNS:
        raise FileRefused(
            "too_many_columns",
            f"The table has over {MOST_COLUMNS} columns.",
            "Keep what is needed.",
        )
    fields = tuple(_FIELDS_BY_TITLE.get(_plain(title)) for title in titles)
    _refuse_doubled(titles, fields=fields)
    _refuse_missing(fields, titles=titles)
    unknown = tuple(
        shown(title.strip()) or f"(column {place} has no title)"
        for place, (title, field) in enumerate(zip(titles, fields, strict=True), start=1)
        if field is None
    )
    return Columns(fields=fields, unknown=unknown)


def _plain(title: str) -> str:
    letters = unicodedata.normalize("NFKD", title[:100]).casefold()
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"[\W_]+", "_", bare).strip("_")


def _refuse_doubled(titles: Sequence[str], *, fields: Sequence[str | None]) -> None:
    seen: dict[str, str] = {}
    for title, field in zip(titles, fields, strict=True):
        key = field or _plain(title)
        if key and key in seen:
            what = f'The columns "{shown(seen[key])}" and "{shown(title)}" mean the same.'
            raise FileRefused("doubled_column", what, "Remove one of them.")
        seen[key] = title


def _refuse_missing(fields: Sequence[str | None], *, titles: Sequence[str]) -> None:
    missing = [name for name in REQUIRED if name not in fields]
    if not missing:
        return
    found = ", ".join(shown(title.strip()) for title in titles[:12] if title.strip())
    what = f"Columns are missing: {', '.join(missing)}."
    raise FileRefused(
        "missing_columns", what, f"The first line must hold the titles; it has: {found}."
    )
