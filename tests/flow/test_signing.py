"""A version goes live by the names that the rules ask for, and by no shorter way."""

from datetime import date

import pytest

from clinic.models import Role
from reminders.flow.editing import edit_text
from reminders.flow.load import load_pathway, load_sources
from reminders.flow.signing import (
    NotSignable,
    go_live,
    missing_signatures,
    retire,
    send_back,
    sign,
    submit,
)
from reminders.flow.version_content import content_of
from reminders.models import PathwayVersion, Signature, StepText, VersionEventKind, VersionStatus
from reminders.pathways.reading import read_pathways, read_sources
from tests.factories import NOON, ClinicFactory, StaffFactory
from tests.flow.versions import FOOD, PILLS, WALK, a_draft, a_live_version, colleague
from tests.rules.content_builder import a_step_saying

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic():
    return ClinicFactory()


@pytest.fixture
def staff(clinic):
    return {role: colleague(clinic, role) for role in Role}


def in_review(clinic, staff, *steps):
    version = a_draft(clinic, *steps, author=staff[Role.MANAGER])
    return submit(version.pk, by=staff[Role.MANAGER], now=NOON)


class TestHandingIn:
    def test_a_draft_with_findings_stays_a_draft_and_says_which(self, clinic, staff):
        version = a_draft(clinic, a_step_saying(sms="{clinic}: rest, {nothing}"))

        with pytest.raises(NotSignable, match=r"d1_walk en sms: \{nothing\} is not a placeholder"):
            submit(version.pk, by=staff[Role.NURSE], now=NOON)

        version.refresh_from_db()
        assert version.status == VersionStatus.DRAFT

    def test_takes_the_digest_of_the_rows(self, clinic, staff):
        version = a_draft(clinic)
        StepText.objects.filter(step__key="d1_walk").update(heading="Walk a lot")

        submitted = submit(version.pk, by=staff[Role.NURSE], now=NOON)

        assert submitted.digest != version.digest
        assert submitted.digest == content_of(submitted).digest


class TestWhoSigns:
    def test_nobody_who_wrote_it(self, clinic, staff):
        version = submit(a_draft(clinic).pk, by=staff[Role.NURSE], now=NOON)

        with pytest.raises(NotSignable, match="author"):
            sign(version.pk, by=staff[Role.NURSE], now=NOON)

    @pytest.mark.parametrize("role", [Role.RECEPTION, Role.MANAGER, Role.AUDITOR])
    def test_no_other_than_clinicians(self, role, clinic, staff):
        version = submit(a_draft(clinic).pk, by=staff[Role.NURSE], now=NOON)

        with pytest.raises(NotSignable):
            sign(version.pk, by=staff[role], now=NOON)

    def test_nobody_without_a_registration_number(self, clinic, staff):
        version = in_review(clinic, staff)
        unregistered = StaffFactory(clinic=clinic, role=Role.SURGEON, registration_number=" ")

        with pytest.raises(NotSignable, match="registration number"):
            sign(version.pk, by=unregistered, now=NOON)

    def test_nobody_of_another_clinic(self, clinic, staff):
        version = in_review(clinic, staff)

        with pytest.raises(NotSignable, match="another clinic"):
            sign(version.pk, by=StaffFactory(role=Role.SURGEON), now=NOON)

    @pytest.mark.parametrize(
        ("steps", "signers", "status"),
        [
            ([FOOD], [Role.NURSE], VersionStatus.IN_REVIEW),  # the welcome is a physio step here
            ([WALK], [Role.PHYSIOTHERAPIST], VersionStatus.APPROVED),
            ([WALK], [Role.SURGEON], VersionStatus.IN_REVIEW),
            ([WALK], [Role.SURGEON, Role.PHYSIOTHERAPIST], VersionStatus.APPROVED),
            ([WALK, PILLS], [Role.PHYSIOTHERAPIST], VersionStatus.IN_REVIEW),
            ([WALK, PILLS], [Role.SURGEON, Role.NURSE], VersionStatus.IN_REVIEW),
            ([WALK, PILLS], [Role.PHYSIOTHERAPIST, Role.NURSE], VersionStatus.APPROVED),
        ],
    )
    def test_as_many_and_of_those_roles_that_the_steps_ask_for(
        self, steps, signers, status, clinic, staff
    ):
        version = in_review(clinic, staff, *steps)

        for role in signers:
            version = sign(version.pk, by=staff[role], now=NOON)

        assert version.status == status
        assert (missing_signatures(version) == []) is (status == VersionStatus.APPROVED)

    def test_twice_by_one_is_once(self, clinic, staff):
        version = in_review(clinic, staff, WALK, PILLS)

        for _ in range(2):
            sign(version.pk, by=staff[Role.NURSE], now=NOON)

        assert Signature.objects.count() == 1

    def test_a_signature_counts_only_for_what_was_signed(self, clinic, staff):
        version = in_review(clinic, staff, WALK)
        Signature.objects.create(
            version=version, signer=staff[Role.PHYSIOTHERAPIST], role="physiotherapist",
            registration_number="1", signed_at=NOON, digest="of something else",
        )  # fmt: skip

        assert "the signature of a physiotherapist" in missing_signatures(version)

    def test_nothing_is_signed_that_changed_since_it_was_handed_in(self, clinic, staff):
        version = in_review(clinic, staff)
        StepText.objects.filter(step__version=version).update(heading="Run")

        with pytest.raises(NotSignable, match="changed"):
            sign(version.pk, by=staff[Role.PHYSIOTHERAPIST], now=NOON)


