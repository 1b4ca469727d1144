"""Kill -9 between the steps of a climb: no report is lost, no step skipped (H26, H27)."""

from collections import Counter
from datetime import timedelta

from django.db.models import F

from clinic import clock
from reminders.flow.balance import balance
from reminders.flow.ladder import silent
from reminders.models import (
    Alert,
    AlertStatus,
    AlertStep,
    Attempt,
    AttemptStatus,
    Delivery,
    How,
    Purpose,
    Reply,
    ReplyStatus,
    Whom,
)
from tests.factories import ClinicFactory, PatientFactory, ReplyFactory, StaffFactory
from tests.faults.house import TICK_SECONDS, kill_group, until
from tests.faults.rows import let_leases_run_out
from tests.ladders import LadderFactory, RungFactory, ShiftFactory, raised

DUTY, SURGEON = "+447700900801", "+447700900802"


def a_clinic():
    """Whoever is on duty at once, the surgeon after ten minutes, the switchboard after twenty."""
    clinic = ClinicFactory(urgent_phone="020 7946 0101")
    ladder = LadderFactory(clinic=clinic)
    own = {"ladder": ladder, "label": "", "address": "", "how": How.SMS}
    RungFactory(position=0, whom=Whom.ON_DUTY, **own)
    surgeon = StaffFactory(clinic=clinic, phone=SURGEON)
    RungFactory(position=1, after_minutes=10, whom=Whom.PERSON, staff=surgeon, **own)
    RungFactory(
        ladder=ladder, position=2, after_minutes=20, how=How.PHONE, label="Switchboard",
        address="020 7946 0109",
    )  # fmt: skip
    now = clock.now()
    ShiftFactory(
        clinic=clinic, staff__phone=DUTY,
        starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=9),
    )  # fmt: skip
    return clinic


def let_minutes_pass(minutes):
    """Do what waiting does to steps that are to come."""
    earlier = timedelta(minutes=minutes)
    AlertStep.objects.filter(status="waiting").update(
        due_at=F("due_at") - earlier, planned_at=F("planned_at") - earlier
    )


def told(position):
    return AlertStep.objects.filter(position=position, repeat=0, status="told").count()


def arrived():
    """Return how many notices the provider has taken, as our books say."""
    accepted = Delivery.objects.filter(purpose=Purpose.NOTICE, status="accepted")
    return accepted.count()


def bells(house):
    return house.timetable_of("reminders.replies", "reminders.climb", "reminders.rescue")


def assert_each_notice_went_once(provider):
    accepted = Attempt.objects.filter(
        status=AttemptStatus.ACCEPTED, delivery__purpose=Purpose.NOTICE
    )
    ours = Counter(str(pk) for pk in accepted.values_list("pk", flat=True))
    assert Counter({ref: n for ref, n in provider.references().items() if ref in ours}) == ours
    assert accepted.count() == Delivery.objects.filter(purpose=Purpose.NOTICE).count()


def test_a_climb_killed_after_each_step_skips_none_and_tells_each_once(house, provider):
    clinic = a_clinic()
    for number in range(6):
        raised(clinic, at=clock.now(), cause=f"reply:{number}")
    provider.behave("accept_then_hang", times=6)
    worker = house.worker()
    house.ring("reminders.climb")
    until(lambda: len(provider.texts()) == 6)
    kill_group(worker)  # told, taken by the provider, and no answer written
    provider.behave("ok")
    assert let_leases_run_out() == 6

    let_minutes_pass(10)
    worker = house.worker()
    until(lambda: told(1) == 6, meanwhile=bells(house))
    kill_group(worker)  # the second rung is told; its notices may not have gone yet
    let_leases_run_out()
    let_minutes_pass(10)
    house.worker()
    until(lambda: (told(2), arrived()) == (6, 12), meanwhile=bells(house))

    assert Counter(text["to"] for text in provider.texts()) == {DUTY: 6, SURGEON: 6}
    assert_each_notice_went_once(provider)
    assert (
        Alert.objects.filter(status=AlertStatus.OPEN, banner__contains="Switchboard").count() == 6
    )
    books = balance(now=clock.now())
    assert (books.overdue_steps, books.silent_alerts, books.doubled) == (0, 0, 0)


def test_reports_read_by_workers_that_are_killed_over_and_over_each_have_their_alert(
    house, provider
):
    clinic = a_clinic()
    for patient in PatientFactory.create_batch(24, clinic=clinic):
        ReplyFactory(by=patient, text="I cannot pass water", received_at=clock.now())
    for killed_at in (1, 8, 16):
        worker = house.worker()
        house.ring("reminders.replies", "reminders.climb")
        reading = house.timetable_of("reminders.replies", "reminders.climb")
        until(lambda least=killed_at: Alert.objects.count() >= least, meanwhile=reading)
        kill_group(worker)
        let_leases_run_out()
    house.worker()
    until(lambda: told(0) == Alert.objects.count() == 24, meanwhile=bells(house))
    until(lambda: arrived() == 24, meanwhile=bells(house))

    unread = Reply.objects.filter(status=ReplyStatus.RECEIVED)
    lost = Reply.objects.exclude(pk__in=Alert.objects.values("reply"))
    assert (unread.count(), lost.count(), silent().count()) == (0, 0, 0)
    assert_each_notice_went_once(provider)


def test_a_report_that_comes_while_nobody_works_is_told_of_when_somebody_does(house, provider):
    clinic = a_clinic()
    ReplyFactory(
        by=PatientFactory(clinic=clinic), text="I cannot pass water", received_at=clock.now()
    )
    house.ring("reminders.replies", "reminders.climb")  # both bells run out unheard

    house.beat()
    house.worker()
    until(lambda: arrived() == 1, seconds=4 * 10 + TICK_SECONDS)

    assert [text["to"] for text in provider.texts()].count(DUTY) == 1
