"""Many drains at once while the provider misbehaves (H01, H02, H03)."""

from tests.faults.house import until
from tests.faults.proof import all_is_quiet, assert_each_was_told_exactly_once
from tests.faults.rows import due_reminders

# Each strikes one text in eight: thirty of three hundred in all.
FAULTS = ("rate_limited", "error_after_accepting", "accept_then_reset")


def test_four_drains_and_a_faulty_provider_tell_three_hundred_patients_exactly_once(
    house, provider
):
    due_reminders(300)
    house.workers(2)
    tick = house.timetable()

    for fault in FAULTS:
        provider.behave(fault, times=10, one_in=8)
        until(provider.is_done, meanwhile=tick)
    provider.behave("ok")
    until(all_is_quiet, meanwhile=tick)

    assert_each_was_told_exactly_once(provider, patients=300)
