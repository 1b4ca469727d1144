"""A person sends one signed message: once, the ordinary way, and never against the record."""

from datetime import UTC, date, datetime, timedelta

import pytest

from clinic.models import Channel, Clinic, HoldKind, Patient, PatientStatus, Surgery, SurgeryStatus
from reminders.flow.claim import claim_batch
from reminders.flow.dispatch import claim_due
from reminders.flow.plan import plan_surgery
from reminders.flow.restriction_changes import change_restriction
from reminders.flow.send_now import CannotSendNow, look_at, send_now, steps_to_send
from reminders.models import ChangeKind, Delivery, DeliveryStatus, Reminder, ReminderStatus
from tests.factories import (
    NOON,
    ClinicFactory,
    ConsentFactory,
    DeliveryFactory,
    PathwayVersionFactory,
    PulledStepFactory,
    StaffFactory,
    StepFactory,
    SurgeryFactory,
)
from tests.flow.versions import WALK, a_live_version
from tests.rules.content_builder import a_step

pytestmark = pytest.mark.django_db
A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def version():
    version = PathwayVersionFactory(signed=True)
    StepFactory(version=version, key="walk", day_from=5, category="physio")
    StepFactory(version=version, key="sleep", day_from=1, category="lifestyle")
    StepFactory(version=version, key="signs", day_from=9, category="warning_signs",
                is_high_priority=True)  # fmt: skip
    return version


@pytest.fixture
def surgery(version):
    surgery = SurgeryFactory(patient__clinic=version.pathway.clinic)
    plan_surgery(surgery.pk, now=NOON)
    return Surgery.objects.select_related("patient__clinic").get(pk=surgery.pk)


@pytest.fixture
def nurse(surgery):
    return StaffFactory(clinic=surgery.patient.clinic, first_name="Asha")


@pytest.fixture
def send(surgery, nurse):
    def sends(step="walk", channel=Channel.SMS, *, now=NOON, by=nurse, **how):
        return send_now(surgery.pk, step_key=step, channel=channel, by=by, now=now, **how)

    return sends


def on_the_wire(now=NOON):
    batch = claim_batch("sms", provider="memory", post_timeout_seconds=1, now=now, limit=9)
    return [send.message.body for send in batch.sends]


class TestSending:
    def test_goes_out_in_the_patients_words_under_the_name_of_whoever_sent_it(self, send, nurse):
        delivery = send()

        assert delivery.status == DeliveryStatus.QUEUED
        assert delivery.the_reminder.sent_by == nurse
        assert on_the_wire() == ["Harbourside Care: walk a little today. Questions: 020 7946 0100"]

    def test_brings_the_planned_one_forward_and_sends_no_other(self, surgery, send):
        planned = Reminder.objects.get(step_key="walk")

        assert send().reminder == planned

        planned.refresh_from_db()
        assert (planned.status, planned.due_at) == (ReminderStatus.DISPATCHED, NOON)
        assert plan_surgery(surgery.pk, now=NOON + A_MINUTE).is_empty
        claim_due(now=datetime(2026, 3, 7, 10, tzinfo=UTC), limit=10)
        assert Delivery.objects.filter(reminder__step_key="walk").count() == 1
        assert Reminder.objects.filter(step_key="walk").count() == 1

    def test_leaves_the_planned_one_where_it_is_when_asked_to(self, surgery, send):
        delivery = send(keep_planned=True)

        plan_surgery(surgery.pk, now=NOON + A_MINUTE)
        states = Reminder.objects.filter(step_key="walk").values_list("status", "sent_by")
        assert sorted(states) == [
            ("dispatched", delivery.the_reminder.sent_by_id),
            ("planned", None),
        ]

    def test_the_planner_takes_nothing_back_that_a_person_sent(self, surgery, send):
        send(keep_planned=True)

        Surgery.objects.filter(pk=surgery.pk).update(surgery_date=date(2026, 3, 1))
        plan_surgery(surgery.pk, now=NOON + A_MINUTE)

        assert len(on_the_wire(NOON + A_MINUTE)) == 1

    def test_a_message_that_is_not_planned_any_more_can_be_sent_again_the_next_day(self, send):
        send("sleep")
        again = send("sleep", now=NOON + timedelta(hours=24))

        assert again.reminder.occurrence == int((NOON + timedelta(hours=24)).timestamp())


