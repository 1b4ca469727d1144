"""A record and the steps of its pathway → what the patient is to be told, and when.

Pure and repeatable: the same record gives the same plan whenever it is asked for, because
nothing here knows what time it is now.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from reminders.rules.content import Anchor, Audience, Priority, StepContent
from reminders.rules.facts import Record, applies, because
from reminders.rules.pauses import left_behind, shift_of, waits
from reminders.rules.timing import (
    ONE_DAY,
    Shift,
    last_moment,
    next_allowed,
    nth_workday_after,
    shifted,
    wall_clock_moment,
)

# However late in the evening a step falls, it has this long to be sent.
SHORTEST_WINDOW = timedelta(hours=1)
# A message that answers an event is of use until the next morning's work is done.
EVENT_WINDOW = timedelta(hours=12)
# "At discharge" without an hour on record: early afternoon, when most people leave.
DISCHARGE_HOUR = time(14, 0)
# Steps counted from these anchors speak of the time after the operation.
WAITS_FOR_CONFIRMATION = frozenset({Anchor.SURGERY, Anchor.DISCHARGE, Anchor.APPOINTMENT})
SURGERY_ON_HOLD = "surgery_on_hold"  # a ReminderReason
SAFETY_FIRST = ("warning_signs", "check_in")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One reminder that a plan asks for. `hold` or `skip` names the reason when there is one.

    `carer_id`: for whom of the patient's carers it is; None: for the patient, or staff.
    """

    step: StepContent
    occurrence: int
    due_at: datetime
    not_after: datetime
    because: str = ""
    hold: str = ""
    skip: str = ""
    carer_id: int | None = None
    shifted_days: int = 0  # by how many days holds have moved it

    @property
    def is_high_priority(self) -> bool:
        return self.step.priority is Priority.HIGH

    @property
    def identity(self) -> tuple[str, int, int]:
        return (self.step.key, self.occurrence, self.carer_id or 0)


def plan(record: Record, steps: Iterable[StepContent]) -> list[Occurrence]:
    """Return every occurrence the record asks for, by moment; an empty list when care stopped.

    The plan of a carer has the steps for carers and no others, and the patient's has none of them.
    """
    if record.stop:
        return []
    for_carer = record.carer_id is not None
    asked = [
        occurrence
        for step in steps
        if (step.audience is Audience.CARER) == for_carer and applies(step, record)
        for occurrence in _occurrences(step, record)
    ]
    asked.sort(key=lambda o: (o.due_at, not o.is_high_priority, o.identity))
    return sorted(_spread(asked, record), key=lambda o: o.due_at)


def _occurrences(step: StepContent, record: Record) -> Iterator[Occurrence]:
    anchor = _anchor_date(step, record)
    if anchor is None:
        return
    for occurrence, first_day, last_day in _windows(step, anchor, record):
        window = (first_day, last_day)
        yield _place(step, record, occurrence=occurrence, window=window)


def _anchor_date(step: StepContent, record: Record) -> date | None:
    match step.anchor:
        case Anchor.SURGERY:
            return record.surgery_date
        case Anchor.DISCHARGE:
            return record.discharge_date
        case Anchor.ENROLMENT:
            return record.enrolled_at.astimezone(record.tz).date()
        case Anchor.APPOINTMENT:
            return record.appointment_at and record.appointment_at.astimezone(record.tz).date()
        case Anchor.HISTOLOGY_RESULT:
            return record.histology_result_date


def _windows(step: StepContent, anchor: date, record: Record) -> Iterator[tuple[int, date, date]]:
    """Yield occurrence number, first day and last day of each repeat."""
    end = anchor + timedelta(days=step.day_to)
    if not step.repeat_days and not step.every_working_days:
        yield _number(step, record), anchor + timedelta(days=step.day_from), end
        return
    days = step.repeat_days or (step.day_from,)
    # A repeat may be late until the window's length after its own day, not until the last one.
    late_days = 1 if step.every_working_days else max(0, step.day_to - days[-1])
    room = timedelta(days=late_days)
    for day in days:
        first = anchor + timedelta(days=day)
        yield day, first, min(end, first + room)
    if step.every_working_days:
        yield from _working_day_repeats(step, anchor, end, record)


def _number(step: StepContent, record: Record) -> int:
    """The day, or for an appointment its minute: moved by an hour, it has to be told again."""
    if step.anchor is Anchor.APPOINTMENT and record.appointment_at is not None:
        return int(record.appointment_at.timestamp()) // 60
    return step.day_from


def _working_day_repeats(
    step: StepContent, anchor: date, end: date, record: Record
) -> Iterator[tuple[int, date, date]]:
    every = step.every_working_days or 1
    day = anchor + timedelta(days=(step.repeat_days or (step.day_from,))[-1])
    while True:
        day = nth_workday_after(day, every, is_workday=record.is_workday)
        if day > end:
            return
        yield (day - anchor).days, day, min(end, day + ONE_DAY)


