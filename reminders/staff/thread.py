"""The rows of one patient → one thread by day: messages, replies, alerts and turning points.

The newest stands on top. What is still to come carries the exact words that would be sent if it
went out now. Costs the same number of queries for a short thread and a long one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from clinic.models import Carer, CarerConsent, Consent, Hold, Patient, Surgery
from reminders.flow.reach import Consents
from reminders.models import (
    Alert,
    Audience,
    Category,
    CheckIn,
    CheckInBy,
    Delivery,
    PhoneCall,
    Purpose,
    Reminder,
    ReminderStatus,
    Reply,
)
from reminders.staff.call_words import call_icon, call_said, stands
from reminders.staff.kept_words import because_said, kept_said
from reminders.staff.meanings import read_as
from reminders.staff.message_parts import Part, delivery_part, parts_of
from reminders.staff.outcomes import outcome_said
from reminders.staff.shipped_words import shipped_said
from reminders.staff.turning_points import consent_icon, of_carers, of_holds
from reminders.staff.words import (
    CATEGORY_ICONS,
    Said,
    day_of_recovery,
    on_the_wall,
    reminder_said,
)

NOON = time(12, 0)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing on the thread. `kind` is message, task, reply, alert, call or event."""

    kind: str
    at: datetime
    when: str
    title: str
    icon: str
    said: Said | None = None
    category: str = ""
    because: str = ""
    step_key: str = ""
    version: int | None = None
    is_safety: bool = False
    parts: tuple[Part, ...] = ()
    text: str = ""
    sent_by: str = ""  # who sent it by hand
    carer: Any = None  # to whom it goes, or who wrote it, when that is not the patient
    row: Any = None


@dataclass(frozen=True, slots=True)
class Day:
    """The entries of one day, under the day of recovery that it is."""

    date: date
    label: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Thread:
    """The whole story: what comes (furthest first), what was (newest first), what fell away."""

    coming: tuple[Day, ...]
    past: tuple[Day, ...]
    fell_away: tuple[Entry, ...]
    coming_count: int


@dataclass(slots=True)
class Rows:
    """All rows of one patient that the thread is made from, read once."""

    patient: Patient
    surgeries: list[Surgery]
    reminders: list[Reminder]
    answers: list[Delivery]
    replies: list[Reply]
    alerts: list[Alert]
    consents: list[Consent]
    check_ins: list[CheckIn] = field(default_factory=list)
    calls: list[PhoneCall] = field(default_factory=list)
    in_force: Consents = field(default_factory=lambda: Consents({}))
    holds: list[Hold] = field(default_factory=list)
    carers: list[Carer] = field(default_factory=list)
    carer_consents: list[CarerConsent] = field(default_factory=list)


def thread(rows: Rows, *, now: datetime) -> Thread:
    """Put everything into its place."""
    tz = rows.patient.tz
    told = [r for r in rows.reminders if not _fell_away(r)]
    settled = {call.alert_id for call in rows.calls if stands(call) and call.is_contact}
    entries = [
        *(_reminder_entry(reminder, rows, now=now, tz=tz) for reminder in told),
        *(_answer_entry(delivery, tz=tz) for delivery in rows.answers),
        *(_reply_entry(reply, tz=tz) for reply in rows.replies),
        *(_alert_entry(alert, settled_by=settled, tz=tz) for alert in rows.alerts),
        *(_call_entry(call, tz=tz) for call in rows.calls),
        *(_check_in_entry(check_in, tz=tz) for check_in in rows.check_ins),
        *_events(rows, tz=tz),
    ]
    entries.sort(key=lambda entry: entry.at, reverse=True)
    coming = [entry for entry in entries if entry.at > now]
    return Thread(
        coming=tuple(_days(coming, rows.surgeries, tz=tz)),
        past=tuple(_days([e for e in entries if e.at <= now], rows.surgeries, tz=tz)),
        fell_away=tuple(
            _reminder_entry(r, rows, now=now, tz=tz) for r in rows.reminders if _fell_away(r)
        ),
        coming_count=sum(entry.kind in ("message", "task") for entry in coming),
    )


def _fell_away(reminder: Reminder) -> bool:
    """True for what the record does not ask for any more, or never did."""
    is_missed = reminder.status == ReminderStatus.MISSED
    return reminder.status == ReminderStatus.CANCELLED or (
        is_missed and reminder.reason in ("enrolled_late", "while_held")
    )


def _days(entries: Iterable[Entry], surgeries: list[Surgery], *, tz: ZoneInfo) -> Iterator[Day]:
    for day, group in groupby(entries, key=lambda entry: entry.at.astimezone(tz).date()):
        surgery = operation_at(surgeries, day)
        label = day_of_recovery(surgery.surgery_date, on=day) if surgery else ""
        yield Day(date=day, label=label, entries=tuple(group))


def operation_at(surgeries: list[Surgery], day: date) -> Surgery | None:
    """Return the operation that a day is counted from: the last one before it, else the next.

    `surgeries` are those that were not cancelled, the latest first.
    """
    before = [surgery for surgery in surgeries if surgery.surgery_date <= day]
    return before[0] if before else (surgeries[-1] if surgeries else None)


