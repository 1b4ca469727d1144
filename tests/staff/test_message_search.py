"""Messages are searched by the patients they went to."""

import pytest
from django.urls import reverse

from tests.factories import ClinicFactory, DeliveryFactory, PatientFactory
from tests.staff.pages import words_of

LIST = "admin:reminders_delivery_changelist"


def message_to(clinic, given, family, record_number):
    patient = PatientFactory(
        clinic=clinic, given_name=given, family_name=family, record_number=record_number
    )
    return DeliveryFactory(patient=patient, clinic=clinic, reminder__surgery__patient=patient)


@pytest.fixture
def messages(nurse):
    message_to(nurse.clinic, "Gita", "Ito", "L-1")
    message_to(nurse.clinic, "Gita", "Castro", "L-2")
    message_to(ClinicFactory(), "Gita", "Elsewhere", "L-3")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("gita", {"Gita Ito", "Gita Castro"}),
        ("Gita Ito", {"Gita Ito"}),
        ("L-2", {"Gita Castro"}),
        ("Elsewhere", set()),
        ("nobody", set()),
        ("", {"Gita Ito", "Gita Castro"}),
    ],
)
def test_each_word_must_be_found_and_other_clinics_stay_out(browser, messages, words, shown):
    page = words_of(browser.get(reverse(LIST), {"q": words}))

    names = {"Gita Ito", "Gita Castro", "Gita Elsewhere"}
    assert {name for name in names if name in page} == shown
