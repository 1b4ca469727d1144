"""A clinic of 50,000 patients and a million messages, copied inside PostgreSQL from one each."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection, models

from bench.rows import operations
from clinic.models import Clinic, Consent, Role, Staff, Surgery
from reminders.models import (
    Alert,
    CheckIn,
    Delivery,
    DeliveryStatus,
    PathwayVersion,
    Reminder,
    ReminderStatus,
    Reply,
    ReplyStatus,
    Tier,
    VersionStatus,
)

GIVEN = ("Ada", "Bela", "Chidi", "Dora", "Emre", "Fola", "Gita", "Hana", "Ivo", "Jun")
FAMILY = (
    "Abara",
    "Berg",
    "Castro",
    "Duarte",
    "Eriksen",
    "Fofana",
    "Grau",
    "Horvat",
    "Ito",
    "Jansen",
)
# Of each thing that staff see to, one in so many still waits for them.
ONE_IN_WAITS = 250


@dataclass(frozen=True, slots=True)
class Size:
    """How many patients, and how many messages each."""

    patients: int
    messages: int


def multiply(row: models.Model, source: str, **instead: str) -> int:
    """Copy a row once for each row of `source`, with these columns instead; return how many.

    Written in one statement, so its indexes are what it costs.
    """
    meta = row._meta
    fields = [field for field in meta.concrete_fields if field is not meta.auto_field]
    columns = [str(field.column) for field in fields]
    values = [instead.pop(column, f"one.{column}") for column in columns]
    assert not instead, f"{meta.db_table} has no {', '.join(instead)}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {meta.db_table} ({', '.join(columns)}) SELECT {', '.join(values)}"
            f" FROM {meta.db_table} one CROSS JOIN {source} WHERE one.{meta.pk.column} = %s",
            [row.pk],
        )
        return int(cursor.rowcount)


def fill(clinic: Clinic, size: Size) -> None:
    """Make the clinic's patients, their year of messages, and what came back of them."""
    now = datetime.now(UTC)
    with connection.cursor() as cursor:  # the rows fit together; checking each would take minutes
        cursor.execute("SET session_replication_role = replica")
    [first] = operations(clinic, 1, operated_on=now.date())
    _people(first, size.patients)
    _messages(first, now=now, each=size.messages)
    _what_came_back(clinic, first, now=now)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("ANALYZE")


def _people(first: Surgery, count: int) -> None:
    multiply(
        first.patient,
        f"generate_series(1, {count - 1}) n",
        record_number="'L-' || n",
        given_name=_one_of(GIVEN, "n"),
        family_name=_one_of(FAMILY, "n / 10") + " || ' ' || n / 100",
        mobile="'+4477' || lpad(n::text, 8, '0')",
        email="'l' || n || '@example.com'",
        birth_date="date '1935-01-01' + n %% 25000",
    )
    others = f"clinic_patient p WHERE p.id <> {first.patient_id} AND p.record_number LIKE 'L-%%'"
    others = f"(SELECT id FROM {others}) p"
    for consent in Consent.objects.filter(patient=first.patient):
        multiply(consent, others, patient_id="p.id")
    multiply(
        first,
        others,
        patient_id="p.id",
        surgery_date="current_date + 20 - (p.id %% 380)::int",
        discharge_date="NULL",
        status="CASE WHEN p.id %% 380 < 25 THEN 'planned' ELSE 'confirmed' END",
        planned_revision="one.revision",
    )


def _one_of(names: tuple[str, ...], number: str) -> str:
    listed = ", ".join(f"'{name}'" for name in names)
    return f"(ARRAY[{listed}])[({number}) %% {len(names)} + 1]"


