"""Many operations at once: agreed to by the right people, each done once, the changed left out."""

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.db import IntegrityError, transaction

from clinic.models import Hold, Surgery, SurgeryStatus
from reminders.flow.bulk import (
    AT_MOST,
    NeedsSecondPerson,
    NoLongerOpen,
    agree,
    ask,
    do_agreed,
    needs_second,
    outcome_of,
    refuse,
)
from reminders.flow.plan import plan_surgery
from reminders.models import (
    BulkAction,
    BulkRequest,
    BulkRowStatus,
    BulkStatus,
    PlanAgreement,
    Reminder,
    WhyLeftOut,
)
from tests.factories import (
    NOON,
    AlertFactory,
    ClinicFactory,
    PathwayVersionFactory,
    ReminderFactory,
    StaffFactory,
    StepFactory,
    SurgeryFactory,
)

pytestmark = pytest.mark.django_db
FRIDAY = date(2026, 3, 6)


@pytest.fixture
def clinic():
    return ClinicFactory()


@pytest.fixture
def pathway(clinic):
    version = PathwayVersionFactory(pathway__clinic=clinic, signed=True)
    for day in (2, 5):
        StepFactory(version=version, day_from=day)
    return version


@pytest.fixture
def maria(clinic):
    return StaffFactory(clinic=clinic, role="manager", username="maria")


@pytest.fixture
def surgeon(clinic):
    return StaffFactory(clinic=clinic, role="surgeon")


@pytest.fixture
def operations(clinic, pathway):
    def make(count):
        made = SurgeryFactory.create_batch(
            count, patient__clinic=clinic, status=SurgeryStatus.PLANNED, surgery_date=FRIDAY
        )
        for surgery in made:
            plan_surgery(surgery.pk, now=NOON)
            surgery.refresh_from_db()
        return made

    return make


def asked(surgeries, by, *, action=BulkAction.MOVE, days=3, now=NOON):
    return ask(surgeries, action=action, days=days, reason="Closed on Friday", by=by, now=now)


def do(stop_after=None, now=NOON):
    turns = iter(range(10_000))
    return do_agreed(
        now=lambda: now, stop=lambda: stop_after is not None and next(turns) >= stop_after
    )


def days_of(surgeries):
    kept = Surgery.objects.filter(pk__in=[surgery.pk for surgery in surgeries])
    return set(kept.values_list("surgery_date", flat=True))


class TestWhoAgrees:
    @pytest.mark.parametrize(("count", "second"), [(10, False), (11, True)])
    def test_up_to_ten_patients_one_person_and_above_two(self, operations, maria, count, second):
        request = asked(operations(count), maria)

        assert needs_second(request) is second
        if second:
            with pytest.raises(NeedsSecondPerson):
                agree(request.pk, by=maria, now=NOON)
        else:
            assert agree(request.pk, by=maria, now=NOON).status == BulkStatus.AGREED

    def test_somebody_else_agrees_to_twelve(self, operations, maria, surgeon):
        request = asked(operations(12), maria)

        assert agree(request.pk, by=surgeon, now=NOON).decided_by == surgeon

    def test_twice_six_within_a_day_are_twelve(self, operations, maria):
        first, later = asked(operations(6), maria), NOON + timedelta(hours=23)
        agree(first.pk, by=maria, now=NOON)

        with pytest.raises(NeedsSecondPerson):
            agree(asked(operations(6), maria, now=later).pk, by=maria, now=later)

    def test_what_was_done_meanwhile_counts_as_what_waits_to_be_done(self, operations, maria):
        agree(asked(operations(6), maria).pk, by=maria, now=NOON)
        do()

        with pytest.raises(NeedsSecondPerson):
            agree(asked(operations(6), maria).pk, by=maria, now=NOON)

    def test_six_on_each_of_two_days_are_six(self, operations, maria):
        agree(asked(operations(6), maria).pk, by=maria, now=NOON)
        tomorrow = NOON + timedelta(hours=24)

        assert agree(asked(operations(6), maria, now=tomorrow).pk, by=maria, now=tomorrow)

    def test_the_database_lets_nobody_agree_to_their_own_eleven(self, operations, maria):
        request = asked(operations(11), maria)

        with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
            BulkRequest.objects.filter(pk=request.pk).update(
                status=BulkStatus.AGREED, decided_by=maria
            )

    def test_nobody_after_24_hours(self, operations, maria, surgeon):
        request = asked(operations(12), maria)

        with pytest.raises(NoLongerOpen):
            agree(request.pk, by=surgeon, now=NOON + timedelta(hours=24))

    def test_nobody_twice_and_nobody_after_a_refusal(self, operations, maria, surgeon):
        first, second = asked(operations(2), maria), asked(operations(2), maria)
        agree(first.pk, by=maria, now=NOON)
        refuse(second.pk, by=surgeon, now=NOON)

        for request in (first, second):
            with pytest.raises(NoLongerOpen):
                agree(request.pk, by=surgeon, now=NOON)

    def test_more_than_can_be_looked_at_are_not_asked_for(self, clinic, maria):
        surgeries = [Surgery(pk=n, patient_id=n, revision=1) for n in range(AT_MOST + 1)]

        with pytest.raises(ValueError, match="AT_MOST"):
            asked(surgeries, maria)