class TestOnce:
    def test_a_second_time_within_a_day_is_refused(self, send):
        send()

        with pytest.raises(CannotSendNow, match="last 24 hours"):
            send(now=NOON + timedelta(hours=23, minutes=59))

        assert Delivery.objects.count() == 1

    def test_a_try_that_came_to_nothing_may_be_made_again(self, send):
        Delivery.objects.filter(pk=send().pk).update(status=DeliveryStatus.REFUSED)

        assert send(now=NOON + A_MINUTE)

    def test_a_message_that_the_plan_sent_an_hour_ago_is_not_sent_again(self, surgery, send):
        claim_due(now=datetime(2026, 3, 7, 10, tzinfo=UTC), limit=10)

        with pytest.raises(CannotSendNow, match="last 24 hours"):
            send(now=datetime(2026, 3, 7, 11, tzinfo=UTC))

    @pytest.mark.django_db(transaction=True)
    def test_two_tabs_at_the_same_moment_send_one(self, send, workers):
        clicks = [workers(send) for _ in range(2)]

        outcomes = [click.exception() for click in clicks]

        assert sorted(isinstance(one, CannotSendNow) for one in outcomes) == [False, True]
        assert Delivery.objects.count() == 1

    def test_a_second_later_it_still_waits_for_the_first(
        self, surgery, send, other_worker, workers, until_somebody_waits
    ):
        Reminder.objects.filter(step_key="walk").delete()  # so that none is brought forward

        with other_worker(surgery):
            clicks = [workers(send, now=NOON + timedelta(seconds=n)) for n in range(2)]
            until_somebody_waits()

        refused = sorted(isinstance(click.exception(), CannotSendNow) for click in clicks)
        assert refused == [False, True]
        assert Delivery.objects.count() == 1


class TestTheRecordForbidsIt:
    @pytest.mark.parametrize(
        ("model", "change", "why"),
        [
            (Patient, {"status": PatientStatus.DECEASED}, "has died"),
            (Patient, {"status": PatientStatus.ENDED}, "Care has ended"),
            (Patient, {"status": PatientStatus.ON_HOLD, "hold_reason": "x"}, "patient is on hold"),
            (Surgery, {"status": SurgeryStatus.PLANNED}, "nobody has confirmed"),
            (Surgery, {"status": SurgeryStatus.CANCELLED}, "called off"),
            (Surgery, {"on_hold": True, "hold_reason": "x"}, "plan is on hold"),
            (Clinic, {"sending_stopped_at": NOON}, "stopped sending"),
            (Clinic, {"live_since": None}, "not gone live"),
            (Clinic, {"emergency_phone": ""}, "numbers are not complete"),
        ],
    )
    def test_and_it_says_why(self, send, model, change, why):
        model.objects.update(**change)

        with pytest.raises(CannotSendNow, match=why):
            send()

        assert not Delivery.objects.exists()

    def test_pulled_content_does_not_go(self, surgery, send):
        PulledStepFactory(clinic=surgery.patient.clinic, step_key="walk")

        with pytest.raises(CannotSendNow, match="pulled"):
            send()

    def test_content_that_is_not_sealed_does_not_go(self, version, send):
        type(version).objects.filter(pk=version.pk).update(sealed=False)

        with pytest.raises(CannotSendNow, match="not in the patient's signed pathway"):
            send()

    def test_a_step_that_is_for_others_does_not_go(self, version, send):
        StepFactory(version=version, key="stop-smoking", day_from=8, requires=[["smoker"]])

        with pytest.raises(CannotSendNow, match="not in the patient's signed pathway"):
            send("stop-smoking")

    def test_a_patient_who_stopped_texts_gets_none(self, surgery, send):
        ConsentFactory(patient=surgery.patient, given=False, at=NOON)

        with pytest.raises(CannotSendNow, match="opted_out"):
            send()
        assert send(channel=Channel.EMAIL)

    def test_warning_signs_go_to_somebody_abroad_whose_plan_waits(self, send):
        Surgery.objects.update(on_hold=True, hold_kind=HoldKind.AWAY, hold_reason="Abroad")

        assert send("signs")
        with pytest.raises(CannotSendNow, match="on hold"):
            send("walk")

    def test_and_what_is_forbidden_after_the_click_is_not_sent(self, send):
        send()

        Patient.objects.update(status=PatientStatus.DECEASED)

        assert on_the_wire() == []
        assert Delivery.objects.get().failure_reason == "deceased"

    @pytest.mark.parametrize("stranger", ["role", "clinic"])
    def test_nobody_but_a_clinician_of_the_clinic_sends(self, surgery, send, stranger):
        by = StaffFactory() if stranger == "clinic" else StaffFactory(
            clinic=surgery.patient.clinic, role="reception"
        )  # fmt: skip

        with pytest.raises(CannotSendNow, match="Only a clinician"):
            send(by=by)