# --- Messages ---------------------------------------------------------------------------
def _reminder_entry(reminder: Reminder, rows: Rows, *, now: datetime, tz: ZoneInfo) -> Entry:
    step = reminder.step
    deliveries = list(reminder.deliveries.all())
    is_task = step.audience == Audience.STAFF
    return Entry(
        kind="task" if is_task else "message",
        at=reminder.due_at,
        when=on_the_wall(reminder.due_at, tz=tz),
        title=shipped_said(step.intent),
        icon="assignment" if is_task else CATEGORY_ICONS.get(reminder.category, "sms"),
        said=None if deliveries else reminder_said(reminder, now=now),
        category=str(dict(Category.choices).get(reminder.category, reminder.category)),
        because=because_said(reminder.because),
        step_key=step.key,
        version=step.version.number,
        is_safety=step.is_safety_critical,
        parts=parts_of(
            reminder, deliveries, patient=rows.patient, consents=rows.in_force, now=now, tz=tz
        ),
        text=shipped_said(step.staff_action) if is_task else "",
        carer=reminder.carer,
        sent_by=str(reminder.sent_by or ""),
        row=reminder,
    )


def _answer_entry(delivery: Delivery, *, tz: ZoneInfo) -> Entry:
    is_answer = delivery.purpose == Purpose.ANSWER
    return Entry(
        kind="message",
        at=delivery.queued_at,
        when=on_the_wall(delivery.queued_at, tz=tz),
        title=_("Our answer to a reply") if is_answer else delivery.get_purpose_display(),
        icon="reply",
        category=_("Answer") if is_answer else _("Link"),
        parts=(delivery_part(delivery, tz=tz),),
        carer=delivery.carer,
        row=delivery,
    )


# --- What comes back, and turning points --------------------------------------------------
def _reply_entry(reply: Reply, *, tz: ZoneInfo) -> Entry:
    tone = "bad" if reply.meaning == "urgent" else "quiet"
    return Entry(
        kind="reply",
        at=reply.received_at,
        when=on_the_wall(reply.received_at, tz=tz),
        title=_("Reply by {channel}").format(channel=reply.get_channel_display().lower()),
        icon="chat",
        said=Said(read_as(reply), tone),
        text=reply.text,
        carer=reply.carer,
        row=reply,
    )


def _alert_entry(alert: Alert, *, settled_by: set[int | None], tz: ZoneInfo) -> Entry:
    """An alert with what came of it; what came of a call stands with the call, and only there."""
    outcome = "" if alert.pk in settled_by else outcome_said(alert.outcome)
    tone = "quiet" if alert.status == "closed" else "bad"
    return Entry(
        kind="alert",
        at=alert.opened_at,
        when=on_the_wall(alert.opened_at, tz=tz),
        title=kept_said(alert.summary),
        icon="notifications",
        said=Said(alert.get_status_display(), tone),
        text=outcome or kept_said(alert.to_do),
        row=alert,
    )


def _check_in_entry(check_in: CheckIn, *, tz: ZoneInfo) -> Entry:
    """A form that was handed in; what came by text stands there as replies."""
    way = {CheckInBy.PAGE: _("Check-in on the page"), CheckInBy.STAFF: _("Check-in by telephone")}
    return _event(
        check_in.submitted_at or check_in.started_at,
        str(way.get(CheckInBy(check_in.by), check_in.get_by_display())),
        "checklist",
        tz=tz,
    )


def _events(rows: Rows, *, tz: ZoneInfo) -> Iterator[Entry]:
    for surgery in rows.surgeries:
        title = f"{surgery.get_procedure_display()} ({surgery.get_status_display().lower()})"
        yield _event(_noon(surgery.surgery_date, tz), title, "medical_services", tz=tz, timed=False)
        if surgery.discharge_date:
            at = _noon(surgery.discharge_date, tz)
            yield _event(at, _("Goes home"), "home", tz=tz, timed=False)
    for consent in rows.consents:
        word = (
            _("{channel} may be used: {source}")
            if consent.given
            else _("{channel} stopped: {source}")
        )
        title = word.format(
            channel=consent.get_channel_display(), source=consent.get_source_display().lower()
        )
        yield _event(consent.at, title, consent_icon(consent), tz=tz, text=consent.wording)
    for one in (*of_holds(rows.holds), *of_carers(rows.carers, rows.carer_consents)):
        yield _event(one.at, one.title, one.icon, tz=tz, text=one.text)


def _noon(day: date, tz: ZoneInfo) -> datetime:
    return datetime.combine(day, NOON, tzinfo=tz)


def _event(
    at: datetime, title: str, icon: str, *, tz: ZoneInfo, text: str = "", timed: bool = True
) -> Entry:
    when = on_the_wall(at, tz=tz) if timed else ""
    return Entry(kind="event", at=at, when=when, title=title, icon=icon, text=text)


def _call_entry(call: PhoneCall, *, tz: ZoneInfo) -> Entry:
    return Entry(
        kind="call",
        at=call.occurred_at,
        when=on_the_wall(call.occurred_at, tz=tz),
        title=call_said(call),
        icon=call_icon(call),
        row=call,
    )
