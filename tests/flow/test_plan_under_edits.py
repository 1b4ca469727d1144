"""A clinic edits, plans, sends and waits, in any order, and some things hold all the time.

The model knows no rule of planning: only that nothing stands twice, that what was sent on stays as
it was, and that a plan that has just been made is up to date and would be made the same again.
"""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from clinic.models import Patient, PatientStatus, Surgery, SurgeryStatus
from reminders.flow.dispatch import claim_due
from reminders.flow.plan import plan_surgery
from reminders.flow.rescue import miss_overdue
from reminders.models import Delivery, DeliveryStatus, Reminder, ReminderStatus
from tests.factories import PathwayVersionFactory, StepFactory, SurgeryFactory

pytestmark = pytest.mark.django_db
START = datetime(2026, 2, 23, 12, tzinfo=UTC)
DAYS = st.integers(0, 30).map(lambda n: date(2026, 2, 20) + timedelta(days=n))
OFTEN = 5
STORY = ("pk", "step_key", "occurrence", "status", "due_at", "not_after")


class UndoAll(Exception):
    """Ends the transaction of one run."""


class ClinicDay(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.run = transaction.atomic()
        self.run.__enter__()
        self.now = START
        self.sent_on = {}
        version = PathwayVersionFactory()
        StepFactory(version=version, key="before", day_from=-5, day_to=-2)
        StepFactory(version=version, key="daily", day_from=1, day_to=6, repeat_days=[1, 3, 5])
        StepFactory(version=version, key="signs", category="warning_signs", is_high_priority=True)
        StepFactory(version=version, key="smoke", requires=[["smoker"]], day_from=2, day_to=9)
        StepFactory(version=version, key="visit", anchor="appointment_date", day_from=-1)
        StepFactory(version=version, key="call", audience="staff", channels=["task"], day_from=4)
        self.surgery = SurgeryFactory(patient__clinic=version.pathway.clinic)
        self.plan()

    def teardown(self):
        self.run.__exit__(UndoAll, None, None)

    def record(self, **values):
        Surgery.objects.filter(pk=self.surgery.pk).update(**values)

    @rule(days=st.integers(-3, 20))
    def move_the_operation_and_plan(self, days):
        self.record(surgery_date=self.now.date() + timedelta(days=days))
        self.plan()

    @rule(status=st.sampled_from([*SurgeryStatus, *OFTEN * [SurgeryStatus.CONFIRMED]]))
    def say_whether_it_took_place(self, status):
        self.record(status=status)

    @rule(on_hold=st.sampled_from([True, *OFTEN * [False]]), smoker=st.booleans())
    def change_facts(self, on_hold, smoker):
        self.record(on_hold=on_hold, smoker=smoker)

    @rule(day=st.none() | DAYS, hour=st.integers(9, 16))
    def make_an_appointment(self, day, hour):
        self.record(appointment_at=day and datetime(day.year, day.month, day.day, hour, tzinfo=UTC))

    @rule(status=st.sampled_from([*PatientStatus, *OFTEN * [PatientStatus.ACTIVE]]))
    def change_the_patient(self, status):
        Patient.objects.filter(pk=self.surgery.patient_id).update(status=status)

    @rule(hours=st.integers(1, 40))
    def wait(self, hours):
        self.now += timedelta(hours=hours)

    @rule()
    def plan(self):
        plan_surgery(self.surgery.pk, now=self.now)

        self.surgery.refresh_from_db()
        assert self.surgery.planned_revision == self.surgery.revision
        assert plan_surgery(self.surgery.pk, now=self.now).is_empty

    @rule(is_tried=st.booleans())
    def dispatch_what_is_due_next(self, is_tried):
        planned = Reminder.objects.filter(status=ReminderStatus.PLANNED).order_by("due_at")
        if upcoming := planned.first():
            self.now = max(self.now, upcoming.due_at)
        claim_due(now=self.now, limit=100)
        if is_tried:
            Delivery.objects.filter(attempts_made=0).update(
                attempts_made=1, status=DeliveryStatus.ACCEPTED
            )
        self.sent_on = self.out_of_our_hands()

    @rule()
    def rescue(self):
        miss_overdue(now=self.now)

    def out_of_our_hands(self):
        """What a patient has, or staff have, by now."""
        waiting = Delivery.objects.filter(attempts_made=0).values("reminder")
        gone = Reminder.objects.filter(status=ReminderStatus.DISPATCHED).exclude(pk__in=waiting)
        return {row[0]: row for row in gone.values_list(*STORY)}

    @invariant()
    def no_occurrence_stands_twice(self):
        standing = Reminder.objects.exclude(status=ReminderStatus.CANCELLED)
        named = Counter(standing.values_list("surgery", "step_key", "occurrence"))
        assert set(named.values()) <= {1}

    @invariant()
    def what_was_sent_on_stays_as_it_was(self):
        now = {row[0]: row for row in Reminder.objects.values_list(*STORY)}
        assert {pk: now[pk] for pk in self.sent_on} == self.sent_on

    @invariant()
    def only_what_is_dispatched_has_deliveries(self):
        others = Reminder.objects.exclude(status=ReminderStatus.DISPATCHED)
        assert not Delivery.objects.filter(reminder__in=others).exists()


def test_any_order_of_edits_plans_and_sends_keeps_the_books():
    run_state_machine_as_test(
        ClinicDay,
        settings=settings(
            max_examples=12,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
