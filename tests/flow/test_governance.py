"""A wrong message stops everywhere at once, and content that nobody looked at again is loud."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError

from clinic.models import Role
from reminders.channels import channel
from reminders.flow.deliver import deliver_batch
from reminders.flow.dispatch import claim_due
from reminders.flow.governance import NotPulled, pull_step, restore_step, review_reminders
from reminders.flow.plan import plan_stale, plan_surgery
from reminders.models import (
    TIPS,
    Alert,
    Category,
    Delivery,
    DeliveryReason,
    DeliveryStatus,
    PathwayVersion,
    PulledStep,
    Reminder,
    ReminderReason,
    ReminderStatus,
    Signature,
    VersionEvent,
)
from tests.factories import (
    NOON,
    CarerFactory,
    ClinicFactory,
    DeliveryFactory,
    PathwayVersionFactory,
    ReminderFactory,
    StaffFactory,
    SurgeryFactory,
)
from tests.flow.versions import FOOD, WALK, a_live_version

pytestmark = pytest.mark.django_db
KEY = "d1_walk"


@pytest.fixture
def clinic():
    return ClinicFactory()


@pytest.fixture
def nurse(clinic):
    return StaffFactory(clinic=clinic, role=Role.NURSE)


@pytest.fixture
def planned(clinic):
    """An operation of yesterday whose plan has the walk of tomorrow, due at 13:00."""
    a_live_version(clinic, WALK, FOOD)
    surgery = SurgeryFactory(patient__clinic=clinic)
    plan_surgery(surgery.pk, now=NOON)
    return Reminder.objects.get(step_key=KEY)


def pull(clinic, by, key=KEY):
    return pull_step(clinic.pk, step_key=key, by=by, reason="Wrong dose", now=NOON)


def send(now=NOON):
    deliver_batch(channel("sms"), now=lambda: now, limit=10)


class TestPulling:
    def test_holds_what_is_planned_and_says_why(self, clinic, nurse, planned):
        done = pull(clinic, nurse)

        planned.refresh_from_db()
        assert (planned.status, planned.reason) == (ReminderStatus.HELD, ReminderReason.PULLED)
        assert done.held == 1
        assert not Reminder.objects.exclude(step_key=KEY).filter(reason="pulled").exists()

    def test_takes_what_is_queued_from_the_queue(self, clinic, nurse, planned):
        claim_due(now=planned.due_at, limit=10)

        done = pull(clinic, nurse)

        states = set(Delivery.objects.filter(reminder=planned).values_list("status", flat=True))
        assert states == {DeliveryStatus.SKIPPED}
        assert done.skipped == 2

    def test_counts_for_what_a_planner_or_a_dispatch_wrote_meanwhile(self, clinic, nurse, planned):
        pull(clinic, nurse)
        Reminder.objects.update(status=ReminderStatus.PLANNED, reason="")

        claim_due(now=planned.due_at, limit=10)

        planned.refresh_from_db()
        assert (planned.status, planned.reason) == (ReminderStatus.HELD, ReminderReason.PULLED)

    def test_counts_for_a_delivery_that_slipped_past(self, clinic, nurse, released):
        delivery = DeliveryFactory()
        PulledStep.objects.create(
            clinic=delivery.clinic, step_key=delivery.reminder.step_key, reason="x",
            pulled_by=nurse, pulled_at=NOON,
        )  # fmt: skip

        send()

        delivery.refresh_from_db()
        assert (delivery.status, delivery.failure_reason) == (
            DeliveryStatus.SKIPPED, DeliveryReason.PULLED,
        )  # fmt: skip

    def test_holds_in_plans_that_are_made_later(self, clinic, nurse, planned):
        pull(clinic, nurse)
        surgery = SurgeryFactory(patient__clinic=clinic)

        plan_surgery(surgery.pk, now=NOON)

        assert surgery.reminders.get(step_key=KEY).reason == ReminderReason.PULLED

    def test_lists_whom_it_reached(self, clinic, nurse, planned):
        claim_due(now=planned.due_at, limit=10)
        sms = Delivery.objects.get(reminder=planned, channel="sms")
        Delivery.objects.filter(pk=sms.pk).update(status=DeliveryStatus.DELIVERED)

        done = pull(clinic, nurse)

        assert [(one.patient, one.channel) for one in done.reached] == [(sms.patient, "sms")]

    def test_names_the_carer_whom_it_reached(self, clinic, nurse, planned):
        claim_due(now=planned.due_at, limit=10)
        carer = CarerFactory(patient=planned.surgery.patient)
        Delivery.objects.filter(channel="sms").update(status=DeliveryStatus.ACCEPTED, carer=carer)

        done = pull(clinic, nurse)

        assert [(one.patient, one.carer) for one in done.reached] == [(carer.patient, carer)]

    def test_leaves_other_clinics_alone(self, clinic, nurse, planned):
        there = ClinicFactory()
        a_live_version(there, WALK)
        elsewhere = SurgeryFactory(patient__clinic=there)
        plan_surgery(elsewhere.pk, now=NOON)

        pull(clinic, nurse)

        assert elsewhere.reminders.get(step_key=KEY).status == ReminderStatus.PLANNED

    def test_twice_is_once(self, clinic, nurse, planned):
        pull(clinic, nurse)
        pull(clinic, nurse)

        assert PulledStep.objects.count() == Alert.objects.filter(kind="content").count() == 1

    def test_needs_a_reason_a_message_and_a_role(self, clinic, nurse, planned):
        with pytest.raises(NotPulled, match="wrong"):
            pull_step(clinic.pk, step_key=KEY, by=nurse, reason=" ", now=NOON)
        with pytest.raises(NotPulled, match="no such message"):
            pull(clinic, nurse, key="nothing")
        with pytest.raises(NotPulled):
            pull(clinic, StaffFactory(clinic=clinic, role=Role.AUDITOR))
        with pytest.raises(NotPulled):
            pull(clinic, StaffFactory(role=Role.NURSE))


class TestRestoring:
    def test_lets_go_what_is_not_too_late(self, clinic, nurse, planned):
        pull(clinic, nurse)

        restore_step(clinic.pk, step_key=KEY, by=nurse, now=NOON)
        plan_stale(now=NOON, limit=10)

        planned.refresh_from_db()
        assert planned.status == ReminderStatus.PLANNED

    def test_is_for_clinicians(self, clinic, nurse, planned):
        pull(clinic, nurse)

        reception = StaffFactory(clinic=clinic, role=Role.RECEPTION)

        with pytest.raises(NotPulled, match="clinician"):
            restore_step(clinic.pk, step_key=KEY, by=reception, now=NOON)


class TestReviewDates:
    TODAY = NOON.date()

    def review(self, **dates):
        version = PathwayVersionFactory(**dates)
        return version, review_reminders(now=NOON)

    @pytest.mark.parametrize(
        ("days_left", "alerts"), [(61, 0), (60, 1), (31, 1), (30, 1), (0, 1), (-1, 1)]
    )
    def test_the_clinic_is_told_sixty_and_thirty_days_before_and_after(self, days_left, alerts):
        _, raised = self.review(safety_review_by=self.TODAY + timedelta(days=days_left))

        assert raised == alerts

    def test_once_each_before_and_daily_after(self):
        self.review(safety_review_by=self.TODAY + timedelta(days=31))

        raised = [review_reminders(now=NOON + timedelta(days=d)) for d in (0, 1, 2, 31, 32, 33)]

        assert raised == [0, 1, 0, 0, 1, 1]

    @pytest.mark.parametrize("category", sorted(Category))
    def test_tips_stop_and_what_keeps_people_safe_goes_on(self, category, released):
        reminder = ReminderFactory(
            step__category=category, due_at=NOON, not_after=NOON + timedelta(hours=3)
        )
        PathwayVersion.objects.update(
            other_review_by=self.TODAY - timedelta(days=1), safety_review_by=date(2020, 1, 1)
        )

        claim_due(now=NOON, limit=10)

        reminder.refresh_from_db()
        stops = category in TIPS
        assert (reminder.reason == ReminderReason.REVIEW_OVERDUE) is stops
        assert (reminder.status == ReminderStatus.DISPATCHED) is not stops

    def test_tips_are_held_before_they_are_due(self):
        reminder = ReminderFactory(step__category=Category.LIFESTYLE)
        PathwayVersion.objects.update(other_review_by=self.TODAY - timedelta(days=1))

        review_reminders(now=NOON)

        reminder.refresh_from_db()
        assert reminder.reason == ReminderReason.REVIEW_OVERDUE

    def test_content_that_was_changed_is_told_of(self):
        _, raised = self.review(sealed=False)

        assert raised == 1


class TestTheHistoryOfContent:
    """Nobody rewrites it, with SQL neither: the database refuses."""

    @pytest.fixture
    def rows(self, clinic, nurse, planned):
        pull(clinic, nurse)
        return {
            "event": VersionEvent.objects.filter(kind="signed"),
            "signature": Signature.objects.all(),
            "pull": PulledStep.objects.all(),
        }

    @pytest.mark.parametrize(
        ("row", "change"),
        [
            ("event", {"detail": "Somebody else"}),
            ("signature", {"role": "surgeon"}),
            ("pull", {"reason": "Nothing was wrong"}),
        ],
    )
    def test_is_not_changed(self, row, change, rows):
        with pytest.raises(DatabaseError, match="never changed"):
            rows[row].update(**change)

    @pytest.mark.parametrize("row", ["event", "signature", "pull"])
    def test_is_not_deleted(self, row, rows):
        with pytest.raises(DatabaseError, match="never changed"):
            rows[row].delete()

    def test_what_was_restored_is_not_pulled_again_in_the_same_row(self, clinic, nurse, rows):
        restore_step(clinic.pk, step_key=KEY, by=nurse, now=NOON)

        with pytest.raises(DatabaseError, match="never changed"):
            rows["pull"].update(restored_at=None, restored_by=None)
