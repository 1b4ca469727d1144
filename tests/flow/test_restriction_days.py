"""A clinic's own days are content: written in a draft, signed with it, and never changed later."""

from dataclasses import replace

import pytest

from clinic.models import Role
from reminders.flow.calendar import calendar_of, kept_rules, read_rules
from reminders.flow.drafts import NotEditable, start_draft
from reminders.flow.load import load_pathway
from reminders.flow.restriction_days import set_day
from reminders.flow.signing import NotSignable, send_back, submit
from reminders.flow.version_content import content_of, findings_of
from reminders.flow.version_history import writers_of
from reminders.models import VersionEventKind, VersionStatus
from reminders.rules.restrictions import first_free_day
from tests.factories import NOON, ClinicFactory, StaffFactory
from tests.flow.versions import WALK, a_draft, a_live_version, colleague, content
from tests.rules.content_builder import a_step

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic():
    return ClinicFactory()


@pytest.fixture
def nurse(clinic):
    return colleague(clinic, Role.NURSE)


@pytest.fixture
def draft(clinic):
    return a_draft(clinic)


def day_of(version, key):
    version.refresh_from_db()
    rules = {rule.key: rule for rule in calendar_of(content_of(version))}
    return first_free_day(rules[key])


def move(version, by, *, key="swim", day=35):
    return set_day(version.pk, key=key, day=day, by=by, now=NOON)


class TestADay:
    def test_is_the_default_until_somebody_sets_another(self, draft, nurse):
        assert day_of(draft, "swim") == 28

        move(draft, nurse)

        assert day_of(draft, "swim") == 35

    def test_is_part_of_what_is_signed(self, draft, nurse):
        before = draft.digest

        moved = move(draft, nurse)

        assert moved.digest == content_of(moved).digest != before

    @pytest.mark.parametrize("back_to", [None, 28])
    def test_goes_back_to_the_default_as_if_it_had_never_been_set(self, draft, nurse, back_to):
        before = draft.digest

        move(draft, nurse)
        again = move(draft, nurse, day=back_to)

        assert (day_of(draft, "swim"), again.digest) == (28, before)

    @pytest.mark.parametrize("day", [20, 43, -1])
    def test_outside_what_the_sources_support_is_refused_in_words(self, draft, nurse, day):
        with pytest.raises(NotEditable, match="Choose a day from 21 to 42"):
            move(draft, nurse, day=day)

        assert day_of(draft, "swim") == 28

    @pytest.mark.parametrize("key", ["walk", "drive_drug", "lift_neck", "nothing"])
    def test_of_a_rule_without_a_range_or_of_another_pathway_is_refused(self, draft, nurse, key):
        with pytest.raises(NotEditable):
            move(draft, nurse, key=key, day=30)

    def test_makes_whoever_set_it_a_writer_who_cannot_sign(self, draft, nurse):
        move(draft, nurse)

        event = draft.events.get(kind=VersionEventKind.EDITED)
        assert (event.by, event.changes) == (nurse, {"Swimming, day": [28, 35]})
        assert nurse.pk in writers_of(draft)

    def test_that_stands_already_is_no_edit(self, draft, nurse):
        move(draft, nurse)
        move(draft, nurse)
        move(draft, nurse, key="bath", day=21)

        assert draft.events.filter(kind=VersionEventKind.EDITED).count() == 1

    @pytest.mark.parametrize("role", [Role.RECEPTION, Role.AUDITOR])
    def test_is_set_by_those_who_write_content(self, draft, clinic, role):
        with pytest.raises(NotEditable, match="cannot edit"):
            move(draft, colleague(clinic, role))

    def test_of_another_clinic_is_out_of_reach(self, draft):
        with pytest.raises(NotEditable, match="another clinic"):
            move(draft, StaffFactory(role=Role.NURSE))

    @pytest.mark.parametrize("status", sorted(set(VersionStatus) - {VersionStatus.DRAFT}))
    def test_is_set_in_a_draft_only(self, draft, nurse, status):
        type(draft).objects.update(status=status)

        with pytest.raises(NotEditable, match="Only a draft"):
            move(draft, nurse)


class TestWhatIsSigned:
    def test_are_the_rules_themselves(self, clinic):
        live = a_live_version(clinic)

        assert [rule.key for rule in content_of(live).calendar]
        assert live.digest == content_of(live).digest
        assert live.sealed

    def test_counts_and_not_what_ships_by_then(self, clinic):
        live = signed_when_swimming_began_on(a_live_version(clinic), day=35)

        assert day_of(live, "swim") == 35

    def test_reads_back_as_it_was(self, clinic):
        rules = calendar_of(content_of(a_live_version(clinic)))

        assert read_rules(kept_rules(rules)) == rules

    def test_is_followed_by_a_draft_with_the_rules_of_today_and_the_clinics_days(
        self, clinic, nurse
    ):
        draft = a_draft(clinic)
        move(draft, nurse, key="bath", day=28)
        submitted = submit(draft.pk, by=nurse, now=NOON)
        signed_when_swimming_began_on(submitted, day=35)

        follower = start_draft(draft.pk, by=nurse, now=NOON)

        assert (day_of(follower, "bath"), day_of(follower, "swim")) == (28, 28)
        assert follower.digest == content_of(follower).digest

    def test_is_taken_anew_when_it_came_back_from_review(self, clinic, nurse):
        draft = a_draft(clinic)
        submit(draft.pk, by=nurse, now=NOON)
        send_back(draft.pk, by=nurse, reason="Swim later.", now=NOON)
        move(draft, nurse)

        submitted = submit(draft.pk, by=nurse, now=NOON)

        assert day_of(submitted, "swim") == 35
        assert submitted.digest == content_of(submitted).digest

    def test_a_day_written_past_the_panel_breaks_the_seal(self, clinic):
        live = a_live_version(clinic)

        live.head = {**live.head, "restriction_days": {"swim": 21}}
        live.save(update_fields=["head"])

        live.refresh_from_db()
        assert not live.may_be_sent


class TestHandingIn:
    def test_a_message_that_contradicts_the_clinics_day_holds_it_back(self, clinic, nurse):
        allows = a_step(key="d28_swim", day_from=28, day_to=30, permits=("swim",))
        draft = a_draft(clinic, allows)
        assert not [one for one in findings_of(draft) if one.rule == "contradiction"]

        move(draft, nurse)

        with pytest.raises(NotSignable, match="d28_swim: Says on day 28 that Swimming may start"):
            submit(draft.pk, by=nurse, now=NOON)

    def test_a_day_that_the_sources_support_no_longer_holds_it_back(self, draft, nurse):
        type(draft).objects.update(head={**draft.head, "restriction_days": {"swim": 60}})

        assert day_of(draft, "swim") == 28
        with pytest.raises(NotSignable, match="Swimming: sources do not support day 60"):
            submit(draft.pk, by=nurse, now=NOON)


def test_the_same_files_are_not_loaded_again_once_they_are_signed(clinic):
    a_live_version(clinic)

    assert load_pathway(content(WALK), clinic=clinic, author=None, now=NOON) is None


def test_nor_once_somebody_has_written_in_what_was_loaded(clinic, draft, nurse):
    move(draft, nurse)

    assert load_pathway(content(WALK), clinic=clinic, author=None, now=NOON) is None


def signed_when_swimming_began_on(version, *, day):
    """As if other rules had shipped when this was handed in."""
    rules = calendar_of(content_of(version))
    then = [replace(rule, day_to=day) if rule.key == "swim" else rule for rule in rules]
    type(version).objects.filter(pk=version.pk).update(
        head={**version.head, "calendar": kept_rules(then)}
    )
    return version
