"""A draft is written in the panel: seen as it arrives, linted in place, and never past a role."""

import re

import pytest
from django.urls import reverse

from clinic.models import Role
from reminders.flow.calendar import with_calendar
from reminders.flow.version_content import content_of
from reminders.models import PathwayVersion, StepText, VersionEvent, VersionStatus
from tests.factories import ClinicFactory, StaffFactory
from tests.flow.versions import PILLS, WALK, a_draft, a_live_version
from tests.staff.pages import fields_of, words_of

KEY = "d1_walk"


@pytest.fixture
def draft(own_clinic):
    return a_draft(own_clinic, WALK, PILLS)


def address(name, version, *more):
    return reverse(f"admin:reminders_content_{name}", args=[version.pk, *more])


def words_in(draft, **fields):
    return {f"en-{name}": value for name, value in fields.items()}


def post(browser, draft, do, **fields):
    page = address("step", draft, KEY)
    typed = {**fields_of(browser.get(page)), **words_in(draft, **fields), "do": do}
    return browser.post(page, typed, follow=True)


class TestTheList:
    def test_has_each_step_by_day_and_on_the_strip_and_says_what_is_wrong(self, browser, draft):
        StepText.objects.filter(step__key=KEY).update(sms="{clinic}: {nothing}")

        words = words_of(browser.get(address("content", draft)))

        assert "Week 1" in words
        assert "Day 2" in words
        assert "finding" in words
        assert "{nothing}" not in words

    def test_a_draft_begins_from_what_is_live_and_leaves_it_alone(self, browser, own_clinic):
        live = a_live_version(own_clinic)

        browser.post(address("draft", live))

        copy = PathwayVersion.objects.get(derived_from=live)
        live.refresh_from_db()
        assert copy.status == VersionStatus.DRAFT
        assert with_calendar(content_of(copy)) == content_of(live)
        assert live.may_be_sent


class TestOneStep:
    def test_shows_the_phone_the_mailbox_the_sources_and_the_parts(self, browser, draft):
        words = words_of(browser.get(address("step", draft, KEY)))

        assert "Harbourside Care: go for a short walk today." in words
        assert "1 part · 44 characters, 116 left · GSM-7" in words
        assert "In the mailbox" in words
        assert "GOOD" in words

    def test_shows_the_mail_as_plain_text_and_what_is_missing_without_pictures(
        self, browser, draft
    ):
        words = words_of(browser.get(address("step", draft, KEY)))

        [plain] = re.findall(r'data-part="plain"[^>]*>(.*?)</pre>', words, flags=re.DOTALL)
        assert "Go for a short walk today." in plain
        assert "<" not in plain
        assert "It loads no pictures, so it looks the same" in words

    def test_check_shows_what_was_typed_and_saves_nothing(self, browser, draft):
        words = words_of(post(browser, draft, "check", sms="{clinic}: a pancreas {nothing}"))

        assert "is not a placeholder" in words
        assert "Not saved yet" in words
        assert "walk" in StepText.objects.get(step__key=KEY).sms

    def test_save_writes_the_draft_its_digest_and_its_history(self, browser, nurse, draft):
        post(browser, draft, "save", sms="{clinic}: walk ten minutes.")

        before = draft.digest
        draft.refresh_from_db()
        event = VersionEvent.objects.get(kind="edited")
        assert StepText.objects.get(step__key=KEY).sms == "{clinic}: walk ten minutes."
        assert draft.digest != before
        assert event.by == nurse
        assert event.changes["sms"][1] == "{clinic}: walk ten minutes."

    def test_saving_what_stands_there_changes_nothing(self, browser, draft):
        post(browser, draft, "save")

        before = draft.digest
        draft.refresh_from_db()
        assert draft.digest == before
        assert not VersionEvent.objects.filter(kind="edited").exists()

    def test_a_colleagues_words_are_not_written_over(self, browser, draft):
        page = address("step", draft, KEY)
        seen_before = fields_of(browser.get(page))
        post(browser, draft, "save", sms="{clinic}: from a colleague.")

        words = words_of(browser.post(page, {**seen_before, "en-sms": "mine", "do": "save"}))

        assert "A colleague has changed this step" in words
        assert StepText.objects.get(step__key=KEY).sms == "{clinic}: from a colleague."

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"day_from": "soon"}, "Write a whole number"),
            ({"day_from": "9"}, "run forward"),
            ({"at": "25:00"}, "HH:MM"),
            ({"sources": "NOBODY"}, "NOBODY is not in the list"),
            ({"shift": "sideways"}, "Choose one of the list"),
        ],
    )
    def test_what_the_loader_would_refuse_is_refused(self, browser, draft, typed, said):
        page = address("step", draft, KEY)

        answer = browser.post(page, {**fields_of(browser.get(page)), **typed, "do": "save"})

        assert said in words_of(answer)
        draft.refresh_from_db()
        assert draft.steps.get(key=KEY).day_from == 2


