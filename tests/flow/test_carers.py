"""Carers: told a few things of their own, only while both said yes, and never the patient's."""

from datetime import timedelta

import pytest
from django.db.models import F

from clinic.models import CarerConsent, Channel, Surgery
from reminders.channels.memory import MemoryChannel
from reminders.flow.carers import ReasonMissing, end_carer
from reminders.flow.deliver import deliver_batch
from reminders.flow.dispatch import claim_due
from reminders.flow.plan import plan_surgery
from reminders.models import Audience, Delivery, Reminder, ReminderStatus
from tests.factories import (
    NOON,
    CarerConsentFactory,
    CarerFactory,
    PathwayVersionFactory,
    StaffFactory,
    StepFactory,
    SurgeryFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def version():
    version = PathwayVersionFactory()
    StepFactory(version=version, key="for-patients", day_from=2)
    StepFactory(version=version, key="for-carers", day_from=2, audience=Audience.CARER)
    return version


@pytest.fixture
def surgery(version):
    return SurgeryFactory(patient__clinic=version.pathway.clinic)


@pytest.fixture
def ben(surgery):
    return CarerFactory(patient=surgery.patient, name="Ben", language="en")


def planned(surgery, now=NOON):
    plan_surgery(surgery.pk, now=now)
    return sorted(
        Reminder.objects.filter(surgery=surgery, status=ReminderStatus.PLANNED).values_list(
            "step_key", "carer__name"
        )
    )


def sent(channel="sms"):
    """Whatever goes out by the next evening."""
    evening = NOON + timedelta(hours=23)
    claim_due(now=evening, limit=100)
    door = MemoryChannel(channel)
    deliver_batch(door, now=lambda: evening, limit=100)
    return door.sent


class TestThePlan:
    def test_of_a_carer_has_their_steps_and_the_patients_has_none_of_them(self, surgery, ben):
        assert planned(surgery) == [("for-carers", "Ben"), ("for-patients", None)]

    def test_of_two_carers_is_one_each(self, surgery, ben):
        CarerFactory(patient=surgery.patient, name="Cleo")

        assert [row for row in planned(surgery) if row[1]] == [
            ("for-carers", "Ben"),
            ("for-carers", "Cleo"),
        ]

    def test_follows_when_a_carer_is_told_no_more(self, surgery, ben):
        planned(surgery)
        staff = StaffFactory(clinic=surgery.patient.clinic)

        end_carer(ben.pk, by=staff, why="Ana asked for it", now=NOON)

        assert planned(surgery) == [("for-patients", None)]

    def test_an_end_needs_a_reason(self, surgery, ben):
        with pytest.raises(ReasonMissing):
            end_carer(ben.pk, by=StaffFactory(), why=" ", now=NOON)


class TestWhatGoesOut:
    def send(self, surgery, channel="sms"):
        planned(surgery)
        return {message.to for message in sent(channel)}

    def test_goes_to_each_at_their_own_address(self, surgery, ben):
        assert self.send(surgery) == {surgery.patient.mobile, ben.mobile}

    def test_the_patients_stop_is_not_the_carers_nor_the_other_way_round(self, surgery, ben):
        CarerConsentFactory(carer=ben, given=False, at=NOON)

        assert self.send(surgery) == {surgery.patient.mobile}

    def test_a_carer_who_never_said_yes_gets_nothing(self, surgery, ben):
        CarerConsent.objects.all().delete()

        assert self.send(surgery) == {surgery.patient.mobile}

    def test_one_who_is_told_no_more_gets_nothing_that_was_under_way(self, surgery, ben):
        planned(surgery)
        claim_due(now=NOON + timedelta(hours=23), limit=100)
        end_carer(ben.pk, by=StaffFactory(), why="Ana asked for it", now=NOON)
        Surgery.objects.update(planned_revision=F("revision"))

        assert {message.to for message in sent()} == {surgery.patient.mobile}
        text = Delivery.objects.get(carer=ben, channel=Channel.SMS)
        assert (text.status, text.failure_reason) == ("skipped", "carer_ended")

    def test_speaks_the_carers_language(self, version, surgery, ben):
        type(ben).objects.update(language="es")
        step = version.steps.get(key="for-carers")
        step.texts.create(language="es", sms="{clinic}: ayude con la compra. Preguntas: {phone}")
        type(version).objects.update(sealed=True)

        planned(surgery)

        [text] = [message for message in sent() if message.to == ben.mobile]
        assert "ayude con la compra" in text.body

    def test_a_mail_has_a_link_that_stops_the_carers_mails_alone(self, surgery, ben):
        planned(surgery)

        [mail] = [message for message in sent("email") if message.to == ben.email]

        link = ben.links.get()
        assert (link.purpose, link.patient) == ("unsubscribe", surgery.patient)
        assert "/p/" not in mail.body  # the patient's page is the patient's


def test_the_mail_and_the_text_of_a_carer_are_on_the_patients_record(surgery, ben):
    planned(surgery)
    sent()

    rows = Delivery.objects.filter(carer=ben)
    assert {row.patient for row in rows} == {surgery.patient}
    assert {row.channel for row in rows} == set(Channel)
