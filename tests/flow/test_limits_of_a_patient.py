"""What one patient may do on a day, what not yet, and what a clinician has decided for them."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from clinic.models import Role, Surgery
from reminders.flow.plan import plan_surgery
from reminders.flow.restriction_changes import NotChangeable, change_restriction
from reminders.flow.restrictions import Problem, State, picture_of
from reminders.models import (
    ChangeKind,
    PathwayVersion,
    Reminder,
    ReminderReason,
    ReminderStatus,
    RestrictionChange,
)
from tests.factories import (
    NOON,
    OPERATED_ON,
    ClinicFactory,
    PathwayVersionFactory,
    RestrictionChangeFactory,
    StaffFactory,
    SurgeryFactory,
)
from tests.flow.versions import WALK, a_live_version, colleague
from tests.rules.content_builder import a_step

pytestmark = pytest.mark.django_db
SWIM = a_step(key="d28_swim", day_from=28, day_to=40, restrictions=("swim",), permits=("swim",))


@pytest.fixture
def clinic():
    return ClinicFactory()


@pytest.fixture
def live(clinic):
    return a_live_version(clinic, WALK, SWIM)


@pytest.fixture
def surgery(clinic, live):
    return SurgeryFactory(patient__clinic=clinic)


@pytest.fixture
def surgeon(clinic):
    return colleague(clinic, Role.SURGEON)


def on_day(day):
    return OPERATED_ON + timedelta(days=day)


def shown(surgery, key, *, day):
    picture = picture_of(surgery, today=on_day(day))
    return {one.key: one for one in picture.restrictions}[key]


class TestThePicture:
    @pytest.mark.parametrize(
        ("day", "state"), [(0, State.NOT_YET), (27, State.NOT_YET), (28, State.ALLOWED)]
    )
    def test_tells_what_is_allowed_on_the_day(self, surgery, day, state):
        swim = shown(surgery, "swim", day=day)

        assert (swim.state, swim.free_day, swim.free_on) == (state, 28, date(2026, 3, 30))

    def test_tells_what_no_day_ends_and_what_is_only_advice(self, surgery):
        alcohol, walk = (shown(surgery, key, day=100) for key in ("alcohol", "walk"))

        assert (alcohol.state, alcohol.free_on) == (State.UNTIL_TOLD, None)
        assert walk.state is State.ADVICE

    def test_goes_by_the_day_on_which_each_is_free(self, surgery):
        picture = picture_of(surgery, today=on_day(3))

        days = [one.free_day for one in picture.restrictions if one.free_day is not None]
        assert (picture.day, days) == (3, sorted(days))
        assert picture.restrictions[-1].free_day is None

    @pytest.mark.parametrize(
        ("language", "spoken", "title"),
        [("en", "en", "Swimming"), ("es", "es", "Nadar"), ("pl", "en", "Swimming")],
    )
    def test_speaks_the_patients_language_and_falls_back(self, surgery, language, spoken, title):
        surgery.patient.language = language

        swim = shown(surgery, "swim", day=3)

        assert (swim.language, swim.title) == (spoken, title)

    def test_falls_back_to_the_clinics_language_before_english(self, surgery):
        surgery.patient.language, surgery.patient.clinic.language = "pl", "es"

        assert shown(surgery, "swim", day=3).language == "es"

    def test_puts_in_the_day_and_the_clinics_own_values(self, surgery):
        surgery.patient.clinic.sit_limit = "20 minutes"

        assert "no more than 20 minutes" in shown(surgery, "sit", day=3).rule
        assert "not before day 28" in shown(surgery, "swim", day=3).rule

    def test_leaves_out_words_that_need_a_value_the_clinic_has_not(self, surgery):
        surgery.patient.clinic.sit_limit = ""

        assert shown(surgery, "sit", day=3).rule == ""

    def test_is_for_the_patient_once_the_operation_took_place(self, surgery):
        surgery.status = "planned"

        picture = picture_of(surgery, today=on_day(-3))

        assert picture.problem is Problem.NOT_CONFIRMED
        assert picture.restrictions

    def test_asks_for_two_things_only(self, surgery, django_assert_max_num_queries):
        surgery = Surgery.objects.select_related("patient__clinic").get(pk=surgery.pk)

        with django_assert_max_num_queries(2):
            picture_of(surgery, today=on_day(3))


class TestOnlyWhatIsSigned:
    def test_nothing_without_live_content(self, clinic):
        surgery = SurgeryFactory(patient__clinic=clinic)

        picture = picture_of(surgery, today=on_day(3))

        assert (picture.restrictions, picture.problem) == ((), Problem.NO_LIVE_CONTENT)

    def test_nothing_of_a_version_whose_seal_is_broken(self, live, surgery):
        PathwayVersion.objects.filter(pk=live.pk).update(digest="0" * 64)

        assert picture_of(surgery, today=on_day(3)).problem is Problem.NO_LIVE_CONTENT

    def test_nothing_where_the_calendar_was_not_part_of_what_was_signed(self, clinic):
        PathwayVersionFactory(pathway__clinic=clinic)
        surgery = SurgeryFactory(patient__clinic=clinic)

        picture = picture_of(surgery, today=on_day(3))

        assert (picture.restrictions, picture.problem) == ((), Problem.NO_SIGNED_CALENDAR)


def decide(
    surgery, by, *, kind=ChangeKind.RELEASED, day=None, key="swim", reason="Healed", now=NOON
):
    return change_restriction(
        surgery.pk, key=key, kind=kind, day=day, reason=reason, by=by, now=now
    )


class TestWhatAClinicianDecides:
    def test_a_release_counts_from_the_day_on_which_it_was_said(self, surgery, surgeon):
        decide(surgery, surgeon)  # on day 1

        swim = shown(surgery, "swim", day=1)

        assert (swim.state, swim.free_day, swim.calendar_day) == (State.ALLOWED, 1, 28)
        assert (swim.change.by, swim.change.reason) == (surgeon, "Healed")

    def test_a_release_ends_what_no_day_would_end(self, surgery, surgeon):
        decide(surgery, surgeon, key="alcohol")

        assert shown(surgery, "alcohol", day=1).state is State.ALLOWED

    @pytest.mark.parametrize("day", [14, 60, 300])
    def test_another_day_may_lie_outside_of_what_holds_for_the_clinic(self, surgery, surgeon, day):
        decide(surgery, surgeon, kind=ChangeKind.NEW_DAY, day=day)

        assert shown(surgery, "swim", day=day - 1).state is State.NOT_YET
        assert shown(surgery, "swim", day=day).state is State.ALLOWED
        assert f"not before day {day}" in shown(surgery, "swim", day=1).rule

    def test_the_newest_counts(self, surgery, surgeon):
        decide(surgery, surgeon)
        decide(surgery, surgeon, kind=ChangeKind.NEW_DAY, day=40, now=NOON + timedelta(minutes=1))

        assert shown(surgery, "swim", day=30).free_day == 40

    def test_it_can_be_taken_back(self, surgery, surgeon):
        decide(surgery, surgeon)
        decide(surgery, surgeon, kind=ChangeKind.AS_CALENDAR, now=NOON + timedelta(minutes=1))

        swim = shown(surgery, "swim", day=1)
        assert (swim.free_day, swim.change) == (28, None)
        assert RestrictionChange.objects.count() == 2

    def test_of_another_operation_changes_nothing_here(self, surgery, surgeon, clinic):
        decide(SurgeryFactory(patient__clinic=clinic), surgeon)

        assert shown(surgery, "swim", day=1).free_day == 28

    def test_twice_is_once(self, surgery, surgeon):
        assert decide(surgery, surgeon) == decide(surgery, surgeon)

    @pytest.mark.parametrize("role", Role)
    def test_is_for_those_who_look_after_the_patient(self, surgery, clinic, role):
        by = StaffFactory(clinic=clinic, role=role)

        if role in (Role.SURGEON, Role.NURSE, Role.PHYSIOTHERAPIST):
            assert decide(surgery, by).by == by
        else:
            with pytest.raises(NotChangeable, match="surgeon, nurse or physiotherapist"):
                decide(surgery, by)

    @pytest.mark.parametrize(
        ("says", "values"),
        [
            ("Say why", {"reason": "  "}),
            ("no such activity", {"key": "lift_neck"}),
            ("holds nothing back", {"key": "walk"}),
            ("first free day", {"kind": ChangeKind.NEW_DAY}),
            ("first free day", {"kind": ChangeKind.NEW_DAY, "day": 731}),
            ("first free day", {"kind": ChangeKind.NEW_DAY, "day": -1}),
            ("already", {"kind": ChangeKind.AS_CALENDAR}),
        ],
    )
    def test_is_refused_with_a_sentence(self, surgery, surgeon, says, values):
        with pytest.raises(NotChangeable, match=says):
            decide(surgery, surgeon, **values)

        assert not RestrictionChange.objects.exists()

    def test_of_another_clinic_is_out_of_reach(self, surgery):
        with pytest.raises(NotChangeable, match="another clinic"):
            decide(surgery, StaffFactory(role=Role.SURGEON))


class TestARow:
    @pytest.mark.parametrize(
        "values",
        [
            {"kind": "new_day"},
            {"kind": "new_day", "first_free_day": 731},
            {"kind": "released", "first_free_day": 3},
            {"kind": "forgotten"},
            {"reason": ""},
        ],
    )
    def test_that_says_nothing_sensible_is_refused_by_the_database(self, surgery, values):
        with pytest.raises(IntegrityError), transaction.atomic():
            RestrictionChangeFactory(surgery=surgery, **values)

    @pytest.mark.parametrize("what", ["UPDATE {} SET reason = 'x'", "DELETE FROM {}"])
    def test_is_never_changed_whatever_door_it_comes_through(self, surgery, what):
        change = RestrictionChangeFactory(surgery=surgery)

        with (
            pytest.raises(IntegrityError, match="only ever added to"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(what.format(RestrictionChange._meta.db_table))

        assert RestrictionChange.objects.get() == change


class TestThePlan:
    def planned(self, surgery):
        plan_surgery(surgery.pk, now=NOON)
        return Reminder.objects.get(surgery=surgery, step_key="d28_swim")

    def test_is_made_again(self, surgery, surgeon):
        self.planned(surgery)

        decide(surgery, surgeon)

        assert Surgery.objects.stale().filter(pk=surgery.pk).exists()

    def test_holds_a_message_that_would_permit_what_is_held_back(self, surgery, surgeon):
        decide(surgery, surgeon, kind=ChangeKind.NEW_DAY, day=35)

        swim = self.planned(surgery)

        assert (swim.status, swim.reason) == (ReminderStatus.HELD, ReminderReason.LIMIT_EXTENDED)

    @pytest.mark.parametrize(
        ("kind", "day"), [(ChangeKind.NEW_DAY, 28), (ChangeKind.NEW_DAY, 5), ("released", None)]
    )
    def test_lets_it_go_where_it_would_say_what_is_so(self, surgery, surgeon, kind, day):
        decide(surgery, surgeon, kind=ChangeKind(kind), day=day)

        assert self.planned(surgery).status == ReminderStatus.PLANNED

    def test_lets_it_go_again_when_the_decision_is_taken_back(self, surgery, surgeon):
        decide(surgery, surgeon, kind=ChangeKind.NEW_DAY, day=35)
        self.planned(surgery)

        decide(surgery, surgeon, kind=ChangeKind.AS_CALENDAR, now=NOON + timedelta(minutes=1))

        assert self.planned(surgery).status == ReminderStatus.PLANNED

    def test_leaves_the_other_messages_alone(self, surgery, surgeon):
        decide(surgery, surgeon, kind=ChangeKind.NEW_DAY, day=35)
        self.planned(surgery)

        assert Reminder.objects.get(step_key="d1_walk").status == ReminderStatus.PLANNED
