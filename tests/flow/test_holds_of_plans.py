"""A hold that began, lasted and ended: what of the plan waits, moves, is missed and is sent."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError

from clinic.models import AfterHold, Channel, Hold, HoldKind, Patient, Surgery
from reminders.flow.claim import claim_batch
from reminders.flow.dispatch import claim_due
from reminders.flow.pauses import NewHold, begin_hold, end_due_holds, end_hold, lasted_days
from reminders.flow.plan import plan_stale, plan_surgery
from reminders.flow.rescue import miss_overdue
from reminders.models import Alert, Delivery, DeliveryReason, DeliveryStatus, Reminder
from tests.factories import (
    NOON,
    OPERATED_ON,
    HoldFactory,
    PathwayVersionFactory,
    StaffFactory,
    StepFactory,
    SurgeryFactory,
)

pytestmark = pytest.mark.django_db
AWAY = NewHold(HoldKind.AWAY, "Abroad")
IN_HOSPITAL = NewHold(HoldKind.HOSPITAL, "Back on the ward")
TEN_DAYS = timedelta(days=10)
LATER = NOON + TEN_DAYS


@pytest.fixture
def version():
    version = PathwayVersionFactory(signed=True)
    for day in (2, 5, 20):
        StepFactory(version=version, key=f"walk-{day}", day_from=day, category="physio")
    StepFactory(version=version, key="signs", day_from=4, day_to=42, category="warning_signs",
                is_high_priority=True)  # fmt: skip
    StepFactory(version=version, key="limit", day_from=30, day_to=42, category="activity")
    return version


@pytest.fixture
def surgery(version):
    surgery = SurgeryFactory(patient__clinic=version.pathway.clinic)
    plan_surgery(surgery.pk, now=NOON)
    surgery.refresh_from_db()
    return surgery


def held(surgery, hold=IN_HOSPITAL, *, now=NOON):
    begin_hold(surgery, hold, by=None, now=now)
    plan_surgery(surgery.pk, now=now)


def resumed(surgery, after, *, now=LATER):
    end_hold(surgery, after=after, by=None, now=now)
    return plan_surgery(surgery.pk, now=now)


def stands(surgery):
    """Status and day of each step's reminder."""
    return {
        row.step_key: (row.status, (row.due_at.date() - OPERATED_ON).days)
        for row in Reminder.objects.filter(surgery=surgery)
    }


class TestAHold:
    def test_in_hospital_holds_warning_signs_too(self, surgery):
        held(surgery)

        assert {status for status, _ in stands(surgery).values()} == {"held"}

    def test_abroad_lets_warning_signs_go_on(self, surgery):
        held(surgery, AWAY)

        waiting = {key for key, (status, _) in stands(surgery).items() if status == "held"}
        assert waiting == {"walk-2", "walk-5", "walk-20", "limit"}

    def test_is_begun_once(self, surgery):
        assert begin_hold(surgery, AWAY, by=None, now=NOON)
        assert not begin_hold(surgery, IN_HOSPITAL, by=None, now=NOON)

        assert Hold.objects.get().kind == HoldKind.AWAY
        assert surgery.hold_kind == HoldKind.AWAY

    def test_is_ended_once(self, surgery):
        held(surgery)
        assert end_hold(surgery, after=AfterHold.SHIFT, by=None, now=LATER)
        assert not end_hold(surgery, after=AfterHold.GO_ON, by=None, now=LATER)

        assert Hold.objects.get().shifted_days == 10

    def test_that_nobody_recorded_is_ended_without_a_shift(self, surgery):
        Surgery.objects.filter(pk=surgery.pk).update(on_hold=True, hold_reason="By SQL")

        resumed(surgery, AfterHold.SHIFT)

        assert not surgery.on_hold
        assert stands(surgery)["walk-20"] == ("planned", 20)

    def test_is_open_once_in_the_database(self, surgery):
        HoldFactory(surgery=surgery, ended_at=None)

        with pytest.raises(IntegrityError):
            HoldFactory(surgery=surgery, ended_at=None)

    def test_that_has_ended_is_never_rewritten(self, surgery):
        hold = HoldFactory(surgery=surgery)

        with pytest.raises(DatabaseError, match="never changed"):
            Hold.objects.filter(pk=hold.pk).update(shifted_days=3)

    def test_counts_days_from_the_operation_on(self, surgery):
        hold = HoldFactory.build(began_at=NOON - TEN_DAYS, ended_at=None)

        assert lasted_days(hold, on=surgery, now=NOON) == (NOON.date() - OPERATED_ON).days