@pytest.mark.parametrize("step", [submit, go_live, retire])
def test_a_role_that_only_reads_takes_no_version_further(step, clinic, staff):
    version = a_live_version(clinic) if step is retire else a_draft(clinic)
    if step is go_live:
        PathwayVersion.objects.filter(pk=version.pk).update(status=VersionStatus.APPROVED)

    with pytest.raises(NotSignable, match="Your role"):
        step(version.pk, by=staff[Role.RECEPTION], now=NOON)


class TestGoingLive:
    def test_is_looked_at_again_after_one_and_after_two_years(self, clinic):
        version = a_live_version(clinic)

        assert version.safety_review_by == date(2027, 3, 3)
        assert version.other_review_by == date(2028, 3, 3)

    @pytest.mark.parametrize("change", ["heading", "sources"])
    def test_not_with_other_content_than_was_signed(self, change, clinic, staff):
        version = in_review(clinic, staff)
        version = sign(version.pk, by=staff[Role.PHYSIOTHERAPIST], now=NOON)
        if change == "heading":
            StepText.objects.filter(step__version=version).update(heading="Run")
        else:
            version.steps.first().sources.clear()

        with pytest.raises(NotSignable, match="changed"):
            go_live(version.pk, by=staff[Role.NURSE], now=NOON)

    def test_the_one_before_retires_and_the_head_counts_from_now_on(self, clinic):
        first = a_live_version(clinic)
        assert first.sealed

        second = a_live_version(clinic, WALK, FOOD)

        first.refresh_from_db()
        assert (first.status, second.status) == (VersionStatus.RETIRED, VersionStatus.LIVE)
        assert second.pathway.regions == ["lumbar"]

    def test_every_step_of_the_way_is_kept_with_who_and_when(self, clinic, staff):
        version = a_live_version(clinic)
        retire(version.pk, by=staff[Role.NURSE], now=NOON)

        told = list(version.events.values_list("kind", flat=True))

        assert told == ["loaded", "submitted", "signed", "approved", "live", "retired"]
        assert all(event.by is not None and event.at == NOON for event in version.events.all())


