"""A clinic writes to nobody before it lacks nothing and one of its own says so, by name."""

from datetime import timedelta

import pytest

from clinic.models import Clinic, Role, Staff
from reminders.flow.claim import claim_batch
from reminders.flow.dispatch import dispatch_due
from reminders.flow.going_live import NotReady, go_live
from reminders.flow.readiness import Part, gone_missing, readiness_of
from reminders.models import (
    Delivery,
    DeliveryStatus,
    DutyShift,
    Instance,
    Ladder,
    PathwayVersion,
    Purpose,
    ReminderStatus,
    Rung,
    SendingTest,
    VersionEventKind,
)
from tests.factories import (
    NOON,
    ClinicFactory,
    DeliveryFactory,
    PathwayVersionFactory,
    ReminderFactory,
    ReplyFactory,
    StaffFactory,
    VersionEventFactory,
)
from tests.ladders import RungFactory
from tests.ready_clinics import manager_of, ready_clinic

pytestmark = pytest.mark.django_db


YESTERDAY = (NOON - timedelta(days=1)).date()


def lacking(clinic):
    clinic = Clinic.objects.get(pk=clinic.pk)
    return {one.part: [lack.what for lack in one.lacks] for one in readiness_of(clinic, now=NOON)
            if not one.is_done}  # fmt: skip


def without_the_live_pathway(clinic):
    PathwayVersion.objects.filter(pathway__clinic=clinic).update(status="retired")


def on_duty_from(moment):
    DutyShift.objects.update(starts_at=moment, ends_at=moment + timedelta(hours=1))


def others_left():
    Staff.objects.exclude(role=Role.MANAGER).update(is_active=False)


def one_clinician(clinic):
    others = clinic.staff.exclude(pk=clinic.staff.filter(role=Role.NURSE).first().pk)
    others.update(registration_number="")


# What is taken away, and the part that says so then.
TAKEN = {
    "quiet hours": (Part.PLACE, lambda c: Clinic.objects.update(quiet_from="07:00")),
    "name": (Part.PLACE, lambda c: Clinic.objects.update(sender_name=" ")),
    "urgent number": (Part.NUMBERS, lambda c: Clinic.objects.update(urgent_phone="")),
    "emergency number": (Part.NUMBERS, lambda c: Clinic.objects.update(emergency_phone="")),
    "hours": (Part.HOURS, lambda c: Clinic.objects.update(closes_at="07:00")),
    "who runs it": (Part.PEOPLE, lambda c: Staff.objects.update(role=Role.NURSE)),
    "registrations": (Part.PEOPLE, lambda c: Staff.objects.update(registration_number="")),
    "who is still here": (Part.PEOPLE, lambda c: others_left()),
    "people on duty": (Part.ROTA, lambda c: others_left()),
    "duty after today": (Part.ROTA, lambda c: DutyShift.objects.update(ends_at=NOON)),
    "duty this week": (Part.ROTA, lambda c: on_duty_from(NOON + timedelta(days=7))),
    "one of two clinicians": (Part.PEOPLE, lambda c: one_clinician(c)),
    "ladder": (Part.LADDER, lambda c: Ladder.objects.all().delete()),
    "last rung": (Part.LADDER, lambda c: Rung.objects.filter(how="phone").delete()),
    "its number": (Part.LADDER, lambda c: Rung.objects.filter(how="phone").update(address="")),
    "rota": (Part.ROTA, lambda c: DutyShift.objects.all().delete()),
    "mobile on duty": (Part.ROTA, lambda c: Staff.objects.update(phone="")),
    "live pathway": (Part.CONTENT, without_the_live_pathway),
    "seal": (Part.CONTENT, lambda c: PathwayVersion.objects.update(sealed=False)),
    "review": (Part.CONTENT, lambda c: PathwayVersion.objects.update(safety_review_by=YESTERDAY)),
    "sms sender": (Part.TEXTS, lambda c: Clinic.objects.update(sms_sender="")),
    "tested sms sender": (Part.TEXTS, lambda c: Clinic.objects.update(sms_sender="+12015550999")),
    "mail sender": (Part.MAILS, lambda c: Clinic.objects.update(email_sender="")),
    "tested mail sender": (Part.MAILS, lambda c: Clinic.objects.update(email_sender="a@b.example")),
    "staff address": (Part.MAILS, lambda c: Clinic.objects.update(staff_email="")),
    "release": (Part.RELEASED, lambda c: Instance.objects.all().delete()),
}  # fmt: skip