class TestGoingOn:
    def test_misses_what_lies_behind_and_leaves_the_rest_where_it_was(self, surgery):
        held(surgery)

        resumed(surgery, AfterHold.GO_ON)

        assert stands(surgery) == {
            "walk-2": ("missed", 2),
            "walk-5": ("missed", 5),
            "walk-20": ("planned", 20),
            "signs": ("planned", 4),
            "limit": ("planned", 30),
        }
        assert Reminder.objects.get(step_key="walk-5").reason == "while_held"

    def test_twice_changes_nothing(self, surgery):
        held(surgery)
        resumed(surgery, AfterHold.GO_ON)

        assert plan_surgery(surgery.pk, now=LATER).is_empty

    def test_a_warning_sign_whose_window_closed_goes_to_a_person(self, version, surgery):
        StepFactory(version=version, key="early", day_from=3, day_to=5, category="warning_signs",
                    is_high_priority=True)  # fmt: skip
        plan_surgery(surgery.pk, now=NOON)
        held(surgery)

        resumed(surgery, AfterHold.GO_ON)

        assert stands(surgery)["early"] == ("missed", 3)
        assert Alert.objects.get().reminder.step_key == "early"


class TestAShift:
    def test_moves_exercises_and_nothing_else(self, surgery):
        held(surgery)

        difference = resumed(surgery, AfterHold.SHIFT)

        assert stands(surgery) == {
            "walk-2": ("planned", 12),
            "walk-5": ("planned", 15),
            "walk-20": ("planned", 30),
            "signs": ("planned", 4),
            "limit": ("planned", 30),
        }
        assert not difference.too_late
        assert plan_surgery(surgery.pk, now=LATER).is_empty

    def test_keeps_to_the_wall_clock_through_a_clock_change(self, surgery):
        held(surgery, now=datetime(2026, 3, 20, 12, tzinfo=UTC))

        resumed(surgery, AfterHold.SHIFT, now=datetime(2026, 3, 30, 12, tzinfo=UTC))

        due = Reminder.objects.get(step_key="walk-20").due_at
        assert due == datetime(2026, 4, 1, 8, tzinfo=UTC)  # 09:00 in summer

    def test_brings_back_what_was_missed_while_it_lasted(self, surgery):
        held(surgery)
        miss_overdue(now=LATER)
        assert stands(surgery)["walk-5"] == ("missed", 5)
        assert Reminder.objects.get(step_key="walk-5").reason == "while_held"

        resumed(surgery, AfterHold.SHIFT)

        assert stands(surgery)["walk-5"] == ("planned", 15)

    def test_never_touches_what_was_sent_before(self, surgery):
        Reminder.objects.filter(step_key="walk-2").update(status="dispatched")
        held(surgery, now=NOON + timedelta(days=2))

        resumed(surgery, AfterHold.SHIFT)

        assert stands(surgery)["walk-2"] == ("dispatched", 2)

    def test_of_an_operation_that_moved_behind_it_counts_for_nothing(self, surgery):
        held(surgery)
        resumed(surgery, AfterHold.SHIFT)

        Surgery.objects.filter(pk=surgery.pk).update(surgery_date=date(2026, 4, 1))
        plan_surgery(surgery.pk, now=LATER)

        walk = Reminder.objects.get(step_key="walk-20")
        assert (walk.due_at.date(), walk.shifted_days) == (date(2026, 4, 21), 0)

    def test_says_in_the_message_that_it_comes_later(self, surgery):
        held(surgery)
        resumed(surgery, AfterHold.SHIFT)
        due = Reminder.objects.get(step_key="walk-2").due_at
        claim_due(now=due, limit=10)

        batch = claim_batch("sms", provider="memory", post_timeout_seconds=1, now=due, limit=9)

        told = {
            send.delivery.the_reminder.step_key: send.message.body.startswith("We paused your plan")
            for send in batch.sends
        }
        assert told == {"walk-2": True, "signs": False}


