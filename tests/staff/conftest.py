"""Who is signed in, and when: a nurse of one clinic, at NOON."""

import pytest
import time_machine

from clinic.models import Role
from tests.factories import NOON, ClinicFactory, StaffFactory
from tests.signing_in import SignedIn


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture(autouse=True)
def _collected_files(settings, tmp_path):
    # the file server warns about a folder that is not there, and warnings are errors here
    settings.STATIC_ROOT = tmp_path


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    # slow on purpose elsewhere; what is tested here is not how slow
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def own_clinic(db):
    return ClinicFactory(name="Harbourside")


@pytest.fixture
def nurse(own_clinic):
    return StaffFactory(clinic=own_clinic, role=Role.NURSE, first_name="Asha", username="asha")


@pytest.fixture
def signed_in():
    """Return a browser in which this person has signed in."""

    def browser(staff):
        client = SignedIn()
        client.force_login(staff)
        return client

    return browser


@pytest.fixture
def browser(nurse, signed_in):
    return signed_in(nurse)
