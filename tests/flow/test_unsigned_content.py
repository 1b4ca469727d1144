"""Content that clinicians have not signed as it stands leaves by no door. Promise P5."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from clinic.models import Role
from reminders.channels import channel
from reminders.flow.deliver import deliver_batch
from reminders.flow.dispatch import claim_due
from reminders.flow.plan import plan_stale, plan_surgery
from reminders.models import (
    Alert,
    Attempt,
    Audience,
    Category,
    Delivery,
    DeliveryReason,
    DeliveryStatus,
    PathwayVersion,
    Reminder,
    ReminderReason,
    ReminderStatus,
    StepText,
    VersionStatus,
)
from reminders.patient_page.warning_signs import warning_signs
from tests.factories import (
    NOON,
    DeliveryFactory,
    ReminderFactory,
    StaffFactory,
    StepFactory,
    SurgeryFactory,
)

pytestmark = pytest.mark.django_db


def not_live(status):
    def spoil():
        PathwayVersion.objects.update(status=status, sealed=False)

    return spoil


def not_live_though_sealed(status):
    def spoil():
        PathwayVersion.objects.update(status=status)

    return spoil


def other_words():
    StepText.objects.update(sms="{clinic}: run a marathon today.")


def other_digest():
    PathwayVersion.objects.update(digest="0" * 64)


UNSIGNED = {
    **{f"{status} {seal.__name__}": seal(status)
       for status in sorted(set(VersionStatus) - {VersionStatus.LIVE})
       for seal in (not_live, not_live_though_sealed)},
    "other words than were signed": other_words,
    "another digest than was signed": other_digest,
}  # fmt: skip


@pytest.fixture(params=UNSIGNED)
def spoil(request):
    return UNSIGNED[request.param]


def test_signed_content_does_leave(released):
    DeliveryFactory()

    deliver_batch(channel("sms"), now=lambda: NOON, limit=10)

    assert Attempt.objects.count() == 1


def test_dispatch_holds_it(spoil, released):
    reminder = ReminderFactory()
    spoil()

    claim_due(now=NOON, limit=10)

    reminder.refresh_from_db()
    assert (reminder.status, reminder.reason) == (
        ReminderStatus.HELD, ReminderReason.NO_LIVE_CONTENT,
    )  # fmt: skip
    assert not Delivery.objects.exists()


def test_dispatch_gives_no_task_of_it_to_staff(spoil, released):
    ReminderFactory(step__audience=Audience.STAFF, step__staff_action="Call the laboratory")
    spoil()

    claim_due(now=NOON, limit=10)

    assert not Alert.objects.exists()


def test_delivery_skips_what_is_queued_already(spoil, released):
    delivery = DeliveryFactory()
    spoil()

    deliver_batch(channel("sms"), now=lambda: NOON, limit=10)

    delivery.refresh_from_db()
    assert (delivery.status, delivery.failure_reason) == (
        DeliveryStatus.SKIPPED, DeliveryReason.NOT_SIGNED,
    )  # fmt: skip
    assert not Attempt.objects.exists()


def test_the_planner_plans_nothing_from_it(spoil):
    step = StepFactory()
    surgery = SurgeryFactory(patient__clinic=step.version.pathway.clinic)
    spoil()

    plan_surgery(surgery.pk, now=NOON)
    plan_stale(now=NOON, limit=10)

    assert not Reminder.objects.exists()


@pytest.mark.parametrize("step", ["go-live", "sign"])
def test_the_panel_puts_none_of_it_live(step, spoil, client, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    version = StepFactory().version
    spoil()
    client.force_login(StaffFactory(clinic=version.pathway.clinic, role=Role.SURGEON))

    client.post(reverse("admin:reminders_pathwayversion_do", args=[version.pk, step]))

    assert not PathwayVersion.objects.live().exists()


def test_no_command_sends_it(spoil, released):
    delivery = DeliveryFactory()
    person = StaffFactory(clinic=delivery.clinic)
    spoil()

    call_command("load_pathways")
    call_command("release_sending", "--by", person.username)
    deliver_batch(channel("sms"), now=lambda: NOON, limit=10)

    assert not PathwayVersion.objects.live().exists()
    assert not Attempt.objects.filter(delivery=delivery).exists()


def test_the_patients_page_shows_what_is_signed():
    step = StepFactory(key="d1_warning_signs", category=Category.WARNING_SIGNS)

    assert len(warning_signs(step.version.pathway.clinic, language="en")) == 1


def test_the_patients_page_shows_none_of_it(spoil):
    step = StepFactory(key="d1_warning_signs", category=Category.WARNING_SIGNS)
    clinic = step.version.pathway.clinic
    spoil()

    assert warning_signs(clinic, language="en") == []
