"""The stop key against workers that are sending: nothing of the message leaves after it (P5).

Two clinics send at once through the same workers. One presses the key; the other goes on.
"""

import re
from datetime import UTC, datetime, timedelta

import pytest
import requests
from django.urls import reverse

from clinic.models import Role
from reminders.models import (
    Attempt,
    Delivery,
    DeliveryReason,
    DeliveryStatus,
    PulledStep,
    Reminder,
    ReminderReason,
    ReminderStatus,
)
from tests.factories import StaffFactory
from tests.faults.house import until
from tests.faults.proof import all_is_quiet
from tests.faults.rows import due_reminders
from tests.signing_in import SignedIn

# What a clinic is promised: from the key to the last message that a provider takes.
PROMISED_SECONDS = 10
HERE, ELSEWHERE = 300, 60


class Browser:
    """Somebody at the clinic, at the pull page of one message, over the real web server."""

    def __init__(self, web, step, *, by):
        self.page = web + reverse("admin:reminders_content_pull", args=[step.version_id, step.key])
        client = SignedIn()
        client.force_login(by)
        self.cookies = {"sessionid": client.cookies["sessionid"].value, "csrftoken": "x" * 32}

    def pull(self):
        said = {"do": "pull", "reason": "Wrong dose", "csrfmiddlewaretoken": "x" * 32}
        answer = requests.post(
            self.page, data=said, cookies=self.cookies, allow_redirects=False, timeout=30
        )
        assert answer.status_code == 302

    def patients_listed(self):
        words = requests.get(self.page, cookies=self.cookies, timeout=30).text
        return {int(pk) for pk in re.findall(r"/patient/(\d+)/timeline/", words)}


@pytest.fixture
def elsewhere():
    return due_reminders(ELSEWHERE)


@pytest.fixture
def here():
    return due_reminders(HERE)


def test_nothing_of_a_pulled_message_leaves_after_the_key(
    house, provider, elsewhere, here, record_property
):
    step = here[0].step
    mobiles = {row.surgery.patient.mobile: row.surgery.patient_id for row in here}
    provider.behave("slow", times=10_000, wait_seconds=0.4)
    reception = Browser(
        house.web(), step, by=StaffFactory(clinic=step.version.pathway.clinic, role=Role.RECEPTION)
    )
    house.workers(2)
    until(lambda: len(texts_to(provider, mobiles)) >= 30, meanwhile=house.timetable())

    pressed = datetime.now(UTC)
    reception.pull()
    answered = datetime.now(UTC)
    until(all_is_quiet, meanwhile=house.timetable())

    told = texts_to(provider, mobiles)
    left = max(datetime.fromisoformat(text["at"]) for text in told) - pressed
    record_property("seconds_until_the_key_was_answered", (answered - pressed).total_seconds())
    record_property("seconds_until_nothing_left", left.total_seconds())
    record_property("texts_before_and_on_the_wire", len(told))
    assert left < timedelta(seconds=PROMISED_SECONDS)
    assert len(told) < HERE
    assert not attempts_at(step).filter(started_at__gt=answered).exists()
    assert_the_rest_waits(step, told=len(told))
    assert reception.patients_listed() == {mobiles[text["to"]] for text in told}
    assert len(provider.texts()) - len(told) == ELSEWHERE


def texts_to(provider, mobiles):
    return [text for text in provider.texts() if text["to"] in mobiles]


def attempts_at(step):
    return Attempt.objects.filter(delivery__reminder__step=step)


def assert_the_rest_waits(step, *, told):
    """Whoever was not told has a reminder that is held, or a delivery that was skipped."""
    held = Reminder.objects.filter(
        step=step, status=ReminderStatus.HELD, reason=ReminderReason.PULLED
    ).count()
    skipped = Delivery.objects.filter(
        reminder__step=step, status=DeliveryStatus.SKIPPED, failure_reason=DeliveryReason.PULLED
    ).count()
    assert PulledStep.objects.count() == 1
    assert told + held + skipped == HERE