class TestTheCheck:
    def ask(self, browser, version, **words):
        data = {"language": "en", **words_in(version, **words)}
        return browser.post(address("check", version, KEY), data)

    def test_answers_parts_encoding_and_findings(self, browser, draft):
        look = self.ask(browser, draft, sms="{clinic}: café ☕ " + "walk " * 20).json()

        assert (look["sms"]["encoding"], look["sms"]["parts"]) == ("UCS-2", 2)
        assert any(one["field"] == "sms" and one["blocks"] for one in look["findings"])

    def test_a_text_that_cannot_be_filled_says_so(self, browser, draft):
        look = self.ask(browser, draft, sms="{nobody}").json()

        assert "unknown placeholder" in look["sms"]["problem"]

    def test_writes_nothing(self, browser, draft):
        self.ask(browser, draft, sms="x")

        assert "walk" in StepText.objects.get(step__key=KEY).sms

    def test_an_unknown_language_is_not_found(self, browser, draft):
        answer = browser.post(address("check", draft, KEY), {"language": "xx"})

        assert answer.status_code == 404


class TestWhoMay:
    @pytest.mark.parametrize("role", Role)
    def test_write(self, role, own_clinic, signed_in, draft):
        somebody = signed_in(StaffFactory(clinic=own_clinic, role=role))
        page = address("step", draft, KEY)

        answer = somebody.post(page, {"do": "save", "en-sms": "x"})

        may = role in (Role.SURGEON, Role.NURSE, Role.PHYSIOTHERAPIST, Role.MANAGER)
        assert (answer.status_code == 403) is not may
        assert somebody.get(page).status_code == 200

    def test_nobody_signs_what_they_wrote(self, browser, draft, own_clinic, signed_in):
        surgeon = StaffFactory(clinic=own_clinic, role=Role.SURGEON)
        post(browser, draft, "save", sms="{clinic}: walk ten minutes.")
        do = reverse("admin:reminders_pathwayversion_do", args=[draft.pk, "submit"])
        signed_in(surgeon).post(do)

        sign = reverse("admin:reminders_pathwayversion_do", args=[draft.pk, "sign"])
        words = words_of(browser.post(sign, follow=True))

        assert "cannot sign it" in words

    @pytest.mark.parametrize("status", sorted(set(VersionStatus) - {VersionStatus.DRAFT}))
    def test_nobody_writes_in_what_is_no_draft(self, status, browser, draft):
        PathwayVersion.objects.update(status=status)

        answer = browser.post(address("step", draft, KEY), {"do": "save", "en-sms": "x"})

        assert answer.status_code == 403

    @pytest.mark.parametrize(
        ("name", "more"),
        [("content", ()), ("made_up", ()), ("step", (KEY,)), ("pull", (KEY,))],
    )
    def test_another_clinics_version_is_not_there(self, name, more, browser):
        theirs = a_draft(ClinicFactory())

        assert browser.get(address(name, theirs, *more)).status_code == 404
        assert browser.get(address(name, theirs, *more)).status_code == 404

    def test_nor_is_it_compared_with_ones_own(self, browser, draft):
        theirs = a_draft(ClinicFactory())

        assert browser.get(address("difference", draft, theirs.pk)).status_code == 404
        assert browser.get(address("difference", theirs, draft.pk)).status_code == 404
