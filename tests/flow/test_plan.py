"""One record in, its reminders out, the same however often; what was sent is not touched."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.models import Patient, Surgery
from reminders.flow.plan import COLUMNS, plan_stale, plan_surgery
from reminders.models import (
    Alert,
    AlertKind,
    Delivery,
    DeliveryStatus,
    Pathway,
    PathwayVersion,
    Reminder,
    ReminderReason,
    ReminderStatus,
)
from tests.factories import (
    ENROLLED_AT,
    NOON,
    DeliveryFactory,
    PathwayVersionFactory,
    StepFactory,
    SurgeryFactory,
)

pytestmark = pytest.mark.django_db
PLANNED_AT = datetime(2026, 2, 20, 12, tzinfo=UTC)  # ten days before the operation
MOVED_TO = date(2026, 3, 16)


@pytest.fixture
def version():
    return PathwayVersionFactory()


@pytest.fixture
def surgery(version):
    return SurgeryFactory(patient__clinic=version.pathway.clinic)


def planned(surgery, now=PLANNED_AT):
    return plan_surgery(surgery.pk, now=now)


def change(surgery, **values):
    Surgery.objects.filter(pk=surgery.pk).update(**values)


def everything():
    return sorted(Reminder.objects.values_list(*COLUMNS))


def the_only(surgery, **conditions):
    return Reminder.objects.get(surgery=surgery, **conditions)


class TestPlanning:
    def test_writes_each_occurrence_with_all_that_belongs_to_it(self, version, surgery):
        step = StepFactory(
            version=version, category="warning_signs", is_high_priority=True, requires=[["smoker"]]
        )
        change(surgery, smoker=True)

        planned(surgery)

        row = the_only(surgery)
        assert (row.step, row.step_key, row.occurrence) == (step, step.key, 1)
        assert (row.category, row.is_high_priority) == ("warning_signs", True)
        assert (row.status, row.reason, row.because) == (ReminderStatus.PLANNED, "", "smokes")
        assert row.due_at == datetime(2026, 3, 3, 9, tzinfo=UTC)
        assert row.not_after == datetime(2026, 3, 3, 20, tzinfo=UTC)
        assert row.status_since == PLANNED_AT

    def test_copies_every_column_that_a_reminder_has(self):
        columns = {field.attname for field in Reminder._meta.concrete_fields}

        assert columns - {"id"} == set(COLUMNS)

    def test_again_changes_nothing(self, version, surgery):
        StepFactory.create_batch(3, version=version)
        StepFactory(version=version, day_from=-3)
        planned(surgery)
        before = everything()

        difference = planned(surgery, now=PLANNED_AT + timedelta(hours=1))

        assert difference.is_empty
        assert everything() == before

    def test_brings_the_plan_to_the_records_revision(self, surgery):
        change(surgery, smoker=True)

        planned(surgery)

        assert not Surgery.objects.stale().exists()

    def test_what_lay_before_the_enrolment_is_missed_and_says_so(self, version, surgery):
        StepFactory(version=version, day_from=-20)

        difference = planned(surgery)

        row = the_only(surgery)
        assert (row.status, row.reason) == (ReminderStatus.MISSED, ReminderReason.ENROLLED_LATE)
        assert len(difference.too_late) == 1

    def test_what_is_too_late_already_is_missed_and_says_so(self, version, surgery):
        StepFactory(version=version)

        planned(surgery, now=datetime(2026, 3, 3, 20, 0, 1, tzinfo=UTC))

        row = the_only(surgery)
        assert (row.status, row.reason) == (ReminderStatus.MISSED, ReminderReason.TOO_LATE)

    def test_what_may_still_be_told_waits_though_its_hour_has_passed(self, version, surgery):
        StepFactory(version=version)

        planned(surgery, now=datetime(2026, 3, 3, 20, 0, tzinfo=UTC))

        assert the_only(surgery).status == ReminderStatus.PLANNED

    def test_tells_what_it_did(self, version, surgery):
        StepFactory.create_batch(2, version=version)

        assert planned(surgery).counts() == {"adds": 2}
        change(surgery, surgery_date=MOVED_TO)
        assert planned(surgery).counts() == {"moves": 2}
        change(surgery, on_hold=True)
        assert planned(surgery).counts() == {"holds": 2}
        change(surgery, on_hold=False)
        assert planned(surgery).counts() == {"releases": 2}
        change(surgery, status="cancelled")
        assert planned(surgery).counts() == {"cancels": 2}


class TestAnEdit:
    def test_that_moves_the_operation_moves_its_reminders(self, version, surgery):
        StepFactory(version=version)
        planned(surgery)
        change(surgery, surgery_date=MOVED_TO)

        planned(surgery, now=PLANNED_AT + timedelta(hours=1))

        row = the_only(surgery)
        assert row.due_at == datetime(2026, 3, 17, 9, tzinfo=UTC)
        assert row.status_since == PLANNED_AT  # it has been planned since then

    def test_that_moves_one_to_a_moment_that_has_passed_says_since_when_it_could_go(
        self, version, surgery
    ):
        StepFactory(version=version)
        planned(surgery)
        change(surgery, surgery_date=MOVED_TO)
        half_past_nine = datetime(2026, 3, 17, 9, 30, tzinfo=UTC)

        planned(surgery, now=half_past_nine)

        row = the_only(surgery)
        assert (row.status, row.status_since) == (ReminderStatus.PLANNED, half_past_nine)

    @pytest.mark.parametrize(
        ("values", "reason"),
        [
            ({"on_hold": True}, ReminderReason.SURGERY_ON_HOLD),
            ({"status": "planned"}, ReminderReason.NOT_CONFIRMED),
            ({"indication": "tumour"}, ReminderReason.NEEDS_CLINICIAN),
            ({"indication": "trauma"}, ReminderReason.NEEDS_CLINICIAN),
            ({"destination": "icu"}, ReminderReason.IN_HOSPITAL),
        ],
    )
    def test_that_lets_the_plan_wait_holds_it_with_the_reason(
        self, version, surgery, values, reason
    ):
        StepFactory(version=version)
        planned(surgery)
        change(surgery, **values)

        planned(surgery)

        row = the_only(surgery)
        assert (row.status, row.reason) == (ReminderStatus.HELD, reason)

    @pytest.mark.parametrize(
        ("status", "reason"),
        [("deceased", ReminderReason.DECEASED), ("ended", ReminderReason.CARE_ENDED)],
    )
    def test_that_ends_the_care_cancels_everything_open(self, version, surgery, status, reason):
        StepFactory(version=version)
        planned(surgery)
        Patient.objects.update(status=status)

        planned(surgery)

        row = the_only(surgery)
        assert (row.status, row.reason) == (ReminderStatus.CANCELLED, reason)

    def test_that_puts_the_patient_on_hold_and_back_leaves_the_plan_as_it_was(
        self, version, surgery
    ):
        StepFactory(version=version)
        planned(surgery)
        before = everything()

        Patient.objects.update(status="on_hold")
        planned(surgery)
        held = the_only(surgery)
        Patient.objects.update(status="active")
        planned(surgery)

        assert (held.status, held.reason) == (ReminderStatus.HELD, ReminderReason.PATIENT_ON_HOLD)
        assert everything() == before

    def test_of_the_facts_cancels_what_they_no_longer_ask_for(self, version, surgery):
        StepFactory(version=version, requires=[["smoker"]])
        change(surgery, smoker=True)
        planned(surgery)
        change(surgery, smoker=False)

        planned(surgery)

        row = the_only(surgery)
        assert (row.status, row.reason) == (ReminderStatus.CANCELLED, ReminderReason.NOT_ASKED_FOR)

    def test_that_asks_again_for_what_was_cancelled_writes_it_anew(self, version, surgery):
        StepFactory(version=version)
        planned(surgery)
        change(surgery, status="cancelled")
        planned(surgery)
        change(surgery, status="confirmed")

        planned(surgery)

        states = Reminder.objects.values_list("status", flat=True)
        assert sorted(states) == [ReminderStatus.CANCELLED, ReminderStatus.PLANNED]

    @pytest.mark.parametrize("status", ["dispatched", "missed", "cancelled"])
    def test_leaves_alone_what_has_come_to_its_end(self, version, surgery, status):
        StepFactory(version=version)
        planned(surgery)
        reason = "" if status == "dispatched" else "too_late"
        Reminder.objects.update(status=status, reason=reason)
        before = everything()
        change(surgery, status="cancelled")

        planned(surgery)

        assert everything() == before

    def test_of_an_appointment_tells_the_new_one_again(self, version, surgery):
        StepFactory(version=version, anchor="appointment_date", day_from=-1)
        change(surgery, appointment_at=datetime(2026, 4, 10, 10, tzinfo=UTC))
        planned(surgery)
        Reminder.objects.update(status=ReminderStatus.DISPATCHED)
        change(surgery, appointment_at=datetime(2026, 4, 10, 15, tzinfo=UTC))

        planned(surgery)

        assert the_only(surgery, status="planned").due_at == datetime(2026, 4, 9, 8, tzinfo=UTC)

    def test_that_makes_a_safety_message_too_late_gives_it_to_a_person(self, version, surgery):
        StepFactory(version=version, is_high_priority=True)
        StepFactory(version=version, is_high_priority=False)
        change(surgery, on_hold=True)
        planned(surgery)
        change(surgery, on_hold=False)

        planned(surgery, now=NOON + timedelta(days=2))

        alert = Alert.objects.get()
        assert (alert.kind, alert.patient) == (AlertKind.NOT_REACHED, surgery.patient)


class TestAMissedReminder:
    @pytest.mark.parametrize("reason", sorted(set(ReminderReason) - {ReminderReason.NONE}))
    def test_comes_back_when_the_operation_moves_ahead_whatever_it_was_missed_for(
        self, version, surgery, reason
    ):
        StepFactory(version=version)
        planned(surgery)
        Reminder.objects.update(status=ReminderStatus.MISSED, reason=reason)
        change(surgery, surgery_date=MOVED_TO)

        planned(surgery, now=NOON)

        row = the_only(surgery)
        assert (row.status, row.reason) == (ReminderStatus.PLANNED, "")

    def test_stays_missed_while_its_moment_lies_behind(self, version, surgery):
        StepFactory(version=version)
        planned(surgery)
        Reminder.objects.update(status=ReminderStatus.MISSED, reason=ReminderReason.NO_CHANNEL)
        change(surgery, smoker=True)

        planned(surgery, now=NOON)

        assert the_only(surgery).status == ReminderStatus.MISSED


@pytest.fixture
def sent_on(version, surgery):
    """A reminder of the operation that has left the plan, and waits to be sent."""
    StepFactory(version=version)
    planned(surgery)
    Reminder.objects.update(status=ReminderStatus.DISPATCHED)
    return the_only(surgery)


class TestRecall:
    def test_takes_back_what_nobody_has_tried_when_the_operation_moves_ahead(
        self, surgery, sent_on
    ):
        DeliveryFactory(reminder=sent_on, channel="sms")
        DeliveryFactory(reminder=sent_on, channel="email")
        change(surgery, surgery_date=MOVED_TO)

        planned(surgery, now=NOON)

        assert the_only(surgery).status == ReminderStatus.PLANNED
        assert not Delivery.objects.exists()

    def test_takes_back_what_nobody_has_tried_when_the_plan_must_wait(self, surgery, sent_on):
        DeliveryFactory(reminder=sent_on)
        change(surgery, on_hold=True)

        planned(surgery, now=NOON)

        assert the_only(surgery).status == ReminderStatus.HELD

    def test_takes_back_what_nobody_has_tried_when_the_operation_is_cancelled(
        self, surgery, sent_on
    ):
        DeliveryFactory(reminder=sent_on)
        change(surgery, status="cancelled")

        planned(surgery, now=NOON)

        assert the_only(surgery).status == ReminderStatus.CANCELLED
        assert not Delivery.objects.exists()

    def test_takes_back_what_nobody_has_tried_when_a_new_version_takes_over(
        self, version, surgery, sent_on
    ):
        DeliveryFactory(reminder=sent_on)
        PathwayVersion.objects.update(status="retired")
        new = StepFactory(version__pathway=version.pathway, key=sent_on.step_key)

        planned(surgery, now=NOON)

        row = the_only(surgery)
        assert (row.status, row.step) == (ReminderStatus.PLANNED, new)

    @pytest.mark.parametrize(
        "tried",
        [
            {"attempts_made": 1},
            *({"status": status} for status in set(DeliveryStatus) - {DeliveryStatus.QUEUED}),
        ],
        ids=str,
    )
    def test_leaves_what_has_been_tried(self, surgery, sent_on, tried):
        DeliveryFactory(reminder=sent_on, channel="sms", **tried)
        DeliveryFactory(reminder=sent_on, channel="email")
        change(surgery, surgery_date=MOVED_TO)

        difference = planned(surgery, now=NOON)

        assert the_only(surgery).status == ReminderStatus.DISPATCHED
        assert Delivery.objects.count() == 2
        assert len(difference.already_sent) == 1

    def test_leaves_what_is_due_all_the_same(self, surgery, sent_on):
        DeliveryFactory(reminder=sent_on)
        change(surgery, smoker=True)

        planned(surgery, now=NOON)

        assert the_only(surgery).status == ReminderStatus.DISPATCHED

    def test_leaves_a_task_that_staff_have_already(self, surgery, sent_on):
        change(surgery, surgery_date=MOVED_TO)

        planned(surgery, now=NOON)

        assert the_only(surgery).status == ReminderStatus.DISPATCHED


class TestContent:
    def test_a_version_that_is_not_live_plans_nothing(self, surgery):
        for status in ("draft", "in_review", "approved", "retired"):
            StepFactory(version__status=status, version__pathway__clinic=surgery.patient.clinic)

        planned(surgery)

        assert not Reminder.objects.exists()

    def test_content_of_another_clinic_plans_nothing(self, surgery):
        StepFactory()

        planned(surgery)

        assert not Reminder.objects.exists()

    def test_without_live_content_whatever_waits_is_held(self, version, surgery):
        StepFactory.create_batch(2, version=version)
        planned(surgery)
        sent_on = Reminder.objects.first()
        Reminder.objects.filter(pk=sent_on.pk).update(status=ReminderStatus.DISPATCHED)
        DeliveryFactory(reminder=sent_on)
        PathwayVersion.objects.update(status="retired")

        difference = planned(surgery)

        states = set(Reminder.objects.values_list("status", "reason"))
        assert states == {(ReminderStatus.HELD, ReminderReason.NO_LIVE_CONTENT)}
        assert not Delivery.objects.exists()
        assert len(difference.holds) == 2

    def test_what_was_held_for_want_of_content_goes_on_with_the_next_version(
        self, version, surgery
    ):
        step = StepFactory(version=version)
        planned(surgery)
        PathwayVersion.objects.update(status="retired")
        planned(surgery)
        new = StepFactory(version__pathway=version.pathway, key=step.key)

        planned(surgery)

        row = the_only(surgery)
        assert (row.status, row.step) == (ReminderStatus.PLANNED, new)

    def test_the_pathway_with_the_most_conditions_that_fit_is_chosen(self, version, surgery):
        clinic = version.pathway.clinic
        StepFactory(version=version)
        special = StepFactory(
            version__pathway__clinic=clinic, version__pathway__requires=[["fusion"]]
        )
        StepFactory(
            version__pathway__clinic=clinic, version__pathway__requires=[["fusion"], ["brace"]]
        )
        change(surgery, fusion=True)

        planned(surgery)

        assert the_only(surgery).step == special

    @pytest.mark.parametrize(
        "unfit",
        [
            {"regions": ["cervical"]},
            {"procedures": ["laminectomy"]},
            {"requires": [["fusion"]]},
            {"excludes": ["smoker"]},
        ],
    )
    def test_a_pathway_for_another_operation_is_not_used(self, version, surgery, unfit):
        StepFactory(version=version)
        Pathway.objects.update(**unfit)
        change(surgery, smoker=True)

        planned(surgery)

        assert not Reminder.objects.exists()


class TestPlanStale:
    def test_plans_what_is_stale_and_nothing_else(self, version, surgery):
        StepFactory(version=version)
        SurgeryFactory(patient__clinic=version.pathway.clinic, planned_revision=1)

        assert plan_stale(now=PLANNED_AT, limit=10) == 1
        assert plan_stale(now=PLANNED_AT, limit=10) == 0
        assert Reminder.objects.get().surgery == surgery

    def test_takes_no_more_than_it_may(self):
        SurgeryFactory.create_batch(3)

        assert plan_stale(now=PLANNED_AT, limit=2) == 2
        assert plan_stale(now=PLANNED_AT, limit=2) == 1

    def test_a_record_that_cannot_be_planned_holds_up_no_other(self, version, caplog):
        StepFactory(version=version)
        bad, good = SurgeryFactory.create_batch(2, patient__clinic=version.pathway.clinic)
        Patient.objects.filter(pk=bad.patient_id).update(zone="Foo/Bar")

        assert plan_stale(now=PLANNED_AT, limit=10) == 1

        assert Reminder.objects.get().surgery == good
        assert list(Surgery.objects.stale()) == [bad]
        assert f"surgery {bad.pk}" in caplog.text
        assert "Foo/Bar" not in caplog.text

    def test_asks_the_database_as_often_for_thirty_as_for_three(self, version):
        StepFactory.create_batch(3, version=version)
        counts = set()
        for size in (3, 30):
            SurgeryFactory.create_batch(size, patient__clinic=version.pathway.clinic)
            with CaptureQueriesContext(connection) as asked:
                assert plan_stale(now=PLANNED_AT, limit=100) == size
            counts.add(len(asked))

        assert len(counts) == 1

    def test_reads_the_enrolment_of_each(self, version):
        StepFactory(version=version)
        SurgeryFactory(patient__clinic=version.pathway.clinic, enrolled_at=ENROLLED_AT)
        SurgeryFactory(patient__clinic=version.pathway.clinic, enrolled_at=NOON)

        plan_stale(now=NOON, limit=10)

        assert sorted(Reminder.objects.values_list("status", flat=True)) == ["missed", "planned"]
