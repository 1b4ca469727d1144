"""A made-up patient laid on a real calendar: what they would get, when, and what moved it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse

from clinic.models import Clinic, Closure
from clinic.verdicts import Rejected, zones
from reminders.flow.record import why_closed
from reminders.flow.version_content import content_of
from reminders.models import PathwayVersion, ReminderReason
from reminders.rules.content import PathwayContent
from reminders.rules.facts import FACT_NAMES, Record
from reminders.rules.moves import Explained, Move, Moved, explained
from reminders.staff.content.look import price_at
from reminders.staff.content.made_up_record import record_of, today_at, usual
from reminders.staff.content.page import page, version_of
from reminders.staff.content.recovery_cost import cost_of_plan
from reminders.staff.words import CATEGORY_ICONS, language_name

# Said by the clinic and by the calendar, so nobody ticks them.
NOT_ASKED = ("operation_confirmed",)
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class MadeUpForm(forms.Form):
    """Who the patient is; every answer is in the address, so that a page can be shown again."""

    surgery_date = forms.DateField(
        label="Day of the operation", widget=forms.DateInput(attrs={"type": "date"})
    )
    discharge_date = forms.DateField(
        label="Went home on", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    appointment_date = forms.DateField(
        label="Appointment on", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    zone = forms.CharField(label="Time zone", help_text="As in Europe/London")
    language = forms.ChoiceField(label="Language")
    region = forms.ChoiceField(label="Region")
    procedure = forms.ChoiceField(label="Procedure", required=False)
    facts = forms.MultipleChoiceField(
        label="What is so", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Mapping[str, object] | None, *, content: PathwayContent) -> None:
        super().__init__(data)
        facts = [(k, v) for k, v in FACT_NAMES.items()
                 if k not in NOT_ASKED and not k.startswith("country_")]  # fmt: skip
        for name, choices in (
            ("language", [(code, language_name(code)) for code in content.languages]),
            ("region", [(region.value, region.value) for region in content.regions]),
            ("procedure", [(p, p.replace("_", " ")) for p in content.procedures]),
            ("facts", facts),
        ):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices

    def clean_zone(self) -> str:
        try:
            return zones.zone(self.cleaned_data["zone"]).value
        except Rejected as reason:
            raise forms.ValidationError(reason.messages[0]) from reason


@dataclass(frozen=True, slots=True)
class Entry:
    """One message or task on its day."""

    key: str
    intent: str
    icon: str
    at: str
    text: str
    is_staff: bool
    state: str
    because: str
    moves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the calendar; `notes` are a holiday, the operation, a change of the clocks."""

    day: date
    in_month: bool
    recovery: int
    notes: tuple[str, ...]
    is_closed: bool
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    weeks: tuple[tuple[Day, ...], ...]


