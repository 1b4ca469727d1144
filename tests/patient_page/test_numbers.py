"""Numbers that dial from wherever the patient is, and hours in words."""

from datetime import time

import pytest

from reminders.patient_page.numbers import number, opening_hours
from tests.factories import ClinicFactory


@pytest.mark.parametrize(
    ("text", "country", "link"),
    [
        ("999", "GB", "tel:999"),
        ("111", "GB", "tel:111"),
        ("911", "US", "tel:911"),
        ("112", "ES", "tel:112"),
        ("020 7946 0100", "GB", "tel:+442079460100"),
        ("(202) 555-0123", "US", "tel:+12025550123"),
        ("+44 7700 900 123", "US", "tel:+447700900123"),
        ("*31#", "GB", "tel:*31#"),
    ],
)
def test_a_number_dials_with_its_countrys_code_and_a_short_one_as_it_stands(text, country, link):
    found = number(text, country=country)

    assert (found.shown, found.link) == (text, link)


@pytest.mark.parametrize("text", ["", "  "])
def test_no_number_is_none(text):
    assert number(text, country="GB") is None


@pytest.mark.parametrize(
    ("workdays", "told"),
    [
        ("mon,tue,wed,thu,fri", "Monday to Friday, 8am to noon"),
        ("mon,tue,wed,thu,fri,sat,sun", "Every day, 8am to noon"),
        ("fri", "Friday, 8am to noon"),
        ("sat,mon,tue", "Monday, Tuesday, Saturday, 8am to noon"),
        ("mon,tue,wed,fri", "Monday to Wednesday, Friday, 8am to noon"),
    ],
)
def test_the_hours_name_days_that_follow_each_other_as_one_run(workdays, told):
    clinic = ClinicFactory.build(workdays=workdays, opens_at=time(8), closes_at=time(12))

    assert opening_hours(clinic, language="en") == told
