"""A record for tests of the plan: operated on a Monday in London, enrolled a fortnight before."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from reminders.rules.content import Priority
from reminders.rules.facts import Record
from reminders.rules.timing import QuietHours
from tests.rules.content_builder import a_step

LONDON = ZoneInfo("Europe/London")
OPERATED_ON = date(2026, 3, 2)
RECORD = Record(
    procedure="hemilaminectomy",
    region="lumbar",
    facts=frozenset(),
    surgery_date=OPERATED_ON,
    enrolled_at=datetime(2026, 2, 16, 10, 0, tzinfo=UTC),
    tz=LONDON,
    quiet=QuietHours(time(20), time(8)),
    is_workday=lambda day: day.weekday() < 5,
    operation_confirmed=True,
)


def a_record(**changes):
    return replace(RECORD, **changes)


def a_text(key, **changes):
    """A routine step of day 1 that goes by text at nine."""
    return a_step(key, **{"day_from": 1, "day_to": 1, "at": "09:00"} | changes)


def an_urgent_text(key, **changes):
    return a_text(key, priority=Priority.HIGH, **changes)


def in_london(*moment):
    return datetime(*moment, tzinfo=LONDON).astimezone(UTC)
