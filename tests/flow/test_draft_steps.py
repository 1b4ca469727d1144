"""A step comes into a draft under a key of its own, and one that is dropped is not forgotten."""

import pytest

from clinic.models import Role
from reminders.flow.draft_steps import add_step, drop_step, own_key
from reminders.flow.drafts import NotEditable, start_draft
from reminders.flow.signing import NotSignable, submit
from reminders.flow.version_content import content_of
from reminders.models import Step, VersionEvent, VersionStatus
from tests.factories import NOON, ClinicFactory, StaffFactory
from tests.flow.versions import FOOD, WALK, a_draft, a_live_version, colleague

pytestmark = pytest.mark.django_db
KEY = "d1_walk"


@pytest.fixture
def clinic():
    return ClinicFactory()


@pytest.fixture
def nurse(clinic):
    return colleague(clinic, Role.NURSE)


@pytest.fixture
def draft(clinic):
    return a_draft(clinic, WALK, FOOD)


def add(draft, by, *, sources=("GOOD",), **fields):
    asked = {"intent": "Drink enough", "category": "lifestyle", "day_from": 2, "day_to": 5}
    return add_step(draft.pk, fields={**asked, **fields}, sources=sources, by=by, now=NOON)


def drop(draft, by, key=KEY):
    return drop_step(draft.steps.get(key=key).pk, by=by, now=NOON)


class TestAdding:
    def test_writes_it_with_its_source_digest_and_event(self, draft, nurse):
        step = add(draft, nurse, at="11:30", excludes=["fusion"])

        draft.refresh_from_db()
        written = content_of(draft)
        said = written.step("own_drink_enough")
        assert (said.day_from, said.at, said.excludes) == (2, "11:30", ("fusion",))
        assert said.sources == ("GOOD",)
        assert written.digest == draft.digest
        event = VersionEvent.objects.get(kind="edited")
        assert event.detail == "Added own_drink_enough: Drink enough"
        assert event.changes["step"] == ["", step.key]
        assert event.by == nurse

    def test_puts_it_after_the_steps_of_its_day(self, draft, nurse):
        add(draft, nurse, day_from=1)

        keys = [step.key for step in content_of(draft).steps]
        assert keys == ["welcome", "own_drink_enough", "d1_walk", "d1_food"]

    def test_gives_two_of_one_intent_two_keys(self, draft, nurse):
        keys = [add(draft, nurse).key for _ in range(2)]

        assert keys == ["own_drink_enough", "own_drink_enough_2"]

    def test_needs_words_before_it_can_be_handed_in(self, draft, nurse):
        add(draft, nurse)

        with pytest.raises(NotSignable, match="no words in this language"):
            submit(draft.pk, by=nurse, now=NOON)

    def test_a_task_for_staff_needs_none(self, draft, nurse):
        add(
            draft, nurse, audience="staff", channels=["task"], privacy="staff",
            staff_action="Call the laboratory.",
        )  # fmt: skip

        assert submit(draft.pk, by=nurse, now=NOON).status == VersionStatus.IN_REVIEW

    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"category": ""}, "category"),
            ({"intent": ""}, "intent"),
            ({"day_from": None}, "day_from"),
            ({"audience": "nobody"}, "audience"),
            ({"audience": "staff"}, "staff_action"),
            ({"sources": ()}, "sources"),
        ],
    )
    def test_says_what_is_missing_and_writes_nothing(self, fields, field, draft, nurse):
        before = Step.objects.count()

        with pytest.raises(NotEditable) as refused:
            add(draft, nurse, **fields)

        assert field in refused.value.problems
        assert Step.objects.count() == before

    @pytest.mark.parametrize("status", sorted(set(VersionStatus) - {VersionStatus.DRAFT}))
    def test_only_to_a_draft(self, status, draft, nurse):
        type(draft).objects.update(status=status)

        with pytest.raises(NotEditable, match="Only a draft"):
            add(draft, nurse)

    def test_not_by_another_clinic_nor_by_a_role_that_only_reads(self, clinic, draft):
        for stranger in (StaffFactory(role=Role.NURSE), colleague(clinic, Role.AUDITOR)):
            with pytest.raises(NotEditable):
                add(draft, stranger)


class TestDropping:
    def test_takes_it_out_and_keeps_what_it_said_in_the_history(self, draft, nurse):
        drop(draft, nurse)

        draft.refresh_from_db()
        written = content_of(draft)
        assert [step.key for step in written.steps] == ["welcome", "d1_food"]
        assert written.digest == draft.digest
        event = VersionEvent.objects.get(kind="edited")
        assert event.detail == "Dropped d1_walk: Walk"
        assert event.changes["step"] == [KEY, ""]
        assert event.changes["en sms"] == ["{clinic}: go for a short walk today.", ""]

    def test_leaves_what_is_live_as_it_was_signed(self, clinic, nurse):
        live = a_live_version(clinic, WALK, FOOD)

        drop(start_draft(live.pk, by=nurse, now=NOON), nurse)

        live.refresh_from_db()
        assert live.may_be_sent
        assert live.steps.filter(key=KEY).exists()

    def test_keeps_its_key_taken_even_where_no_version_has_it_any_more(self, draft, nurse):
        step = add(draft, nurse)
        drop(draft, nurse, key=step.key)

        assert add(draft, nurse).key == "own_drink_enough_2"

    def test_of_a_step_that_a_colleague_has_dropped_says_so(self, draft, nurse):
        step = draft.steps.get(key=KEY)
        drop(draft, nurse)

        with pytest.raises(NotEditable, match="dropped this step"):
            drop_step(step.pk, by=nurse, now=NOON)

    @pytest.mark.parametrize("status", sorted(set(VersionStatus) - {VersionStatus.DRAFT}))
    def test_only_from_a_draft(self, status, draft, nurse):
        type(draft).objects.update(status=status)

        with pytest.raises(NotEditable, match="Only a draft"):
            drop(draft, nurse)

    def test_not_by_another_clinic_nor_by_a_role_that_only_reads(self, clinic, draft):
        for stranger in (StaffFactory(role=Role.NURSE), colleague(clinic, Role.AUDITOR)):
            with pytest.raises(NotEditable):
                drop(draft, stranger)

        assert draft.steps.filter(key=KEY).exists()


@pytest.mark.parametrize(
    ("intent", "taken", "key"),
    [
        ("Walk a little, more!", (), "own_walk_a_little_more"),
        ("Café después", (), "own_cafe_despues"),
        ("امش قليلا", (), "own_step"),
        ("   ", (), "own_step"),
        ("Walk", ("own_walk", "own_walk_2"), "own_walk_3"),
        ("x" * 200, (), "own_" + "x" * 52),
    ],
)
def test_a_key_is_made_of_the_intent_in_plain_letters(intent, taken, key):
    assert own_key(intent, taken=taken) == key
