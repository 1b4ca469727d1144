"""Hours as a patient reads them."""

from datetime import time

import pytest

from reminders.rules.hours import told_hour
from reminders.rules.wording import WORST_CASE

DAY = [time(hour, minute) for hour in range(24) for minute in range(60)]


@pytest.mark.parametrize(
    ("hour", "told"),
    [
        (time(7, 30), "7:30am"),
        (time(7, 30, 15), "7:30am"),
        (time(17), "5pm"),
        (time(12), "noon"),
        (time(12, 1), "12:01pm"),
        (time(0), "midnight"),
        (time(0, 5), "12:05am"),
    ],
)
def test_english_says_the_hour_as_people_say_it(hour, told):
    assert told_hour(hour, language="en") == told


@pytest.mark.parametrize("language", ["es", "ar", "fr"])
def test_other_languages_say_it_in_four_figures(language):
    assert told_hour(time(7, 30), language=language) == "07:30"


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_hour_ends_in_a_full_stop_or_is_longer_than_the_length_that_texts_are_measured_with(
    language,
):
    told = [told_hour(hour, language=language) for hour in DAY]

    assert not any("." in each for each in told)
    assert max(len(each) for each in told) <= len(WORST_CASE["time"])
