"""After an unexpected specimen result no message chats on; what keeps the patient safe goes on."""

import pytest

from reminders.rules.content import Category
from tests.pathways.shipped import PATHWAYS

RESULT = "histology_unexpected"
KEPT = {Category.WARNING_SIGNS, Category.CHECK_IN, Category.WOUND, Category.MEDICATION}
AFTER_THE_OPERATION = [
    (name, step)
    for name, pathway in sorted(PATHWAYS.items())
    for step in pathway.steps
    if step.for_patients and step.day_from >= 10
]


@pytest.mark.parametrize("name", sorted(PATHWAYS))
def test_what_stops_is_what_was_agreed(name):
    stopped = {step.key for step in PATHWAYS[name].steps if RESULT in step.excludes}
    sport = set() if name.endswith("fusion") else {"d45_low_impact", "d85_sport"}

    assert stopped == sport | {
        "fu_smoke_free" if name.endswith("fusion") else "d21_smoke_free",
        "d17_mood", "d56_aches", "d60_weight", "d70_flare", "d120_keep_going", "d182_move_more",
        "d366_close", "hist_patient_wait",
    }  # fmt: skip


@pytest.mark.parametrize(("name", "step"), AFTER_THE_OPERATION)
def test_every_tip_on_life_stops_and_nothing_that_keeps_safe(name, step):
    if step.category is Category.LIFESTYLE:
        assert RESULT in step.excludes
    if step.category in KEPT:
        assert RESULT not in step.excludes


@pytest.mark.parametrize("name", sorted(PATHWAYS))
def test_staff_go_on_with_their_tasks(name):
    assert not [s.key for s in PATHWAYS[name].steps if not s.for_patients and RESULT in s.excludes]