class TestAHoldThatEndsItself:
    UNTIL = date(2026, 3, 13)

    def begun(self, surgery, **values):
        hold = NewHold(HoldKind.AWAY, "Abroad", until=self.UNTIL, ends_itself=True, **values)
        held(surgery, hold)

    def test_ends_on_its_day_by_its_rule(self, surgery):
        self.begun(surgery, after=AfterHold.SHIFT)

        assert end_due_holds(now=LATER) == 1
        plan_stale(now=LATER, limit=10)

        surgery.refresh_from_db()
        assert not surgery.on_hold
        assert stands(surgery)["walk-2"] == ("planned", 12)
        assert Hold.objects.get().ended_by is None

    def test_not_before_the_day_of_the_patient(self, surgery):
        self.begun(surgery)

        assert end_due_holds(now=datetime(2026, 3, 12, 23, 59, tzinfo=UTC)) == 0
        assert end_due_holds(now=datetime(2026, 3, 13, 0, 0, tzinfo=UTC)) == 1

    def test_on_the_day_of_a_patient_far_east(self, surgery):
        Patient.objects.update(zone="Pacific/Kiritimati")  # 14 hours ahead
        self.begun(surgery)

        assert end_due_holds(now=datetime(2026, 3, 12, 9, 59, tzinfo=UTC)) == 0
        assert end_due_holds(now=datetime(2026, 3, 12, 10, 0, tzinfo=UTC)) == 1

    def test_once_however_often_it_is_asked(self, surgery):
        self.begun(surgery)

        assert end_due_holds(now=LATER) == 1
        assert end_due_holds(now=LATER) == 0

    def test_and_one_that_asks_is_left_to_a_person(self, surgery):
        held(surgery, NewHold(HoldKind.AWAY, "Abroad", until=self.UNTIL))

        assert end_due_holds(now=LATER) == 0

    def test_needs_its_day_in_the_database(self, surgery):
        with pytest.raises(IntegrityError):
            HoldFactory(surgery=surgery, ends_itself=True)


class TestBesideDispatch:
    """The message is dispatched, and the hold comes before it is sent."""

    @pytest.fixture
    def due(self, surgery):
        now = datetime(2026, 3, 6, 10, tzinfo=UTC)
        Reminder.objects.filter(surgery=surgery).exclude(step_key__in=("signs", "walk-2")).delete()
        Reminder.objects.filter(surgery=surgery).update(due_at=now, not_after=now + TEN_DAYS)
        claim_due(now=now, limit=10)
        return now

    def sent(self, now):
        batch = claim_batch("sms", provider="memory", post_timeout_seconds=1, now=now, limit=9)
        return {send.delivery.the_reminder.step_key for send in batch.sends}

    def test_a_hold_that_was_committed_just_before_is_obeyed(self, surgery, due):
        begin_hold(surgery, IN_HOSPITAL, by=None, now=due)

        assert self.sent(due) == set()
        assert set(Delivery.objects.filter(channel=Channel.SMS).values_list("failure_reason")) == {
            (DeliveryReason.ON_HOLD,)
        }

    def test_a_plan_on_hold_takes_back_what_nobody_has_tried(self, surgery, due):
        held(surgery, now=due)

        assert not Delivery.objects.exists()
        assert {status for status, _ in stands(surgery).values()} <= {"held", "missed"}

    def test_a_hold_of_somebody_abroad_keeps_back_the_tip_alone(self, surgery, due):
        begin_hold(surgery, AWAY, by=None, now=due)
        Surgery.objects.update(planned_revision=surgery.revision)

        assert self.sent(due) == {"signs"}
        waited = Delivery.objects.get(channel=Channel.SMS, reminder__step_key="walk-2")
        assert waited.status == DeliveryStatus.SKIPPED


class TestAtTheSameMoment:
    """Somebody else has the operation in hand, and is done before we are."""

    def test_a_hold_that_has_just_ended_is_not_ended_again(
        self, surgery, other_worker, workers, until_somebody_waits
    ):
        held(surgery)
        nurse, mine = StaffFactory(clinic=surgery.patient.clinic), Surgery.objects.get()

        with other_worker(surgery) as ends:
            again = workers(end_hold, mine, after=AfterHold.SHIFT, by=nurse, now=LATER)
            until_somebody_waits()
            ends.execute("UPDATE clinic_hold SET ended_at = %s", [LATER])
            ends.execute(
                "UPDATE clinic_surgery SET on_hold = false, hold_kind = '', hold_reason = ''"
            )

        assert again.result() is False
        assert Hold.objects.get().shifted_days == 0

    def test_a_hold_that_has_just_begun_is_not_begun_again(
        self, surgery, other_worker, workers, until_somebody_waits
    ):
        mine = Surgery.objects.get()

        with other_worker(surgery) as begins:
            again = workers(begin_hold, mine, AWAY, by=None, now=NOON)
            until_somebody_waits()
            begins.execute("UPDATE clinic_surgery SET on_hold = true, hold_reason = 'By SQL'")

        assert again.result() is False
        assert not Hold.objects.exists()


def test_the_database_plans_again_when_a_hold_changes(surgery):
    hold = HoldFactory(surgery=surgery, ended_at=None)
    surgery.refresh_from_db()
    assert surgery.planned_revision != surgery.revision
    plan_surgery(surgery.pk, now=NOON)

    Hold.objects.filter(pk=hold.pk).update(ended_at=LATER, shifted_days=10)

    assert Surgery.objects.stale().filter(pk=surgery.pk).exists()