class TestTheDay:
    def texted(self, surgery, times=2):
        for hour in range(times):
            DeliveryFactory(
                reminder__surgery=surgery,
                reminder__status=ReminderStatus.DISPATCHED,
                reminder__step__version__pathway__clinic=surgery.patient.clinic,
                status=DeliveryStatus.ACCEPTED,
                queued_at=NOON - timedelta(hours=hour + 1),
            )

    def test_a_third_text_of_the_day_goes_by_mail_or_not_at_all(self, surgery, send):
        self.texted(surgery)

        with pytest.raises(CannotSendNow, match="the day's texts"):
            send()
        assert send(channel=Channel.EMAIL)

    def test_unless_it_keeps_somebody_safe(self, surgery, send):
        self.texted(surgery)

        assert send("signs")

    def test_the_next_day_counts_anew(self, surgery, send):
        self.texted(surgery)

        assert send(now=NOON + timedelta(hours=12, minutes=1))

    def test_a_text_by_hand_takes_the_place_of_a_routine_one(self, version, surgery, send):
        for number in range(2):
            StepFactory(version=version, key=f"tip-{number}", day_from=1, day_to=4, at="17:00",
                        category="lifestyle")  # fmt: skip
        plan_surgery(surgery.pk, now=NOON)
        today = Reminder.objects.filter(due_at__date=NOON.date(), status="planned")
        before = set(today.values_list("step_key", flat=True))

        send()

        after = set(today.values_list("step_key", flat=True))
        assert len(before - after) == 1

    def test_in_quiet_hours_it_waits_for_the_morning(self, surgery, send):
        night = datetime(2026, 3, 3, 23, tzinfo=UTC)
        step = next(one for one in steps_to_send(surgery) if one.key == "signs")
        morning = datetime(2026, 3, 4, 8, tzinfo=UTC)
        assert look_at(surgery, step, now=night).goes_at == morning

        send("signs", now=night)

        assert on_the_wire(night) == []
        assert len(on_the_wire(morning)) == 1


class TestLimits:
    """What says that swimming may start is held back until the day on which it may."""

    SWIM = a_step(key="d28_swim", day_from=28, day_to=40, permits=("swim",))

    @pytest.fixture
    def surgery(self):
        clinic = ClinicFactory()
        a_live_version(clinic, WALK, self.SWIM)
        return SurgeryFactory(patient__clinic=clinic)

    def test_nothing_is_permitted_before_its_day(self, surgery, send):
        with pytest.raises(CannotSendNow, match="may not do yet"):
            send("d28_swim", now=NOON + timedelta(days=26))

        assert send("d28_swim", now=NOON + timedelta(days=27))

    def test_a_clinicians_own_day_counts(self, surgery, nurse, send):
        change_restriction(surgery.pk, key="swim", kind=ChangeKind.RELEASED, day=None,
                           reason="Healed", by=nurse, now=NOON)  # fmt: skip

        assert send("d28_swim", now=NOON + A_MINUTE)
