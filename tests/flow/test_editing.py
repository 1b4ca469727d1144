"""A draft is a copy that may be written in; what is signed stays as it was signed."""

import pytest

from clinic.models import Role
from reminders.flow.calendar import with_calendar
from reminders.flow.drafts import NotEditable, newer_shipped, start_draft
from reminders.flow.editing import edit_step, edit_text
from reminders.flow.signing import submit
from reminders.flow.version_content import content_of
from reminders.models import StepText, VersionStatus
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
def live(clinic):
    return a_live_version(clinic, WALK, FOOD)


def write(version, by, **words):
    step = version.steps.get(key=KEY)
    return edit_text(step.pk, language="en", words=words, by=by, now=NOON)


def test_a_draft_says_the_same_under_the_same_keys(live, nurse):
    draft = start_draft(live.pk, by=nurse, now=NOON)

    assert with_calendar(content_of(draft)) == content_of(live)
    assert (draft.number, draft.status) == (live.number + 1, VersionStatus.DRAFT)


def test_writing_in_a_draft_leaves_what_is_live_sealed(live, nurse):
    draft = start_draft(live.pk, by=nurse, now=NOON)

    write(draft, nurse, heading="Walk more")

    live.refresh_from_db()
    draft.refresh_from_db()
    assert live.may_be_sent
    assert content_of(live).digest == live.digest
    assert content_of(draft).digest == draft.digest != live.digest


@pytest.mark.parametrize("status", sorted(set(VersionStatus) - {VersionStatus.DRAFT}))
def test_only_a_draft_is_written_in(status, live, nurse):
    type(live).objects.update(status=status)

    with pytest.raises(NotEditable, match="Only a draft"):
        write(live, nurse, heading="x")
    with pytest.raises(NotEditable, match="Only a draft"):
        edit_step(live.steps.get(key=KEY).pk, fields={"at": "11:00"}, by=nurse, now=NOON)

    assert not StepText.objects.filter(heading="x").exists()


def test_not_by_another_clinic_nor_by_a_role_that_only_reads(clinic, live, nurse):
    draft = start_draft(live.pk, by=nurse, now=NOON)

    for stranger in (StaffFactory(role=Role.NURSE), colleague(clinic, Role.AUDITOR)):
        with pytest.raises(NotEditable):
            write(draft, stranger, heading="x")
        with pytest.raises(NotEditable):
            start_draft(live.pk, by=stranger, now=NOON)


def test_a_steps_time_and_sources_change_with_the_digest(clinic, nurse):
    draft = a_draft(clinic)
    step = draft.steps.get(key=KEY)

    edit_step(step.pk, fields={"day_to": 9}, sources=("WEAK", "GOOD"), by=nurse, now=NOON)

    draft.refresh_from_db()
    written = content_of(draft)
    assert (written.step(KEY).day_to, written.step(KEY).sources) == (9, ("WEAK", "GOOD"))
    assert written.digest == draft.digest


def test_an_unknown_language_or_field_is_refused(clinic, nurse):
    step = a_draft(clinic).steps.get(key=KEY)

    with pytest.raises(NotEditable):
        edit_text(step.pk, language="xx", words={}, by=nurse, now=NOON)
    with pytest.raises(NotEditable):
        edit_text(step.pk, language="en", words={"key": "x"}, by=nurse, now=NOON)
    with pytest.raises(NotEditable):
        edit_step(step.pk, fields={"key": "x"}, by=nurse, now=NOON)


def test_a_version_that_ships_later_stands_beside_the_fork(clinic, live, nurse):
    fork = start_draft(live.pk, by=nurse, now=NOON)
    write(fork, nurse, heading="Ours")
    assert newer_shipped(fork) is None

    shipped = a_draft(clinic, WALK)

    fork.refresh_from_db()
    assert newer_shipped(fork) == shipped
    assert content_of(fork).step(KEY).texts["en"].heading == "Ours"


def test_the_fork_of_a_fork_is_handed_in_with_every_writers_name(live, nurse, clinic):
    draft = start_draft(start_draft(live.pk, by=nurse, now=NOON).pk, by=nurse, now=NOON)

    submit(draft.pk, by=colleague(clinic, Role.SURGEON), now=NOON)

    assert [event.kind for event in draft.events.all()] == ["derived", "submitted"]
