"""Rows for tests of the ladder: rungs, the rota, and alerts raised as the flow raises them."""

from datetime import timedelta

import factory
from factory.django import DjangoModelFactory

from reminders.flow.alerts import new_alert, raise_alerts
from reminders.models import Alert, AlertKind, DutyShift, How, Ladder, Rung, Tier, Whom
from tests.factories import NOON, ClinicFactory, StaffFactory


class LadderFactory(DjangoModelFactory):
    class Meta:
        model = Ladder

    clinic = factory.SubFactory(ClinicFactory)
    changed_at = NOON


class RungFactory(DjangoModelFactory):
    """A mail to a fixed address, at once and at any hour, for emergencies."""

    class Meta:
        model = Rung

    ladder = factory.SubFactory(LadderFactory)
    position = factory.Sequence(lambda n: n % 30_000)
    whom = Whom.ADDRESS
    address = "ward@example.org"
    label = "The ward"
    how = How.EMAIL
    tiers = [Tier.EMERGENCY]


class ShiftFactory(DjangoModelFactory):
    """Somebody on duty around NOON, with a mobile of their own."""

    class Meta:
        model = DutyShift

    clinic = factory.SubFactory(ClinicFactory)
    staff = factory.SubFactory(
        StaffFactory, clinic=factory.SelfAttribute("..clinic"), phone="07700 900801"
    )
    starts_at = NOON - timedelta(hours=4)
    ends_at = NOON + timedelta(hours=20)


def raised(clinic, *, tier=Tier.EMERGENCY, at=NOON, cause="reply:1"):
    """Return an alert as the flow raises it, with its steps."""
    alert = new_alert(clinic, kind=AlertKind.REPLY, tier=tier, cause=cause, summary="Call", now=at)
    raise_alerts([alert])
    return Alert.objects.get(clinic=clinic, cause=cause)