def made_up_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form, and the months in which this patient would get anything. Writes nothing."""
    version = version_of(request, pk)
    content, clinic = content_of(version), version.pathway.clinic
    data = request.GET.copy()
    for name, value in usual(content, clinic, today=today_at(clinic)).items():
        data.setdefault(name, str(value or ""))
    form = MadeUpForm(data, content=content)
    context: dict[str, object] = {"form": form, "day_names": DAYS}
    if form.is_valid():
        context |= _calendar(form.cleaned_data, content, version)
    return page(request, "made_up", version, heading=f"Made-up patient: {version}", **context)


def _calendar(
    asked: Mapping[str, Any], content: PathwayContent, version: PathwayVersion
) -> dict[str, object]:
    clinic = version.pathway.clinic
    closures = list(Closure.objects.filter(clinic=clinic))
    record = record_of(asked, clinic, closures=closures)
    plan = explained(record, content.steps)
    entries: dict[date, list[Entry]] = defaultdict(list)
    for one in plan:
        local = one.occurrence.due_at.astimezone(record.tz)
        entries[local.date()].append(
            _entry(one, local, record, language=str(asked["language"]), clinic=clinic,
                   closures=closures)
        )  # fmt: skip
    return {
        "months": _months(entries, record, clinic, closures),
        "said": sum(1 for one in plan if one.occurrence.step.for_patients),
        "tasks": sum(1 for one in plan if not one.occurrence.step.for_patients),
        "moved": sum(1 for one in plan if one.moves),
        "cost": cost_of_plan((one.occurrence for one in plan), version, language=asked["language"]),
        "has_price": price_at(clinic) is not None,
    }


def _entry(
    one: Explained,
    local: datetime,
    record: Record,
    *,
    language: str,
    clinic: Clinic,
    closures: list[Closure],
) -> Entry:
    occurrence = one.occurrence
    step = occurrence.step
    texts = step.texts.get(language)
    reason = occurrence.skip or occurrence.hold
    return Entry(
        key=step.key,
        intent=step.intent,
        icon=CATEGORY_ICONS.get(step.category, "sms"),
        at=f"{local:%H:%M}",
        text=(texts.sms or texts.heading) if texts else "",
        is_staff=not step.for_patients,
        state=str(ReminderReason(reason).label) if reason else "",
        because=occurrence.because,
        moves=tuple(
            _why(move, local=local, record=record, clinic=clinic, closures=closures)
            for move in one.moves
        ),
    )


def _why(
    moved: Moved, *, local: datetime, record: Record, clinic: Clinic, closures: list[Closure]
) -> str:
    before = moved.from_due.astimezone(record.tz)
    match moved.by:
        case Move.SLID:
            most = record.texts_a_day
            return f"Slid from {before:%a %-d %b}: that day had its {most} texts already."
        case Move.DAY_OFF:
            why = why_closed(clinic, closures, day=before.date()) or "a day off"
            return f"Shifted from {before:%a %-d %b}: {why}."
        case Move.QUIET:
            return f"Moved from {before:%H:%M}: no messages in the quiet hours."
        case Move.ENROLLED:
            return f"Its window began on {before:%a %-d %b}, before the enrolment."
        case Move.CLOCKS:
            return f"The clocks go forward, so it comes at {local:%H:%M}."


def _months(
    entries: Mapping[date, Iterable[Entry]],
    record: Record,
    clinic: Clinic,
    closures: list[Closure],
) -> list[Month]:
    """Return the months that have an entry, or the operation, as whole weeks from Monday."""
    firsts = sorted({day.replace(day=1) for day in (*entries, record.surgery_date)})
    months = []
    for first in firsts:
        after = (first + timedelta(days=32)).replace(day=1)
        monday = first - timedelta(days=first.weekday())
        weeks = []
        while monday < after:
            weeks.append(tuple(
                _day(monday + timedelta(days=n), first, entries, record, clinic, closures)
                for n in range(7)
            ))  # fmt: skip
            monday += timedelta(days=7)
        months.append(Month(first, tuple(weeks)))
    return months


def _day(
    day: date,
    first: date,
    entries: Mapping[date, Iterable[Entry]],
    record: Record,
    clinic: Clinic,
    closures: list[Closure],
) -> Day:
    in_month = day.month == first.month
    return Day(
        day=day,
        in_month=in_month,
        recovery=(day - record.surgery_date).days,
        notes=tuple(_notes(day, record, clinic, closures)) if in_month else (),
        is_closed=not record.is_workday(day),
        entries=tuple(entries.get(day, ())) if in_month else (),
    )


def _notes(day: date, record: Record, clinic: Clinic, closures: list[Closure]) -> Iterable[str]:
    if day == record.surgery_date:
        yield "Operation"
    if day == record.discharge_date:
        yield "Going home"
    closed = why_closed(clinic, closures, day=day)
    if closed and closed != f"{day:%A}":
        yield closed[0].upper() + closed[1:]
    change = _offset(day + timedelta(days=1), record.tz) - _offset(day, record.tz)
    if change:
        yield f"Clocks go {'forward' if change > timedelta() else 'back'}"


def _offset(day: date, tz: ZoneInfo) -> timedelta:
    return datetime.combine(day, time(0), tzinfo=tz).utcoffset() or timedelta()