class TestTheSeal:
    def test_a_changed_word_breaks_it(self, clinic):
        version = a_live_version(clinic)

        StepText.objects.filter(step__version=version, step__key="d1_walk").update(sms="Run")

        assert not PathwayVersion.objects.live().exists()

    def test_a_new_step_a_dropped_text_and_another_digest_break_it(self, clinic):
        version = a_live_version(clinic)
        again = PathwayVersion.objects.filter(pk=version.pk)

        for change in (
            lambda: version.steps.first().texts.all().delete(),
            lambda: version.steps.first().sources.clear(),
            lambda: again.update(digest="0" * 64),
            lambda: again.update(head={}),
            lambda: version.steps.filter(key="d1_walk").update(day_from=1),
        ):
            again.update(sealed=True)
            change()
            assert not again.get().sealed

    def test_what_is_told_to_patients_leaves_it_whole(self, clinic):
        version = a_live_version(clinic)

        retire(version.pk, by=colleague(clinic, Role.NURSE), now=NOON)

        assert PathwayVersion.objects.get(pk=version.pk).sealed


def test_rows_have_the_digest_of_the_files_they_came_from(clinic):
    load_sources(read_sources())

    for content in read_pathways():
        version = load_pathway(content, clinic=clinic, author=None, now=NOON)
        assert content_of(version).digest == content.digest == version.digest


class TestSendingBack:
    @pytest.fixture
    def version(self, clinic, staff):
        version = in_review(clinic, staff, WALK, PILLS)
        return sign(version.pk, by=staff[Role.NURSE], now=NOON)

    def send_back(self, version, by, reason="Say how long to walk."):
        return send_back(version.pk, by=by, reason=reason, now=NOON)

    def test_makes_it_a_draft_that_is_written_in_again(self, version, staff):
        self.send_back(version, staff[Role.SURGEON])

        step = version.steps.get(key="d1_walk")
        edit_text(
            step.pk, language="en", words={"heading": "Ten minutes"},
            by=staff[Role.MANAGER], now=NOON,
        )  # fmt: skip
        version.refresh_from_db()
        assert version.status == VersionStatus.DRAFT
        assert content_of(version).step("d1_walk").texts["en"].heading == "Ten minutes"

    def test_keeps_its_signatures_on_record_and_counts_none(self, version, staff):
        self.send_back(version, staff[Role.SURGEON])
        submit(version.pk, by=staff[Role.MANAGER], now=NOON)  # the same words as were signed

        [signature] = version.signatures.all()
        assert signature.voided_at == NOON
        assert "2 more of 2 signatures" in missing_signatures(version)

    def test_whoever_had_signed_may_sign_again(self, version, staff):
        self.send_back(version, staff[Role.SURGEON])
        submit(version.pk, by=staff[Role.MANAGER], now=NOON)
        for role in (Role.NURSE, Role.PHYSIOTHERAPIST):
            again = sign(version.pk, by=staff[role], now=NOON)

        assert again.status == VersionStatus.APPROVED
        assert version.signatures.count() == 3

    def test_is_in_the_history_with_its_reason_and_the_signatures_it_voids(self, version, staff):
        self.send_back(version, staff[Role.SURGEON])

        event = version.events.get(kind=VersionEventKind.RETURNED)
        assert (event.by, event.detail) == (staff[Role.SURGEON], "Say how long to walk.")
        assert event.changes["signatures"] == [[f"{staff[Role.NURSE]}, nurse"], []]

    @pytest.mark.parametrize("reason", ["", "  ", "x" * 1001])
    def test_not_without_a_reason_that_can_be_read(self, reason, version, staff):
        with pytest.raises(NotSignable, match=r"Say what|too long"):
            self.send_back(version, staff[Role.SURGEON], reason=reason)

        assert version.signatures.standing().exists()

    @pytest.mark.parametrize("role", [Role.RECEPTION, Role.MANAGER, Role.AUDITOR])
    def test_not_by_a_role_that_signs_nothing(self, role, version, staff):
        with pytest.raises(NotSignable, match="Your role"):
            self.send_back(version, staff[role])

    def test_not_by_another_clinic(self, version):
        with pytest.raises(NotSignable, match="another clinic"):
            self.send_back(version, StaffFactory(role=Role.SURGEON))

    @pytest.mark.parametrize("status", sorted(set(VersionStatus) - {VersionStatus.IN_REVIEW}))
    def test_only_from_review(self, status, version, staff):
        PathwayVersion.objects.update(status=status)

        with pytest.raises(NotSignable, match="Only a version in review"):
            self.send_back(version, staff[Role.SURGEON])
