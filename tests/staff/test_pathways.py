"""A version is read through, signed by name and put live; nothing is edited in the panel."""

import pytest
from django.urls import reverse

from clinic.models import Role
from reminders.models import Category, Signature, VersionStatus
from tests.factories import PathwayVersionFactory, SourceFactory, StaffFactory, StepFactory
from tests.flow.versions import PILLS, WALK, a_draft
from tests.staff.pages import words_of


@pytest.fixture
def draft(own_clinic):
    version = PathwayVersionFactory(
        pathway__clinic=own_clinic, status=VersionStatus.DRAFT, live_from=None
    )
    step = StepFactory(
        version=version, day_from=12, category=Category.WARNING_SIGNS, requires=[["durotomy"]],
        intent="Know the warning signs",
    )  # fmt: skip
    step.sources.add(SourceFactory(key="NICE-1", title="Low back pain"))
    return version


@pytest.fixture
def surgeon(own_clinic, signed_in):
    return signed_in(StaffFactory(clinic=own_clinic, role=Role.SURGEON, last_name="Vale"))


def page_of(version):
    return reverse("admin:reminders_pathwayversion_change", args=[version.pk])


def do(browser, version, step):
    address = reverse("admin:reminders_pathwayversion_do", args=[version.pk, step])
    answer = browser.post(address, follow=True)
    version.refresh_from_db()
    return words_of(answer)


def test_reads_as_a_list_by_day_with_texts_sources_and_conditions(browser, draft):
    words = words_of(browser.get(page_of(draft)))

    assert "Day 12" in words
    assert "Know the warning signs" in words
    assert "{clinic}: walk a little today. Questions: {phone}" in words
    assert "Only if dural tear" in words
    assert "Low back pain" in words


def test_says_by_which_channels_a_step_goes_and_which_is_a_task(browser, draft):
    StepFactory(version=draft, channels=["sms", "email"])
    StepFactory(version=draft, channels=["task"], audience="staff")

    words = words_of(browser.get(page_of(draft)))

    assert "text and email" in words
    assert "staff task" in words


def test_says_what_is_still_missing(browser, draft):
    assert "Still missing: the signature of a surgeon or nurse" in words_of(
        browser.get(page_of(draft))
    )


def test_goes_from_draft_to_live_by_two_clinicians_who_are_not_its_author(
    browser, surgeon, own_clinic, signed_in
):
    draft = a_draft(own_clinic, WALK, PILLS)
    physio = signed_in(StaffFactory(clinic=own_clinic, role=Role.PHYSIOTHERAPIST))

    assert "Handed in" in do(browser, draft, "submit")
    assert "cannot sign it" in do(browser, draft, "sign")
    do(physio, draft, "sign")
    assert draft.status == VersionStatus.IN_REVIEW
    do(surgeon, draft, "sign")
    assert draft.status == VersionStatus.APPROVED
    do(surgeon, draft, "go-live")

    assert draft.status == VersionStatus.LIVE
    assert Signature.objects.count() == 2
    assert "Vale" in words_of(browser.get(page_of(draft)))


def test_cannot_skip_its_signatures(browser, draft):
    assert "Only an approved version can go live." in do(browser, draft, "go-live")
    assert draft.status == VersionStatus.DRAFT


@pytest.mark.parametrize("role", [Role.RECEPTION, Role.MANAGER, Role.AUDITOR])
def test_only_clinicians_sign(role, own_clinic, signed_in, draft):
    somebody = signed_in(StaffFactory(clinic=own_clinic, role=role))
    address = reverse("admin:reminders_pathwayversion_do", args=[draft.pk, "submit"])

    assert somebody.post(address).status_code == 403
    assert "Surgeons, nurses and physiotherapists can do this." in words_of(
        somebody.get(page_of(draft))
    )


def test_nothing_is_edited_here(browser, draft):
    assert browser.post(page_of(draft), {"label": "x"}).status_code == 403
    assert browser.get(reverse("admin:reminders_pathwayversion_add")).status_code == 403


def test_an_empty_version_says_how_to_load_its_content(browser, own_clinic):
    version = PathwayVersionFactory(pathway__clinic=own_clinic)

    assert "This version has no steps." in words_of(browser.get(page_of(version)))


class TestSendingBack:
    @pytest.fixture
    def version(self, browser, own_clinic):
        version = a_draft(own_clinic, WALK, PILLS)
        do(browser, version, "submit")
        return version

    def send_back(self, browser, version, reason):
        address = reverse("admin:reminders_pathwayversion_do", args=[version.pk, "send-back"])
        answer = browser.post(address, {"reason": reason}, follow=True)
        version.refresh_from_db()
        return words_of(answer)

    def test_tells_its_writers_what_to_put_right(self, browser, surgeon, version):
        do(surgeon, version, "sign")

        words = self.send_back(surgeon, version, "Say how long to walk.")

        assert version.status == VersionStatus.DRAFT
        assert "Sent back by" in words
        assert "Say how long to walk." in words
        assert "void since it was sent back" in words
        content = reverse("admin:reminders_content_content", args=[version.pk])
        assert "Say how long to walk." in words_of(browser.get(content))

    def test_asks_for_a_reason(self, surgeon, version):
        assert "Say what its writers should put right." in self.send_back(surgeon, version, " ")
        assert version.status == VersionStatus.IN_REVIEW

    def test_is_forgotten_once_it_is_handed_in_again(self, browser, surgeon, version):
        self.send_back(surgeon, version, "Say how long to walk.")

        assert "Sent back by" not in do(browser, version, "submit")

    @pytest.mark.parametrize("role", [Role.RECEPTION, Role.MANAGER, Role.AUDITOR])
    def test_is_for_clinicians(self, role, own_clinic, signed_in, version):
        somebody = signed_in(StaffFactory(clinic=own_clinic, role=role))
        address = reverse("admin:reminders_pathwayversion_do", args=[version.pk, "send-back"])

        assert somebody.post(address, {"reason": "x"}).status_code == 403

    def test_of_another_clinic_is_not_found(self, signed_in, version):
        stranger = signed_in(StaffFactory(role=Role.SURGEON))
        address = reverse("admin:reminders_pathwayversion_do", args=[version.pk, "send-back"])

        assert stranger.post(address, {"reason": "x"}).status_code == 404
