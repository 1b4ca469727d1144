"""The stand-in's threads and our records → the list of people, and what is told about each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.db.models import Q, QuerySet
from django.utils import formats

from clinic.models import Channel, Clinic, Patient, Staff, Surgery, SurgeryStatus
from reminders.demo import stand_in_client
from reminders.demo.stand_in_client import Thread

MOST_THREADS = 150
HUES = 6


@dataclass(frozen=True, slots=True)
class Person:
    """One line of the list: whoever is behind a number and its mailbox. `key` leads there."""

    key: str
    name: str
    day: str
    hue: int
    is_known: bool
    texts: int
    mails: int
    last_kind: str
    last_text: str
    last_at: str


def people(*, now: datetime) -> list[Person]:
    """Return everybody with messages, the latest news first; at most MOST_THREADS threads deep."""
    threads = stand_in_client.threads()[:MOST_THREADS]
    patients = patients_at({thread.address for thread in threads})
    owners: dict[str, list[Patient]] = {}
    for patient in patients:
        for address in (patient.mobile, patient.email):
            owners.setdefault(address, []).append(patient)
    colleagues = colleagues_at(thread.address for thread in threads)
    together: dict[str, list[Thread]] = {}
    for thread in threads:
        together.setdefault(_key(thread.address, owners, colleagues), []).append(thread)
    usual = clinic_zone()
    return [
        _person(
            own,
            key=key,
            patients=owners.get(key, []),
            colleague=colleagues.get(key),
            usual=usual,
            now=now,
        )
        for key, own in together.items()
    ]


def first_clinic() -> Clinic | None:
    """Return the clinic whose wall clock the demo shows."""
    return Clinic.objects.order_by("pk").first()


def told(moment: datetime, *, now: datetime) -> str:
    """Return the hour of a moment of today, or its day; both in their own zone."""
    local_now = now.astimezone(moment.tzinfo)
    if moment.date() == local_now.date():
        return formats.time_format(moment.time(), "H:i")
    return formats.date_format(moment, "D j M")


def patients_at(addresses: Iterable[str]) -> QuerySet[Patient]:
    """Return whoever has one of these numbers or mail addresses, the first on record first."""
    wanted = [address for address in addresses if address]
    found = Patient.objects.filter(Q(mobile__in=wanted) | Q(email__in=wanted))
    return found.select_related("clinic").prefetch_related("surgeries").order_by("pk")


def colleagues_at(addresses: Iterable[str]) -> dict[str, Staff]:
    """Return whoever of the staff has one of these numbers or mail addresses, by both."""
    wanted = [address for address in addresses if address]
    found = Staff.objects.filter(Q(phone__in=wanted) | Q(email__in=wanted))
    return {place: who for who in found for place in (who.phone, who.email) if place}


def name_of_staff(colleague: Staff | None) -> str:
    """Return the name under which a member of staff stands here; empty for nobody."""
    return f"{colleague}, staff" if colleague else ""


def _key(address: str, owners: dict[str, list[Patient]], colleagues: dict[str, Staff]) -> str:
    if colleague := colleagues.get(address):
        return colleague.phone or colleague.email
    own = owners.get(address, [])
    return (own[0].mobile or own[0].email) if own else address


def _person(
    threads: list[Thread],
    *,
    key: str,
    patients: list[Patient],
    colleague: Staff | None,
    usual: tzinfo | None,
    now: datetime,
) -> Person:
    last = threads[0]
    counts = dict.fromkeys(Channel.values, 0)
    for thread in threads:
        counts[thread.kind] += thread.count
    return Person(
        key=key,
        name=names(patients) or name_of_staff(colleague) or key,
        day=day_shown(patients, now=now),
        hue=hue(patients),
        is_known=bool(patients),
        texts=counts[Channel.SMS],
        mails=counts[Channel.EMAIL],
        last_kind=last.kind,
        last_text=_without_sender(last.last_text, patients),
        last_at=told(last.last_at.astimezone(zone(patients, usual=usual)), now=now),
    )


def _without_sender(text: str, patients: list[Patient]) -> str:
    """The text without the clinic's name before it, which would fill the whole line."""
    return text.removeprefix(f"{patients[0].clinic.sender_name}: ") if patients else text


def names(patients: Iterable[Patient]) -> str:
    """Return their names in one line; empty for nobody."""
    return " and ".join(str(patient) for patient in patients)


def hue(patients: Iterable[Patient]) -> int:
    """Return the colour, 1 to HUES, that a person keeps on these pages; 0 for nobody."""
    return next((patient.pk % HUES + 1 for patient in patients), 0)


def zone(patients: Iterable[Patient], *, usual: tzinfo | None) -> tzinfo | None:
    """Return the zone whose wall clock counts: the patient's, else the usual one."""
    return next((patient.tz for patient in patients), usual)


def clinic_zone() -> tzinfo | None:
    """Return the zone of the demo clinic; None while there is no clinic."""
    clinic = first_clinic()
    return clinic.tz if clinic else None


def day_shown(patients: Iterable[Patient], *, now: datetime) -> str:
    """Return where each of them stands in their recovery."""
    return ", ".join(day for patient in patients if (day := _day_of(patient, now=now)))


def _day_of(patient: Patient, *, now: datetime) -> str:
    """Where the patient stands: "day 10", "operation today", "operation in 3 days"."""
    surgery = next((s for s in patient.surgeries.all() if _counts(s)), None)
    if surgery is None:
        return ""
    days = (now.astimezone(patient.tz).date() - surgery.surgery_date).days
    if days > 0:
        return f"day {days}"
    return f"operation in {-days} day{'s' if days < -1 else ''}" if days else "operation today"


def _counts(surgery: Surgery) -> bool:
    return surgery.status != SurgeryStatus.CANCELLED
