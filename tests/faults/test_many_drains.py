"""Many drains at once while the provider misbehaves (H01, H02, H03)."""

from collections import Counter

from clinic.models import Patient
from reminders.models import Attempt, AttemptStatus
from tests.faults.house import until
from tests.faults.proof import all_is_quiet, assert_each_was_told_exactly_once
from tests.faults.rows import due_reminders, queued_deliveries

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


def test_patients_who_share_a_telephone_get_one_text_each_though_answers_are_lost(house, provider):
    queued_deliveries(4)
    Patient.objects.update(mobile="+447700900123")
    provider.behave("accept_then_reset", times=3)
    house.worker()

    until(all_is_quiet, meanwhile=house.timetable())

    assert len(provider.texts()) == 4
    assert set(provider.references().values()) == {1}
    assert booked() == Counter(text["id"] for text in provider.texts())


def booked():
    """Return the provider's numbers as our attempts have them."""
    accepted = Attempt.objects.filter(status=AttemptStatus.ACCEPTED)
    return Counter(accepted.values_list("provider_id", flat=True))
