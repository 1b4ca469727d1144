"""What a file holds of each list: titles that stay, and which of them tell who somebody is.

A title that the import knows is spelled as the import does, so that it reads our own files back.
Without names a patient is a number that means nothing elsewhere and is the same in every file.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, QuerySet, Subquery

from clinic.intake.columns import YES_NO_SURGERY
from clinic.models import Channel, Consent, Surgery, SurgeryStatus
from clinic.seen import saw


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its title, where its value is, and whether it tells who somebody is."""

    title: str
    of: str
    is_private: bool = False


def _plain(names: str, *, under: str = "") -> list[Column]:
    return [Column(name, f"{under}{name}") for name in names.split()]


def _private(names: str, *, under: str = "") -> list[Column]:
    return [Column(name, f"{under}{name}", is_private=True) for name in names.split()]


def _whose(under: str = "patient__") -> list[Column]:
    names = _private("record_number given_name family_name", under=under)
    return [Column("patient", f"{under}id"), *names]


_CONTACT = "birth_date mobile email"
_WISHES = "language zone channels"
_OPERATION = (
    "surgery_date discharge_date arrival_time status procedure region levels side approach"
    " anaesthetic indication wound_closure collar destination symptom_months"
)
PATIENTS = (
    *_whose(""),
    *_private(_CONTACT),
    *_plain(f"{_WISHES} detailed_sms intimacy_advice"),
    Column("patient_status", "status"),
    *_private("hold_reason"),
    *_plain("created_at mobile_failed_at email_failed_at consent_sms consent_email"),
    *_plain("surgery_date procedure surgery_status"),
)
OPERATIONS = (
    Column("surgery_id", "id"),
    *_whose(),
    *_private(_CONTACT, under="patient__"),
    *_plain(_WISHES, under="patient__"),
    *_plain(_OPERATION),
    *_plain(" ".join(YES_NO_SURGERY)),
    *_plain("histology_unexpected on_hold"),
    *_private("hold_reason"),
)
MESSAGES = (
    Column("message", "id"),
    *_whose(),
    Column("carer", "carer_id"),
    *_private("address"),
    *_plain("queued_at purpose channel status failure_reason failure_code language segments"),
    Column("step", "reminder__step_key"),
    Column("category", "reminder__category"),
    *_private("subject text"),
)
REPLIES = (
    Column("reply", "id"),
    *_whose(),
    Column("carer", "carer_id"),
    *_private("sender"),
    *_plain("received_at channel meaning answer_code answer_meaning was_late media_count status"),
    *_plain("dealt_with_at"),
    *_private("text outcome"),
)
ALERTS = (
    Column("alert", "id"),
    *_whose(),
    *_plain("kind tier status opened_at act_before acknowledged_at closed_at"),
    *_private("summary outcome"),
)
ANSWERS = (
    Column("answer", "id"),
    Column("check_in", "check_in_id"),
    *_whose("check_in__patient__"),
    Column("day", "check_in__day"),
    Column("by", "check_in__by"),
    Column("submitted_at", "check_in__submitted_at"),
    *_plain("question number choice"),
    Column("tier", "check_in__tier"),
    *_private("raw"),
)
COLUMNS: dict[str, tuple[Column, ...]] = {
    "clinic.patient": PATIENTS,
    "clinic.surgery": OPERATIONS,
    "reminders.delivery": MESSAGES,
    "reminders.reply": REPLIES,
    "reminders.alert": ALERTS,
    "reminders.checkinanswer": ANSWERS,
}


def columns_of(rows_of: str, *, with_names: bool) -> list[Column]:
    """Return the columns of one list's file; those that tell who somebody is only if asked for."""
    return [c for c in COLUMNS[rows_of] if with_names or not c.is_private]


def table(
    rows: QuerySet[Any], columns: Iterable[Column], *, tz: ZoneInfo, at_once: int = 2_000
) -> Iterator[list[str]]:
    """Give the titles, then each row as texts, in the order of the list.

    The rows come through a cursor of the server, `at_once` at a time: memory does not depend on
    how many there are, and all are of one moment.
    """
    columns = list(columns)
    yield [column.title for column in columns]
    bare = _with_more(rows).prefetch_related(None)
    values = bare.values_list(*(column.of for column in columns))
    whose = [column.title for column in columns].index("patient")
    for row in values.iterator(chunk_size=at_once):
        if row[whose]:
            saw(row[whose])  # for the history of who has looked at whose record
        yield [said(value, tz=tz) for value in row]


def said(value: Any, *, tz: ZoneInfo) -> str:
    """Return a value as a file has it: days as 2026-03-02, moments on the clinic's clock."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.astimezone(tz).strftime("%Y-%m-%d %H:%M")
    return str(value)


def _with_more(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Put beside a patient what the import reads in the same row: the operation and consents."""
    if rows.model._meta.label_lower != "clinic.patient":
        return rows
    operations = Surgery.objects.filter(patient=OuterRef("pk"))
    last = operations.exclude(status=SurgeryStatus.CANCELLED).order_by("-surgery_date", "pk")
    consents = Consent.objects.filter(patient=OuterRef("pk")).order_by("-at", "-pk")
    more: QuerySet[Any] = rows.annotate(
        surgery_date=Subquery(last.values("surgery_date")[:1]),
        procedure=Subquery(last.values("procedure")[:1]),
        surgery_status=Subquery(last.values("status")[:1]),
        consent_sms=Subquery(consents.filter(channel=Channel.SMS).values("given")[:1]),
        consent_email=Subquery(consents.filter(channel=Channel.EMAIL).values("given")[:1]),
    )
    return more
