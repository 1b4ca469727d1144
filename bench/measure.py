"""The measurements. Each compares a public call with the raw limit of the same work."""

import argparse
import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta

import django
from django.core.management import call_command
from django.db import connection, transaction

django.setup()

from bench.first_notice import first_notice  # noqa: E402
from bench.inbound import inbound  # noqa: E402
from bench.lists import lists  # noqa: E402
from bench.many import Size  # noqa: E402
from bench.rows import START, a_clinic, operations  # noqa: E402 - needs the settings
from clinic.models import Clinic, Surgery  # noqa: E402
from reminders.channels import channel  # noqa: E402
from reminders.flow.deliver import deliver_queued  # noqa: E402
from reminders.flow.dispatch import claim_due  # noqa: E402
from reminders.flow.plan import plan_stale  # noqa: E402
from reminders.models import Delivery, Reminder, ReminderStatus  # noqa: E402

OPERATED_ON = date(2026, 3, 20)
COPY_TABLE = "CREATE TEMP TABLE IF NOT EXISTS raw_reminder (LIKE reminders_reminder INCLUDING ALL)"
MOVE_ROWS = (
    "UPDATE reminders_reminder SET due_at = due_at + interval '1 day',"
    " not_after = not_after + interval '1 day'"
)
COPY_ROWS = "INSERT INTO raw_reminder SELECT * FROM reminders_reminder"


def seconds(work: Callable[[], object]) -> float:
    """Return how long `work` takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def median(work: Callable[[], object], *, times: int) -> float:
    """Return the median of several runs, after one that does not count."""
    work()
    return statistics.median(seconds(work) for _ in range(times))


def show(what: str, ratio: float, against: str, detail: str) -> None:
    """Print one line of the result."""
    print(f"{what:<44} {ratio:8.2f} x  {against:<34} {detail}", flush=True)


def raw(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def plan_in_bulk(clinic: Clinic, count: int) -> None:
    """Planning through the public call, against copying the same rows inside the database."""
    operations(clinic, count, operated_on=OPERATED_ON)
    planned = seconds(lambda: drain(lambda: plan_stale(now=START, limit=200)))
    rows = Reminder.objects.count()
    raw("ANALYZE")
    raw(COPY_TABLE)
    limit = median(lambda: (raw("TRUNCATE raw_reminder"), raw(COPY_ROWS)), times=3)
    one_by_one = seconds(lambda: save_each(list(Reminder.objects.all()[:200]))) / 200 * rows
    per_row = f"{planned / rows * 1e6:.0f} us a reminder, {rows} rows"
    show("plan in bulk", planned / limit, "the rows copied inside PostgreSQL", per_row)
    show("plan in bulk", planned / one_by_one, "the rows saved one by one", per_row)


def save_each(rows: list[Reminder]) -> None:
    for row in rows:
        row.save()


def drain(step: Callable[[], int]) -> None:
    while step():
        pass


def plan_again(clinic: Clinic) -> None:
    """Moving operations by a day: the public call, against one bare UPDATE of the same rows."""
    count = Surgery.objects.count()
    Surgery.objects.update(surgery_date=OPERATED_ON + timedelta(days=1))
    moved = seconds(lambda: drain(lambda: plan_stale(now=START, limit=200)))

    def bare() -> None:
        with transaction.atomic():
            raw(MOVE_ROWS)
            transaction.set_rollback(True)

    detail = f"{moved / count * 1e3:.1f} ms an operation"
    show(
        "move every operation", moved / median(bare, times=3), "one bare UPDATE of the rows", detail
    )


def idle_look() -> None:
    """A look that finds nothing due, against `SELECT 1`."""
    before = START - timedelta(days=1)
    look = median(lambda: claim_due(now=before, limit=200), times=50)
    floor = median(lambda: raw("SELECT 1"), times=50)
    stored = Reminder.objects.filter(status=ReminderStatus.PLANNED).count()
    show(
        "a look with nothing due",
        look / floor,
        "SELECT 1",
        f"{look * 1e3:.2f} ms, {stored} planned",
    )


def send_everything() -> None:
    """All that is due, claimed and sent through the in-memory provider, against the claim alone."""
    now = START + timedelta(days=500)
    Reminder.objects.filter(status=ReminderStatus.PLANNED).update(
        due_at=now - timedelta(minutes=1), not_after=now + timedelta(hours=2)
    )
    claimed = seconds(lambda: drain(lambda: claim_due(now=now, limit=200)))
    queued = Delivery.objects.filter(status="queued", channel="sms").count()
    sent = seconds(
        lambda: deliver_queued(channel("sms"), now=lambda: now, stop_at=time.monotonic() + 600)
    )
    detail = f"{queued / sent:.0f} a second, one process, {queued} texts"
    show(
        "send (claim, attempt, call, outcome)", sent / claimed, "the claim of all reminders", detail
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--operations", type=int, default=500)
    parser.add_argument("--reports", type=int, default=100)
    parser.add_argument("--only", choices=["first-notice", "inbound", "lists"])
    parser.add_argument("--rate", type=int, default=100, help="messages a second, for inbound")
    parser.add_argument("--seconds", type=int, default=600, help="for so long, for inbound")
    parser.add_argument("--patients", type=int, default=50_000, help="for lists")
    parser.add_argument("--messages", type=int, default=20, help="for each patient, for lists")
    asked = parser.parse_args()
    count = asked.operations
    call_command("migrate", verbosity=0)
    clinic = a_clinic()
    if asked.only == "inbound":
        inbound(clinic, rate=asked.rate, seconds=asked.seconds)
        return
    if asked.only == "lists":
        lists(clinic, size=Size(patients=asked.patients, messages=asked.messages))
        return
    if asked.only == "first-notice":
        operations(clinic, asked.reports * 2, operated_on=OPERATED_ON)
        first_notice(clinic, reports=asked.reports)
        return
    plan_in_bulk(clinic, count)
    idle_look()
    few = Reminder.objects.filter(status=ReminderStatus.PLANNED).count()
    operations(clinic, count * 4, operated_on=OPERATED_ON, start=count)
    drain(lambda: plan_stale(now=START, limit=200))
    raw("ANALYZE")
    many = Reminder.objects.filter(status=ReminderStatus.PLANNED).count()
    show(
        "  rows stored now", many / few, "rows stored before", "the next line must not grow with it"
    )
    idle_look()
    plan_again(clinic)
    Reminder.objects.filter(surgery__patient__record_number__gte="B-7").delete()
    send_everything()
    first_notice(clinic, reports=min(asked.reports, count))


if __name__ == "__main__":
    main()
