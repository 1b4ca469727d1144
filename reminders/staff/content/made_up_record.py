"""Who a made-up patient is → the record that a plan is made from; nobody is enrolled."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from clinic import clock
from clinic.models import Clinic, Closure
from reminders.flow.record import workday_rule
from reminders.rules.content import PathwayContent
from reminders.rules.facts import Record
from reminders.rules.timing import QuietHours, wall_clock_moment

ENROLLED_DAYS_BEFORE = 14
APPOINTMENT_AT = time(10, 30)


def today_at(clinic: Clinic) -> date:
    return clock.now().astimezone(clinic.tz).date()


def usual(content: PathwayContent, clinic: Clinic, *, today: date) -> dict[str, Any]:
    """Return the answers for somebody of whom nothing special is known, operated on today."""
    languages = sorted(content.languages, key=lambda code: code != clinic.language)
    return {
        "surgery_date": today,
        "discharge_date": None,
        "appointment_date": None,
        "zone": clinic.zone,
        "language": languages[0] if languages else "",
        "region": content.regions[0].value if content.regions else "",
        "procedure": content.procedures[0] if content.procedures else "",
    }


def record_of(asked: Mapping[str, Any], clinic: Clinic, *, closures: list[Closure]) -> Record:
    """Return the record of the answers, which a form has read or `usual` has made."""
    tz = ZoneInfo(asked["zone"])
    operated_on: date = asked["surgery_date"]
    appointment: date | None = asked["appointment_date"]
    enrolled_on = operated_on - timedelta(days=ENROLLED_DAYS_BEFORE)
    return Record(
        procedure=asked["procedure"],
        region=asked["region"],
        facts=frozenset(asked.get("facts") or ())
        | {"operation_confirmed", f"country_{clinic.country.lower()}"},
        surgery_date=operated_on,
        enrolled_at=wall_clock_moment(enrolled_on, time(9, 0), tz=tz),
        tz=tz,
        quiet=QuietHours(clinic.quiet_from, clinic.quiet_until),
        is_workday=workday_rule(clinic, closures),
        discharge_date=asked["discharge_date"] or operated_on + timedelta(days=1),
        appointment_at=wall_clock_moment(appointment, APPOINTMENT_AT, tz=tz)
        if appointment
        else None,
        operation_confirmed=True,
        texts_a_day=clinic.texts_a_day,
    )
