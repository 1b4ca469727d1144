"""The demo's authenticator stands in for everybody's telephone, and exists in the demo only."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import include, path

from clinic.urls import urlpatterns as everywhere
from reminders.demo.authenticator import give_authenticators
from tests.factories import StaffFactory
from tests.signing_in import code_now, with_second_factor

urlpatterns = [*everywhere, path("demo/", include("reminders.demo.pages"))]
PAGE = "/demo/authenticator/"


@pytest.fixture(autouse=True)
def demo(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.ROOT_URLCONF = __name__
    settings.DEMO = True
    return settings


def shown(client):
    return {one.username: one.code for one in client.get(PAGE).context["log_ins"]}


def test_it_shows_the_digits_that_each_telephone_would_show(client, db, time_machine):
    time_machine.move_to("2026-03-03T12:00Z", tick=False)
    nurse = StaffFactory(username="nurse")
    secret = with_second_factor(nurse)

    assert shown(client) == {"nurse": code_now(secret)}


def test_it_shows_nobody_who_can_no_longer_log_in(client, db):
    with_second_factor(StaffFactory(is_active=False))

    assert shown(client) == {}


def test_it_exists_in_the_demo_only(client, db, demo):
    demo.DEMO = False

    assert client.get(PAGE).status_code == 404


def test_everybody_gets_one_and_keeps_it(client, db):
    StaffFactory.create_batch(2)
    give_authenticators()
    first = {kept.pk for kept in Authenticator.objects.all()}

    give_authenticators()

    assert {kept.pk for kept in Authenticator.objects.all()} == first
    assert len(shown(client)) == 2
