"""Notices to staff: what they say, that they are sent like any message, and what a failure does."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from reminders.channels.base import Outcome, SendResult
from reminders.flow.alerts import acknowledge
from reminders.flow.claim import claim_batch
from reminders.flow.failure import after_failure
from reminders.flow.ladder import climb
from reminders.flow.notices import NOTICE_IS_OF_USE
from reminders.flow.outcomes import write_outcomes
from reminders.models import (
    AlertStepStatus,
    Delivery,
    DeliveryReason,
    DeliveryStatus,
    How,
    Purpose,
    Tier,
)
from reminders.rules.gsm7 import sms_size
from tests.factories import NOON, ClinicFactory, DeliveryFactory, StaffFactory
from tests.ladders import LadderFactory, RungFactory, raised

MINUTE = timedelta(minutes=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic(released):
    return ClinicFactory(language="en", name="Harbourside", sender_name="Harbourside Care")


@pytest.fixture
def ladder(clinic):
    """The ward by text at once, the desk by mail after ten minutes."""
    ladder = LadderFactory(clinic=clinic)
    tiers = [Tier.EMERGENCY, Tier.SAME_DAY]
    RungFactory(ladder=ladder, position=0, how=How.SMS, address="07700 900803", tiers=tiers)
    RungFactory(
        ladder=ladder, position=1, after_minutes=10, address="desk@example.org", label="Desk",
        tiers=tiers,
    )  # fmt: skip
    return ladder


def notices():
    return Delivery.objects.filter(purpose=Purpose.NOTICE).order_by("pk")


def put_on_the_wire(*, at=NOON, channel="sms", only=""):
    return claim_batch(
        channel, provider="memory", post_timeout_seconds=1, now=at, limit=20, only=only
    ).sends


def answered(outcome, *, at=NOON, channel="sms", **also):
    sends = put_on_the_wire(at=at, channel=channel)
    write_outcomes([(send, SendResult(outcome, **also)) for send in sends], now=at)


class TestTheWords:
    def test_name_the_clinic_a_moment_and_a_page_and_nobody(self, clinic, ladder, settings):
        settings.PUBLIC_URL = "https://care.example.org"
        alert = raised(clinic, at=NOON - 5 * MINUTE)

        climb(now=NOON)

        page = reverse("admin:reminders_alert_change", args=[alert.pk])
        notice = notices().get()
        assert notice.text == (
            "Aftercare Harbourside Care: an urgent alert waits since 11:55. "
            f"Open https://care.example.org{page}"
        )
        assert (notice.subject, notice.patient) == ("", None)
        assert sms_size(notice.text).parts == 1

    def test_of_a_mail_have_a_subject_as_neutral(self, clinic, ladder):
        raised(clinic)

        climb(now=NOON + 10 * MINUTE)

        mail = notices().get(channel="email")
        assert mail.subject == "Aftercare Harbourside Care: an urgent alert waits since 12:00"

    def test_say_the_day_when_it_was_another(self, clinic, ladder):
        raised(clinic, at=NOON - timedelta(days=1))

        climb(now=NOON)

        assert "since 2026-03-02 12:00" in notices().first().text

    @pytest.mark.parametrize(
        ("language", "words"), [("es", "un aviso urgente"), ("cy", "an urgent alert")]
    )
    def test_are_in_the_language_of_the_clinic(self, clinic, ladder, language, words):
        clinic.language = language
        clinic.save()
        raised(clinic)

        climb(now=NOON)

        assert words in notices().get().text

    def test_of_an_alert_for_the_day_lead_to_the_list(self, clinic, ladder):
        raised(clinic, tier=Tier.SAME_DAY)

        climb(now=NOON)

        text = notices().get().text
        assert "an alert for today waits" in text
        assert re.search(r"/staff/reminders/alert/$", text)


class TestTogether:
    def test_alerts_for_the_day_that_come_at_once_are_one_notice(self, clinic, ladder):
        alerts = [raised(clinic, tier=Tier.SAME_DAY, cause=f"reminder:{n}") for n in range(5)]

        climb(now=NOON)

        assert notices().count() == 1
        first, *others = (alert.steps.get(position=0) for alert in alerts)
        assert {step.told_with for step in others} == {first}
        assert {step.status for step in others} == {AlertStepStatus.TOLD}

    def test_one_that_comes_later_has_its_own(self, clinic, ladder):
        raised(clinic, tier=Tier.SAME_DAY, cause="a")
        climb(now=NOON)
        raised(clinic, tier=Tier.SAME_DAY, cause="b", at=NOON + 15 * MINUTE)

        climb(now=NOON + 15 * MINUTE)

        assert notices().filter(channel="sms").count() == 2

    def test_an_emergency_always_has_its_own(self, clinic, ladder):
        raised(clinic, tier=Tier.SAME_DAY, cause="a")
        for cause in "bc":
            raised(clinic, cause=cause)

        climb(now=NOON)

        assert notices().count() == 3

    def test_it_goes_out_while_one_of_them_is_open(self, clinic, ladder):
        taken, still_open = (raised(clinic, tier=Tier.SAME_DAY, cause=c) for c in "ab")
        climb(now=NOON)
        assert taken.steps.first().notices.exists()

        acknowledge(taken.pk, by=StaffFactory(clinic=clinic), now=NOON)

        assert len(put_on_the_wire()) == 1
        assert still_open.steps.first().told_with.alert == taken

    def test_when_it_fails_it_fails_for_all_of_them(self, clinic, ladder):
        alerts = [raised(clinic, tier=Tier.SAME_DAY, cause=c) for c in "ab"]
        climb(now=NOON)

        answered(Outcome.REFUSED, code="21614", bad_address=True)

        for alert in alerts:
            assert alert.steps.get(position=0).status == AlertStepStatus.FAILED
            assert alert.steps.get(position=1).due_at == NOON


class TestOnTheWay:
    def test_the_stop_button_of_the_clinic_stops_patients_messages_and_no_notice(
        self, clinic, ladder
    ):
        clinic.sending_stopped_at = NOON
        clinic.save()
        DeliveryFactory(reminder__surgery__patient__clinic=clinic)
        raised(clinic)
        climb(now=NOON)

        [send] = put_on_the_wire()

        assert send.delivery.purpose == Purpose.NOTICE
        assert send.message.to == "+447700900803"

    def test_no_quiet_hour_holds_it(self, clinic, ladder):
        midnight = NOON + timedelta(hours=12)
        raised(clinic, at=midnight)
        climb(now=midnight)

        assert len(put_on_the_wire(at=midnight)) == 1

    def test_it_needs_no_turn_behind_the_messages_of_patients(self, clinic, ladder):
        DeliveryFactory.create_batch(3, reminder__surgery__patient__clinic=clinic)
        raised(clinic)
        climb(now=NOON)

        [send] = put_on_the_wire(only=Purpose.NOTICE)

        assert send.delivery == notices().get()

    def test_it_is_not_sent_once_somebody_has_the_alert(self, clinic, ladder):
        alert = raised(clinic)
        climb(now=NOON)
        acknowledge(alert.pk, by=StaffFactory(clinic=clinic), now=NOON)

        assert put_on_the_wire() == []
        notice = notices().get()
        assert (notice.status, notice.failure_reason) == (
            DeliveryStatus.SKIPPED, DeliveryReason.ALERT_TAKEN
        )  # fmt: skip
        after_failure([notice.pk], now=NOON)
        assert alert.steps.get(position=0).status == AlertStepStatus.TOLD


class TestAFailure:
    def test_lets_the_next_step_be_due_at_once(self, clinic, ladder):
        alert = raised(clinic)
        climb(now=NOON)

        answered(Outcome.REFUSED, code="21614", bad_address=True)
        climb(now=NOON)

        step = alert.steps.get(position=0)
        assert (step.status, step.note) == (AlertStepStatus.FAILED, "The address does not work")
        assert notices().get(channel="email").address == "desk@example.org"

    def test_is_one_when_it_is_told_twice(self, clinic, ladder):
        alert = raised(clinic)
        climb(now=NOON)
        answered(Outcome.REFUSED, code="21614")

        after_failure(notices().values_list("pk", flat=True), now=NOON + MINUTE)

        assert alert.steps.get(position=0).status_since == NOON

    def test_of_one_of_two_recipients_leaves_the_step_told(self, clinic, ladder):
        people = StaffFactory.create_batch(2, clinic=clinic, phone="07700 900810")
        people[1].phone = "07700 900811"
        people[1].save()
        ladder.rungs.filter(position=0).update(whom="role", role="nurse")
        alert = raised(clinic)
        climb(now=NOON)
        lost, kept = notices()

        Delivery.objects.filter(pk=lost.pk).update(status=DeliveryStatus.UNDELIVERED)
        after_failure([lost.pk], now=NOON)

        assert alert.steps.get(position=0).status == AlertStepStatus.TOLD
        assert alert.steps.get(position=1).due_at == NOON + 10 * MINUTE
        assert kept.address != lost.address

    def test_too_late_to_be_of_use_counts_as_one(self, clinic, ladder):
        alert = raised(clinic)
        climb(now=NOON)
        late = NOON + NOTICE_IS_OF_USE + MINUTE

        batch = claim_batch("sms", provider="memory", post_timeout_seconds=1, now=late, limit=5)
        after_failure([delivery.pk for delivery in batch.ended], now=late)

        assert alert.steps.get(position=0).status == AlertStepStatus.FAILED

    def test_brings_no_repeat_forward_so_that_a_dead_number_does_not_ring_in_a_circle(
        self, clinic, ladder
    ):
        alert = raised(clinic)
        climb(now=NOON)
        climb(now=NOON + 10 * MINUTE)
        due = alert.steps.get(repeat=1).due_at

        answered(Outcome.REFUSED, at=NOON + 10 * MINUTE, channel="email", code="550")

        assert alert.steps.get(repeat=1).due_at == due

    def test_after_somebody_has_the_alert_moves_nothing(self, clinic, ladder):
        alert = raised(clinic)
        climb(now=NOON)
        sends = put_on_the_wire()
        acknowledge(alert.pk, by=StaffFactory(clinic=clinic), now=NOON)

        write_outcomes([(send, SendResult(Outcome.REFUSED)) for send in sends], now=NOON)

        assert alert.steps.get(position=1).status == AlertStepStatus.STOPPED
