"""No ladder is kept that could leave an urgent alert with nobody."""

import pytest

from reminders.rules.ladder import Hours
from reminders.rules.ladder_check import Flaw, UrgentRung, flaws_of


def text(after=0, hours=Hours.ALWAYS):
    return UrgentRung(after, hours, "sms", is_fixed=False)


def number(after=20, hours=Hours.ALWAYS, *, how="phone", is_fixed=True):
    return UrgentRung(after, hours, how, is_fixed)


def test_a_text_at_once_and_a_number_at_the_end_are_enough():
    assert flaws_of([text(), number()]) == []


def test_a_ladder_needs_a_rung():
    assert flaws_of([]) == [Flaw.NOTHING]


@pytest.mark.parametrize(("minutes", "flaws"), [(15, []), (16, [Flaw.STARTS_LATE])])
def test_the_first_step_comes_within_the_time_in_which_a_person_must_look(minutes, flaws):
    assert flaws_of([text(minutes), number(60)]) == flaws


@pytest.mark.parametrize(
    "last",
    [
        text(20),
        number(20, how="sms"),
        number(20, is_fixed=False),
        number(20, Hours.STAFFED),
    ],
)
def test_the_last_step_is_a_fixed_number_for_any_hour(last):
    assert flaws_of([text(), last]) == [Flaw.ENDS_WITHOUT_NUMBER]


def test_a_text_beside_the_last_number_in_the_same_minute_does_no_harm():
    assert flaws_of([text(), number(20), text(20)]) == []


def test_somebody_is_sent_something_at_every_hour():
    assert flaws_of([text(0, Hours.STAFFED), number()]) == [Flaw.SILENT_WHEN_CLOSED]
    assert flaws_of([text(0, Hours.UNSTAFFED), number()]) == [Flaw.SILENT_WHEN_OPEN]
    assert flaws_of([text(0, Hours.STAFFED), text(0, Hours.UNSTAFFED), number()]) == []
