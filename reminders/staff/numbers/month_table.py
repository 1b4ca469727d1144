"""One month as a table: a row for each pathway, message and channel, and none about a patient."""

from collections.abc import Iterator

from django.db.models import Sum

from clinic.models import Clinic
from reminders.staff.numbers.period import Period
from reminders.staff.numbers.reading import COUNTED, counted


def month_table(clinic: Clinic, period: Period) -> Iterator[list[str]]:
    """Give the titles, then the rows. Counts only: shares are for whoever knows what is enough."""
    keys = ("pathway__key", "step_key", "category", "channel")
    yield ["from", "to", "pathway", "message", "category", "channel", *COUNTED]
    sums = {f"all_{name}": Sum(name) for name in COUNTED}
    rows = counted(clinic, period).values(*keys).annotate(**sums).order_by(*keys)
    for row in rows:
        numbers = [str(row[f"all_{name}"]) for name in COUNTED]
        days = [period.first.isoformat(), period.last.isoformat()]
        yield [*days, *(row[key] or "" for key in keys), *numbers]