class TestLooking:
    def test_says_what_would_change_and_changes_nothing(self, operations, maria):
        [row] = asked(operations(1), maria).rows.all()

        outcome = outcome_of(row, by=maria, now=NOON)

        assert outcome.difference.counts() == {"moves": 2}
        assert Surgery.objects.get().surgery_date == FRIDAY
        assert Surgery.objects.get().history.count() == 1

    def test_names_what_is_not_possible(self, operations, maria):
        [row] = asked(operations(1), maria, action=BulkAction.RESUME).rows.all()

        assert outcome_of(row, by=maria, now=NOON).why == WhyLeftOut.NOT_POSSIBLE

    def test_nothing_is_moved_into_the_past(self, operations, maria):
        [row] = asked(operations(1), maria, days=-30).rows.all()

        assert outcome_of(row, by=maria, now=NOON).why == WhyLeftOut.NOT_POSSIBLE


class TestDoing:
    @pytest.fixture
    def agreed(self, operations, maria):
        def make(count, **what):
            surgeries = operations(count)
            request = asked(surgeries, maria, **what)
            agree(request.pk, by=maria, now=NOON)
            return request, surgeries

        return make

    def test_moves_each_with_its_plan_and_names_who_agreed(self, agreed, maria):
        request, surgeries = agreed(3)

        assert do() == 3

        request.refresh_from_db()
        assert (request.status, request.done_at) == (BulkStatus.DONE, NOON)
        assert days_of(surgeries) == {date(2026, 3, 9)}
        days = {due.date() for due in Reminder.objects.values_list("due_at", flat=True)}
        assert days == {date(2026, 3, 11), date(2026, 3, 14)}
        assert Surgery.objects.first().history.first().history_user == maria
        done = {(row.status, *row.counts.items()) for row in request.rows.all()}
        assert done == {(BulkRowStatus.DONE, ("moves", 2))}

    def test_again_changes_nothing(self, agreed):
        _request, surgeries = agreed(2)
        do()

        assert do() == 0
        assert days_of(surgeries) == {date(2026, 3, 9)}

    def test_goes_on_where_a_worker_died(self, agreed):
        request, surgeries = agreed(4)

        assert do(stop_after=2) == 2
        assert request.rows.filter(status=BulkRowStatus.WAITING).count() == 2
        assert BulkRequest.objects.get().status == BulkStatus.AGREED
        assert do() == 2

        assert days_of(surgeries) == {date(2026, 3, 9)}
        assert BulkRequest.objects.get().status == BulkStatus.DONE

    def test_leaves_out_what_has_changed_since_and_names_it(self, agreed):
        request, [first, second] = agreed(2)
        Surgery.objects.filter(pk=first.pk).update(durotomy=True)

        do()

        assert days_of([first]) == {FRIDAY}
        assert days_of([second]) == {date(2026, 3, 9)}
        left_out = request.rows.get(surgery=first)
        assert (left_out.status, left_out.why) == (BulkRowStatus.LEFT_OUT, WhyLeftOut.CHANGED)

    def test_does_nothing_that_nobody_agreed_to(self, operations, maria):
        surgeries = operations(2)
        asked(surgeries, maria)

        assert do() == 0
        assert days_of(surgeries) == {FRIDAY}

    def test_a_row_in_the_hands_of_another_worker_is_skipped(self, agreed, other_worker):
        request, _surgeries = agreed(2)
        held, free = request.rows.order_by("pk")

        with other_worker(held):
            assert do() == 1

        assert list(request.rows.filter(status=BulkRowStatus.DONE)) == [free]
        assert BulkRequest.objects.get().status == BulkStatus.AGREED
        assert do() == 1

    def test_keeps_what_was_agreed_to_and_closes_what_it_settles(self, agreed, maria):
        _request, [surgery] = agreed(1, action=BulkAction.CANCEL)
        step = StepFactory(excludes=["country_gb"])  # so that the record as it is settles it
        asks = ReminderFactory(surgery=surgery, step=step, status="dispatched")
        alert = AlertFactory(patient=surgery.patient, kind="staff_step", reminder=asks)

        do()

        kept = PlanAgreement.objects.get()
        assert (kept.surgery, kept.what, kept.by) == (surgery, "cancel", maria)
        alert.refresh_from_db()
        assert alert.closed_by == maria

    def test_holds_with_the_reason_and_lets_go_on(self, agreed, operations, maria):
        _request, [surgery] = agreed(1, action=BulkAction.HOLD)
        do()
        surgery.refresh_from_db()
        assert (surgery.on_hold, surgery.hold_reason) == (True, "Closed on Friday")
        assert Hold.objects.get().began_by == maria
        assert not Reminder.objects.filter(status="planned").exists()

        request = asked([surgery], maria, action=BulkAction.RESUME)
        agree(request.pk, by=maria, now=NOON)
        do()

        surgery.refresh_from_db()
        assert not surgery.on_hold

    def test_calls_off(self, agreed):
        _request, [surgery] = agreed(1, action=BulkAction.CANCEL)

        do()

        surgery.refresh_from_db()
        assert surgery.status == SurgeryStatus.CANCELLED
        assert set(Reminder.objects.values_list("status", flat=True)) == {"cancelled"}


