"""Kill -9 of workers and their children while messages are on the wire (H01, H02, H08)."""

import os
import signal

from django.db import connection, transaction

from reminders.models import Attempt, AttemptStatus, Delivery, DeliveryStatus
from tests.faults.house import children_of, kill_group, until
from tests.faults.proof import all_is_quiet, assert_each_was_told_exactly_once, on_the_wire
from tests.faults.rows import let_leases_run_out, queued_deliveries

SMS_BELL = "reminders.deliver"


def test_a_worker_killed_after_the_provider_took_its_batch_tells_nobody_twice(house, provider):
    queued_deliveries(24)
    provider.behave("accept_then_hang", times=16)
    worker = house.worker()
    house.ring(SMS_BELL, SMS_BELL)
    until(lambda: len(provider.texts()) == 16)
    kill_group(worker)
    provider.behave("ok")
    assert let_leases_run_out() == 16

    house.worker()
    until(all_is_quiet, meanwhile=house.timetable())

    assert_each_was_told_exactly_once(provider, patients=24)
    assert Attempt.objects.count() == 24  # found at the provider, not sent again


def test_what_a_killed_worker_had_not_handed_over_is_sent_once_the_provider_denies_it(
    house, provider
):
    queued_deliveries(24)
    provider.behave("hang", times=16)
    worker = house.worker()
    house.ring(SMS_BELL, SMS_BELL)
    until(provider.is_done)
    kill_group(worker)
    provider.behave("ok")
    assert let_leases_run_out() == 16

    house.worker()
    until(all_is_quiet, meanwhile=house.timetable())

    assert_each_was_told_exactly_once(provider, patients=24)
    denied = Attempt.objects.filter(status=AttemptStatus.NOT_SENT)
    assert set(denied.values_list("looked_up")) == {(2,)}
    assert denied.count() == 16


def test_the_task_of_a_killed_child_is_taken_up_again_without_another_ring(house, provider):
    queued_deliveries(24)
    provider.behave("accept_then_hang", times=8)
    worker = house.worker(processes=1)
    house.ring(SMS_BELL)
    until(provider.is_done)
    [child] = children_of(worker)

    os.kill(child, signal.SIGKILL)
    # All are with the provider, and what came back after the kill has been written.
    until(lambda: len(provider.texts()) == 24 and on_the_wire() == 8)
    assert let_leases_run_out() == 8
    until(all_is_quiet, meanwhile=house.timetable())

    assert_each_was_told_exactly_once(provider, patients=24)
    assert Attempt.objects.count() == 24


def test_a_database_that_hangs_up_on_a_worker_that_writes_its_answers_doubles_nothing(
    house, provider
):
    queued_deliveries(8)
    provider.behave("slow", times=8, wait_seconds=1)
    house.worker()
    house.ring(SMS_BELL)
    until(lambda: on_the_wire() == 8)

    with transaction.atomic():
        list(Delivery.objects.select_for_update())
        until(backend_that_waits_for_us)
        assert hang_up_on_workers() >= 1
    until(lambda: len(provider.texts()) == 8)
    assert on_the_wire() == let_leases_run_out() == 8
    until(all_is_quiet, meanwhile=house.timetable())

    assert_each_was_told_exactly_once(provider, patients=8)
    assert Attempt.objects.count() == 8
    assert not Delivery.objects.exclude(status=DeliveryStatus.ACCEPTED).exists()


def backend_that_waits_for_us():
    return asked_of_backends("SELECT pid", "wait_event_type = 'Lock'")


def hang_up_on_workers():
    return len(asked_of_backends("SELECT pg_terminate_backend(pid)", "pid <> pg_backend_pid()"))


def asked_of_backends(question, condition):
    with connection.cursor() as cursor:
        cursor.execute(
            f"{question} FROM pg_stat_activity WHERE datname = current_database() AND {condition}"
        )
        return cursor.fetchall()
