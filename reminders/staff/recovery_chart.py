"""One operation → one picture: limits, messages, alerts, talks and answers on one axis of days."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clinic.models import Surgery
from reminders.flow.check_in_history import Curves, curves_of
from reminders.flow.restrictions import RecoveryPicture, Restriction, State
from reminders.models import Category
from reminders.rules.chart import DASHES, SHAPES
from reminders.rules.content import RestrictionKind
from reminders.staff.call_words import stands
from reminders.staff.recovery_axis import Axis, axis_for, steps
from reminders.staff.recovery_marks import Mark, alert_marks, message_marks, word_marks
from reminders.staff.shipped_words import shipped_said
from reminders.staff.thread import Rows
from reminders.staff.words import CATEGORY_ICONS, day_of_recovery

CURVE_HEIGHT, CURVE_EDGE = 92.0, 8.0


@dataclass(frozen=True, slots=True)
class Placed:
    """A mark with its place, in percent of the width."""

    mark: Mark
    x: float


@dataclass(frozen=True, slots=True)
class Lane:
    """One line of the picture. A lane of a limit has a bar, any other has marks."""

    label: str
    note: str = ""
    icon: str = ""
    marks: tuple[Placed, ...] = ()
    bar: tuple[float, float] | None = None  # left and width
    look: str = ""  # of the bar: held, changed, over or open


@dataclass(frozen=True, slots=True)
class CurveLine:
    name: str
    place: int
    dash: str
    shape: str
    segments: tuple[tuple[float, float, float, float], ...]
    points: tuple[tuple[float, float, str], ...]  # x in percent, y in pixels, the number


@dataclass(frozen=True, slots=True)
class CurveLane:
    """The answers of one kind, from 0 at the foot to `top`."""

    label: str
    top: str
    lines: tuple[CurveLine, ...]


@dataclass(frozen=True, slots=True)
class TableRow:
    """The same in words: one row for each mark and each answer, by day."""

    day: str
    when: str
    kind: str
    what: str
    state: str


@dataclass(frozen=True, slots=True)
class RecoveryChart:
    """The whole picture. `today_x` is empty when today has no place on it."""

    limits: tuple[Lane, ...]
    messages: tuple[Lane, ...]
    events: tuple[Lane, ...]
    curves: tuple[CurveLane, ...]
    ticks: tuple[tuple[int, float], ...]
    today_x: float | None
    table: tuple[TableRow, ...]

    @property
    def groups(self) -> tuple[tuple[Lane, ...], ...]:
        return self.events, self.messages, self.limits

    @property
    def is_empty(self) -> bool:
        return not (self.limits or self.messages or self.events or self.curves)


def recovery_chart(
    surgery: Surgery, rows: Rows, picture: RecoveryPicture, *, now: datetime
) -> RecoveryChart:
    """Draw it from what was read of the patient; two queries more, for the answers."""
    tz = surgery.patient.tz
    curves = curves_of(surgery.patient, surgery=surgery, language=get_language() or "en")
    messages = message_marks(rows.reminders, surgery, tz=tz)
    alerts = alert_marks(rows.alerts, surgery, tz=tz)
    words = word_marks(rows.replies, (c for c in rows.calls if stands(c)), surgery, tz=tz)
    limits = [one for one in picture.restrictions if one.kind is not RestrictionKind.ADVICE]
    groups = (*messages.values(), alerts, words)
    axis = axis_for(_days(groups, limits, curves, today=picture.day))
    events = ((_("Alerts"), "notifications", alerts), (_("Replies and calls"), "forum", words))
    return RecoveryChart(
        limits=tuple(_limit(one, axis) for one in limits),
        messages=tuple(_message_lanes(messages, axis)),
        events=tuple(
            Lane(label, icon=icon, marks=_placed(marks, axis))
            for label, icon, marks in events
            if marks
        ),
        curves=tuple(_curve_lane(one, axis) for one in curves),
        ticks=axis.marks,
        today_x=axis.place(picture.day) if axis.first <= picture.day <= axis.last else None,
        table=tuple(_table(messages, alerts, words, curves, surgery)),
    )


def _days(
    groups: Iterable[Sequence[Mark]],
    limits: Iterable[Restriction],
    curves: Iterable[Curves],
    *,
    today: int,
) -> Iterator[int]:
    yield today
    for marks in groups:
        yield from (int(mark.day) for mark in marks)
    yield from (one.free_day for one in limits if one.free_day is not None)
    yield from (day for one in curves for series in one.series for day, _number in series.points)


# --- Lanes ---------------------------------------------------------------------------------
def _limit(one: Restriction, axis: Axis) -> Lane:
    left = axis.place(one.from_day)
    right = 100.0 if one.free_day is None else axis.place(one.free_day)
    note = (
        shipped_said(one.until)
        if one.free_day is None
        else _("day {number}").format(number=one.free_day)
    )
    look = "open" if one.free_day is None else "changed" if one.change else "held"
    if one.state is State.ALLOWED:
        note, look = _("free, {day}").format(day=note), "over"
    return Lane(
        shipped_said(one.activity),
        note=note,
        bar=(left, round(max(right - left, 0.6), 2)),
        look=look,
    )


def _message_lanes(messages: dict[str, list[Mark]], axis: Axis) -> Iterator[Lane]:
    for category in Category:
        if marks := messages.get(category):
            icon = CATEGORY_ICONS.get(category, "sms")
            yield Lane(str(category.label), icon=icon, marks=_placed(marks, axis))


def _placed(marks: Iterable[Mark], axis: Axis) -> tuple[Placed, ...]:
    return tuple(Placed(mark, axis.place(mark.day)) for mark in marks)


def _curve_lane(curves: Curves, axis: Axis) -> CurveLane:
    top = curves.top or max((n for s in curves.series for _d, n in s.points), default=1.0) or 1.0
    lines = [one for one in curves.series if one.points]
    return CurveLane(
        label=curves.title,
        top=f"{top:g}",
        lines=tuple(
            _curve_line(one.name, one.points, place=place, top=top, axis=axis)
            for place, one in enumerate(lines)
        ),
    )


def _curve_line(
    name: str, points: Iterable[tuple[int, float]], *, place: int, top: float, axis: Axis
) -> CurveLine:
    room = CURVE_HEIGHT - 2 * CURVE_EDGE
    drawn = [
        (axis.place(day), round(CURVE_EDGE + room * (1 - min(number, top) / top), 1), number)
        for day, number in sorted(points)
    ]
    return CurveLine(
        name=name,
        place=place % len(SHAPES),
        dash=DASHES[place % len(DASHES)],
        shape=SHAPES[place % len(SHAPES)],
        segments=steps((x, y) for x, y, _number in drawn),
        points=tuple((x, y, f"{number:g}") for x, y, number in drawn),
    )


# --- The same in words ---------------------------------------------------------------------
def _table(
    messages: dict[str, list[Mark]],
    alerts: Iterable[Mark],
    words: Iterable[Mark],
    curves: Iterable[Curves],
    surgery: Surgery,
) -> list[TableRow]:
    named = [
        *((str(Category(category).label), mark) for category, m in messages.items() for mark in m),
        *((_("Alert"), mark) for mark in alerts),
        *((_("Reply or call"), mark) for mark in words),
    ]
    told = [(mark.day, _row(kind, mark, surgery)) for kind, mark in named]
    answers = [
        (float(day), TableRow(_day(day), "", one.title, series.name, f"{number:g}"))
        for one in curves
        for series in one.series
        for day, number in series.points
    ]
    return [row for _day_, row in sorted([*told, *answers], key=lambda both: both[0])]


def _row(kind: str, mark: Mark, surgery: Surgery) -> TableRow:
    day = day_of_recovery(surgery.surgery_date, on=mark.at.astimezone(surgery.patient.tz).date())
    return TableRow(day, mark.when, kind, mark.what, mark.state)


def _day(day: int) -> str:
    return _("day {number}").format(number=day)
