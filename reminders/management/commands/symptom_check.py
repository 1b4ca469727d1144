"""`manage.py symptom_check --jsonl`: answers in, tiers out, so that anyone can check the rules.

Reads one JSON object a line: {"region": "lumbar", "day": 5, "answers": {"Q01": "unsure", "Q18": 7,
"Q30": 38.2}}. Answers are yes, no or unsure, pain from 0 to 10, temperature in Celsius; what is
not answered counts as no. A region other than lumbar or cervical, or none, gets every rule.

Prints one JSON object a line: {"line": 1, "tier": "NONE", "sla_minutes": null, "rules": []}, or
{"line": 2, "error": "..."} for a line that cannot be read; the others go on. Blank lines are
passed over. Reads files only, no database; sends and stores nothing.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reminders.pathways.fields import ContentError
from reminders.pathways.symptom_check import read_symptom_check
from reminders.rules.symptom_check import (
    MOST_DAYS,
    BadAnswer,
    SymptomCheck,
    evaluate,
    read_answers,
)

LONGEST_LINE = 100_000


class BadLine(Exception):
    """A line is not an object with region, day and answers; says what is wrong with it."""


class Command(BaseCommand):
    help = "Evaluate the rules of the symptom check: one set of answers a line, as JSON."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--jsonl", action="store_true", required=True, help="Read and print JSON lines."
        )
        parser.add_argument("file", nargs="?", default="-", help="A file; - is standard input.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            check = read_symptom_check()
        except ContentError as error:
            raise CommandError(str(error)) from error
        try:
            with _lines_of(options["file"]) as lines:
                for answer in answer_lines(lines, check=check):
                    self.stdout.write(json.dumps(answer))
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from error


def _lines_of(source: str) -> AbstractContextManager[Iterable[bytes]]:
    return nullcontext(sys.stdin.buffer) if source == "-" else Path(source).open("rb")


def answer_lines(lines: Iterable[bytes], *, check: SymptomCheck) -> Iterator[dict[str, object]]:
    """Yield the answer to each line that is not blank, in order; never raises for a bad one."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield {"line": number} | _answer(line, check=check)
        except (BadLine, BadAnswer) as error:
            yield {"line": number, "error": str(error)}


def _answer(line: bytes, *, check: SymptomCheck) -> dict[str, object]:
    data = _read(line)
    unknown = sorted(set(data) - {"region", "day", "answers"})
    if unknown:
        raise BadLine(f"unknown field {unknown[0][:20]}")
    outcome = evaluate(
        check,
        region=_region(data),
        day=_day(data),
        answers=read_answers(_answers(data), check=check),
    )
    return {
        "tier": outcome.tier.value,
        "sla_minutes": outcome.sla_minutes,
        "rules": list(outcome.rules),
    }


def _read(line: bytes) -> dict[str, Any]:
    if len(line) > LONGEST_LINE:
        raise BadLine("the line is far too long")
    try:
        data = json.loads(line, object_pairs_hook=_each_once, parse_constant=_no_number)
    except (ValueError, RecursionError):  # JSON and encoding errors are ValueErrors
        raise BadLine("the line is not JSON") from None
    if not isinstance(data, dict):
        raise BadLine("the line is not an object")
    return data


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a name that is there twice: the second value would silently win."""
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise BadLine("a name is there twice")
    return dict(pairs)


def _no_number(word: str) -> NoReturn:
    raise BadLine(f"{word} is not a number")


def _region(data: dict[str, Any]) -> str:
    region = data.get("region")
    if region is not None and not isinstance(region, str):
        raise BadLine("region must be a word")
    return (region or "").strip().casefold()


def _day(data: dict[str, Any]) -> int | None:
    day = data.get("day")
    if day is None:
        return None
    if not isinstance(day, int) or isinstance(day, bool) or abs(day) > MOST_DAYS:
        raise BadLine("day must be a whole number of days after the operation")
    return day


def _answers(data: dict[str, Any]) -> dict[str, Any]:
    answers = data.get("answers")
    if not isinstance(answers, dict):
        raise BadLine('"answers" must be an object')
    return answers
