"""A worker that is paused longer than its lease, as a frozen machine would be (H09)."""

import os
import signal
import sys
from pathlib import Path

from reminders.models import Attempt, AttemptStatus
from tests.faults.house import until
from tests.faults.proof import all_is_quiet, assert_each_was_told_exactly_once
from tests.faults.rows import let_leases_run_out, queued_deliveries


def test_a_worker_that_wakes_after_its_lease_does_not_send_what_it_had_claimed(house, provider):
    queued_deliveries(2)
    sleeper = house.start(
        "sleeper", [sys.executable, "-m", "tests.faults.paused_worker"], SEND_CONNECTIONS="1"
    )
    until(lambda: is_paused(sleeper) and len(provider.texts()) == 1)
    assert let_leases_run_out() == 2
    house.workers(1)
    until(all_is_quiet, meanwhile=house.timetable())

    os.kill(sleeper.process.pid, signal.SIGCONT)
    until(lambda: sleeper.exit_code is not None)

    assert sleeper.exit_code == 0, sleeper.last_words()
    assert_each_was_told_exactly_once(provider, patients=2)
    assert Attempt.objects.filter(status=AttemptStatus.NOT_SENT).count() == 1


def is_paused(child):
    assert child.exit_code is None, child.last_words()
    state = Path(f"/proc/{child.process.pid}/stat").read_text().rpartition(")")[2].split()[0]
    return state == "T"