def _messages(first: Surgery, *, now: datetime, each: int) -> None:
    version = PathwayVersion.objects.filter(status=VersionStatus.LIVE).order_by("pk")[0]
    step = version.steps.order_by("position")[0]
    reminder = Reminder.objects.create(
        surgery=first, step=step, step_key=step.key, category=step.category,
        status=ReminderStatus.DISPATCHED, due_at=now, not_after=now + timedelta(hours=8),
        status_since=now,
    )  # fmt: skip
    # Spread over the year behind us; two more each are to come.
    behind = "now() - ((s.id * 7 + n * 13) %% 365) * interval '1 day' - s.id * interval '1 second'"
    due = f"CASE WHEN n > {each} THEN now() + (n - {each}) * interval '5 days' ELSE {behind} END"
    multiply(
        reminder,
        f"clinic_surgery s CROSS JOIN generate_series(1, {each + 2}) n",
        surgery_id="s.id",
        occurrence="n",
        due_at=due,
        not_after=f"{due} + interval '8 hours'",
        status=f"CASE WHEN n > {each} THEN 'planned' ELSE 'dispatched' END",
        category="CASE WHEN n %% 5 = 0 THEN 'check_in' ELSE one.category END",
    )
    delivery = Delivery.objects.create(
        reminder=reminder, patient=first.patient, clinic=first.patient.clinic, channel="sms",
        status=DeliveryStatus.DELIVERED, queued_at=now, status_since=now, next_try_at=now,
        not_after=now + timedelta(hours=8), attempts_made=1, address=first.patient.mobile,
        language="en", text="Keep walking a little further each day. Questions? " * 3, segments=2,
    )  # fmt: skip
    multiply(
        delivery,
        "reminders_reminder r JOIN clinic_surgery s ON s.id = r.surgery_id"
        f" AND r.status = 'dispatched' AND r.id <> {reminder.pk}",
        reminder_id="r.id",
        patient_id="s.patient_id",
        queued_at="r.due_at",
        status_since="r.due_at",
        next_try_at="r.due_at",
        not_after="r.not_after",
        channel="CASE WHEN r.id %% 3 = 0 THEN 'email' ELSE 'sms' END",
        status="CASE WHEN r.id %% 50 = 0 THEN 'undelivered' ELSE 'delivered' END",
        failure_reason="CASE WHEN r.id %% 50 = 0 THEN 'undelivered' ELSE '' END",
    )


def _what_came_back(clinic: Clinic, first: Surgery, *, now: datetime) -> None:
    nurse = Staff.objects.create_user("bench-caller", clinic=clinic, role=Role.NURSE)
    patients = f"(SELECT id, mobile FROM clinic_patient WHERE clinic_id = {clinic.pk}) p"
    at = "now() - (p.id %% 8000) * interval '1 hour'"
    waits = f"p.id %% {ONE_IN_WAITS} = 0"
    reply = Reply.objects.create(
        provider="twilio", provider_message_id="many-0", channel="sms", clinic=clinic,
        patient=first.patient, sender=first.patient.mobile, recipient=clinic.sms_sender,
        text="May I sit for a longer time in the car?", raw={}, received_at=now,
        status=ReplyStatus.ANSWERED, meaning="unclear", dealt_with_by=nurse, dealt_with_at=now,
        outcome="Called back.",
    )  # fmt: skip
    multiply(
        reply,
        patients,
        provider_message_id="'many-' || p.id",
        patient_id="p.id",
        sender="p.mobile",
        received_at=at,
        status=f"CASE WHEN {waits} THEN 'for_a_person' ELSE 'answered' END",
    )
    alert = Alert.objects.create(
        clinic=clinic, patient=first.patient, kind="reply", tier=Tier.SAME_DAY, cause="many-0",
        summary="May be urgent", status="closed", opened_at=now, act_before=now,
        closed_by=nurse, closed_at=now, outcome="Called back.",
    )  # fmt: skip
    multiply(
        alert,
        patients,
        cause="'many-' || p.id",
        patient_id="p.id",
        opened_at=at,
        act_before=f"{at} + interval '4 hours'",
        status=f"CASE WHEN {waits} THEN 'open' ELSE 'closed' END",
    )
    check_in = CheckIn.objects.create(
        key="00000000-0000-4000-8000-000000000000", patient=first.patient, surgery=first, day=3,
        by="page", started_at=now, active_at=now, submitted_at=now, version="1", mode="relay",
    )  # fmt: skip
    multiply(
        check_in,
        "clinic_surgery s",
        key="gen_random_uuid()",
        patient_id="s.patient_id",
        surgery_id="s.id",
    )
