"""A new clinic, made in the panel by whoever runs the installation."""

import pytest
from django.urls import reverse

from clinic.models import Clinic, Role, Staff
from reminders.models import PathwayVersion, Source, VersionStatus
from tests.factories import ClinicFactory, StaffFactory
from tests.staff.pages import fields_of, words_of

ADD = "admin:clinic_clinic_add"
NUMBERS = ("phone", "booking_phone", "urgent_phone", "emergency_phone", "sms_sender")


@pytest.fixture
def operator(db):
    return StaffFactory(clinic=None, is_superuser=True)


@pytest.fixture
def browser(operator, signed_in):
    return signed_in(operator)


@pytest.fixture
def typed(browser):
    return {
        **fields_of(browser.get(reverse(ADD))),
        "name": "Riverside Spine Clinic",
        "sender_name": "Riverside Care",
        "key": "riverside",
        "country": "gb",
        "zone": "Europe/London",
        "phone": "020 7946 0200",
        "manager_first_name": "Ines",
        "manager_last_name": "Vale",
        "manager_username": "ines",
        "manager_email": "ines@example.org",
        "manager_password": "a long enough phrase",
    }


def test_the_list_of_clinics_leads_to_the_form(browser):
    page = words_of(browser.get(reverse("admin:clinic_clinic_changelist")))

    assert reverse(ADD) in page
    assert "Add a clinic" in page


def test_no_number_is_filled_in_already(browser):
    shown = fields_of(browser.get(reverse(ADD)))

    assert {shown[name] for name in NUMBERS} == {""}


def test_a_new_clinic_has_the_shipped_pathways_as_drafts(browser, typed, operator):
    browser.post(reverse(ADD), typed)

    versions = PathwayVersion.objects.filter(pathway__clinic=Clinic.objects.get(key="riverside"))
    assert {version.status for version in versions} == {VersionStatus.DRAFT}
    assert {version.author for version in versions} == {operator}
    assert Source.objects.exists()


def test_its_page_says_next_what_it_still_lacks(browser, typed):
    words = words_of(browser.post(reverse(ADD), typed, follow=True))

    assert "Riverside Spine Clinic is there" in words
    assert "Riverside Spine Clinic is not live yet" in words
    assert "the number for same-day help" in words


def test_its_first_manager_can_log_in_and_stands_in_no_other_clinic(browser, typed):
    browser.post(reverse(ADD), typed)

    manager = Staff.objects.get(username="ines")
    assert (manager.clinic.key, manager.role) == ("riverside", Role.MANAGER)
    assert manager.is_staff
    assert not manager.is_superuser
    assert manager.check_password("a long enough phrase")


def test_a_clinic_that_is_refused_makes_no_manager(browser, typed):
    browser.post(reverse(ADD), {**typed, "zone": "London"})

    assert not Staff.objects.filter(username="ines").exists()


def test_its_language_is_chosen_from_those_that_messages_exist_in(browser):
    page = browser.get(reverse(ADD)).content.decode()

    select = page[page.index('name="language"') :].partition("</select>")[0]
    assert [code for code in ("ar", "en", "es", "fr") if f'value="{code}"' in select] == [
        "ar", "en", "es",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("manager_username", "Operator-1", "Somebody has this username already"),
        ("manager_password", "short", "too short"),
        ("sms_sender", "+44 7700 900900", "Another clinic sends its texts from this number."),
        ("country", "UK", "Write the two letters of the country"),
        ("zone", "London", "London"),
        ("key", "other", "already exists"),
        ("phone", "", "This field is required"),
    ],
)
def test_what_cannot_be_is_refused_in_words(field, value, told, browser, typed):
    ClinicFactory(key="other", sms_sender="+447700900900")
    StaffFactory(username="operator-1")

    words = words_of(browser.post(reverse(ADD), {**typed, field: value}))

    assert told in words
    assert not Clinic.objects.filter(name="Riverside Spine Clinic").exists()


def test_its_key_stands_in_addresses_and_is_not_changed_afterwards(browser, typed):
    browser.post(reverse(ADD), typed)
    clinic = Clinic.objects.get(key="riverside")
    page = reverse("admin:clinic_clinic_change", args=[clinic.pk])

    browser.post(page, {**fields_of(browser.get(page)), "key": "lakeside", "fever": "38.5 C"})

    clinic.refresh_from_db()
    assert (clinic.key, clinic.fever) == ("riverside", "38.5 C")


@pytest.mark.parametrize("role", Role)
def test_nobody_of_a_clinic_makes_another(role, own_clinic, signed_in):
    somebody = signed_in(StaffFactory(clinic=own_clinic, role=role))

    assert somebody.get(reverse(ADD)).status_code == 403