def _place(
    step: StepContent, record: Record, *, occurrence: int, window: tuple[date, date]
) -> Occurrence:
    """Put one repeat on the calendar: after holds and enrolment, out of the quiet hours."""
    days = _shifted(step, record, window)
    first_day, last_day = (day + timedelta(days=days) for day in window)
    due = _due(step, record, first_day, last_day)
    not_after = last_moment(last_day, quiet=record.quiet, tz=record.tz)
    skip = ""
    if due < record.enrolled_at and step.anchor is not Anchor.ENROLMENT:
        later = _first_after_enrolment(step, record, first_day, last_day)
        due, skip = (later, "") if later is not None else (due, "enrolled_late")
    if step.late_hours is not None:
        not_after = min(not_after, due + timedelta(hours=step.late_hours))
    shortest = EVENT_WINDOW if step.local_time is None else SHORTEST_WINDOW
    not_after = max(not_after, due + shortest)
    skip = skip or left_behind(
        step,
        due=due,
        not_after=not_after,
        operated=record.surgery_date,
        on=due.astimezone(record.tz).date(),
        shifted_days=days,
        pauses=record.pauses,
    )
    return Occurrence(
        step=step,
        occurrence=occurrence,
        due_at=due,
        not_after=not_after,
        because=because(step, record.facts),
        hold="" if skip else _hold(step, record, due),
        skip=skip,
        carer_id=record.carer_id,
        shifted_days=days,
    )


def _shifted(step: StepContent, record: Record, window: tuple[date, date]) -> int:
    """By how many days the holds that have ended move this repeat."""
    if not record.pauses:
        return 0

    def due(days: int) -> datetime:
        return _due(step, record, *(day + timedelta(days=days) for day in window))

    return shift_of(step, due=due, pauses=record.pauses)


def _due(step: StepContent, record: Record, first_day: date, last_day: date) -> datetime:
    if step.at == "at_once":
        return next_allowed(record.enrolled_at, quiet=record.quiet, tz=record.tz)
    day = shifted(
        first_day,
        Shift(step.shift),
        is_workday=record.is_workday,
        # safety never shifts later
        not_past=first_day if step.category == "warning_signs" else last_day,
    )
    return _on(day, step, record)


def _on(day: date, step: StepContent, record: Record) -> datetime:
    moment = wall_clock_moment(day, step.local_time or DISCHARGE_HOUR, tz=record.tz)
    if step.audience == "staff":
        return moment
    return next_allowed(moment, quiet=record.quiet, tz=record.tz)


def _first_after_enrolment(
    step: StepContent, record: Record, first_day: date, last_day: date
) -> datetime | None:
    """The first day of the window whose hour lies after the enrolment, or None.

    "-7 to -2" means: on day -7, or on enrolment if that is later (clinical.md 2, conventions).
    """
    enrolled_on = record.enrolled_at.astimezone(record.tz).date()
    day = max(first_day, enrolled_on)
    while day <= last_day:
        moment = _on(day, step, record)
        if moment >= record.enrolled_at and record.is_workday(day) | (step.shift == "none"):
            return moment
        day += ONE_DAY
    return None


def _permits_too_soon(step: StepContent, record: Record, due: datetime) -> bool:
    """No message says that something may start while a clinician holds this patient back."""
    day = (due.astimezone(record.tz).date() - record.surgery_date).days
    return any(day < record.new_days.get(key, day) for key in step.permits)


def _hold(step: StepContent, record: Record, due: datetime) -> str:
    if record.hold and _waits(step, record):
        return record.hold
    if _permits_too_soon(step, record, due):
        return "limit_extended"
    if record.operation_confirmed or step.audience == "staff":
        return ""
    after_surgery = due.astimezone(record.tz).date() >= record.surgery_date
    return "not_confirmed" if after_surgery and step.anchor in WAITS_FOR_CONFIRMATION else ""


def _waits(step: StepContent, record: Record) -> bool:
    """A hold of the operation lets some steps pass; any other reason to wait holds all of them."""
    return record.hold != SURGERY_ON_HOLD or waits(
        record.hold_kind,
        category=step.category,
        is_high_priority=step.priority is Priority.HIGH,
        is_for_staff=step.audience is Audience.STAFF,
    )


def _spread(asked: list[Occurrence], record: Record) -> Iterator[Occurrence]:
    """Slide the less urgent texts of a full day to the next one; nothing urgent ever moves.

    Source: clinical.md 2, load (at most two texts a day; low priority slides, high never drops).
    """
    texts: Counter[date] = Counter(record.texts_by_hand)
    texts.update(_local_day(o, record) for o in asked if _counts(o) and not _may_slide(o))
    for occurrence in asked:
        if not (_counts(occurrence) and _may_slide(occurrence)):
            yield occurrence
            continue
        placed = _slid(occurrence, record, texts)
        texts[_local_day(placed, record)] += 1
        yield placed


def _slid(occurrence: Occurrence, record: Record, texts: Counter[date]) -> Occurrence:
    moved = occurrence
    while texts[_local_day(moved, record)] >= record.texts_a_day:
        due = _on(_local_day(moved, record) + ONE_DAY, moved.step, record)
        if due + SHORTEST_WINDOW > occurrence.not_after:
            return occurrence
        moved = replace(moved, due_at=due)
    return moved


def _counts(occurrence: Occurrence) -> bool:
    step = occurrence.step
    return "sms" in step.channels and step.audience == "patient" and not occurrence.skip


def _may_slide(occurrence: Occurrence) -> bool:
    step = occurrence.step
    return not (
        occurrence.is_high_priority or step.category in SAFETY_FIRST or step.at == "at_once"
    )


def _local_day(occurrence: Occurrence, record: Record) -> date:
    return occurrence.due_at.astimezone(record.tz).date()