class TestGoingLive:
    def test_a_clinic_that_lacks_nothing_goes_live_in_somebodys_name(self, released):
        clinic = ready_clinic()
        assert lacking(clinic) == {}

        go_live(clinic.pk, by=manager_of(clinic), now=NOON)

        clinic.refresh_from_db()
        assert (clinic.live_since, clinic.live_by) == (NOON, manager_of(clinic))

    @pytest.mark.parametrize("what", TAKEN)
    def test_is_refused_while_one_thing_is_missing(self, what, released):
        clinic = ready_clinic()
        manager, (part, take_away) = manager_of(clinic), TAKEN[what]
        take_away(clinic)
        manager.refresh_from_db()
        manager.role = Role.MANAGER

        with pytest.raises(NotReady) as refused:
            go_live(clinic.pk, by=manager, now=NOON)

        assert part in [one.part for one in refused.value.missing]
        assert part in lacking(clinic)
        clinic.refresh_from_db()
        assert clinic.live_since is None

    def test_needs_a_made_up_patient_seen_with_what_is_live(self, released):
        clinic = ready_clinic()
        without_the_live_pathway(clinic)
        version = PathwayVersionFactory(pathway__clinic=clinic, signed=True)
        assert list(lacking(clinic)) == [Part.TRIED]

        VersionEventFactory(version=version, kind=VersionEventKind.TRIED)

        assert lacking(clinic) == {}

    @pytest.mark.parametrize(
        ("alone", "unused"), [("sms", "email_sender"), ("email", "sms_sender")]
    )
    def test_with_one_channel_alone_needs_nothing_of_the_other(self, alone, unused, released):
        clinic = ready_clinic()
        SendingTest.objects.exclude(channel=alone).delete()
        Clinic.objects.update(**{unused: ""})
        assert len(lacking(clinic)) == 1

        Clinic.objects.update(sends_by=alone)

        assert lacking(clinic) == {}
        Clinic.objects.update(staff_email="")
        assert lacking(clinic) == {Part.MAILS: ["no_staff_email"]}

    @pytest.mark.parametrize("role", sorted(set(Role) - {Role.MANAGER, Role.SURGEON}))
    def test_is_not_for_other_roles(self, role, released):
        clinic = ready_clinic()

        with pytest.raises(NotReady):
            go_live(clinic.pk, by=StaffFactory(clinic=clinic, role=role), now=NOON)

    def test_is_not_for_operators_nor_for_other_clinics(self, released):
        clinic = ready_clinic()
        operator = StaffFactory(clinic=None, is_superuser=True, role=Role.MANAGER)

        for stranger in (operator, StaffFactory(role=Role.MANAGER)):
            with pytest.raises(NotReady):
                go_live(clinic.pk, by=stranger, now=NOON)

    def test_twice_is_once(self, released):
        clinic = ready_clinic()
        go_live(clinic.pk, by=manager_of(clinic), now=NOON)

        surgeon = clinic.staff.filter(role=Role.SURGEON).first()
        go_live(clinic.pk, by=surgeon, now=NOON + timedelta(days=1))

        clinic.refresh_from_db()
        assert (clinic.live_since, clinic.live_by) == (NOON, manager_of(clinic))


class TestUntilThen:
    def test_no_reminder_is_handed_on(self, released):
        waiting = ReminderFactory(surgery__patient__clinic__live_since=None)

        dispatch_due(now=NOON, batch=10)

        waiting.refresh_from_db()
        assert waiting.status == ReminderStatus.PLANNED

    @pytest.mark.parametrize("purpose", ["reminder", "answer", "page_link"])
    def test_nothing_that_is_queued_goes_out_to_a_patient(self, purpose, released):
        delivery = DeliveryFactory(reminder__surgery__patient__birth_date="1950-03-27")
        Delivery.objects.update(purpose=purpose) if purpose != "answer" else answer(delivery)
        Clinic.objects.update(live_since=None)

        batch = claim_batch("sms", provider="memory", post_timeout_seconds=1, now=NOON, limit=9)

        delivery.refresh_from_db()
        assert batch.sends == []
        assert delivery.status == DeliveryStatus.QUEUED

    def test_what_waited_goes_out_once_it_is_live(self, released):
        delivery = DeliveryFactory()

        batch = claim_batch("sms", provider="memory", post_timeout_seconds=1, now=NOON, limit=9)

        assert [send.delivery for send in batch.sends] == [delivery]


def answer(delivery):
    reply = ReplyFactory(by=delivery.patient)
    Delivery.objects.update(purpose=Purpose.ANSWER, reply=reply, reminder=None)


class TestAfterwards:
    def test_a_clinic_that_has_all_has_lost_nothing(self, released):
        assert gone_missing(ready_clinic(), now=NOON) == []

    def test_a_last_step_without_its_number_is_named(self, released):
        clinic = ready_clinic(live_since=NOON)
        Rung.objects.filter(how="phone").update(address="")

        [lost] = gone_missing(clinic, now=NOON)

        assert lost.part == Part.LADDER

    def test_a_clinic_that_is_live_goes_on_sending(self, released):
        reminder = ReminderFactory(surgery__patient__clinic=ready_clinic(live_since=NOON))
        Ladder.objects.all().delete()

        dispatch_due(now=NOON, batch=10)

        reminder.refresh_from_db()
        assert reminder.status == ReminderStatus.DISPATCHED


def test_a_step_that_only_sends_at_night_is_named(released):
    clinic = ready_clinic()
    Rung.objects.filter(how="email").update(hours="unstaffed")
    RungFactory(ladder=clinic.ladder, tiers=["same_day"])

    assert lacking(clinic) == {Part.LADDER: ["silent_when_open"]}


def test_a_clinic_that_nobody_set_up_lacks_nearly_all(db):
    clinic = ClinicFactory(live_since=None, urgent_phone="", emergency_phone="", sms_sender="")

    assert set(lacking(clinic)) == set(Part) - {Part.PLACE, Part.HOURS}
