"""Print what a made-up patient would get, when and why. Writes nothing."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as wall_time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clinic.models import Clinic, Region
from clinic.verdicts import Rejected, dates
from reminders.flow.record import workday_rule
from reminders.pathways.reading import read_pathways
from reminders.rules.content import PathwayContent
from reminders.rules.facts import FACT_NAMES, Record
from reminders.rules.planning import Occurrence, plan
from reminders.rules.timing import QuietHours, wall_clock_moment

ENROLLED_DAYS_BEFORE = 14
# Facts with a value; every other fact is a yes.
VALUES = ("procedure", "region", "country", "discharge_date", "appointment_date", "enrolled",
          "histology_result_date", "status", "texts_a_day")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One message of the plan, as it is printed."""

    occurrence: Occurrence
    zone: ZoneInfo
    language: str
    surgery_date: date

    def as_dict(self) -> dict[str, object]:
        step, local = self.occurrence.step, self.occurrence.due_at.astimezone(self.zone)
        text = step.texts.get(self.language)
        return {
            "key": step.key,
            "occurrence": self.occurrence.occurrence,
            "category": step.category.value,
            "audience": step.audience.value,
            "day": (local.date() - self.surgery_date).days,
            "local": local.isoformat(timespec="minutes"),
            "utc": self.occurrence.due_at.isoformat(timespec="minutes"),
            "not_after_utc": self.occurrence.not_after.isoformat(timespec="minutes"),
            "channels": [channel.value for channel in step.channels],
            "language": self.language if text else None,
            "because": self.occurrence.because,
            "state": self.state,
            "sms": text.sms if text else "",
            "sources": list(step.sources),
        }

    @property
    def state(self) -> str:
        if self.occurrence.skip:
            return f"missed: {self.occurrence.skip}"
        return f"held: {self.occurrence.hold}" if self.occurrence.hold else "planned"


class Command(BaseCommand):
    help = "Print what a made-up patient would get, when (local and UTC) and why. Writes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--surgery-date", required=True, help="YYYY-MM-DD")
        parser.add_argument("--zone", required=True, help="As in Europe/London.")
        parser.add_argument("--language", required=True, help="As in en.")
        parser.add_argument(
            "--fact", action="append", default=[], metavar="NAME[=VALUE]",
            help=f"May be repeated: {', '.join(sorted(FACT_NAMES))}; or with a value: "
            f"{', '.join(VALUES)}.",
        )  # fmt: skip
        parser.add_argument("--json", action="store_true", help="One JSON list instead of a table.")

    def handle(self, *args: Any, **options: Any) -> None:
        zone = _zone(options["zone"])
        record = _record(options["surgery_date"], zone, _facts(options["fact"]))
        pathway = _pathway(record)
        if options["language"] not in pathway.languages:
            known = ", ".join(pathway.languages)
            raise CommandError(f"There are no texts in {options['language']!r}, only in: {known}.")
        lines = [
            Line(occurrence, zone, options["language"], record.surgery_date)
            for occurrence in plan(record, pathway.steps)
        ]
        if options["json"]:
            self.stdout.write(json.dumps([line.as_dict() for line in lines], ensure_ascii=False))
            return
        self.stdout.write(f"{pathway.title}, version {pathway.version}")
        for line in lines:
            self.stdout.write(_row(line.as_dict()))
        self.stdout.write(f"{len(lines)} messages and tasks. Nothing was written.")


def _row(line: dict[str, Any]) -> str:
    why = f"  because: {line['because']}" if line["because"] else ""
    return (
        f"day {line['day']:>4}  {line['local'][:16]} local  {line['utc'][:16]} UTC  "
        f"{'+'.join(line['channels']):<10} {line['key']:<22} {line['state']}{why}"
    )


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise CommandError(f"{name!r} is no time zone. Write it as in Europe/London.") from error


def _facts(given: list[str]) -> dict[str, str]:
    pairs = (part.partition("=") for part in given)
    facts = {name: value or "yes" for name, _, value in pairs}
    unknown = facts.keys() - FACT_NAMES.keys() - set(VALUES)
    if unknown:
        known = ", ".join([*sorted(FACT_NAMES), *VALUES])
        raise CommandError(f"Unknown fact: {', '.join(sorted(unknown))}. Known: {known}.")
    return facts


def _date(text: str) -> date:
    try:
        return dates.day(text).value
    except Rejected as error:
        raise CommandError(error.messages[0]) from error


def _record(surgery_date: str, zone: ZoneInfo, facts: dict[str, str]) -> Record:
    operated_on = _date(surgery_date)
    clinic = Clinic(country=facts.get("country", "GB").upper(), zone=str(zone))
    quiet = QuietHours(clinic.quiet_from, clinic.quiet_until)

    def day_of(name: str) -> date | None:
        return _date(facts[name]) if name in facts else None

    appointment = day_of("appointment_date")
    enrolled = day_of("enrolled") or operated_on - timedelta(days=ENROLLED_DAYS_BEFORE)
    return Record(
        procedure=facts.get("procedure", "hemilaminectomy"),
        region=_region(facts.get("region", "lumbar")),
        facts=frozenset(n for n, v in facts.items() if n in FACT_NAMES and v != "no")
        | {f"country_{clinic.country.lower()}"},
        surgery_date=operated_on,
        enrolled_at=_nine(enrolled, zone),
        tz=zone,
        quiet=quiet,
        is_workday=workday_rule(clinic, []),
        discharge_date=day_of("discharge_date") or operated_on + timedelta(days=1),
        histology_result_date=day_of("histology_result_date"),
        appointment_at=_nine(appointment, zone) if appointment else None,
        operation_confirmed=facts.get("status", "confirmed") == "confirmed",
        texts_a_day=int(facts.get("texts_a_day", clinic.texts_a_day)),
    )


def _nine(day: date, zone: ZoneInfo) -> datetime:
    return wall_clock_moment(day, wall_time(9, 0), tz=zone)


def _region(name: str) -> str:
    if name not in Region.values:
        raise CommandError(f"Unknown region {name!r}. Known: {', '.join(Region.values)}.")
    return name


def _pathway(record: Record) -> PathwayContent:
    for pathway in read_pathways():
        if _fits(pathway, record):
            return pathway
    raise CommandError(f"No pathway is for {record.procedure}, {record.region}, with these facts.")


def _fits(pathway: PathwayContent, record: Record) -> bool:
    return (
        record.region in pathway.regions
        and record.procedure in pathway.procedures
        and all(any(fact in record.facts for fact in group) for group in pathway.requires)
        and not any(fact in record.facts for fact in pathway.excludes)
    )