class TestAtTheSameMoment:
    def test_a_yes_waits_for_a_refusal_and_comes_too_late(
        self, operations, maria, surgeon, other_worker, workers, until_somebody_waits
    ):
        request = asked(operations(12), maria)

        with other_worker(request) as refuses:
            yes = workers(agree, request.pk, by=surgeon, now=NOON)
            until_somebody_waits()
            refuses.execute(
                "UPDATE reminders_bulkrequest SET status = 'refused', decided_by_id = %s,"
                " decided_at = %s WHERE id = %s",
                [surgeon.pk, NOON, request.pk],
            )

        with pytest.raises(NoLongerOpen):
            yes.result()
        assert BulkRequest.objects.get().status == BulkStatus.REFUSED

    def test_twice_six_do_not_pass_for_six(
        self, operations, maria, other_worker, workers, until_somebody_waits
    ):
        first, second = asked(operations(6), maria), asked(operations(6), maria)

        with other_worker(maria) as agrees:
            yes = workers(agree, second.pk, by=maria, now=NOON)
            until_somebody_waits()
            agrees.execute(
                "UPDATE reminders_bulkrequest SET status = 'agreed', decided_by_id = %s,"
                " decided_at = %s WHERE id = %s",
                [maria.pk, NOON, first.pk],
            )

        with pytest.raises(NeedsSecondPerson):
            yes.result()

    def test_two_who_agree_have_it_done_once(self, operations, maria, surgeon, clinic, workers):
        surgeries = operations(3)
        request = asked(surgeries, maria)
        boss = StaffFactory(clinic=clinic, role="manager")

        said = [workers(agree, request.pk, by=person, now=NOON) for person in (surgeon, boss)]

        refused = sorted(isinstance(one.exception(), NoLongerOpen) for one in said)
        assert refused == [False, True]
        assert sum(done.result() for done in [workers(do) for _ in range(2)]) == 3
        assert days_of(surgeries) == {date(2026, 3, 9)}


@pytest.mark.parametrize(
    ("told", "counts"),
    [
        ("2 move, 1 new", {"moves": 2, "adds": 1}),
        ("1 moves, 3 already sent, 1 too late", {"moves": 1, "already_sent": 3, "too_late": 1}),
        ("4 held, 2 released, 1 cancelled", {"holds": 4, "releases": 2, "cancels": 1}),
        ("nothing changes", {}),
    ],
)
def test_a_line_that_was_kept_before_becomes_its_counts(told, counts):
    migration = import_module("reminders.migrations.0024_bulk_row_counts")

    assert migration.counts_of(told) == counts
