"""Alerts: open until a named person has closed them with an outcome."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from clinic.models import Clinic
from reminders.flow.alerts import (
    ACT_WITHIN,
    AlertIsClosed,
    OutcomeMissing,
    acknowledge,
    close,
    new_alert,
    raise_alerts,
)
from reminders.models import Alert, AlertKind, AlertStatus, Tier
from tests.factories import NOON, AlertFactory, ClinicFactory, PatientFactory, StaffFactory

MINUTE = timedelta(minutes=1)

pytestmark = pytest.mark.django_db


def an_alert(clinic, *, cause="reply:1", tier=Tier.SAME_DAY, **also):
    return new_alert(
        clinic, kind=AlertKind.REPLY, tier=tier, cause=cause, summary="Call", now=NOON, **also
    )


class TestRaised:
    def test_it_is_open_and_nobodys(self):
        raise_alerts([an_alert(ClinicFactory())])

        alert = Alert.objects.get()
        assert (alert.status, alert.acknowledged_by, alert.opened_at) == ("open", None, NOON)

    @pytest.mark.parametrize(
        ("tier", "within"),
        [
            (Tier.EMERGENCY, timedelta(minutes=15)),
            (Tier.SAME_DAY, timedelta(hours=2)),
            (Tier.ROUTINE, timedelta(days=2)),
        ],
    )
    def test_it_says_by_when_somebody_must_act(self, tier, within):
        assert an_alert(Clinic(), tier=tier).act_before == NOON + within

    def test_every_tier_has_its_time(self):
        assert set(ACT_WITHIN) == set(Tier)

    def test_for_one_cause_it_is_one_however_often_it_is_raised(self):
        clinic = ClinicFactory()
        patient = PatientFactory(clinic=clinic)

        raise_alerts([an_alert(clinic, patient=patient), an_alert(clinic)])
        raise_alerts([an_alert(clinic)])

        assert Alert.objects.get().patient == patient

    def test_raised_again_it_stays_closed_as_it_was(self):
        clinic = ClinicFactory()
        raise_alerts([an_alert(clinic)])
        close(Alert.objects.get().pk, by=StaffFactory(), outcome="called", now=NOON)

        raise_alerts([an_alert(clinic)])

        assert Alert.objects.get().status == AlertStatus.CLOSED

    def test_of_two_clinics_it_is_two(self):
        raise_alerts(an_alert(clinic) for clinic in ClinicFactory.create_batch(2))

        assert Alert.objects.count() == 2

    def test_its_summary_is_cut_to_what_a_list_can_show(self):
        alert = new_alert(
            ClinicFactory(), kind=AlertKind.REPLY, tier=Tier.ROUTINE, cause="x", summary="é" * 900,
            now=NOON,
        )  # fmt: skip

        raise_alerts([alert])

        assert len(Alert.objects.get().summary) == 200

    def test_nothing_raised_is_nothing_written(self):
        raise_alerts([])

        assert not Alert.objects.exists()


class TestInHand:
    def test_it_names_the_person_and_the_moment(self):
        nurse = StaffFactory()

        alert = acknowledge(AlertFactory().pk, by=nurse, now=NOON + MINUTE)

        assert (alert.status, alert.acknowledged_by) == (AlertStatus.ACKNOWLEDGED, nurse)
        assert alert.acknowledged_at == NOON + MINUTE

    def test_taking_it_again_keeps_the_first_moment(self):
        nurse, alert = StaffFactory(), AlertFactory()
        acknowledge(alert.pk, by=nurse, now=NOON)

        assert acknowledge(alert.pk, by=nurse, now=NOON + MINUTE).acknowledged_at == NOON

    def test_a_colleague_may_take_over(self):
        nurse, colleague = StaffFactory.create_batch(2)
        alert = AlertFactory()
        acknowledge(alert.pk, by=nurse, now=NOON)

        taken = acknowledge(alert.pk, by=colleague, now=NOON + MINUTE)

        assert (taken.acknowledged_by, taken.acknowledged_at) == (colleague, NOON + MINUTE)

    def test_it_moves_no_deadline(self):
        alert = AlertFactory()

        acknowledge(alert.pk, by=StaffFactory(), now=NOON + MINUTE)

        assert Alert.objects.get().act_before == alert.act_before


class TestClosed:
    @pytest.mark.parametrize("first_in_hand", [True, False])
    def test_it_names_the_person_the_moment_and_the_outcome(self, first_in_hand):
        nurse, alert = StaffFactory(), AlertFactory()
        if first_in_hand:
            acknowledge(alert.pk, by=StaffFactory(), now=NOON)

        close(alert.pk, by=nurse, outcome="  wound check tomorrow ", now=NOON + MINUTE)

        alert.refresh_from_db()
        assert (alert.status, alert.outcome) == (AlertStatus.CLOSED, "wound check tomorrow")
        assert (alert.closed_by, alert.closed_at) == (nurse, NOON + MINUTE)

    @pytest.mark.parametrize("outcome", ["", "  ", "\n\t"])
    def test_not_without_an_outcome(self, outcome):
        alert = AlertFactory()

        with pytest.raises(OutcomeMissing):
            close(alert.pk, by=StaffFactory(), outcome=outcome, now=NOON)

        alert.refresh_from_db()
        assert alert.status == AlertStatus.OPEN

    def test_it_stays_closed(self):
        nurse, colleague = StaffFactory.create_batch(2)
        alert = close(AlertFactory().pk, by=nurse, outcome="called", now=NOON)

        with pytest.raises(AlertIsClosed, match="called"):
            acknowledge(alert.pk, by=colleague, now=NOON + MINUTE)
        with pytest.raises(AlertIsClosed):
            close(alert.pk, by=colleague, outcome="mailed", now=NOON + MINUTE)

        alert.refresh_from_db()
        assert (alert.closed_by, alert.outcome, alert.acknowledged_by) == (nurse, "called", None)

    def test_an_outcome_of_any_length_is_kept_as_far_as_it_fits(self):
        alert = close(AlertFactory().pk, by=StaffFactory(), outcome="x" * 900, now=NOON)

        assert len(alert.outcome) == 200


@pytest.mark.parametrize("done", [acknowledge, close])
def test_two_people_at_once_wait_for_each_other(other_worker, done):
    alert = AlertFactory()
    outcome = {"outcome": "called"} if done is close else {}

    # a lock that lets others write and makes only those wait who lock before they read
    with other_worker(alert, lock="FOR KEY SHARE"), pytest.raises(Exception, match="lock timeout"):
        done(alert.pk, by=StaffFactory(), now=NOON, **outcome)

    alert.refresh_from_db()
    assert alert.status == AlertStatus.OPEN


class TestWhatTheDatabaseForbids:
    @pytest.mark.parametrize(
        ("changes", "constraint"),
        [
            ({"status": "acknowledged"}, "alert_acknowledged_by_somebody"),
            ({"status": "closed"}, "alert_closed_by_somebody"),
            ({"status": "closed", "outcome": "called"}, "alert_closed_by_somebody"),
        ],
    )
    def test_an_alert_that_nobody_took_or_closed(self, changes, constraint):
        AlertFactory()

        with pytest.raises(IntegrityError, match=constraint):
            Alert.objects.update(**changes)

    def test_an_alert_closed_without_an_outcome(self):
        AlertFactory()

        with pytest.raises(IntegrityError, match="alert_closed_by_somebody"):
            Alert.objects.update(status="closed", closed_by=StaffFactory())

    def test_two_alerts_of_one_cause(self):
        alert = AlertFactory()

        with pytest.raises(IntegrityError, match="alert_once_per_cause"):
            AlertFactory(clinic=alert.clinic, patient=alert.patient, cause=alert.cause)
