"""A list without rows says what will stand there, or what to do."""

import pytest
from django.urls import reverse

from clinic.models import Role
from tests.factories import StaffFactory
from tests.staff.pages import words_of

LISTS = {
    "clinic_patient": "Add one, or bring a list in under Import.",
    "clinic_surgery": "its day begins the plan.",
    "reminders_alert": "stand here until somebody closes them.",
    "reminders_reply": "stands here within seconds.",
    "reminders_delivery": "Messages stand here once they are due.",
    "reminders_pathwayversion": "manage.py load_pathways",
}


@pytest.fixture
def surgeon(own_clinic, signed_in):
    return signed_in(StaffFactory(clinic=own_clinic, role=Role.SURGEON))


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_nothing_says_what_to_do(name, surgeon):
    words = words_of(surgeon.get(reverse(f"admin:{name}_changelist"), follow=True))

    assert LISTS[name] in words
    assert "yielded" not in words


@pytest.mark.parametrize("name", ["clinic_patient", "reminders_delivery"])
def test_a_search_that_finds_nothing_says_how_to_find_more(name, surgeon):
    words = words_of(surgeon.get(reverse(f"admin:{name}_changelist"), {"q": "zzz"}))

    assert "Nothing fits." in words
    assert "Show all" in words
