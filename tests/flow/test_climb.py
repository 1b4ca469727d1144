"""Alerts climb until a named person takes them; no step is left out, none is told twice."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from reminders.flow.alerts import acknowledge, close, new_alert, raise_alerts
from reminders.flow.balance import balance
from reminders.flow.ladder import climb, climb_one, overdue_steps, silent, start_missing
from reminders.flow.replies import read_replies
from reminders.models import (
    Alert,
    AlertKind,
    AlertStatus,
    AlertStep,
    AlertStepStatus,
    Delivery,
    How,
    Ladder,
    Purpose,
    Rung,
    RungHours,
    Tier,
    Whom,
)
from tests.factories import (
    NOON,
    AlertFactory,
    ClinicFactory,
    ClosureFactory,
    PatientFactory,
    ReplyFactory,
    StaffFactory,
)
from tests.ladders import LadderFactory, RungFactory, ShiftFactory, raised

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SATURDAY_NIGHT = datetime(2026, 3, 7, 22, 40, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic(released):
    return ClinicFactory(urgent_phone="020 7946 0101", staff_email="desk@example.org")


@pytest.fixture
def ladder(clinic):
    """Whoever is on duty at once, the surgeon after ten minutes, the switchboard after twenty."""
    ladder = LadderFactory(clinic=clinic)
    surgeon = StaffFactory(clinic=clinic, first_name="Imogen", phone="07700 900802")
    common = {"ladder": ladder, "label": "", "address": ""}
    RungFactory(position=0, whom=Whom.ON_DUTY, how=How.SMS, **common)
    RungFactory(
        position=1, after_minutes=10, whom=Whom.PERSON, staff=surgeon, how=How.SMS, **common
    )
    RungFactory(
        ladder=ladder, position=2, after_minutes=20, how=How.PHONE, address="020 7946 0109",
        label="Switchboard",
    )  # fmt: skip
    return ladder


@pytest.fixture
def on_duty(clinic):
    return ShiftFactory(clinic=clinic, staff__first_name="Tomas", staff__last_name="Reed").staff


def notices():
    return Delivery.objects.filter(purpose=Purpose.NOTICE)


def steps_of(alert, **also):
    return list(
        alert.steps.filter(**also)
        .order_by("round", "repeat", "position")
        .values_list("position", "status")
    )


def climb_through(*moments):
    for moment in moments:
        climb(now=moment)


class TestTheCopy:
    def test_is_written_with_the_alert_or_not_at_all(self, clinic, ladder):
        alert = new_alert(
            clinic, kind=AlertKind.REPLY, tier=Tier.EMERGENCY, cause="x", summary="Call", now=NOON
        )
        with transaction.atomic():
            raise_alerts([alert])
            transaction.set_rollback(True)

        assert (Alert.objects.count(), AlertStep.objects.count()) == (0, 0)

    def test_no_edit_of_the_ladder_moves_an_alert_that_climbs(self, clinic, ladder, on_duty):
        alert = raised(clinic)

        Rung.objects.update(after_minutes=500, address="elsewhere", label="Elsewhere")
        Ladder.objects.update(repeat_minutes=99)
        climb_through(NOON, NOON + 10 * MINUTE, NOON + 20 * MINUTE)

        alert.refresh_from_db()
        assert alert.banner == "Switchboard: 020 7946 0109"
        assert alert.steps.get(repeat=1).due_at == NOON + 30 * MINUTE

    def test_an_alert_that_is_raised_again_keeps_its_steps(self, clinic, ladder):
        alert = raised(clinic)

        raised(clinic, at=NOON + HOUR)

        assert steps_of(alert) == [(0, "waiting"), (1, "waiting"), (2, "waiting")]

    def test_one_that_was_closed_gets_no_steps_when_it_is_raised_again(self, clinic, ladder):
        alert = AlertFactory(
            patient=None, clinic=clinic, cause="reply:1", tier=Tier.EMERGENCY, outcome="Called",
            status=AlertStatus.CLOSED, closed_by=StaffFactory(), closed_at=NOON,
        )  # fmt: skip

        raised(clinic)

        assert steps_of(alert) == []

    @pytest.mark.parametrize(
        ("tier", "climbs"),
        [(Tier.EMERGENCY, True), (Tier.SAME_DAY, True), (Tier.ROUTINE, False)],
    )
    def test_every_alert_for_today_climbs_and_a_routine_one_does_not(self, clinic, tier, climbs):
        assert raised(clinic, tier=tier).steps.exists() is climbs

    def test_a_routine_one_climbs_where_the_clinic_says_so(self, ladder, clinic):
        RungFactory(ladder=ladder, position=7, tiers=[Tier.ROUTINE])

        assert steps_of(raised(clinic, tier=Tier.ROUTINE)) == [(7, "waiting")]

    def test_a_tier_that_the_ladder_forgets_has_the_built_in_rungs(self, clinic, ladder):
        assert raised(clinic, tier=Tier.SAME_DAY).steps.count() == 2

    def test_each_clinic_has_its_own(self, ladder, released):
        other = raised(ClinicFactory(staff_email="other@example.org"))

        assert other.steps.first().address == "other@example.org"


class TestTheClimb:
    def test_tells_whoever_is_on_duty_at_once_and_nobody_else(self, clinic, ladder, on_duty):
        alert = raised(clinic)

        climb(now=NOON)

        notice = notices().get()
        assert (notice.address, notice.channel) == ("+447700900801", "sms")
        assert steps_of(alert) == [(0, "told"), (1, "waiting"), (2, "waiting")]
        step = alert.steps.get(position=0)
        assert (step.told, step.told_at) == ("Tomas Reed", NOON)

    def test_goes_on_when_the_minutes_have_passed_and_not_before(self, clinic, ladder, on_duty):
        raised(clinic)
        climb_through(NOON, NOON + 10 * MINUTE - timedelta(seconds=1))
        assert notices().count() == 1

        climb(now=NOON + 10 * MINUTE)

        assert {notice.address for notice in notices()} == {"+447700900801", "+447700900802"}

    def test_is_the_same_however_often_it_is_rung(self, clinic, ladder, on_duty):
        raised(clinic)

        climb_through(NOON, NOON, NOON + 10 * MINUTE, NOON + 10 * MINUTE)

        assert notices().count() == 2

    def test_takes_every_step_when_it_comes_late(self, clinic, ladder, on_duty):
        alert = raised(clinic)

        climb(now=NOON + HOUR)

        assert steps_of(alert, repeat=0) == [(0, "told"), (1, "told"), (2, "told")]
        assert notices().count() == 2

    def test_an_empty_rota_hands_on_at_once_and_says_so(self, clinic, ladder):
        alert = raised(clinic)

        climb(now=NOON)

        assert steps_of(alert) == [(0, "failed"), (1, "told"), (2, "waiting")]
        assert alert.steps.get(position=0).note == "Nobody is on duty"
        assert notices().get().address == "+447700900802"

    def test_somebody_without_a_number_hands_on_at_once(self, clinic, ladder, on_duty):
        on_duty.phone = ""
        on_duty.save()
        alert = raised(clinic)

        climb(now=NOON)

        assert alert.steps.get(position=0).note == "Tomas Reed: no telephone number"
        assert alert.steps.get(position=1).told_at == NOON

    def test_of_two_on_duty_one_without_a_number_keeps_nobody_waiting(
        self, clinic, ladder, on_duty
    ):
        ShiftFactory(clinic=clinic, staff__phone="", staff__first_name="Lee", staff__last_name="A")
        alert = raised(clinic)

        climb(now=NOON)

        step = alert.steps.get(position=0)
        assert (step.status, step.told) == ("told", "Tomas Reed")
        assert step.note == "Lee A: no telephone number"

    def test_with_no_way_to_anybody_the_banner_stands_at_once(self, clinic, ladder):
        Rung.objects.filter(position=1).update(staff=StaffFactory(clinic=clinic, is_active=False))
        alert = raised(clinic)

        climb(now=NOON)

        alert.refresh_from_db()
        assert steps_of(alert, repeat=0) == [(0, "failed"), (1, "failed"), (2, "told")]
        assert (alert.banner, alert.banner_since) == ("Switchboard: 020 7946 0109", NOON)

    def test_shifts_of_other_clinics_and_other_hours_count_for_nothing(self, clinic, ladder):
        ShiftFactory()
        ShiftFactory(clinic=clinic, ends_at=NOON)
        ShiftFactory(clinic=clinic, starts_at=NOON + MINUTE)
        alert = raised(clinic)

        climb(now=NOON)

        assert alert.steps.get(position=0).status == AlertStepStatus.FAILED

    def test_a_clinic_that_stopped_sending_still_climbs(self, clinic, ladder, on_duty):
        clinic.sending_stopped_at = NOON
        clinic.save()
        raised(clinic)

        climb(now=NOON)

        assert notices().count() == 1

    def test_a_database_that_nobody_released_climbs_nothing(self, db):
        alert = raised(ClinicFactory())

        assert climb(now=NOON + HOUR) == 0
        assert set(steps_of(alert)) == {(0, "waiting"), (1, "waiting")}

    def test_emergencies_come_first(self, clinic, ladder, on_duty):
        RungFactory(ladder=ladder, position=8, tiers=[Tier.SAME_DAY], after_minutes=0)
        raised(clinic, tier=Tier.SAME_DAY, at=NOON - HOUR, cause="a")
        urgent = raised(clinic, cause="b")

        climb(now=NOON, limit=1)

        assert notices().get().alert_step.alert == urgent


class TestAtTheEnd:
    def test_the_last_rung_that_sends_is_repeated_until_somebody_takes_it(
        self, clinic, ladder, on_duty
    ):
        alert = raised(clinic)

        climb_through(*(NOON + minutes * MINUTE for minutes in range(61)))

        repeats = alert.steps.filter(repeat__gt=0, status="told")
        assert [(s.position, (s.told_at - NOON) // MINUTE) for s in repeats] == [
            (1, 30), (1, 40), (1, 50), (1, 60)
        ]  # fmt: skip
        assert notices().count() == 6
        alert.refresh_from_db()
        assert (alert.status, alert.banner_since) == (AlertStatus.OPEN, NOON + 20 * MINUTE)

    def test_a_repeat_that_fails_waits_for_the_next(self, clinic, ladder, on_duty):
        alert = raised(clinic)
        climb_through(NOON, NOON + 10 * MINUTE, NOON + 20 * MINUTE)
        alert.steps.filter(repeat=1).update(staff=StaffFactory(is_active=False))

        climb_through(NOON + 30 * MINUTE, NOON + 31 * MINUTE)

        assert steps_of(alert, repeat__gt=0) == [(1, "failed"), (1, "waiting")]
        assert alert.steps.get(repeat=2).due_at == NOON + 40 * MINUTE

    def test_an_unacknowledged_alert_always_has_a_step_ahead_of_it(self, clinic, ladder):
        alert = raised(clinic)
        moment = NOON
        for _ in range(40):
            climb(now=moment)
            moment = alert.steps.filter(status="waiting").earliest("due_at").due_at
            assert not silent().exists()
        assert alert.steps.filter(status="told").count() > 10

    def test_a_ladder_without_a_telephone_ends_in_a_banner_with_the_clinics_number(
        self, clinic, ladder
    ):
        ladder.rungs.filter(how=How.PHONE).delete()
        alert = raised(clinic)

        climb(now=NOON + HOUR)

        alert.refresh_from_db()
        assert alert.banner == "020 7946 0101"


class TestHours:
    @pytest.fixture
    def by_hours(self, clinic):
        ladder = LadderFactory(clinic=clinic)
        for place, hours in enumerate((RungHours.STAFFED, RungHours.UNSTAFFED)):
            RungFactory(
                ladder=ladder, position=place, hours=hours, address=f"{hours}@example.org",
                tiers=[Tier.EMERGENCY, Tier.SAME_DAY],
            )  # fmt: skip
        return ladder

    def test_at_night_the_rung_of_the_night_is_told_and_that_of_the_day_waits(
        self, clinic, by_hours
    ):
        alert = raised(clinic, at=SATURDAY_NIGHT)

        climb(now=SATURDAY_NIGHT)

        assert notices().get().address == "unstaffed@example.org"
        assert alert.steps.get(position=0).due_at == datetime(2026, 3, 9, 8, 30, tzinfo=UTC)

    def test_meanwhile_the_rung_of_the_night_is_repeated(self, clinic, by_hours):
        alert = raised(clinic, at=SATURDAY_NIGHT)

        climb_through(SATURDAY_NIGHT, SATURDAY_NIGHT + 10 * MINUTE)

        assert notices().count() == 2
        assert alert.steps.filter(repeat__gt=0, position=1).count() == 2

    def test_a_closure_that_was_written_meanwhile_is_heeded(self, clinic, by_hours):
        Rung.objects.filter(position=1).delete()
        alert = raised(clinic, at=SATURDAY_NIGHT)
        ClosureFactory(clinic=clinic, first_day=date(2026, 3, 9))

        climb(now=datetime(2026, 3, 9, 8, 30, tzinfo=UTC))

        step = alert.steps.get()
        assert (step.status, step.due_at) == (
            AlertStepStatus.WAITING, datetime(2026, 3, 10, 8, 30, tzinfo=UTC)
        )  # fmt: skip


class TestTaken:
    def test_it_climbs_no_further(self, clinic, ladder, on_duty):
        alert = raised(clinic)
        climb(now=NOON)

        acknowledge(alert.pk, by=on_duty, now=NOON + MINUTE)
        climb_through(NOON + 10 * MINUTE, NOON + 30 * MINUTE)

        assert steps_of(alert) == [(0, "told"), (1, "stopped"), (2, "stopped")]
        assert notices().count() == 1

    def test_its_banner_comes_down(self, clinic, ladder, on_duty):
        alert = raised(clinic)
        climb(now=NOON + HOUR)

        acknowledge(alert.pk, by=on_duty, now=NOON + HOUR)

        alert.refresh_from_db()
        assert (alert.banner, alert.banner_since) == ("", None)

    def test_closed_at_once_it_climbs_no_further(self, clinic, ladder, on_duty):
        alert = raised(clinic)

        close(alert.pk, by=on_duty, outcome="Called", now=NOON)

        assert climb(now=NOON + HOUR) == 0
        assert {status for _, status in steps_of(alert)} == {"stopped"}

    def test_and_not_closed_in_time_it_climbs_again_from_the_first_rung(
        self, clinic, ladder, on_duty
    ):
        alert = raised(clinic)
        climb(now=NOON)
        acknowledge(alert.pk, by=on_duty, now=NOON + MINUTE)

        climb(now=NOON + 60 * MINUTE)
        assert notices().count() == 1
        climb(now=NOON + 61 * MINUTE)

        alert.refresh_from_db()
        assert (alert.status, alert.acknowledged_by, alert.round) == ("open", None, 1)
        assert notices().count() == 2
        first = alert.steps.get(round=1, position=0)
        assert first.note == "In the hands of Tomas Reed since 3 Mar, 12:01, and not closed"

    def test_again_by_the_same_person_it_is_in_hand_again(self, clinic, ladder, on_duty):
        alert = raised(clinic)
        acknowledge(alert.pk, by=on_duty, now=NOON)
        climb(now=NOON + HOUR)

        acknowledge(alert.pk, by=on_duty, now=NOON + HOUR)

        alert.refresh_from_db()
        assert (alert.status, alert.acknowledged_by) == (AlertStatus.ACKNOWLEDGED, on_duty)
        assert alert.raise_again_at == NOON + 2 * HOUR

    def test_for_the_day_it_climbs_again_when_somebody_is_there(self, clinic, on_duty):
        alert = raised(clinic, tier=Tier.SAME_DAY)

        taken = acknowledge(alert.pk, by=on_duty, now=NOON)

        assert taken.raise_again_at == datetime(2026, 3, 4, 8, 30, tzinfo=UTC)

    def test_closed_in_time_it_never_climbs_again(self, clinic, ladder, on_duty):
        alert = raised(clinic)
        acknowledge(alert.pk, by=on_duty, now=NOON)
        close(alert.pk, by=on_duty, outcome="Called", now=NOON + MINUTE)

        climb(now=NOON + 100 * HOUR)

        alert.refresh_from_db()
        assert alert.status == AlertStatus.CLOSED
        assert not notices().exists()


class TestStop:
    def test_closes_no_alert_and_stops_no_climb(self, clinic, ladder, on_duty):
        patient = PatientFactory(clinic=clinic)
        ReplyFactory(by=patient, text="I cannot pass water", received_at=NOON)
        ReplyFactory(by=patient, text="STOP", received_at=NOON + MINUTE)
        read_replies(now=NOON + MINUTE, limit=10)

        climb_through(NOON + MINUTE, NOON + 12 * MINUTE)

        urgent = Alert.objects.get(tier=Tier.EMERGENCY)
        assert urgent.status == AlertStatus.OPEN
        assert notices().filter(alert_step__alert=urgent).count() == 2


class TestTwoAtOnce:
    def test_an_alert_that_somebody_is_taking_is_passed_over(
        self, other_worker, transactional_db, released, clinic, ladder, on_duty
    ):
        held, free = raised(clinic, cause="a"), raised(clinic, cause="b")

        with other_worker(held):
            climb(now=NOON)

        assert [notice.alert_step.alert for notice in notices()] == [free]

    def test_taking_one_waits_for_the_climb_and_then_stops_it(
        self, other_worker, workers, until_somebody_waits, clinic, ladder, on_duty
    ):
        alert = raised(clinic)
        with other_worker(alert):
            taking = workers(acknowledge, alert.pk, by=on_duty, now=NOON)
            until_somebody_waits()
        taking.result()

        assert climb(now=NOON + 30 * MINUTE) == 0
        assert not notices().exists()

    def test_many_climbers_tell_each_step_once(self, workers, clinic, ladder, on_duty):
        for number in range(6):
            raised(clinic, cause=f"reply:{number}")

        climbs = [workers(climb, now=NOON + HOUR) for _ in range(5)]
        for each in climbs:
            each.result()
        climb(now=NOON + HOUR)

        assert notices().count() == 12
        assert AlertStep.objects.filter(repeat=0, status="told").count() == 18

    def test_a_taken_alert_is_not_told_of_by_a_climb_that_had_seen_it_open(
        self, clinic, ladder, on_duty
    ):
        alert = raised(clinic)
        acknowledge(alert.pk, by=on_duty, now=NOON)
        alert.steps.update(status="waiting")

        assert climb_one(alert.pk, now=NOON + HOUR) == 0
        assert {status for _, status in steps_of(alert)} == {"stopped"}


class TestTheBooks:
    def test_count_steps_that_nobody_took(self, clinic, ladder):
        raised(clinic)

        assert overdue_steps(now=NOON + 2 * MINUTE) == 0
        assert overdue_steps(now=NOON + 3 * MINUTE) == 1
        assert balance(now=NOON + 3 * MINUTE).overdue_steps == 1
        assert balance(now=NOON + 3 * MINUTE, clinic=ClinicFactory()).overdue_steps == 0

    def test_count_alerts_without_a_step_and_mend_them(self, clinic, ladder, on_duty):
        old = AlertFactory(
            patient=None, clinic=clinic, tier=Tier.EMERGENCY, opened_at=NOON - 50 * HOUR
        )
        AlertFactory(patient=None, clinic=clinic, tier=Tier.ROUTINE)
        assert balance(now=NOON).silent_alerts == 1

        assert (start_missing(now=NOON), start_missing(now=NOON)) == (1, 0)
        climb(now=NOON)

        assert balance(now=NOON).silent_alerts == 0
        assert notices().get().alert_step.alert == old

    def test_the_database_forbids_a_step_twice(self, clinic, ladder):
        step = raised(clinic).steps.first()
        step.pk = None

        with pytest.raises(IntegrityError, match="step_once_per_alert"):
            step.save()
